//! The connections that a port session carries, whether many at once or one at a time (protocol document, section 7).

mod one_by_one;
pub(crate) mod smux;
mod stream;

use std::time::Instant;

pub(crate) use one_by_one::OneByOne;
pub use smux::Broken;
pub(crate) use smux::{Habits, Mux, Side};

use super::inbox::Taker;

/// One connection's number within its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub(crate) u32);

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What happened to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamChange {
    /// The far side wants a connection (agents only).
    Opened,
    /// There are bytes to read, or the end. Read until [`Reading::Nothing`] or [`Reading::Ended`].
    Readable,
    /// There is room to write again, after a write that was cut short.
    Writable,
    /// The far side could not connect. The end follows as usual; tell the local program by a reset if possible.
    Refused,
    /// Closed by us: nothing was read from it for so long that the other connections could not go on.
    Stalled,
    /// The far side has let go of it, so the next one may be opened (sessions with one connection at a time only).
    Released,
}

/// What a reader finds.
#[derive(Clone, PartialEq, Eq)]
pub enum Reading {
    /// Bytes, at least one. There may be more.
    Bytes(Vec<u8>),
    /// Nothing now; a change is announced when there is.
    Nothing,
    /// Nothing any more: the far side closed, or the connection is gone.
    Ended,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Nothing => f.write_str("Nothing"),
            Self::Ended => f.write_str("Ended"),
        }
    }
}

/// What to send next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    Data(Vec<u8>),
    /// The one connection ended here; tell its number to [`Streams::disconnect_sent`].
    Disconnect,
}

/// The connections of one session.
#[derive(Debug)]
pub(crate) enum Streams {
    One(OneByOne),
    Many(Box<Mux>),
}

impl Streams {
    pub(crate) fn can_open(&self) -> bool {
        match self {
            Self::One(one) => one.can_open(),
            Self::Many(mux) => mux.can_open(),
        }
    }

    pub(crate) fn open(&mut self, now: Instant) -> Option<StreamId> {
        match self {
            Self::One(one) => one.open(now),
            Self::Many(mux) => mux.open(now),
        }
    }

    pub(crate) fn receive(&mut self, bytes: &[u8], now: Instant) -> Result<(), Broken> {
        match self {
            Self::One(one) => {
                one.receive(bytes, now);
                Ok(())
            }
            Self::Many(mux) => mux.receive(bytes, now),
        }
    }

    pub(crate) fn read(&mut self, stream: StreamId, limit: usize, now: Instant) -> Reading {
        match self {
            Self::One(one) => one.read(stream, limit, now),
            Self::Many(mux) => mux.read(stream, limit, now),
        }
    }

    pub(crate) fn write(&mut self, stream: StreamId, bytes: &[u8]) -> usize {
        match self {
            Self::One(one) => one.write(stream, bytes),
            Self::Many(mux) => mux.write(stream, bytes),
        }
    }

    pub(crate) fn room(&self, stream: StreamId) -> usize {
        match self {
            Self::One(one) => one.room(stream),
            Self::Many(mux) => mux.room(stream),
        }
    }

    pub(crate) fn finish(&mut self, stream: StreamId, now: Instant) {
        match self {
            Self::One(one) => one.finish(stream, now),
            Self::Many(mux) => mux.finish(stream, now),
        }
    }

    pub(crate) fn abandon(&mut self, stream: StreamId, now: Instant) {
        match self {
            Self::One(one) => one.abandon(stream),
            Self::Many(mux) => mux.abandon(stream, now),
        }
    }

    pub(crate) fn taker(&self) -> Taker {
        match self {
            Self::One(one) => one.taker(),
            Self::Many(mux) if mux.wants_input() => Taker::Ready,
            Self::Many(_) => Taker::Full,
        }
    }

    pub(crate) fn next_payload(&mut self, limit: usize) -> Option<Outgoing> {
        match self {
            Self::One(one) => one.next_payload(limit),
            Self::Many(mux) => mux.next_payload(limit).map(Outgoing::Data),
        }
    }

    pub(crate) fn disconnect_sent(&mut self, sequence: u64) {
        if let Self::One(one) = self {
            one.disconnect_sent(sequence);
        }
    }

    pub(crate) fn acknowledged(&mut self, sequence: u64) {
        if let Self::One(one) = self {
            one.acknowledged(sequence);
        }
    }

    pub(crate) fn poll_change(&mut self) -> Option<(StreamId, StreamChange)> {
        match self {
            Self::One(one) => one.poll_change(),
            Self::Many(mux) => mux.poll_change(),
        }
    }

    /// Bytes queued to send.
    pub(crate) fn queued(&self) -> usize {
        match self {
            Self::One(one) => one.queued(),
            Self::Many(mux) => mux.queued(),
        }
    }

    pub(crate) fn is_drained(&self) -> bool {
        match self {
            Self::One(one) => one.is_drained(),
            Self::Many(mux) => mux.is_drained(),
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        match self {
            Self::One(one) => one.poll_timeout(),
            Self::Many(mux) => mux.poll_timeout(),
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Result<(), Broken> {
        match self {
            Self::One(one) => {
                one.handle_timeout(now);
                Ok(())
            }
            Self::Many(mux) => mux.handle_timeout(now),
        }
    }

    pub(crate) fn is_cut(&self, stream: StreamId) -> bool {
        match self {
            Self::One(one) => one.is_cut(stream),
            Self::Many(mux) => mux.is_cut(stream),
        }
    }

    pub(crate) fn remote_gone(&mut self) {
        match self {
            Self::One(one) => one.remote_gone(),
            Self::Many(mux) => mux.remote_gone(),
        }
    }
}
