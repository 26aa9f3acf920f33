//! The connections of a port session, as its caller handles them.

use std::time::Instant;

use super::Channel;
use crate::leaving::Leaving;
use crate::streams::{Reading, StreamId, Streams};

impl Channel {
    /// Whether another connection may be opened in this port session.
    pub fn can_open(&self) -> bool {
        !self.is_over && self.leaving == Leaving::No && self.streams.as_ref().is_some_and(Streams::can_open)
    }

    /// Open a connection to the port. `None` when [`Self::can_open`] is false.
    pub fn open(&mut self, now: Instant) -> Option<StreamId> {
        if !self.can_open() {
            return None;
        }
        self.input_at = Some(now);
        let stream = self.streams.as_mut()?.open(now);
        self.catch_up();
        stream
    }

    /// How many bytes [`Self::write`] takes for this connection.
    pub fn room(&self, stream: StreamId) -> usize {
        self.streams.as_ref().map_or(0, |streams| streams.room(stream))
    }

    /// Send bytes to a connection. Returns how many were taken; [`StreamChange::Writable`](crate::StreamChange) tells
    /// when there is room for the rest.
    #[must_use = "what was not taken is not sent"]
    pub fn write(&mut self, stream: StreamId, bytes: &[u8], now: Instant) -> usize {
        if self.is_over {
            return 0;
        }
        self.input_at = Some(now);
        self.streams.as_mut().map_or(0, |streams| streams.write(stream, bytes))
    }

    /// Take at most `limit` bytes that a connection received; also after the end of the session.
    pub fn read(&mut self, stream: StreamId, limit: usize, now: Instant) -> Reading {
        self.now = now;
        let Some(streams) = &mut self.streams else { return Reading::Ended };
        let reading = streams.read(stream, limit, now);
        self.catch_up();
        reading
    }

    /// Whether this connection was ended before the far side ended it, so that its end says nothing. Ask before reading it.
    pub fn was_cut(&self, stream: StreamId) -> bool {
        self.streams.as_ref().is_some_and(|streams| streams.is_cut(stream))
    }

    /// The local program sends no more on this connection but may wait for an answer. The protocol has no half-close:
    /// the far side is told when the answer is over.
    pub fn finish(&mut self, stream: StreamId, now: Instant) {
        if let Some(streams) = &mut self.streams {
            streams.finish(stream, now);
        }
    }

    /// The local program is gone. What it wrote still goes out; what comes for it is dropped.
    pub fn abandon(&mut self, stream: StreamId, now: Instant) {
        self.now = now;
        if let Some(streams) = &mut self.streams {
            streams.abandon(stream, now);
            self.catch_up();
        }
    }
}
