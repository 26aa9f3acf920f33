//! A program in the foreground that has our terminal: its signals, its stops, its end, and the last words of its stderr.

use std::collections::VecDeque;
use std::future::pending;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use crate::terminal::{LeavingSignals, Pause, Pauses, can_pause};

/// How ssh ends of itself.
const OF_SSH: i32 = 255;
/// How much of stderr is kept for the diagnosis.
const TAIL: usize = 8 * 1024;
/// How long the program may take to end after we passed a signal on.
const GRACE: Duration = Duration::from_secs(2);
/// How long stderr may stay silent after the program's end: a process it left behind may hold the pipe for ever. The time in which our own
/// stderr takes nothing is no silence of its.
const DRAIN: Duration = Duration::from_millis(500);

/// How the program came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What the operating system says.
    pub status: ExitStatus,
    /// The signal that was sent to us and that we passed on, if that is why it ended.
    pub told_by: Option<i32>,
    /// The last words of its stderr, as bytes somebody else wrote.
    pub last_words: Vec<u8>,
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

/// Run `command` with our stdin, stdout and terminal until it ends. Its stderr passes through us unchanged.
///
/// `started` hears the process id. INT, TERM, HUP and QUIT that reach us are passed on; a stop (`~^Z` in ssh) stops our whole process group,
/// so that the user's shell gets the terminal. Dropping the future kills the program.
pub async fn run(command: Command, started: impl FnOnce(u32)) -> io::Result<End> {
    run_with(command, Stdio::piped(), |_| true, started).await
}

/// The same with our own stderr, which may be the terminal that the program draws on: none of its words are kept. A Ctrl-C is its own
/// affair, as everything that is typed: the terminal tells it, and it may well go on.
pub async fn run_undisturbed(command: Command) -> io::Result<End> {
    let is_typed = |number| number == Signal::INT.as_raw() || number == Signal::QUIT.as_raw();
    run_with(command, Stdio::inherit(), |number| !is_typed(number), |_| ()).await
}

async fn run_with(
    mut command: Command,
    stderr: Stdio,
    is_for_us: impl Fn(i32) -> bool,
    started: impl FnOnce(u32),
) -> io::Result<End> {
    let mut asked = LeavingSignals::listen()?;
    let mut pauses = Pauses::listen()?;
    let mut children = signal(SignalKind::child())?;
    let mut child = command.stderr(stderr).kill_on_drop(true).spawn()?;
    if let Some(id) = child.id() {
        started(id);
    }
    let words = child.stderr.take().map(|stderr| Words::pass_on(stderr, tokio::io::stderr()));
    let mut told_by = None;
    let mut deadline = None;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            number = asked.next() => if is_for_us(number) {
                told_by = Some(number);
                deadline.get_or_insert_with(|| Instant::now() + GRACE);
                pass_signal(&child, number);
            },
            pause = pauses.next() => if pause == Pause::Requested {
                stop_with(&child, &mut pauses).await;
            },
            _ = children.recv() => if is_stopped(&child) {
                stop_with(&child, &mut pauses).await;
            },
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                deadline = None;
                child.start_kill()?;
            }
        }
    };
    let last_words = match words {
        Some(words) => tokio::select! {
            last_words = words.last() => last_words,
            // Our own stderr may be what takes nothing.
            number = asked.next() => {
                told_by = Some(number);
                Vec::new()
            }
        },
        None => Vec::new(),
    };
    Ok(End { status, told_by, last_words })
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
async fn stop_with(child: &Child, pauses: &mut Pauses) {
    if !can_pause() {
        return;
    }
    pauses.pause().await;
    if let Some(pid) = pid_of(child) {
        // It may have ended in between; then there is nobody to wake.
        let _ = rustix::process::kill_process(pid, Signal::CONT);
    }
}

fn pid_of(child: &Child) -> Option<Pid> {
    child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw)
}

/// Stderr on its way to ours, with the end of it kept.
struct Words {
    task: JoinHandle<()>,
    tail: Arc<Mutex<VecDeque<u8>>>,
    /// Told at every step.
    step: watch::Receiver<Step>,
}

/// What the task of [`Words`] waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Reading,
    Writing,
}

impl Words {
    fn pass_on(mut from: ChildStderr, mut to: impl AsyncWrite + Send + Unpin + 'static) -> Self {
        let (steps, step) = watch::channel(Step::Reading);
        let tail = Arc::new(Mutex::new(VecDeque::with_capacity(TAIL)));
        let kept = Arc::clone(&tail);
        let task = tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer).await {
                let bytes = buffer.get(..count).unwrap_or_default();
                keep(&mut kept.lock().unwrap_or_else(PoisonError::into_inner), bytes);
                steps.send_replace(Step::Writing);
                // Our stderr may be closed; the words are still wanted for the diagnosis.
                let _ = to.write_all(bytes).await;
                let _ = to.flush().await;
                steps.send_replace(Step::Reading);
            }
        });
        Self { task, tail, step }
    }

    /// When the program has ended: pass on what it left in the pipe, and tell the end of it all.
    async fn last(mut self) -> Vec<u8> {
        loop {
            let is_writing = *self.step.borrow_and_update() == Step::Writing;
            let is_silent = async {
                match is_writing {
                    true => pending().await,
                    false => sleep(DRAIN).await,
                }
            };
            tokio::select! {
                _ = &mut self.task => break,
                Ok(()) = self.step.changed() => {}
                () = is_silent => {
                    self.task.abort();
                    break;
                }
            }
        }
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        self.task.abort();
    }
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
            assert_eq!(run(shell(script), |_| ()).await.unwrap().code(), code, "{script}");
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
            let (end, ()) = tokio::join!(run(shell(&script), |_| ()), told);

            let end = end.unwrap();
            assert_eq!((end.code(), end.told_by), (code, Some(15)), "{left_with}");
        }
    }

    #[tokio::test]
    async fn the_last_words_of_stderr_are_kept() {
        let end = run(shell("echo one >&2; yes x | head -c 20000 >&2; echo last >&2"), |_| ()).await.unwrap();

        assert_eq!(end.last_words.len(), TAIL);
        assert!(end.last_words.ends_with(b"last\n"));
    }

    #[tokio::test]
    async fn a_slow_reader_of_our_stderr_gets_all_of_it() {
        let mut child = shell("head -c 60000 /dev/zero | tr '\\0' x >&2").stderr(Stdio::piped()).spawn().unwrap();
        let (mut reader, ours) = tokio::io::duplex(1024);
        let words = Words::pass_on(child.stderr.take().unwrap(), ours);
        child.wait().await.unwrap();
        let read = async {
            sleep(DRAIN * 3).await;
            let mut all = Vec::new();
            reader.read_to_end(&mut all).await.unwrap();
            all
        };

        let (last, read) = tokio::join!(words.last(), read);

        assert_eq!((last.len(), read.len()), (TAIL, 60_000));
    }

    #[tokio::test]
    async fn the_last_words_are_kept_also_where_a_process_holds_the_pipe() {
        let end = run(shell("echo last >&2; sleep 30 & exit 4"), |_| ()).await.unwrap();

        assert_eq!(end.last_words, b"last\n");
    }

    #[tokio::test]
    async fn a_process_that_keeps_stderr_open_does_not_keep_us() {
        let end = tokio::time::timeout(Duration::from_secs(20), run(shell("sleep 30 & exit 4"), |_| ()))
            .await
            .expect("it ends")
            .unwrap();

        assert_eq!(end.code(), 4);
    }
}
