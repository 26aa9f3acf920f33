//! One connection at a time, for agents too old for more (docs/session-manager-protocol.md 7.2).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::stream::{HOLD, State, Stream};
use super::way::Way;
use super::{Outgoing, Reading, StreamChange, StreamId};
use crate::inbox::Taker;

const RECEIVE_BUDGET: usize = 1024 * 1024;
const SEND_BUDGET: usize = 256 * 1024;
/// As [`HOLD`], while the next connection waits: the far side never tells its end.
const HOLD_WANTED: Duration = Duration::from_secs(2);

/// The one connection, or the wait for the next.
#[derive(Debug, Default)]
pub(crate) struct OneByOne {
    last_id: u32,
    stream: Option<(StreamId, Stream)>,
    /// The connection that ended here and may still be open there, with the number of the message that says so.
    releasing: Option<(StreamId, Option<u64>)>,
    changes: VecDeque<(StreamId, StreamChange)>,
    /// Somebody waits for the next connection.
    is_wanted: bool,
    way: Way,
    /// The last connection that was given up before the far side's end.
    given_up: Option<StreamId>,
    is_over: bool,
}

impl OneByOne {
    pub(crate) fn can_open(&self) -> bool {
        self.stream.is_none() && self.releasing.is_none() && !self.is_over
    }

    pub(crate) fn open(&mut self, now: Instant) -> Option<StreamId> {
        if !self.can_open() {
            self.is_wanted = true;
            if let Some((_, Stream { state: State::Holding { until: Some(until) }, .. })) = &mut self.stream {
                *until = (*until).min(now + HOLD_WANTED);
            }
            return None;
        }
        self.is_wanted = false;
        self.last_id = self.last_id.wrapping_add(1);
        let id = StreamId(self.last_id);
        self.stream = Some((id, Stream::new(now)));
        Some(id)
    }

    /// Without a connection, what comes waits for the next one: some servers speak first. Between two connections it
    /// belongs to the old one.
    pub(crate) fn taker(&self) -> Taker {
        match &self.stream {
            Some((_, stream)) if stream.inbound.len() >= RECEIVE_BUDGET => Taker::Full,
            Some(_) => Taker::Ready,
            None if self.releasing.is_some() => Taker::Ready,
            None => Taker::Full,
        }
    }

    pub(crate) fn receive(&mut self, bytes: &[u8], now: Instant) {
        let hold = self.hold();
        let Some((id, stream)) = self.stream.as_mut().filter(|(_, stream)| stream.is_listening()) else { return };
        if stream.receive(bytes, now, hold) {
            self.changes.push_back((*id, StreamChange::Readable));
        }
    }

    pub(crate) fn read(&mut self, id: StreamId, limit: usize, now: Instant) -> Reading {
        let Some(stream) = self.stream_mut(id) else { return Reading::Ended };
        let reading = stream.read(limit, now);
        if reading == Reading::Ended {
            self.stream = None;
        }
        reading
    }

    pub(crate) fn write(&mut self, id: StreamId, bytes: &[u8]) -> usize {
        let room = self.room(id);
        let Some(stream) = self.stream_mut(id) else { return 0 };
        let taken = &bytes[..bytes.len().min(room)];
        stream.wants_room |= taken.len() < bytes.len();
        stream.outbound.push(taken);
        taken.len()
    }

    pub(crate) fn room(&self, id: StreamId) -> usize {
        match &self.stream {
            Some((open, stream)) if *open == id && stream.state == State::Open => {
                SEND_BUDGET.saturating_sub(stream.outbound.len())
            }
            _ => 0,
        }
    }

    fn hold(&self) -> Duration {
        if self.is_wanted { HOLD_WANTED } else { HOLD }
    }

    pub(crate) fn finish(&mut self, id: StreamId, now: Instant) {
        let hold = self.hold();
        if let Some((_, stream)) = self.stream.as_mut().filter(|(open, stream)| *open == id && stream.state == State::Open) {
            stream.state = State::Holding { until: None };
            stream.begin_hold(&self.way, hold, now);
        }
    }

    /// Whether the far side could answer now. While not, its silence says nothing.
    pub(crate) fn set_answerable(&mut self, is_answerable: bool, now: Instant) {
        if self.way.set_open(is_answerable) {
            if let Some((_, Stream { state: State::Holding { until }, .. })) = &mut self.stream {
                *until = None;
            }
            self.begin_hold(now);
        }
    }

    fn begin_hold(&mut self, now: Instant) {
        let hold = self.hold();
        if let Some((_, stream)) = &mut self.stream {
            stream.begin_hold(&self.way, hold, now);
        }
    }

    pub(crate) fn abandon(&mut self, id: StreamId) {
        if let Some(stream) = self.stream_mut(id) {
            stream.inbound.clear();
            stream.state = State::Finishing { is_read: false };
        }
        if self.is_over {
            self.stream = None;
        }
    }

    pub(crate) fn next_payload(&mut self, limit: usize) -> Option<Outgoing> {
        let (id, stream) = self.stream.as_mut()?;
        let id = *id;
        if !stream.outbound.is_empty() {
            let mut payload = Vec::new();
            stream.outbound.take(limit, &mut payload);
            self.way.hand_out(payload.len());
            stream.sent_to = self.way.handed_out();
            if stream.wants_room && stream.outbound.len() <= SEND_BUDGET / 2 && stream.state == State::Open {
                stream.wants_room = false;
                self.changes.push_back((id, StreamChange::Writable));
            }
            return Some(Outgoing::Data(payload));
        }
        match stream.state {
            // What came meanwhile goes with the connection, so it is read first.
            State::Finishing { is_read: true } if !stream.inbound.is_empty() => return None,
            State::Finishing { .. } => {}
            _ => return None,
        }
        self.given_up = stream.is_cut.then_some(id);
        self.stream = None;
        self.releasing = Some((id, None));
        self.changes.push_back((id, StreamChange::Readable));
        Some(Outgoing::Disconnect)
    }

    pub(crate) fn disconnect_sent(&mut self, sequence: u64) {
        if let Some((_, number)) = &mut self.releasing {
            *number = Some(sequence);
        }
    }

    /// What [`Self::next_payload`] gave last goes in the message with this number.
    pub(crate) fn sent(&mut self, sequence: u64) {
        self.way.sent(sequence);
    }

    /// The message with this number has arrived, and all before `oldest`.
    pub(crate) fn acknowledged(&mut self, sequence: u64, oldest: u64, now: Instant) {
        self.way.acknowledged(oldest);
        self.begin_hold(now);
        if let Some((id, _)) = self.releasing.take_if(|(_, number)| *number == Some(sequence)) {
            self.changes.push_back((id, StreamChange::Released));
        }
    }

    pub(crate) fn poll_change(&mut self) -> Option<(StreamId, StreamChange)> {
        self.changes.pop_front()
    }

    pub(crate) fn queued(&self) -> usize {
        self.stream.as_ref().map_or(0, |(_, stream)| stream.outbound.len())
    }

    pub(crate) fn is_drained(&self) -> bool {
        self.stream
            .as_ref()
            .is_none_or(|(_, stream)| stream.outbound.is_empty() && matches!(stream.state, State::Open | State::Holding { .. }))
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        match self.stream.as_ref()?.1.state {
            State::Holding { until } => until,
            _ => None,
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        let hold = self.hold();
        let Some((_, stream)) = &mut self.stream else { return };
        match stream.state {
            State::Holding { until } if until.is_none_or(|until| until > now) => {}
            // The answer is here and the local program is slow to take it.
            State::Holding { .. } if !stream.inbound.is_empty() => {
                stream.state = State::Holding { until: Some(now + hold) };
            }
            State::Holding { .. } => {
                // Nobody knows whether more would have come, so that is no clean end.
                stream.is_cut = true;
                stream.state = State::Finishing { is_read: true };
            }
            _ => {}
        }
    }

    pub(crate) fn remote_gone(&mut self) {
        self.is_over = true;
        self.releasing = None;
        let Some((id, stream)) = &mut self.stream else { return };
        stream.is_cut = !stream.is_finished_remotely;
        stream.is_finished_remotely = true;
        stream.state = State::Finished;
        stream.outbound.clear();
        if !std::mem::replace(&mut stream.is_announced, true) {
            self.changes.push_back((*id, StreamChange::Readable));
        }
    }

    pub(crate) fn is_cut(&self, id: StreamId) -> bool {
        self.given_up == Some(id) || self.stream.as_ref().is_some_and(|(open, stream)| *open == id && stream.is_cut)
    }

    fn stream_mut(&mut self, id: StreamId) -> Option<&mut Stream> {
        self.stream.as_mut().filter(|(open, _)| *open == id).map(|(_, stream)| stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_connection_waits_until_the_far_side_let_go_of_the_first() {
        let now = Instant::now();
        let mut one = OneByOne::default();
        let first = one.open(now).unwrap();
        assert_eq!(one.open(now), None);

        one.write(first, b"last words");
        one.abandon(first);
        assert_eq!(one.next_payload(1_024), Some(Outgoing::Data(b"last words".to_vec())));
        assert_eq!(one.next_payload(1_024), Some(Outgoing::Disconnect));
        one.disconnect_sent(7);
        assert!(!one.can_open());
        one.acknowledged(6, 0, now);
        assert!(!one.can_open());
        one.acknowledged(7, 0, now);

        assert_eq!(one.open(now), Some(StreamId(2)));
    }

    #[test]
    fn what_comes_between_two_connections_is_dropped_and_before_the_first_is_kept() {
        let now = Instant::now();
        let mut one = OneByOne::default();
        assert_eq!(one.taker(), Taker::Full);
        let first = one.open(now).unwrap();
        one.abandon(first);
        assert_eq!(one.next_payload(1_024), Some(Outgoing::Disconnect));

        assert_eq!(one.taker(), Taker::Ready);
        one.receive(b"late", now);
        one.disconnect_sent(0);
        one.acknowledged(0, 1, now);

        let second = one.open(now).unwrap();
        assert_eq!(one.read(second, 100, now), Reading::Nothing);
        assert_eq!(one.read(first, 100, now), Reading::Ended);
    }

    #[test]
    fn a_half_close_waits_for_the_answer() {
        let start = Instant::now();
        let mut one = OneByOne::default();
        let stream = one.open(start).unwrap();
        one.finish(stream, start);
        assert_eq!(one.poll_timeout(), Some(start + Duration::from_secs(30)));
        assert_eq!(one.open(start), None);
        assert_eq!(one.poll_timeout(), Some(start + Duration::from_secs(2)), "the next one waits");
        one.receive(b"answer", start + Duration::from_secs(1));
        assert_eq!(one.poll_timeout(), Some(start + Duration::from_secs(3)));

        one.handle_timeout(start + Duration::from_secs(3));
        assert_eq!(one.next_payload(1_024), None, "the answer is still to be read");
        assert_eq!(one.read(stream, 100, start), Reading::Bytes(b"answer".to_vec()));
        one.handle_timeout(start + Duration::from_secs(5));
        one.receive(b" late", start + Duration::from_secs(5));
        assert_eq!(one.next_payload(1_024), None, "this is, too");
        assert_eq!(one.read(stream, 100, start), Reading::Bytes(b" late".to_vec()));

        assert_eq!(one.next_payload(1_024), Some(Outgoing::Disconnect));
        assert!(one.is_cut(stream), "nobody knows whether more would have come");
    }

    #[test]
    fn the_wait_for_an_answer_does_not_begin_before_the_last_byte_has_arrived_and_not_while_the_way_is_closed() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut one = OneByOne::default();
        let stream = one.open(start).unwrap();
        one.write(stream, b"question");
        one.finish(stream, start);
        assert_eq!(one.poll_timeout(), None, "it is queued");
        one.next_payload(1_024);
        one.sent(0);
        assert_eq!(one.poll_timeout(), None, "it is on its way");

        one.acknowledged(0, 1, at(40));
        assert_eq!(one.poll_timeout(), Some(at(70)));
        one.set_answerable(false, at(60));
        assert_eq!(one.poll_timeout(), None, "the link is lost");
        one.set_answerable(true, at(100));
        one.handle_timeout(at(100));

        assert_eq!(one.poll_timeout(), Some(at(130)));
    }

    #[test]
    fn a_half_closed_connection_without_an_answer_is_no_clean_end() {
        let start = Instant::now();
        let mut one = OneByOne::default();
        let stream = one.open(start).unwrap();
        one.finish(stream, start);

        one.handle_timeout(start + Duration::from_secs(30));

        assert_eq!(one.next_payload(1_024), Some(Outgoing::Disconnect));
        assert!(one.is_cut(stream));
        assert_eq!(one.read(stream, 100, start), Reading::Ended);
    }

    #[test]
    fn a_write_beyond_the_budget_is_cut_and_room_is_announced() {
        let now = Instant::now();
        let mut one = OneByOne::default();
        let stream = one.open(now).unwrap();

        assert_eq!(one.write(stream, &vec![7; 1 << 20]), SEND_BUDGET);
        for _ in 0..SEND_BUDGET / 1_024 {
            one.next_payload(1_024);
        }

        assert_eq!(one.poll_change(), Some((stream, StreamChange::Writable)));
        assert_eq!(one.poll_change(), None);
    }

    #[test]
    fn a_slow_reader_stops_the_session_and_not_more() {
        let now = Instant::now();
        let mut one = OneByOne::default();
        let stream = one.open(now).unwrap();
        one.receive(&vec![7; RECEIVE_BUDGET], now);
        assert_eq!(one.taker(), Taker::Full);

        one.read(stream, 1, now);

        assert_eq!(one.taker(), Taker::Ready);
    }
}
