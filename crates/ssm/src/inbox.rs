//! What came too early, and what came while nobody could take it (docs/session-manager-protocol.md 4.2).

use std::collections::BTreeMap;

use super::outbox::Window;
use super::payload::PayloadType;

/// No peer has more messages on their way than this (the reference agent's outgoing buffer): a number further ahead
/// is a mistake, and to keep such a message would be to keep it for good.
const HORIZON: u64 = 100_000;

/// What it costs to keep a message, beyond its payload.
const OVERHEAD: usize = 96;

/// A message of the far side's, opened if it was sealed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub payload_type: PayloadType,
    pub payload: Vec<u8>,
    /// Whether it was sealed with the session's key.
    pub was_sealed: bool,
}

/// Whether somebody takes messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taker {
    Ready,
    /// Has enough for now: keep what comes.
    Full,
    /// Is not there yet: refuse, the sender keeps it.
    Absent,
}

/// Where a message belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// We had it: acknowledge again.
    Old,
    /// It is the next one: take it.
    Next,
    /// Keep it.
    Later,
    /// There is no room for it: the sender keeps it.
    Nowhere,
}

/// What came too early, or while nobody could take it.
#[derive(Debug)]
pub(crate) struct Inbox {
    limit: Window,
    expected: u64,
    kept: BTreeMap<u64, Arrived>,
    bytes: usize,
}

impl Inbox {
    pub(crate) fn new(limit: Window) -> Self {
        Self { limit, expected: 0, kept: BTreeMap::new(), bytes: 0 }
    }

    /// Where the message with this number belongs.
    pub(crate) fn place(&self, sequence: u64, taker: Taker) -> Place {
        if sequence < self.expected || self.kept.contains_key(&sequence) {
            return Place::Old;
        }
        match (sequence == self.expected, taker) {
            (true, Taker::Ready) => Place::Next,
            (true, Taker::Absent) => Place::Nowhere,
            _ if !self.is_full() && sequence - self.expected < HORIZON => Place::Later,
            _ => Place::Nowhere,
        }
    }

    /// The number of the next message.
    pub(crate) fn expected(&self) -> u64 {
        self.expected
    }

    /// The expected message was taken.
    pub(crate) fn advance(&mut self) {
        self.expected += 1;
    }

    /// Keep a message whose place is [`Place::Later`].
    pub(crate) fn keep(&mut self, sequence: u64, arrived: Arrived) {
        self.bytes += arrived.payload.len() + OVERHEAD;
        self.kept.insert(sequence, arrived);
    }

    /// The expected message, if it is here.
    pub(crate) fn next(&mut self) -> Option<Arrived> {
        let arrived = self.kept.remove(&self.expected)?;
        self.bytes -= arrived.payload.len() + OVERHEAD;
        self.expected += 1;
        Some(arrived)
    }

    /// Whether only the expected message is still taken.
    pub(crate) fn is_full(&self) -> bool {
        self.kept.len() >= self.limit.messages || self.bytes >= self.limit.bytes
    }

    /// Whether something is kept whose predecessor never came.
    pub(crate) fn has_gap(&self) -> bool {
        self.kept.keys().next().is_some_and(|first| *first != self.expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn early_messages_come_out_in_order_once_the_gap_closes() {
        let mut inbox = inbox();
        for sequence in [2, 1, 3] {
            assert_eq!(inbox.place(sequence, Taker::Ready), Place::Later);
            inbox.keep(sequence, arrived(sequence));
        }
        assert!(inbox.next().is_none() && inbox.has_gap());

        assert_eq!(inbox.place(0, Taker::Ready), Place::Next);
        inbox.advance();

        let out: Vec<_> = std::iter::from_fn(|| inbox.next()).map(|arrived| arrived.payload[0]).collect();
        assert_eq!(out, [1, 2, 3]);
        assert!(!inbox.has_gap());
    }

    #[test]
    fn what_we_had_and_what_we_keep_is_old() {
        let mut inbox = inbox();
        inbox.advance();
        inbox.keep(5, arrived(5));

        assert_eq!(inbox.place(0, Taker::Ready), Place::Old);
        assert_eq!(inbox.place(5, Taker::Ready), Place::Old);
    }

    #[test]
    fn with_nobody_there_the_next_is_refused_and_later_ones_are_kept() {
        let inbox = inbox();

        assert_eq!(inbox.place(0, Taker::Absent), Place::Nowhere);
        assert_eq!(inbox.place(1, Taker::Absent), Place::Later);
    }

    #[test]
    fn with_a_full_taker_the_next_is_kept() {
        let mut inbox = inbox();

        assert_eq!(inbox.place(0, Taker::Full), Place::Later);
        inbox.keep(0, arrived(0));

        assert_eq!(inbox.place(0, Taker::Ready), Place::Old);
        assert_eq!(inbox.next().map(|arrived| arrived.payload), Some(vec![0]));
    }

    #[test]
    fn a_full_inbox_still_lets_the_next_one_through() {
        for limit in [Window { messages: 2, bytes: 100 }, Window { messages: 100, bytes: 2 * OVERHEAD }] {
            let mut inbox = Inbox::new(limit);
            inbox.keep(1, arrived(1));
            inbox.keep(2, arrived(2));

            assert!(inbox.is_full());
            assert_eq!(inbox.place(3, Taker::Ready), Place::Nowhere);
            assert_eq!(inbox.place(0, Taker::Ready), Place::Next);
        }
    }

    #[test]
    fn a_number_no_peer_can_have_reached_is_refused() {
        for sequence in [HORIZON, 1_000_000_000, i64::MAX as u64] {
            assert_eq!(inbox().place(sequence, Taker::Ready), Place::Nowhere);
        }
    }

    fn inbox() -> Inbox {
        Inbox::new(Window { messages: 100, bytes: 100_000 })
    }

    fn arrived(sequence: u64) -> Arrived {
        Arrived { payload_type: PayloadType::Output, payload: vec![sequence as u8], was_sealed: false }
    }
}
