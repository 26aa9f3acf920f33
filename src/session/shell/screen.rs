//! Our standard output and error, written by a thread of their own: a terminal that takes nothing must not keep us from hearing keys.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

use super::ground::Ground;
use crate::session::recording::Recording;
use ec2dash_ssm::Size;

/// Pieces on their way to the terminal.
const WAITING: usize = 4;
/// Bytes written at once, so that it shows whether the terminal takes anything.
const CHUNK: usize = 1024;
/// A terminal that takes nothing for so long at the end of the session takes nothing any more.
const STANDSTILL: Duration = Duration::from_secs(2);
/// Ends a sequence that was begun, on every terminal.
const CANCEL: &[u8] = b"\x18";
/// Words of ours that may wait; a title replaces the one before it.
const MOST_WAITING: usize = 4 * 1024;

/// How a program takes the alternate screen and the cursor's place with it, and how it gives them back.
const ENTER_ALTERNATE: &[u8] = b"\x1b[?1049h";
const LEAVE_ALTERNATE: &[u8] = b"\x1b[?1049l";

enum Piece {
    /// What the remote shows, when, and the size the terminal got before that.
    Output {
        bytes: Vec<u8>,
        at: Instant,
        resized: Option<(Size, Instant)>,
    },
    ErrorOutput {
        bytes: Vec<u8>,
        at: Instant,
    },
    /// Ours.
    Words(Vec<u8>),
}

/// Where the session is shown.
#[derive(Debug)]
pub(super) struct Screen {
    pieces: mpsc::Sender<Piece>,
    writer: JoinHandle<io::Result<()>>,
    flow: Arc<Flow>,
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

/// What the writing thread and we tell each other.
#[derive(Debug, Default)]
struct Flow {
    written: AtomicU64,
    /// Nothing more of the remote's is to be written.
    is_cut: AtomicBool,
    /// Nothing more at all: the terminal may be somebody else's by now.
    is_given_up: AtomicBool,
    /// Something could not be written for another reason than that nobody reads any more.
    has_failed: AtomicBool,
}

/// How it was closed.
#[derive(Debug)]
pub(super) struct Closed {
    /// Whether everything that came was shown.
    pub(super) is_whole: bool,
    /// Whether something could not be written though somebody was there to read it: a full disk.
    pub(super) has_failed: bool,
    /// Why not all is recorded.
    pub(super) recorded: io::Result<()>,
}

impl Screen {
    pub(super) fn open(sets_title: bool, mut recording: Option<Recording>) -> io::Result<Self> {
        let mut outputs = Outputs::open()?;
        let (pieces, mut waiting) = mpsc::channel(WAITING);
        let flow = Arc::new(Flow::default());
        let own = Arc::clone(&flow);
        let writer = spawn_blocking(move || {
            while let Some(piece) = waiting.blocking_recv() {
                if own.is_cut.load(Ordering::Relaxed) && !matches!(piece, Piece::Words(_)) {
                    continue;
                }
                if let Some(recording) = &mut recording {
                    note(recording, &piece);
                }
                if own.is_given_up.load(Ordering::Relaxed) {
                    break;
                }
                if let Err(error) = write(&piece, &own, &mut outputs) {
                    own.has_failed.store(error.kind() != io::ErrorKind::BrokenPipe, Ordering::Relaxed);
                    break;
                }
            }
            recording.map_or(Ok(()), |recording| recording.finish(Instant::now()))
        });
        Ok(Self {
            pieces,
            writer,
            flow,
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
    pub(super) async fn room(&self) -> io::Result<()> {
        self.pieces.reserve().await.map(drop).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// What the remote shows. Only after [`Self::room`].
    pub(super) fn output(&mut self, bytes: Vec<u8>) {
        self.ground = self.ground.after(&bytes);
        self.note_alternate(&bytes);
        let resized = self.resized.take();
        self.push(Piece::Output { bytes, at: Instant::now(), resized });
        self.settle();
    }

    /// What the remote says on standard error. Only after [`Self::room`].
    pub(super) fn error_output(&mut self, bytes: Vec<u8>) {
        self.push(Piece::ErrorOutput { bytes, at: Instant::now() });
    }

    /// The terminal has another size: worth recording when something is shown in it.
    pub(super) fn resized(&mut self, size: Size) {
        self.resized = Some((size, Instant::now()));
    }

    /// A line of ours in the stream, as soon as it stands in the middle of nothing.
    pub(super) fn line(&mut self, line: &str) {
        if self.lines.len() < MOST_WAITING {
            self.lines.push_str(&format!("\r\n{line}\r\n"));
        }
        self.settle();
    }

    /// A word in the window's title, or none, and then the title is again what it was. Never in the stream.
    pub(super) fn title(&mut self, title: Option<&str>) {
        self.wanted = title.filter(|_| self.sets_title).map(str::to_owned);
        self.settle();
    }

    /// The rest of a sequence does not come for now: whoever waits for a word of ours shall have it.
    pub(super) fn interrupt(&mut self) {
        if self.ground != Ground::Clear && self.is_terminal && self.say(CANCEL.to_vec()) {
            self.ground = Ground::Clear;
        }
    }

    /// Whether words of ours wait.
    pub(super) fn is_unsettled(&self) -> bool {
        !self.lines.is_empty() || self.wanted != self.title
    }

    /// Say what waits, if there is room for it: not in the middle of a sequence, and not on a terminal that takes nothing.
    pub(super) fn settle(&mut self) {
        // Behind a cut nobody knows in the middle of what the writing stopped.
        let is_cut = self.flow.is_cut.load(Ordering::Relaxed);
        if is_cut || self.ground != Ground::Clear || !self.is_unsettled() {
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
            (None, Some(wanted)) => format!("\x1b[22;2t\x1b]2;{wanted}\x07"),
            (Some(_), Some(wanted)) => format!("\x1b]2;{wanted}\x07"),
            (_, None) => String::from("\x1b[23;2t"),
        }
    }

    fn say(&self, words: Vec<u8>) -> bool {
        self.pieces.try_send(Piece::Words(words)).is_ok()
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
        // Never full: room was asked for.
        let _ = self.pieces.try_send(piece);
    }

    /// Show nothing more of what came: its user has left.
    pub(super) fn cut(&self) {
        self.flow.is_cut.store(true, Ordering::Relaxed);
    }

    /// Wait until everything is written: as long as a terminal takes something, and as long as it takes where another program reads.
    /// `given_up` says that nobody wants to wait.
    pub(super) async fn close(self, given_up: impl Future<Output = ()>) -> Closed {
        let Self { pieces, mut writer, flow, is_terminal, ground, is_alternate, title, .. } = self;
        let mut words = Vec::new();
        if is_terminal && (ground != Ground::Clear || flow.is_cut.load(Ordering::Relaxed)) {
            words.extend_from_slice(CANCEL);
        }
        if title.is_some() {
            words.extend_from_slice(b"\x1b[23;2t");
        }
        if is_alternate {
            // The cursor goes back to where it was; without need it would go to a place that nobody knows.
            words.extend_from_slice(LEAVE_ALTERNATE);
        }
        let written = async {
            if !words.is_empty() {
                // Nobody is there to take it: then that is why the writer ends.
                let _ = pieces.send(Piece::Words(words)).await;
            }
            drop(pieces);
            (&mut writer).await.unwrap_or_else(|panic| Err(io::Error::other(panic)))
        };
        let recorded = tokio::select! {
            recorded = written => Some(recorded),
            () = standstill(&flow), if is_terminal || flow.is_cut.load(Ordering::Relaxed) => None,
            () = given_up => None,
        };
        // A thread that is in the middle of a write stays there; it takes up nothing else.
        flow.is_given_up.store(recorded.is_none(), Ordering::Relaxed);
        let was_cut = flow.is_cut.swap(true, Ordering::Relaxed);
        Closed {
            is_whole: recorded.is_some() && !was_cut,
            has_failed: flow.has_failed.load(Ordering::Relaxed),
            recorded: recorded.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

/// Until nothing was written for a while.
async fn standstill(flow: &Flow) {
    let mut before = None;
    loop {
        let written = flow.written.load(Ordering::Relaxed);
        if before == Some(written) {
            return;
        }
        before = Some(written);
        sleep(STANDSTILL).await;
    }
}

/// What the remote shows is recorded; what we say between is not.
fn note(recording: &mut Recording, piece: &Piece) {
    match piece {
        Piece::Output { bytes, at, resized } => {
            if let Some((size, at)) = resized {
                recording.resized(*size, *at);
            }
            recording.output(bytes, *at);
        }
        Piece::ErrorOutput { bytes, at } => recording.output(bytes, *at),
        Piece::Words(_) => {}
    }
}

/// Standard output and error without their locks: who ends the program must not wait for a thread whose write nobody takes.
struct Outputs {
    out: File,
    error: File,
}

impl Outputs {
    fn open() -> io::Result<Self> {
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        Ok(Self { out: out.into(), error: io::stderr().as_fd().try_clone_to_owned()?.into() })
    }
}

fn write(piece: &Piece, flow: &Flow, outputs: &mut Outputs) -> io::Result<()> {
    let (bytes, out) = match piece {
        Piece::Output { bytes, .. } | Piece::Words(bytes) => (bytes, &mut outputs.out),
        Piece::ErrorOutput { bytes, .. } => (bytes, &mut outputs.error),
    };
    let is_ours = matches!(piece, Piece::Words(_));
    for chunk in bytes.chunks(CHUNK) {
        if flow.is_given_up.load(Ordering::Relaxed) || (!is_ours && flow.is_cut.load(Ordering::Relaxed)) {
            break;
        }
        out.write_all(chunk)?;
        flow.written.fetch_add(chunk.len() as u64, Ordering::Relaxed);
    }
    Ok(())
}
