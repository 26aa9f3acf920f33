//! Our standard output and error, written by a thread of their own: a terminal that takes nothing must not keep us from hearing keys.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::ground::Ground;
use crate::connect::recording::Recording;
use crate::ssm::Size;

/// Pieces on their way to the terminal.
const WAITING: usize = 4;
/// For what is still on its way when the session is over.
const LONGEST_DRAIN: Duration = Duration::from_secs(2);

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
    resized: Option<(Size, Instant)>,
    ground: Ground,
    /// Whether the remote's program has the alternate screen, and the last bytes seen: the sequence may come in pieces.
    is_alternate: bool,
    tail: Vec<u8>,
    has_title: bool,
    sets_title: bool,
}

impl Screen {
    pub(super) fn open(sets_title: bool, mut recording: Option<Recording>) -> Self {
        let (pieces, mut waiting) = mpsc::channel(WAITING);
        let writer = spawn_blocking(move || {
            while let Some(piece) = waiting.blocking_recv() {
                if let Some(recording) = &mut recording {
                    note(recording, &piece);
                }
                if write(&piece).is_err() {
                    break;
                }
            }
            recording.map_or(Ok(()), |recording| recording.finish(Instant::now()))
        });
        Self {
            pieces,
            writer,
            resized: None,
            ground: Ground::default(),
            is_alternate: false,
            tail: Vec::new(),
            has_title: false,
            sets_title,
        }
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
    }

    /// What the remote says on standard error. Only after [`Self::room`].
    pub(super) fn error_output(&mut self, bytes: Vec<u8>) {
        self.push(Piece::ErrorOutput { bytes, at: Instant::now() });
    }

    /// The terminal has another size: worth recording when something is shown in it.
    pub(super) fn resized(&mut self, size: Size) {
        self.resized = Some((size, Instant::now()));
    }

    /// A line of ours in the stream. Not in the middle of a sequence, and not on a terminal that takes nothing.
    pub(super) fn line(&mut self, line: &str) {
        if self.ground == Ground::Clear {
            self.push(Piece::Words(format!("\r\n{line}\r\n").into_bytes()));
        }
    }

    /// A word in the window's title, or none, and then the title is again what it was. Never in the stream.
    pub(super) fn title(&mut self, title: Option<&str>) {
        if !self.sets_title || self.ground != Ground::Clear {
            return;
        }
        let push = if std::mem::replace(&mut self.has_title, title.is_some()) { "" } else { "\x1b[22;2t" };
        match title {
            Some(title) => self.push(Piece::Words(format!("{push}\x1b]2;{title}\x07").into_bytes())),
            None if push.is_empty() => self.push(Piece::Words(b"\x1b[23;2t".to_vec())),
            None => {}
        }
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
        // Full: only words of ours come without having asked for room, and they are not worth waiting for.
        let _ = self.pieces.try_send(piece);
    }

    /// Wait until everything is written, if the terminal takes it. An error says why not all is recorded.
    pub(super) async fn close(mut self) -> io::Result<()> {
        self.title(None);
        if self.is_alternate {
            // The cursor goes back to where it was; without need it would go to a place that nobody knows.
            self.push(Piece::Words(LEAVE_ALTERNATE.to_vec()));
        }
        drop(self.pieces);
        match timeout(LONGEST_DRAIN, &mut self.writer).await {
            Ok(written) => written.unwrap_or_else(|panic| Err(io::Error::other(panic))),
            Err(_) => {
                self.writer.abort();
                Err(io::ErrorKind::TimedOut.into())
            }
        }
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

fn write(piece: &Piece) -> io::Result<()> {
    match piece {
        Piece::Output { bytes, .. } | Piece::Words(bytes) => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()
        }
        Piece::ErrorOutput { bytes, .. } => io::stderr().write_all(bytes),
    }
}
