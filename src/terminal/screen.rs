//! Where a session is shown: its bytes in order, and words of ours only where they tear nothing.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::flow::Flow;
use super::ground::Ground;
use super::holding::{self, BRING_TITLE_BACK, REMEMBER_TITLE};
use super::output::{Output, Piece, Witness};
use super::size::Size;

/// A terminal that takes nothing for so long at the end of the session takes nothing any more.
const STANDSTILL: Duration = Duration::from_secs(2);
/// The same when its user has left, and only words of ours are to come.
const CUT_STANDSTILL: Duration = Duration::from_millis(300);
/// Ends a sequence that was begun, on every terminal.
const CANCEL: &[u8] = b"\x18";
/// Words of ours that may wait; a title replaces the one before it.
const MOST_WAITING: usize = 4 * 1024;

/// How a program takes the alternate screen and the cursor's place with it, and how it gives them back.
const ENTER_ALTERNATE: &[u8] = b"\x1b[?1049h";
const LEAVE_ALTERNATE: &[u8] = b"\x1b[?1049l";

/// Where the session is shown.
#[derive(Debug)]
pub struct Screen {
    output: Output,
    is_terminal: bool,
    resized: Option<(Size, Instant)>,
    ground: Ground,
    /// Whether the remote's program has the alternate screen, and the last bytes seen: the sequence may come in pieces.
    is_alternate: bool,
    tail: Vec<u8>,
    sets_title: bool,
    /// The title that is to be shown, and the one that is.
    wanted: Option<String>,
    title: Option<String>,
    /// Lines of ours that wait for the end of a sequence.
    lines: String,
}

/// How it was closed.
#[derive(Debug)]
pub struct Closed {
    /// Whether everything that came was shown.
    pub is_whole: bool,
    /// Whether something could not be written though somebody was there to read it: a full disk.
    pub has_failed: bool,
    /// What its witness has missed.
    pub witnessed: io::Result<()>,
}

impl Screen {
    /// Show a session from now on. `witness` hears what is shown, from the thread that writes it.
    pub fn open(sets_title: bool, witness: Option<Box<dyn Witness>>) -> io::Result<Self> {
        let output = Output::open(witness)?;
        holding::attach(output.flow());
        Ok(Self {
            output,
            is_terminal: io::stdout().is_terminal(),
            resized: None,
            ground: Ground::default(),
            is_alternate: false,
            tail: Vec::new(),
            sets_title,
            wanted: None,
            title: None,
            lines: String::new(),
        })
    }

    /// Wait until there is room for a piece. Fails when nobody reads us any more. Safe to drop half-done.
    pub async fn room(&self) -> io::Result<()> {
        self.output.room().await
    }

    /// What the remote shows. Only after [`Self::room`].
    pub fn output(&mut self, bytes: Vec<u8>) {
        self.ground = self.ground.after(&bytes);
        self.note_alternate(&bytes);
        let resized = self.resized.take();
        self.push(Piece::Shown { bytes, at: Instant::now(), resized });
        self.settle();
    }

    /// What the remote says on standard error. Only after [`Self::room`].
    pub fn error_output(&mut self, bytes: Vec<u8>) {
        self.push(Piece::Error { bytes, at: Instant::now() });
    }

    /// The terminal has another size: worth recording when something is shown in it.
    pub fn resized(&mut self, size: Size) {
        self.resized = Some((size, Instant::now()));
    }

    /// A line of ours in the stream, as soon as it stands in the middle of nothing.
    pub fn line(&mut self, line: &str) {
        if self.lines.len() < MOST_WAITING {
            self.lines.push_str(&format!("\r\n{line}\r\n"));
        }
        self.settle();
    }

    /// A word in the window's title, or none, and then the title is again what it was. Never in the stream.
    pub fn title(&mut self, title: Option<&str>) {
        self.wanted = title.filter(|_| self.sets_title).map(str::to_owned);
        self.settle();
    }

    /// The rest of a sequence does not come for now: whoever waits for a word of ours shall have it.
    pub fn interrupt(&mut self) {
        if self.ground != Ground::Clear && self.is_terminal && self.say(CANCEL.to_vec()) {
            self.ground = Ground::Clear;
        }
    }

    /// Whether a program has all of the terminal to itself, so that a line in the stream would stand in its picture.
    pub fn is_full(&self) -> bool {
        self.is_alternate && self.is_terminal
    }

    /// Whether words of ours wait.
    pub fn is_unsettled(&self) -> bool {
        !self.lines.is_empty() || self.wanted != self.title
    }

    /// Say what waits, if there is room for it: not in the middle of a sequence, and not on a terminal that takes nothing.
    pub fn settle(&mut self) {
        if !self.is_terminal && !self.lines.is_empty() {
            let lines = self.lines.replace("\r\n", "\n");
            if matches!(self.output.push(Piece::Aside(lines.trim_start_matches('\n').into())), Ok(true)) {
                self.lines.clear();
            }
            return;
        }
        // Behind a cut nobody knows in the middle of what the writing stopped.
        if self.output.flow().is_cut() || self.ground != Ground::Clear || !self.is_unsettled() {
            return;
        }
        let words = format!("{}{}", self.lines, self.change_of_title());
        if self.say(words.into_bytes()) {
            self.lines.clear();
            self.title.clone_from(&self.wanted);
        }
    }

    fn change_of_title(&self) -> String {
        match (&self.title, &self.wanted) {
            (shown, wanted) if shown == wanted => String::new(),
            (None, Some(wanted)) => format!("{REMEMBER_TITLE}\x1b]2;{wanted}\x07"),
            (Some(_), Some(wanted)) => format!("\x1b]2;{wanted}\x07"),
            (_, None) => BRING_TITLE_BACK.to_owned(),
        }
    }

    fn say(&self, words: Vec<u8>) -> bool {
        matches!(self.output.push(Piece::Words(words)), Ok(true))
    }

    fn note_alternate(&mut self, bytes: &[u8]) {
        let longest = ENTER_ALTERNATE.len();
        let mut seen = std::mem::take(&mut self.tail);
        seen.extend_from_slice(bytes);
        let last = seen.windows(longest).rev().find(|window| [ENTER_ALTERNATE, LEAVE_ALTERNATE].contains(window));
        if let Some(last) = last {
            self.is_alternate = last == ENTER_ALTERNATE;
        }
        self.tail = seen.split_off(seen.len().saturating_sub(longest - 1));
    }

    fn push(&self, piece: Piece) {
        // Never full: room was asked for. Nobody there: room says so.
        let _ = self.output.push(piece);
    }

    /// Show nothing more of what came: its user has left.
    pub fn cut(&self) {
        self.output.flow().cut();
    }

    /// Wait until everything is written: as long as a terminal takes something, and as long as it takes where another program reads.
    /// `given_up` says that nobody wants to wait.
    pub async fn close(self, given_up: impl Future<Output = ()>) -> Closed {
        let Self { mut output, is_terminal, ground, is_alternate, title, .. } = self;
        let flow = Arc::clone(output.flow());
        let mut words = Vec::new();
        if is_terminal && (ground != Ground::Clear || flow.is_cut()) {
            words.extend_from_slice(CANCEL);
        }
        if title.is_some() {
            words.extend_from_slice(BRING_TITLE_BACK.as_bytes());
        }
        // What another program reads has nothing to be given back.
        if is_alternate && is_terminal {
            // The cursor goes back to where it was; without need it would go to a place that nobody knows.
            words.extend_from_slice(LEAVE_ALTERNATE);
        }
        let witnessed = tokio::select! {
            witnessed = output.close(words) => Some(witnessed),
            () = standstill(&flow), if is_terminal || flow.is_cut() => None,
            () = given_up => None,
        };
        if witnessed.is_none() {
            // A thread that is in the middle of a write stays there; it takes up nothing else.
            flow.give_up();
        }
        let was_cut = flow.cut();
        Closed {
            is_whole: witnessed.is_some() && !was_cut,
            has_failed: flow.has_failed(),
            witnessed: witnessed.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

/// Until nothing was written for a while.
async fn standstill(flow: &Flow) {
    let mut before = None;
    loop {
        let written = flow.written();
        if before == Some(written) {
            return;
        }
        before = Some(written);
        sleep(if flow.is_cut() { CUT_STANDSTILL } else { STANDSTILL }).await;
    }
}
