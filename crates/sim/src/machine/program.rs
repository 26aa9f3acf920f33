//! This computer's `/bin/sh`, started for one session.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pty_process::{OwnedReadPty, OwnedWritePty};
use rustix::process::Pid;
use rustix::termios::{self, InputModes, OptionalActions, Winsize};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::process::Child;

use super::processes::{Processes, Watched};

const SHELL: &str = "/bin/sh";
/// How long a program that was told to hang up has to do so. The real agent and sshd let it take its time; one that ignores the hang-up is
/// not to stay on this computer. What it still does may wait for a busy disk.
pub(crate) const GRACE: Duration = Duration::from_secs(15);
pub(super) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a client asked for before it asked for a program.
#[derive(Debug, Default)]
pub(crate) struct ProgramRequest {
    /// `TERM` and the window, if the program shall have a terminal.
    pub(crate) terminal: Option<(String, Winsize)>,
    /// Variables that passed [`is_welcome`].
    pub(crate) environment: Vec<(String, String)>,
    /// What to run.
    pub(crate) what: What,
    /// Where a program without a terminal and without input writes both its streams; each of them into a pipe otherwise.
    pub(crate) into: Option<File>,
}

/// What to run.
#[derive(Debug, Default)]
pub(crate) enum What {
    /// A shell that reads its commands.
    #[default]
    Shell,
    /// A command line for the shell.
    Line(Vec<u8>),
    /// A program and its arguments, without a shell.
    Words(String, Vec<String>),
}

/// Who runs it, and where.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    pub(crate) user: &'a str,
    pub(crate) home: &'a Path,
    /// Without anything a shell would expand.
    pub(crate) host: &'a str,
}

/// A running program. Its process session ends with it.
pub(crate) struct Program {
    pub(crate) input: Option<Input>,
    pub(crate) output: Output,
    child: Child,
    watched: Watched,
    terminal: OwnedFd,
    is_on_terminal: bool,
}

pub(crate) type Input = Pin<Box<dyn AsyncWrite + Send>>;

/// Where what it says comes from.
pub(crate) enum Output {
    Terminal(OwnedReadPty),
    Pipes {
        stdout: Pin<Box<dyn AsyncRead + Send>>,
        stderr: Pin<Box<dyn AsyncRead + Send>>,
        aside: Aside,
    },
    /// It goes to the file of the request.
    File {
        aside: Aside,
    },
}

/// The controlling terminal of a program without one: what is written to `/dev/tty` must not reach the terminal this
/// process was started on. Both ends stay open, as a hang-up would end the program.
pub(crate) struct Aside {
    reader: OwnedReadPty,
    _writer: OwnedWritePty,
    _far_end: OwnedFd,
}

impl Aside {
    /// Nobody sees what is written there, but the program must not wait for a reader either. Ends with an error.
    pub(crate) async fn discard(&mut self) -> io::Error {
        let mut nowhere = [0; 1024];
        loop {
            if let Err(error) = self.reader.read(&mut nowhere).await {
                return error;
            }
        }
    }
}

/// The variables a client may set, as with the usual `AcceptEnv LANG LC_*`.
pub(crate) fn is_welcome(name: &str, value: &str) -> bool {
    let named = name == "LANG"
        || name
            .strip_prefix("LC_")
            .is_some_and(|rest| (1..=40).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    named && value.len() <= 256 && !value.contains(char::is_control)
}

impl Program {
    pub(crate) fn start(request: &ProgramRequest, account: &Account<'_>, processes: &Processes) -> io::Result<Self> {
        let (near_end, far_end) = pty_process::open().map_err(into_io)?;
        let terminal = near_end.as_fd().try_clone_to_owned()?;
        let kept = far_end.as_fd().try_clone_to_owned()?;
        let mut command = command(request, account);
        if let Some((_, window)) = &request.terminal {
            termios::tcsetwinsize(&terminal, *window)?;
            accept_utf8(&terminal)?;
        } else if let Some(into) = &request.into {
            command = command.stdin(Stdio::null()).stdout(into.try_clone()?).stderr(into.try_clone()?);
        } else {
            command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        }
        let mut child = command.spawn(far_end).map_err(into_io)?;
        let leader = child.id().and_then(|id| Pid::from_raw(id.cast_signed())).ok_or(io::ErrorKind::NotFound)?;
        let watched = processes.watch(leader);
        let (reader, writer) = near_end.into_split();
        let (input, output): (Option<Input>, _) = match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(stdin), Some(stdout), Some(stderr)) => {
                let aside = Aside { reader, _writer: writer, _far_end: kept };
                (Some(Box::pin(stdin)), Output::Pipes { stdout: Box::pin(stdout), stderr: Box::pin(stderr), aside })
            }
            _ if request.terminal.is_none() => (None, Output::File { aside: Aside { reader, _writer: writer, _far_end: kept } }),
            _ => (Some(Box::pin(writer)), Output::Terminal(reader)),
        };
        Ok(Self { input, output, child, watched, terminal, is_on_terminal: request.terminal.is_some() })
    }

    /// Take it apart, so that reading, writing and waiting can go on at the same time.
    pub(crate) fn into_parts(self) -> (Option<Input>, Output, Child, Control) {
        let Self { input, output, child, watched, terminal, is_on_terminal } = self;
        (input, output, child, Control { watched, terminal: Mutex::new(Some(terminal)), is_on_terminal })
    }
}

/// What can be done to a running program from outside.
pub(crate) struct Control {
    pub(crate) watched: Watched,
    /// None once it is closed.
    terminal: Mutex<Option<OwnedFd>>,
    is_on_terminal: bool,
}

impl Control {
    pub(crate) fn resize(&self, window: Winsize) {
        if let Some(terminal) = &*self.terminal() {
            // An error says that the program has just ended.
            let _ = termios::tcsetwinsize(terminal, window);
        }
    }

    /// Leave nothing of the program behind. Whoever reads its terminal and writes to it lets go of it, too: the agent and sshd end a
    /// program on a terminal by closing that. The system then tells the leader, and nobody finds anything more to read; who was told one
    /// by one would miss those that are being started.
    pub(crate) async fn end(&self, child: &mut Child) {
        drop(self.terminal().take());
        let gone = async {
            if self.is_on_terminal {
                let _ = child.wait().await;
            }
            self.watched.hang_up();
            let _ = child.wait().await;
            while self.watched.is_running() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(GRACE, gone).await.is_err() {
            self.watched.kill();
            let _ = child.wait().await;
        }
    }

    fn terminal(&self) -> MutexGuard<'_, Option<OwnedFd>> {
        self.terminal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A window as SSH tells it, in the range a terminal can have.
pub(crate) fn window(columns: u32, rows: u32, width: u32, height: u32) -> Winsize {
    let fit = |size: u32| u16::try_from(size).unwrap_or(u16::MAX);
    Winsize { ws_row: fit(rows), ws_col: fit(columns), ws_xpixel: fit(width), ws_ypixel: fit(height) }
}

fn command(request: &ProgramRequest, account: &Account<'_>) -> pty_process::Command {
    use std::os::unix::ffi::OsStrExt;

    let program = match &request.what {
        What::Words(program, _) => program,
        What::Shell | What::Line(_) => SHELL,
    };
    let mut command = pty_process::Command::new(program)
        .env_clear()
        .current_dir(account.home)
        .kill_on_drop(true)
        .env("HOME", account.home)
        .env("USER", account.user)
        .env("LOGNAME", account.user)
        .env("PATH", PATH)
        .env("SHELL", SHELL)
        .env("LANG", "C.UTF-8")
        .env("PS1", format!("[{} ~]$ ", account.host))
        .envs(request.environment.iter().map(|(name, value)| (name, value)));
    if let Some((term, _)) = &request.terminal {
        command = command.env("TERM", term);
    }
    match &request.what {
        What::Shell => command,
        What::Line(line) => command.arg("-c").arg(std::ffi::OsStr::from_bytes(line)),
        What::Words(_, arguments) => command.args(arguments),
    }
}

/// Without this a shell's own line editing removes one byte of a Korean letter, not the letter.
fn accept_utf8(terminal: &OwnedFd) -> io::Result<()> {
    let mut modes = termios::tcgetattr(terminal)?;
    modes.input_modes |= InputModes::IUTF8;
    termios::tcsetattr(terminal, OptionalActions::Now, &modes)?;
    Ok(())
}

fn into_io(error: pty_process::Error) -> io::Error {
    match error {
        pty_process::Error::Io(error) => error,
        pty_process::Error::Rustix(error) => error.into(),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_may_set_the_language_and_nothing_else() {
        assert!(is_welcome("LANG", "ko_KR.UTF-8"));
        assert!(is_welcome("LC_ALL", "C"));
        for (name, value) in [("LD_PRELOAD", "x"), ("LC_", "x"), ("LC_a=b", "x"), ("ENV", "x"), ("LANG", "a\0b")] {
            assert!(!is_welcome(name, value), "{name}");
        }
    }

    #[test]
    fn a_window_beyond_what_a_terminal_can_have_is_the_largest_one() {
        let huge = window(u32::MAX, 24, 0, 0);

        assert_eq!((huge.ws_col, huge.ws_row), (u16::MAX, 24));
    }
}
