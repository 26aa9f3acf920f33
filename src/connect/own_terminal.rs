//! The user's terminal around a session: as it was before, whatever the session left behind.

use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// Leaves the alternate screen without moving the cursor, turns off mouse, focus and paste reports and the kitty keyboard,
/// shows the cursor, resets colours, the character set and the scroll region is left to the next full-screen program.
const RESET: &str = "\x1b[?1047l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m\x1b(B\x0f";

/// What the terminal was like when we began.
pub(super) struct OwnTerminal {
    before: Option<Termios>,
}

impl OwnTerminal {
    /// Remember how the terminal is now, if stdin is one.
    pub(super) fn capture() -> Self {
        let stdin = std::io::stdin();
        Self { before: stdin.is_terminal().then(|| tcgetattr(stdin.as_fd()).ok()).flatten() }
    }

    /// Make it so again. A program that ended well did this itself, and nothing changes.
    pub(super) fn restore(&self) {
        let Some(before) = &self.before else { return };
        // Both fail only when the terminal is gone, and then there is nothing to restore.
        let _ = tcsetattr(std::io::stdin().as_fd(), OptionalActions::Drain, before);
        let mut stdout = std::io::stdout();
        if stdout.is_terminal() {
            let _ = stdout.write_all(RESET.as_bytes()).and_then(|()| stdout.flush());
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
