//! How long a connection stays whose local program sends no more: a FIN would cut off the answer.

use std::time::Instant;

use super::super::stream::{HOLD, State};
use super::{Mux, StreamId};

impl Mux {
    /// The local program sends no more. Its FIN is held until the far side has finished, or has been silent for long although all of it
    /// has arrived there.
    pub(crate) fn finish(&mut self, id: StreamId, now: Instant) {
        if let Some(stream) = self.streams.get_mut(&id)
            && stream.state == State::Open
        {
            stream.state = State::Holding { until: None };
            self.holding.insert(id);
            stream.begin_hold(&self.way, HOLD, now);
        }
    }

    /// What [`Self::next_payload`] gave last goes in the message with this number.
    pub(crate) fn sent(&mut self, sequence: u64) {
        self.way.sent(sequence);
    }

    /// All messages before `oldest` have arrived.
    pub(crate) fn acknowledged(&mut self, oldest: u64, now: Instant) {
        self.way.acknowledged(oldest);
        self.begin_holds(now);
    }

    /// Whether the far side could answer now. While not, its silence says nothing.
    pub(crate) fn set_answerable(&mut self, is_answerable: bool, now: Instant) {
        if self.way.set_open(is_answerable) {
            for id in &self.holding {
                self.streams.get_mut(id).into_iter().for_each(|stream| stream.state = State::Holding { until: None });
            }
            self.begin_holds(now);
        }
    }

    fn begin_holds(&mut self, now: Instant) {
        for id in &self.holding {
            self.streams.get_mut(id).into_iter().for_each(|stream| stream.begin_hold(&self.way, HOLD, now));
        }
    }

    pub(super) fn held_until(&self) -> impl Iterator<Item = Instant> + '_ {
        self.holding.iter().filter_map(|id| match self.streams.get(id)?.state {
            State::Holding { until } => until,
            _ => None,
        })
    }

    /// Give up what was held long enough. Nobody knows whether more would have come, so that is no clean end.
    pub(super) fn end_holds(&mut self, now: Instant) {
        let expired: Vec<_> = self.holding.iter().copied().filter(|id| self.is_expired(*id, now)).collect();
        let has_room = self.wants_input();
        for id in expired {
            let Some(stream) = self.streams.get_mut(&id) else { continue };
            if has_room && stream.inbound.is_empty() {
                stream.is_cut = true;
                self.end(id, true);
            } else {
                // It may be our side that is slow to take.
                stream.state = State::Holding { until: Some(now + HOLD) };
            }
        }
    }

    fn is_expired(&self, id: StreamId, now: Instant) -> bool {
        let state = self.streams.get(&id).map(|stream| stream.state);
        matches!(state, Some(State::Holding { until: Some(until) }) if until <= now)
    }
}
