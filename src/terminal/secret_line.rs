//! A line typed at the terminal that the terminal does not show.

use std::io::{self, IsTerminal as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};

use rustix::process::Signal;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::lines::Lines;

/// Ask for a secret; `None` at the end of what is typed. Fails with `NotFound` where there is no terminal to ask on.
///
/// Dropping the future makes the terminal what it was. Where we were stopped, a shell has made it show what is typed: it is silent again,
/// and the question is asked again, once we are woken.
pub async fn ask_secret(question: &str) -> io::Result<Option<Zeroizing<String>>> {
    // Two who ask at once would get each other's answers, and the first to be done would have the terminal show that of the other.
    static ASKING: Mutex<()> = Mutex::const_new(());
    let _turn = ASKING.lock().await;
    let Some(terminal) = terminal()? else { return Err(io::ErrorKind::NotFound.into()) };
    let mut woken = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    let silent = Silent::begin(terminal.try_clone()?)?;
    let mut out = std::fs::File::from(terminal.try_clone()?);
    let mut lines = Lines::of(terminal)?;
    loop {
        write!(out, "{question} ")?;
        out.flush()?;
        tokio::select! {
            line = lines.next() => return Ok(line?.map(Zeroizing::new)),
            _ = woken.recv() => silent.again()?,
        }
    }
}

/// Whichever of the three streams is the terminal.
fn terminal() -> io::Result<Option<OwnedFd>> {
    let own =
        |is_terminal: bool, stream: std::os::fd::BorrowedFd<'_>| is_terminal.then(|| stream.try_clone_to_owned()).transpose();
    let (input, error) = (io::stdin(), io::stderr());
    Ok(match own(input.is_terminal(), input.as_fd())? {
        None => own(error.is_terminal(), error.as_fd())?,
        found => found,
    })
}

/// A terminal that shows nothing of what is typed but the end of the line, until this is dropped.
pub struct Silent {
    terminal: OwnedFd,
    before: Termios,
    silent: Termios,
}

impl Silent {
    /// The terminal that secrets are asked on: between two questions nobody sees what is typed too soon. None where there is no terminal.
    pub fn meanwhile() -> io::Result<Option<Self>> {
        terminal()?.map(Self::begin).transpose()
    }

    fn begin(terminal: OwnedFd) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        let silent = Self { terminal, before, silent };
        silent.again()?;
        Ok(silent)
    }

    /// What was typed before is no answer.
    fn again(&self) -> io::Result<()> {
        Ok(tcsetattr(&self.terminal, OptionalActions::Flush, &self.silent)?)
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}
