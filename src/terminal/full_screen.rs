//! The terminal while a program of pictures has it: raw, on the alternate screen, pastes marked.

use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::sync::Arc;

use rustix::termios::{Termios, tcgetattr};

use super::holding::{self, Held};
use super::output::Output;

/// Remember the window's title, and bring it back.
const TITLE_PUSH: &str = "\x1b[22;0t";
const TITLE_POP: &str = "\x1b[23;0t";
/// The alternate screen with the cursor's place remembered; pastes marked; no cursor.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// The same where we are there already, or should be: what is remembered stays.
const ENTER_AGAIN: &str = "\x1b[?1047h\x1b[?2004h\x1b[?25l";
/// Turns off what is ours, and mouse and focus reports that a session may have left on. The kitty keyboard stays as it was.
const LEAVE: &str = "\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?1049l\x1b[?25h";

/// The terminal while it is ours. Whoever has it never waits for it: a picture is only made when the one before is written.
#[derive(Debug)]
pub struct FullScreen {
    output: Output,
    found: Termios,
    sets_title: bool,
}

impl FullScreen {
    /// Take the terminal. [`give_back`](super::give_back) ends that, from wherever.
    pub fn take(sets_title: bool) -> io::Result<Self> {
        let stdin = io::stdin();
        if !stdin.is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::NotConnected, "no terminal"));
        }
        let own = Self { output: Output::open(None)?, found: tcgetattr(stdin.as_fd())?, sets_title };
        own.enter()?;
        Ok(own)
    }

    /// Take it again, whatever somebody else did to it meanwhile. What was remembered when it was taken is remembered once.
    pub fn take_again(&mut self) -> io::Result<()> {
        if self.is_ours() {
            holding::set(&self.raw());
            return self.show(ENTER_AGAIN.into()).map(drop);
        }
        self.output = Output::open(None)?;
        self.enter()
    }

    /// Whether it is still ours: a panic elsewhere may have handed it back.
    pub fn is_ours(&self) -> bool {
        !self.output.flow().is_given_up()
    }

    /// Whether all that was to be shown is written. What is shown before that may be dropped.
    pub fn is_ready(&self) -> bool {
        self.output.flow().is_idle()
    }

    /// Wait until it [is ready](Self::is_ready). Safe to drop half-done.
    pub fn ready(&self) -> impl Future<Output = ()> + use<> {
        let flow = Arc::clone(self.output.flow());
        async move { flow.idle().await }
    }

    /// Show this next; whether there was room for it. An error when the terminal is gone.
    pub fn show(&self, bytes: Vec<u8>) -> io::Result<bool> {
        self.output.push_words(bytes)
    }

    fn enter(&self) -> io::Result<()> {
        // Noted first: a panic or a signal between the two lines must find it.
        let words = format!("{LEAVE}{}", if self.sets_title { TITLE_POP } else { "" }).into_bytes();
        let flow = Some(Arc::clone(self.output.flow()));
        holding::hold(Held { found: self.found.clone(), words, flow, may_drop: true });
        holding::set(&self.raw());
        self.show(format!("{}{ENTER}", if self.sets_title { TITLE_PUSH } else { "" }).into_bytes()).map(drop)
    }

    fn raw(&self) -> Termios {
        let mut raw = self.found.clone();
        raw.make_raw();
        raw
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        if self.is_ours() {
            holding::give_back();
        }
    }
}
