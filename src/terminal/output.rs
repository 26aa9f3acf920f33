//! What is on its way to the terminal: written in order by a thread of its own, so that a terminal which takes nothing keeps nobody.

use std::io::{self, stderr, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::descriptor::Descriptor;
use super::flow::Flow;
use super::holding;
use super::size::Size;

/// Pieces on their way.
const WAITING: usize = 4;
/// Bytes written before it is looked again whether they are still wanted.
const CHUNK: usize = 16 * 1024;
/// How often it is looked whether the rest is still wanted while the terminal takes nothing.
const LOOK: Duration = Duration::from_millis(20);

/// Hears what a session showed, as it is written.
pub trait Witness: Send {
    /// These bytes came then.
    fn shown(&mut self, bytes: &[u8], at: Instant);
    /// The terminal got this size then.
    fn resized(&mut self, size: Size, at: Instant);
    /// Nothing more is shown. An error says what it has missed.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// One write.
#[derive(Debug)]
pub(super) enum Piece {
    /// What the remote shows, when, and the size the terminal got before that.
    Shown { bytes: Vec<u8>, at: Instant, resized: Option<(Size, Instant)> },
    /// What the remote says on standard error.
    Error { bytes: Vec<u8>, at: Instant },
    /// Ours.
    Words(Vec<u8>),
    /// Ours, where another program reads what the remote shows: on standard error.
    Aside(Vec<u8>),
}

impl Piece {
    fn is_ours(&self) -> bool {
        matches!(self, Self::Words(_) | Self::Aside(_))
    }
}

/// The way to the terminal.
#[derive(Debug)]
pub(super) struct Output {
    pieces: mpsc::Sender<Piece>,
    flow: Arc<Flow>,
    direct: Descriptor,
    ended: oneshot::Receiver<io::Result<()>>,
}

impl Output {
    /// Start the thread. It ends when this is dropped and everything is written, when nobody reads any more, or when it is given up.
    pub(super) fn open(witness: Option<Box<dyn Witness>>) -> io::Result<Self> {
        let (direct, out, error) = (Descriptor::open(stdout())?, Descriptor::open(stdout())?, Descriptor::open(stderr())?);
        let (pieces, waiting) = mpsc::channel(WAITING);
        let (told, ended) = oneshot::channel();
        let flow = Arc::new(Flow::default());
        let writer = Writer { out, error, flow: Arc::clone(&flow), witness };
        // Not one of tokio's: the end of the program must not wait for it.
        std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            let _ = told.send(writer.run(waiting));
        })?;
        Ok(Self { pieces, flow, direct, ended })
    }

    pub(super) const fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// Wait until there is room for a piece. Fails when nobody reads us any more. Safe to drop half-done.
    pub(super) async fn room(&self) -> io::Result<()> {
        self.pieces.reserve().await.map(drop).map_err(|_| gone())
    }

    /// Write this next, if there is room for it; whether there was. Fails when nobody reads us any more.
    pub(super) fn push(&self, piece: Piece) -> io::Result<bool> {
        self.flow.begun();
        let outcome = match self.pieces.try_send(piece) {
            Ok(()) => return Ok(true),
            Err(mpsc::error::TrySendError::Full(_)) => Ok(false),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(gone()),
        };
        self.flow.done();
        outcome
    }

    /// As [`Self::push`] of these words; what the terminal takes at once, it gets at once, without a change of threads.
    pub(super) fn push_words(&self, mut words: Vec<u8>) -> io::Result<bool> {
        if self.direct.returns()
            && self.flow.is_idle()
            && let Some(_writing) = holding::writing_now()
            && !self.flow.is_given_up()
        {
            let written = self.direct.write_some(&words, Duration::ZERO)?;
            words.drain(..written);
        }
        if words.is_empty() { Ok(true) } else { self.push(Piece::Words(words)) }
    }

    /// Write these words last of all; returns when everything is written, and what the witness missed.
    pub(super) async fn close(&mut self, words: Vec<u8>) -> io::Result<()> {
        if !words.is_empty() {
            self.flow.begun();
            // Nobody is there to take it: then that is why the writer ends.
            let _ = self.pieces.send(Piece::Words(words)).await;
        }
        // The thread ends when it has taken the last one.
        let (none, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.pieces, none));
        (&mut self.ended).await.unwrap_or_else(|_| Err(io::Error::other("the writing thread has failed")))
    }
}

struct Writer {
    out: Descriptor,
    error: Descriptor,
    flow: Arc<Flow>,
    witness: Option<Box<dyn Witness>>,
}

impl Writer {
    fn run(mut self, mut waiting: mpsc::Receiver<Piece>) -> io::Result<()> {
        while let Some(piece) = waiting.blocking_recv() {
            let is_wanted = piece.is_ours() || !self.flow.is_cut();
            let outcome = if is_wanted { self.take(&piece) } else { Ok(()) };
            self.flow.done();
            if let Err(error) = outcome {
                if error.kind() != io::ErrorKind::BrokenPipe {
                    self.flow.fail();
                }
                break;
            }
            if self.flow.is_given_up() {
                break;
            }
        }
        drop(waiting);
        self.flow.end();
        self.witness.map_or(Ok(()), Witness::finish)
    }

    fn take(&mut self, piece: &Piece) -> io::Result<()> {
        if let Some(witness) = &mut self.witness {
            testify(&mut **witness, piece);
        }
        let is_ours = piece.is_ours();
        let (bytes, to) = match piece {
            Piece::Shown { bytes, .. } | Piece::Words(bytes) => (bytes, &self.out),
            Piece::Error { bytes, .. } | Piece::Aside(bytes) => (bytes, &self.error),
        };
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let chunk = rest.get(..CHUNK).unwrap_or(rest);
            let written = {
                let _writing = holding::writing();
                // Only with the lock: whoever hands the terminal back has the last word.
                if self.flow.is_given_up() || (!is_ours && self.flow.is_cut()) {
                    return Ok(());
                }
                to.write_some(chunk, LOOK)?
            };
            self.flow.wrote(written);
            rest = rest.get(written..).unwrap_or_default();
        }
        if is_ours {
            holding::note_title(bytes);
        }
        Ok(())
    }
}

/// What the remote shows is told; what we say between is not.
fn testify(witness: &mut dyn Witness, piece: &Piece) {
    match piece {
        Piece::Shown { bytes, at, resized } => {
            if let Some((size, at)) = resized {
                witness.resized(*size, *at);
            }
            witness.shown(bytes, *at);
        }
        Piece::Error { bytes, at } => witness.shown(bytes, *at),
        Piece::Words(_) | Piece::Aside(_) => {}
    }
}

fn gone() -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}
