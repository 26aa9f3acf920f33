//! A program in the foreground that has our terminal: its signals, its stops, its end, and the last words of its stderr.

use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::terminal::{LeavingSignals, NamedLines, Pause, Pauses, RawTerminal, UNDISTURBED, can_pause};

/// How ssh ends of itself.
const OF_SSH: i32 = 255;
/// How much of stderr is kept for the diagnosis.
const TAIL: usize = 8 * 1024;
/// How long the program may take to end after we passed a signal on.
const GRACE: Duration = Duration::from_secs(2);
/// How long a stream may stay silent after the program's end: a process it left behind may hold the pipe for ever. The time in which our
/// own stream takes nothing is no silence of its.
const DRAIN: Duration = Duration::from_millis(500);

/// How the program came to its end.
#[derive(Debug)]
pub struct End {
    /// What the operating system says.
    pub status: ExitStatus,
    /// The signal that was sent to us and that we passed on, if that is why it ended.
    pub told_by: Option<i32>,
    /// The last words of its stderr, as bytes somebody else wrote.
    pub last_words: Vec<u8>,
    /// Why some of its output could not be written, if it passed through us and that is so.
    pub unwritten: Option<io::Error>,
}

impl End {
    /// The exit code that says the same: the program's own, or 128 and the signal. A signal that we passed on does not make up for a code:
    /// what the program says of itself then is the remote's own, but for the 255 with which ssh takes its leave.
    pub fn code(&self) -> u8 {
        let code = match (self.status.code(), self.told_by.or(self.status.signal())) {
            (Some(code), None) => code,
            (Some(code), Some(_)) if code != OF_SSH => code,
            (_, Some(signal)) => 128 + signal,
            (None, None) => OF_SSH,
        };
        u8::try_from(code).unwrap_or(255)
    }
}

/// Run `command` with our stdin, stdout and terminal until it ends. Its stderr passes through us unchanged; with a `name` both do, and
/// each of their lines has the name before it.
///
/// `started` hears the process id. INT, TERM, HUP and QUIT that reach us are passed on; a stop (`~^Z` in ssh) stops our whole process group,
/// so that the user's shell gets the terminal. Dropping the future kills the program.
pub async fn run(mut command: Command, name: Option<&str>, started: impl FnOnce(u32)) -> io::Result<End> {
    if name.is_some() {
        command.stdout(Stdio::piped());
    }
    run_with(command, Stdio::piped(), name, None, Some, started).await
}

/// The same for a program with this stream in place of our stdin and stdout, which carries what we still need when somebody wants us to
/// leave. A Ctrl-C at the terminal reaches all programs there, so that it is [told](UNDISTURBED) and made to leave that to us. `is_open`: it carries something; until then it is told to end.
pub async fn run_carrying(
    command: Command,
    stream: OwnedFd,
    is_open: &CancellationToken,
    started: impl FnOnce(u32),
) -> io::Result<End> {
    let mut command = undisturbed(&command);
    command.stdin(stream.try_clone()?).stdout(stream);
    // It hears of no other signal than this one, by which ssh ends its own ProxyCommand, too.
    let passed_on = |_| (!is_open.is_cancelled()).then(|| Signal::HUP.as_raw());
    run_with(command, Stdio::piped(), None, None, passed_on, started).await
}

/// The same program, with what is typed at the terminal, and what ends a whole group of processes (`timeout`, systemd), ignored by it and by
/// those that it starts. Its argv passes through the shell as it is.
fn undisturbed(command: &Command) -> Command {
    let inner = command.as_std();
    let mut whole = Command::new("/bin/sh");
    whole.args(["-c", "trap '' INT QUIT TERM; exec \"$@\"", "sh"]).arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => whole.env(name, value),
            None => whole.env_remove(name),
        };
    }
    whole.env(UNDISTURBED, "1");
    whole
}

/// The same for a program that reads what is typed from us: it leaves the terminal alone, so it is we who have it `raw`, and give it to the
/// shell while we are stopped.
pub async fn run_on_raw(command: Command, raw: Option<RawTerminal>, started: impl FnOnce(u32)) -> io::Result<End> {
    run_with(command, Stdio::piped(), None, raw, Some, started).await
}

/// The same with our own stderr, which may be the terminal that the program draws on: none of its words are kept. A Ctrl-C is its own
/// affair, as everything that is typed: the terminal tells it, and it may well go on.
pub async fn run_undisturbed(command: Command) -> io::Result<End> {
    let is_typed = |number| number == Signal::INT.as_raw() || number == Signal::QUIT.as_raw();
    run_with(command, Stdio::inherit(), None, None, |number| (!is_typed(number)).then_some(number), |_| ()).await
}

async fn run_with(
    mut command: Command,
    stderr: Stdio,
    name: Option<&str>,
    mut raw: Option<RawTerminal>,
    passed_on: impl Fn(i32) -> Option<i32>,
    started: impl FnOnce(u32),
) -> io::Result<End> {
    let mut asked = LeavingSignals::listen()?;
    let mut pauses = Pauses::listen()?;
    let mut children = signal(SignalKind::child())?;
    let mut child = command.stderr(stderr).kill_on_drop(true).spawn()?;
    if let Some(id) = child.id() {
        started(id);
    }
    let words = child.stderr.take().map(|stderr| Passing::begin(stderr, tokio::io::stderr(), NamedLines::new(name), true));
    let output = child.stdout.take().map(|stdout| Passing::begin(stdout, tokio::io::stdout(), NamedLines::new(name), false));
    let broken = output.as_ref().map(|output| output.broken.clone()).unwrap_or_default();
    let mut is_broken = false;
    let mut told_by = None;
    let mut deadline = None;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            number = asked.next() => if let Some(passed) = passed_on(number) {
                told_by = Some(number);
                deadline.get_or_insert_with(|| Instant::now() + GRACE);
                pass_signal(&child, passed);
            },
            pause = pauses.next() => match pause {
                Pause::Requested => stop_with(&child, &mut raw, &mut pauses).await,
                // Somebody else had the terminal meanwhile.
                Pause::Over => raw.iter_mut().for_each(RawTerminal::again),
            },
            // ssh itself would go on until the far side has heard of it.
            () = broken.cancelled(), if !is_broken => {
                is_broken = true;
                deadline.get_or_insert_with(|| Instant::now() + GRACE);
                pass_signal(&child, Signal::TERM.as_raw());
            },
            _ = children.recv() => if is_stopped(&child) {
                stop_with(&child, &mut raw, &mut pauses).await;
            },
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                deadline = None;
                child.start_kill()?;
            }
        }
    };
    let rest = async { tokio::join!(Passing::rest(words), Passing::rest(output)) };
    let (last_words, unwritten) = tokio::select! {
        ((last_words, _), (_, unwritten)) = rest => (last_words, unwritten),
        // Our own streams may be what takes nothing.
        number = asked.next() => {
            told_by = Some(number);
            (Vec::new(), None)
        }
        () = sleep(GRACE), if told_by.is_some() => (Vec::new(), None),
    };
    Ok(End { status, told_by, last_words, unwritten })
}

fn pass_signal(child: &Child, number: i32) {
    let known = [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT].into_iter().find(|signal| signal.as_raw() == number);
    if let (Some(pid), Some(signal)) = (pid_of(child), known) {
        // It may have ended in between; then there is nobody to tell.
        let _ = rustix::process::kill_process(pid, signal);
    }
}

/// Whether it has been stopped since we looked last.
fn is_stopped(child: &Child) -> bool {
    let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
    pid_of(child).is_some_and(|pid| matches!(rustix::process::waitid(WaitId::Pid(pid), options), Ok(Some(it)) if it.stopped()))
}

/// Stop with the program; when the shell continues us it continues the whole group, the program too.
async fn stop_with(child: &Child, raw: &mut Option<RawTerminal>, pauses: &mut Pauses) {
    if !can_pause() {
        return;
    }
    raw.iter_mut().for_each(RawTerminal::leave);
    pauses.pause().await;
    raw.iter_mut().for_each(RawTerminal::again);
    if let Some(pid) = pid_of(child) {
        // It may have ended in between; then there is nobody to wake.
        let _ = rustix::process::kill_process(pid, Signal::CONT);
    }
}

fn pid_of(child: &Child) -> Option<Pid> {
    child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw)
}

/// A stream of the program on its way to ours, with the end of it kept.
struct Passing {
    task: JoinHandle<io::Result<()>>,
    tail: Arc<Mutex<VecDeque<u8>>>,
    /// Told at every step.
    step: watch::Receiver<Step>,
    /// Told when nothing more is waited for.
    enough: CancellationToken,
    /// Tells that ours takes nothing more.
    broken: CancellationToken,
}

/// What the task of [`Passing`] waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Reading,
    Writing,
}

impl Passing {
    /// `is_wanted`: also where ours does not take it. Else the program's stream breaks where ours does.
    fn begin(
        mut from: impl AsyncRead + Send + Unpin + 'static,
        mut to: impl AsyncWrite + Send + Unpin + 'static,
        mut lines: NamedLines,
        is_wanted: bool,
    ) -> Self {
        let (steps, step) = watch::channel(Step::Reading);
        let tail = Arc::new(Mutex::new(VecDeque::with_capacity(TAIL)));
        let (enough, broken) = (CancellationToken::new(), CancellationToken::new());
        let (kept, is_over, breaks) = (Arc::clone(&tail), enough.clone(), broken.clone());
        let task = tokio::spawn(async move {
            let mut buffer = [0; 4096];
            loop {
                let count = tokio::select! {
                    count = from.read(&mut buffer) => count.unwrap_or_default(),
                    () = is_over.cancelled() => 0,
                };
                let bytes = buffer.get(..count).unwrap_or_default();
                keep(&mut kept.lock().unwrap_or_else(PoisonError::into_inner), bytes);
                steps.send_replace(Step::Writing);
                let written = write(&mut to, &if count == 0 { lines.rest() } else { lines.take(bytes) }).await;
                steps.send_replace(Step::Reading);
                match written {
                    // Our stderr may be closed; the words are still wanted for the diagnosis.
                    Err(error) if !is_wanted => {
                        breaks.cancel();
                        return Err(error);
                    }
                    _ if count == 0 => return Ok(()),
                    _ => {}
                }
            }
        });
        Self { task, tail, step, enough, broken }
    }

    /// When the program has ended: pass on what it left in the pipe, and tell the end of it all, and what kept us from passing it on.
    async fn rest(passing: Option<Self>) -> (Vec<u8>, Option<io::Error>) {
        let Some(mut passing) = passing else { return (Vec::new(), None) };
        let passed = loop {
            let is_writing = *passing.step.borrow_and_update() == Step::Writing;
            let is_silent = async {
                match is_writing || passing.enough.is_cancelled() {
                    true => pending().await,
                    false => sleep(DRAIN).await,
                }
            };
            tokio::select! {
                passed = &mut passing.task => break passed,
                Ok(()) = passing.step.changed() => {}
                () = is_silent => passing.enough.cancel(),
            }
        };
        let last = passing.tail.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        (last, passed.unwrap_or_else(|error| Err(io::Error::other(error))).err())
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes).await?;
    to.flush().await
}

fn keep(tail: &mut VecDeque<u8>, bytes: &[u8]) {
    tail.extend(bytes);
    let surplus = tail.len().saturating_sub(TAIL);
    tail.drain(..surplus);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    #[tokio::test]
    async fn the_exit_code_is_the_programs_own() {
        for (script, code) in [("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -TERM $$", 143), ("kill -KILL $$", 137)] {
            assert_eq!(run(shell(script), None, |_| ()).await.unwrap().code(), code, "{script}");
        }
    }

    #[tokio::test]
    async fn a_signal_that_was_passed_on_does_not_take_the_place_of_the_programs_own_code() {
        for (left_with, code) in [("exit 7", 7), ("exit 0", 0), ("exit 255", 128 + 15), ("trap - TERM; kill -TERM $$", 128 + 15)]
        {
            let directory = tempfile::tempdir().unwrap();
            let ready = directory.path().join("ready");
            let script = format!("trap '{left_with}' TERM; touch {}; while :; do sleep 0.05; done", ready.display());

            let told = async {
                while !ready.exists() {
                    tokio::task::yield_now().await;
                }
                rustix::process::kill_process(rustix::process::getpid(), Signal::TERM).unwrap();
            };
            let (end, ()) = tokio::join!(run(shell(&script), None, |_| ()), told);

            let end = end.unwrap();
            assert_eq!((end.code(), end.told_by), (code, Some(15)), "{left_with}");
        }
    }

    #[tokio::test]
    async fn the_last_words_of_stderr_are_kept() {
        let end = run(shell("echo one >&2; yes x | head -c 20000 >&2; echo last >&2"), None, |_| ()).await.unwrap();

        assert_eq!(end.last_words.len(), TAIL);
        assert!(end.last_words.ends_with(b"last\n"));
    }

    #[tokio::test]
    async fn a_slow_reader_of_our_stderr_gets_all_of_it() {
        let mut child = shell("head -c 60000 /dev/zero | tr '\\0' x >&2").stderr(Stdio::piped()).spawn().unwrap();
        let (mut reader, ours) = tokio::io::duplex(1024);
        let words = Passing::begin(child.stderr.take().unwrap(), ours, NamedLines::new(None), true);
        child.wait().await.unwrap();
        let read = async {
            sleep(DRAIN * 3).await;
            let mut all = Vec::new();
            reader.read_to_end(&mut all).await.unwrap();
            all
        };

        let ((last, _), read) = tokio::join!(Passing::rest(Some(words)), read);

        assert_eq!((last.len(), read.len()), (TAIL, 60_000));
    }

    #[tokio::test]
    async fn the_last_words_are_kept_also_where_a_process_holds_the_pipe() {
        let end = run(shell("echo last >&2; sleep 30 & exit 4"), None, |_| ()).await.unwrap();

        assert_eq!(end.last_words, b"last\n");
    }

    #[tokio::test]
    async fn a_process_that_keeps_stderr_open_does_not_keep_us() {
        let end = tokio::time::timeout(Duration::from_secs(20), run(shell("sleep 30 & exit 4"), None, |_| ()))
            .await
            .expect("it ends")
            .unwrap();

        assert_eq!(end.code(), 4);
    }

    #[tokio::test]
    async fn a_line_without_an_end_comes_also_where_a_process_holds_the_pipe() {
        let mut child = shell("printf 'one\\nhalf' >&2; sleep 30 >&2 &").stderr(Stdio::piped()).spawn().unwrap();
        let (mut reader, ours) = tokio::io::duplex(1024);
        let passing = Passing::begin(child.stderr.take().unwrap(), ours, NamedLines::new(Some("web-1: ")), false);
        child.wait().await.unwrap();

        let (_, unwritten) = Passing::rest(Some(passing)).await;

        let mut all = String::new();
        reader.read_to_string(&mut all).await.unwrap();
        assert_eq!(all, "web-1: one\nweb-1: half");
        assert!(unwritten.is_none(), "{unwritten:?}");
    }

    #[tokio::test]
    async fn output_that_nobody_takes_ends_the_program_and_is_told() {
        let mut child = shell("while echo x; do :; done >&2 2>/dev/null").stderr(Stdio::piped()).spawn().unwrap();
        let (reader, ours) = tokio::io::duplex(1024);
        drop(reader);
        let passing = Passing::begin(child.stderr.take().unwrap(), ours, NamedLines::new(Some("web-1: ")), false);

        child.wait().await.unwrap();

        let (_, unwritten) = Passing::rest(Some(passing)).await;
        assert_eq!(unwritten.map(|error| error.kind()), Some(io::ErrorKind::BrokenPipe));
    }
}
