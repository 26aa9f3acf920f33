//! One connection inside a session: its two queues, with how far its end has come.

use std::time::{Duration, Instant};

use super::Reading;
use super::way::Way;
use crate::queue::Queue;

/// How long after a local half-close to wait for an answer that has not begun or has stopped.
pub(super) const HOLD: Duration = Duration::from_secs(30);

/// One connection.
#[derive(Debug)]
pub(super) struct Stream {
    pub inbound: Queue,
    pub outbound: Queue,
    pub state: State,
    /// The far side sent FIN: nothing more comes, nothing more is wanted.
    pub is_finished_remotely: bool,
    /// It ended here before the far side finished: something may be missing.
    pub is_cut: bool,
    /// The reader was told that there is something to read, and has not read it all.
    pub is_announced: bool,
    /// A write was cut short, and the writer wants to know when there is room.
    pub wants_room: bool,
    /// Whether any data came.
    pub has_received: bool,
    /// The place on the way behind the last of its bytes.
    pub sent_to: u64,
    /// When the reader last took something, or last had nothing to take.
    pub taken_at: Instant,
}

/// How far our end has come. There is no half-close on the wire: a FIN ends both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// The local program sends no more but may wait for an answer, which a FIN would cut off.
    Holding {
        /// `None` as long as the far side cannot have been silent: what was sent has not arrived, or the way is closed.
        until: Option<Instant>,
    },
    /// FIN goes behind what is queued.
    Finishing {
        is_read: bool,
    },
    /// FIN was handed out; what still comes is dropped.
    Finished,
}

impl Stream {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            inbound: Queue::default(),
            outbound: Queue::default(),
            state: State::Open,
            is_finished_remotely: false,
            is_cut: false,
            is_announced: false,
            wants_room: false,
            has_received: false,
            sent_to: 0,
            taken_at: now,
        }
    }

    /// Data came. Returns whether the reader must be told.
    pub(super) fn receive(&mut self, data: &[u8], now: Instant, hold: Duration) -> bool {
        self.has_received = true;
        if let State::Holding { until: Some(until) } = &mut self.state {
            *until = now + hold;
        }
        if self.inbound.is_empty() {
            self.taken_at = now;
        }
        self.inbound.push(data);
        !std::mem::replace(&mut self.is_announced, true)
    }

    /// From now on the silence of the far side counts, if it can answer to all that was sent.
    pub(super) fn begin_hold(&mut self, way: &Way, hold: Duration, now: Instant) {
        if let State::Holding { until: until @ None } = &mut self.state
            && self.outbound.is_empty()
            && way.is_answerable(self.sent_to)
        {
            *until = Some(now + hold);
        }
    }

    /// Whether data that comes is kept.
    pub(super) fn is_listening(&self) -> bool {
        !self.is_finished_remotely
            && matches!(self.state, State::Open | State::Holding { .. } | State::Finishing { is_read: true })
    }

    /// Take at most `limit` bytes.
    pub(super) fn read(&mut self, limit: usize, now: Instant) -> Reading {
        if self.inbound.is_empty() {
            self.is_announced = false;
            let is_over = self.is_finished_remotely || self.state == State::Finished;
            return if is_over { Reading::Ended } else { Reading::Nothing };
        }
        self.taken_at = now;
        let mut bytes = Vec::new();
        self.inbound.take(limit, &mut bytes);
        Reading::Bytes(bytes)
    }
}
