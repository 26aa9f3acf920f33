//! This computer's `/bin/sh`, started for one session.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::pin::Pin;
use std::process::{ExitStatus, Stdio};

use pty_process::{OwnedReadPty, OwnedWritePty};
use rustix::process::Pid;
use rustix::termios::{self, InputModes, OptionalActions, Winsize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::process::Child;

use super::processes::{Processes, Watched};

const SHELL: &str = "/bin/sh";
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a client asked for before it asked for a program.
#[derive(Debug, Default)]
pub(super) struct Wish {
    /// `TERM` and the window, if the program shall have a terminal.
    pub(super) terminal: Option<(String, Winsize)>,
    /// Variables that passed [`is_welcome`].
    pub(super) environment: Vec<(String, String)>,
    /// A command line for the shell; none is a shell that reads its commands.
    pub(super) command: Option<Vec<u8>>,
}

/// Who runs it, and where.
#[derive(Debug)]
pub(super) struct Account<'a> {
    pub(super) user: &'a str,
    pub(super) home: &'a Path,
    /// Without anything a shell would expand.
    pub(super) host: &'a str,
}

/// A running program. Its process session ends with it.
pub(super) struct Program {
    pub(super) input: Option<Input>,
    pub(super) output: Output,
    child: Child,
    watched: Watched,
    terminal: OwnedFd,
}

pub(super) type Input = Pin<Box<dyn AsyncWrite + Send>>;

/// Where what it says comes from.
pub(super) enum Output {
    Terminal(OwnedReadPty),
    Pipes { stdout: Pin<Box<dyn AsyncRead + Send>>, stderr: Pin<Box<dyn AsyncRead + Send>>, aside: Aside },
}

/// The controlling terminal of a program without one: what is written to `/dev/tty` must not reach the terminal this
/// process was started on. Both ends stay open, as a hang-up would end the program.
pub(super) struct Aside {
    pub(super) reader: OwnedReadPty,
    _writer: OwnedWritePty,
    _far_end: OwnedFd,
}

/// The variables a client may set, as with the usual `AcceptEnv LANG LC_*`.
pub(super) fn is_welcome(name: &str, value: &str) -> bool {
    let named = name == "LANG"
        || name
            .strip_prefix("LC_")
            .is_some_and(|rest| (1..=40).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    named && value.len() <= 256 && !value.contains(char::is_control)
}

impl Program {
    pub(super) fn start(wish: &Wish, account: &Account<'_>, processes: &Processes) -> io::Result<Self> {
        let (near_end, far_end) = pty_process::open().map_err(into_io)?;
        let terminal = near_end.as_fd().try_clone_to_owned()?;
        let kept = far_end.as_fd().try_clone_to_owned()?;
        let mut command = command(wish, account);
        if let Some((_, window)) = &wish.terminal {
            termios::tcsetwinsize(&terminal, *window)?;
            accept_utf8(&terminal)?;
        } else {
            command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        }
        let mut child = command.spawn(far_end).map_err(into_io)?;
        let leader = child.id().and_then(|id| Pid::from_raw(id.cast_signed())).ok_or(io::ErrorKind::NotFound)?;
        let watched = processes.watch(leader);
        let (reader, writer) = near_end.into_split();
        let (input, output): (Input, _) = match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(stdin), Some(stdout), Some(stderr)) => {
                let aside = Aside { reader, _writer: writer, _far_end: kept };
                (Box::pin(stdin), Output::Pipes { stdout: Box::pin(stdout), stderr: Box::pin(stderr), aside })
            }
            _ => (Box::pin(writer), Output::Terminal(reader)),
        };
        Ok(Self { input: Some(input), output, child, watched, terminal })
    }

    /// Take it apart, so that reading, writing and waiting can go on at the same time.
    pub(super) fn into_parts(self) -> (Option<Input>, Output, Child, Control) {
        (self.input, self.output, self.child, Control { watched: self.watched, terminal: self.terminal })
    }
}

/// What can be done to a running program from outside.
pub(super) struct Control {
    pub(super) watched: Watched,
    terminal: OwnedFd,
}

impl Control {
    pub(super) fn resize(&self, window: Winsize) {
        // An error says that the program has just ended.
        let _ = termios::tcsetwinsize(&self.terminal, window);
    }
}

/// A window as SSH tells it, in the range a terminal can have.
pub(super) fn window(columns: u32, rows: u32, width: u32, height: u32) -> Winsize {
    let fit = |size: u32| u16::try_from(size).unwrap_or(u16::MAX);
    Winsize { ws_row: fit(rows), ws_col: fit(columns), ws_xpixel: fit(width), ws_ypixel: fit(height) }
}

/// The exit code, or the name SSH has for the signal that ended the program.
pub(super) fn ending(status: ExitStatus) -> Result<u32, russh::Sig> {
    use std::os::unix::process::ExitStatusExt;

    match (status.code(), status.signal()) {
        (Some(code), _) => Ok(code.cast_unsigned()),
        (None, Some(signal)) => Err(signal_name(signal)),
        (None, None) => Ok(255),
    }
}

/// The signal a client names.
pub(super) fn signal_named(signal: &russh::Sig) -> Option<rustix::process::Signal> {
    use russh::Sig;
    use rustix::process::Signal;

    Some(match signal {
        Sig::ABRT => Signal::ABORT,
        Sig::ALRM => Signal::ALARM,
        Sig::FPE => Signal::FPE,
        Sig::HUP => Signal::HUP,
        Sig::ILL => Signal::ILL,
        Sig::INT => Signal::INT,
        Sig::KILL => Signal::KILL,
        Sig::PIPE => Signal::PIPE,
        Sig::QUIT => Signal::QUIT,
        Sig::SEGV => Signal::SEGV,
        Sig::TERM => Signal::TERM,
        Sig::USR1 => Signal::USR1,
        Sig::Custom(name) if name == "USR2" => Signal::USR2,
        Sig::Custom(_) => return None,
    })
}

fn signal_name(number: i32) -> russh::Sig {
    use russh::Sig;

    let known = [
        Sig::ABRT,
        Sig::ALRM,
        Sig::FPE,
        Sig::HUP,
        Sig::ILL,
        Sig::INT,
        Sig::KILL,
        Sig::PIPE,
        Sig::QUIT,
        Sig::SEGV,
        Sig::TERM,
        Sig::USR1,
        Sig::Custom("USR2".to_owned()),
    ];
    known
        .into_iter()
        .find(|name| signal_named(name).is_some_and(|signal| signal.as_raw() == number))
        .unwrap_or_else(|| Sig::Custom("SIG@openssh.com".to_owned())) // sshd's word for a signal without a name
}

fn command(wish: &Wish, account: &Account<'_>) -> pty_process::Command {
    use std::os::unix::ffi::OsStrExt;

    let mut command = pty_process::Command::new(SHELL)
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
        .envs(wish.environment.iter().map(|(name, value)| (name, value)));
    if let Some((term, _)) = &wish.terminal {
        command = command.env("TERM", term);
    }
    match &wish.command {
        Some(line) => command.arg("-c").arg(std::ffi::OsStr::from_bytes(line)),
        None => command,
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
    use std::os::unix::process::ExitStatusExt;

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
    fn an_end_by_signal_has_the_name_ssh_has_for_it() {
        let told = |raw| format!("{:?}", ending(ExitStatus::from_raw(raw)));

        assert_eq!(told(3 << 8), "Ok(3)");
        assert_eq!(told(255 << 8), "Ok(255)");
        assert_eq!(told(15), "Err(TERM)");
        assert_eq!(told(9), "Err(KILL)");
        assert_eq!(told(31), "Err(Custom(\"SIG@openssh.com\"))");
    }

    #[test]
    fn a_window_beyond_what_a_terminal_can_have_is_the_largest_one() {
        let huge = window(u32::MAX, 24, 0, 0);

        assert_eq!((huge.ws_col, huge.ws_row), (u16::MAX, 24));
    }
}
