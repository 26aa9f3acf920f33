//! The user's terminal around a session: as it was before, whatever the session left behind.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use rustix::termios::{OptionalActions, Termios, tcdrain, tcgetattr, tcgetwinsize, tcsetattr};

use ec2dash_ssm::Size;

/// Leaves the alternate screen without moving the cursor, turns off mouse, focus and paste reports and the kitty protocol's keys,
/// makes cursor keys and keypad plain, ends a held-back redraw, wraps lines, shows the cursor, resets colours, the character set and the
/// scroll region.
const RESET: &str = concat!(
    "\x1b[?1047l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?2004l",
    "\x1b[=0;1u\x1b[?1l\x1b>\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[0m\x1b(B\x0f\x1b7\x1b[r\x1b8",
);

/// How long a terminal has to take what resets it.
const LONGEST_RESTORE: Duration = Duration::from_secs(2);

/// What the terminal was like when we began.
pub struct OwnTerminal {
    before: Option<Termios>,
}

impl OwnTerminal {
    /// Remember how the terminal is now, if stdin is one.
    pub fn capture() -> Self {
        let stdin = std::io::stdin();
        Self { before: stdin.is_terminal().then(|| tcgetattr(stdin.as_fd()).ok()).flatten() }
    }

    /// Make it so again. A program that ended well did this itself, and nothing changes.
    pub fn restore(&self) {
        let Some(before) = self.before.clone() else { return };
        let Ok(stdout) = std::io::stdout().as_fd().try_clone_to_owned() else { return };
        let settings = before.clone();
        let (done, waited) = mpsc::channel();
        let is_late = Arc::new(AtomicBool::new(false));
        let gave_up = Arc::clone(&is_late);
        // A thread of its own, without stdout's lock: a terminal that takes nothing must not keep us.
        std::thread::spawn(move || {
            // These fail only when the terminal is gone, and then there is nothing to restore.
            let _ = tcdrain(std::io::stdin().as_fd());
            if gave_up.swap(true, Ordering::SeqCst) {
                // Whoever waited went on, and the terminal may be in use again.
                return;
            }
            set(&settings);
            let mut stdout = File::from(stdout);
            if stdout.is_terminal() {
                let _ = stdout.write_all(RESET.as_bytes());
            }
            let _ = done.send(());
        });
        if waited.recv_timeout(LONGEST_RESTORE).is_err() && !is_late.swap(true, Ordering::SeqCst) {
            set(&before);
        }
    }
}

impl Drop for OwnTerminal {
    /// Also when connecting failed half-way or was given up.
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            let _ = tcsetattr(std::io::stdin().as_fd(), OptionalActions::Now, &before);
        }
    }
}

/// How the terminal was found, while a session has it raw. One for the process: a panic anywhere must find it.
static RAW: Mutex<Option<Termios>> = Mutex::new(None);

/// The user's terminal while every key goes to the remote.
#[derive(Debug)]
pub struct RawTerminal {
    before: Termios,
    raw: Termios,
}

impl RawTerminal {
    /// Make it raw. What was typed before is kept for the remote.
    pub fn enter() -> std::io::Result<Self> {
        let before = tcgetattr(std::io::stdin().as_fd())?;
        let mut raw = before.clone();
        raw.make_raw();
        let own = Self { before, raw };
        *found() = Some(own.before.clone());
        set(&own.raw);
        Ok(own)
    }

    /// Make it raw again: somebody else had it meanwhile.
    pub fn again(&self) {
        *found() = Some(self.before.clone());
        set(&self.raw);
    }

    /// Give it to our shell for a while.
    pub fn leave(&self) {
        *found() = None;
        set(&self.before);
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Hand the terminal back as found, if a session has it raw. Safe from any thread, and to call twice: for panics.
pub fn give_back() {
    if let Some(before) = found().take() {
        set(&before);
        let mut stdout = std::io::stdout();
        let _ = stdout.write_all(RESET.as_bytes()).and_then(|()| stdout.flush());
    }
}

/// The size that the user's terminal says it has.
pub fn size() -> Option<Size> {
    let size = tcgetwinsize(std::io::stdout().as_fd()).or_else(|_| tcgetwinsize(std::io::stdin().as_fd())).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then_some(Size { columns: size.ws_col, rows: size.ws_row })
}

/// A signal in the middle must not leave the terminal half set.
fn set(settings: &Termios) {
    // Any other failure means that the terminal is gone.
    while tcsetattr(std::io::stdin().as_fd(), OptionalActions::Now, settings) == Err(rustix::io::Errno::INTR) {}
}

fn found() -> MutexGuard<'static, Option<Termios>> {
    RAW.lock().unwrap_or_else(PoisonError::into_inner)
}
