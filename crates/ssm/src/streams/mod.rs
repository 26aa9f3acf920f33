//! The connections that a port session carries, whether many at once or one at a time (docs/session-manager-protocol.md 7).

mod change;
mod one_by_one;
pub(crate) mod smux;
mod stream;
mod way;

use std::time::Instant;

pub(crate) use change::Outgoing;
pub use change::{Reading, StreamChange, StreamId};
use one_by_one::OneByOne;
pub use smux::Broken;
pub(crate) use smux::{Habits, Mux, Side};

use super::inbox::Taker;

/// The connections of one session.
#[derive(Debug)]
pub(crate) enum Streams {
    One(Box<OneByOne>),
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

    /// What [`Self::next_payload`] gave last goes in the message with this number.
    pub(crate) fn sent(&mut self, sequence: u64) {
        match self {
            Self::One(one) => one.sent(sequence),
            Self::Many(mux) => mux.sent(sequence),
        }
    }

    /// The message with this number has arrived, and all before `oldest`.
    pub(crate) fn acknowledged(&mut self, sequence: u64, oldest: u64, now: Instant) {
        match self {
            Self::One(one) => one.acknowledged(sequence, oldest, now),
            Self::Many(mux) => mux.acknowledged(oldest, now),
        }
    }

    /// Whether the far side could answer now. While not, its silence says nothing.
    pub(crate) fn set_answerable(&mut self, is_answerable: bool, now: Instant) {
        match self {
            Self::One(one) => one.set_answerable(is_answerable, now),
            Self::Many(mux) => mux.set_answerable(is_answerable, now),
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
