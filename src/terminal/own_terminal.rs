//! The user's terminal around a session: as it was before, whatever the session left behind.

use std::io::{self, IsTerminal, stdin};
use std::os::fd::AsFd;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::holding::{self, Held};

/// Leaves the alternate screen without moving the cursor, turns off mouse, focus and paste reports and the kitty protocol's keys,
/// makes cursor keys and keypad plain, ends a held-back redraw, wraps lines, shows the cursor, resets colours, the character set and the
/// scroll region.
const RESET: &str = concat!(
    "\x1b[?1047l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?2004l",
    "\x1b[=0;1u\x1b[?1l\x1b>\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[0m\x1b(B\x0f\x1b7\x1b[r\x1b8",
);

/// What the terminal was like when we began.
pub struct OwnTerminal {
    before: Option<Termios>,
}

impl OwnTerminal {
    /// Remember how the terminal is now, if stdin is one.
    pub fn capture() -> Self {
        let stdin = stdin();
        Self { before: stdin.is_terminal().then(|| tcgetattr(stdin.as_fd()).ok()).flatten() }
    }

    /// Make it so again, within a second. A program that ended well did this itself, and nothing changes. `was_left` says that nobody wants
    /// to see the rest.
    pub async fn restore(&self, was_left: bool) {
        let Some(found) = self.before.clone() else { return };
        // What was left may have ended in the middle of a sequence.
        let words = if was_left { format!("{}{RESET}", '\x18') } else { RESET.to_owned() };
        let held = Held { found, words: words.into_bytes(), flow: None, may_drop: was_left };
        // A thread of its own: a terminal that takes nothing must not keep who hears signals.
        let _ = tokio::task::spawn_blocking(move || holding::hand_back(&held)).await;
    }
}

impl Drop for OwnTerminal {
    /// Also when connecting failed half-way or was given up.
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            let _ = tcsetattr(stdin().as_fd(), OptionalActions::Now, &before);
        }
    }
}

/// The user's terminal while every key goes to the remote.
#[derive(Debug)]
pub struct RawTerminal {
    before: Termios,
    raw: Termios,
    /// How it was held while our shell has it.
    held: Option<Held>,
}

impl RawTerminal {
    /// Make it raw. What was typed before is kept for the remote.
    pub fn enter() -> io::Result<Self> {
        let before = tcgetattr(stdin().as_fd())?;
        let mut raw = before.clone();
        raw.make_raw();
        holding::hold(Held { found: before.clone(), words: RESET.into(), flow: None, may_drop: true });
        holding::set(&raw);
        Ok(Self { before, raw, held: None })
    }

    /// Make it raw again: somebody else had it meanwhile.
    pub fn again(&mut self) {
        if let Some(held) = self.held.take() {
            holding::hold(held);
        }
        holding::set(&self.raw);
    }

    /// Give it to our shell for a while.
    pub fn leave(&mut self) {
        self.held = holding::let_go();
        holding::set(&self.before);
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        self.leave();
    }
}
