//! What the caller gave us to send and the window has no room for yet.

use std::collections::VecDeque;

use super::payload::PayloadType;
use super::queue::Queue;

/// How much is taken from a caller ahead of the window.
const MOST_BYTES: usize = 256 * 1024;
/// A caller that asks for room first may read this much at once.
const ROOM: usize = 64 * 1024;

/// What the caller gave us to send, in order; neighbours of one type are joined.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pieces: VecDeque<(PayloadType, Queue)>,
    bytes: usize,
}

impl Pending {
    /// Whether at least 64 KiB will be taken.
    pub(crate) fn has_room(&self) -> bool {
        self.bytes + ROOM <= MOST_BYTES
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Take what there is room for; returns how much that was.
    pub(crate) fn push(&mut self, payload_type: PayloadType, bytes: &[u8]) -> usize {
        let taken = &bytes[..bytes.len().min(MOST_BYTES.saturating_sub(self.bytes))];
        if taken.is_empty() {
            return 0;
        }
        self.bytes += taken.len();
        match self.pieces.back_mut() {
            Some((last, piece)) if *last == payload_type => piece.push(taken),
            _ => self.start(payload_type, taken),
        }
        taken.len()
    }

    /// A message that is sent as it is, however full we are: one cannot hold back a session's own words.
    pub(crate) fn push_whole(&mut self, payload_type: PayloadType, payload: Vec<u8>) {
        self.bytes += payload.len();
        self.start(payload_type, &payload);
    }

    fn start(&mut self, payload_type: PayloadType, bytes: &[u8]) {
        let mut piece = Queue::default();
        piece.push(bytes);
        self.pieces.push_back((payload_type, piece));
    }

    /// The next message, at most `limit` bytes of data.
    pub(crate) fn pop(&mut self, limit: usize) -> Option<(PayloadType, Vec<u8>)> {
        let (payload_type, piece) = self.pieces.front_mut()?;
        let payload_type = *payload_type;
        let cut = if matches!(payload_type, PayloadType::Output | PayloadType::StdErr) { limit } else { usize::MAX };
        let mut payload = Vec::new();
        piece.take(cut, &mut payload);
        if piece.is_empty() {
            self.pieces.pop_front();
        }
        self.bytes -= payload.len();
        Some((payload_type, payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_in_messages_of_the_size_asked_for() {
        let mut pending = Pending::default();
        pending.push(PayloadType::Output, b"abc");
        pending.push(PayloadType::Output, b"de");

        assert_eq!(pending.pop(4), Some((PayloadType::Output, b"abcd".to_vec())));
        assert_eq!(pending.pop(4), Some((PayloadType::Output, b"e".to_vec())));
        assert_eq!(pending.pop(4), None);
        assert_eq!(pending.bytes(), 0);
    }

    #[test]
    fn types_keep_their_order_and_documents_stay_whole() {
        let mut pending = Pending::default();
        pending.push(PayloadType::Output, b"out");
        pending.push(PayloadType::StdErr, b"err");
        pending.push_whole(PayloadType::ExitCode, b"EXIT_CODE: 7".to_vec());

        let out: Vec<_> = std::iter::from_fn(|| pending.pop(2)).map(|(_, payload)| payload).collect();

        assert_eq!(out, [&b"ou"[..], b"t", b"er", b"r", b"EXIT_CODE: 7"]);
    }

    #[test]
    fn what_does_not_fit_is_left_to_the_caller() {
        let mut pending = Pending::default();

        assert_eq!(pending.push(PayloadType::Output, &vec![7; 1 << 20]), MOST_BYTES);
        assert_eq!(pending.push(PayloadType::Output, b"x"), 0);
        assert!(!pending.has_room());
        pending.pop(ROOM);
        assert!(pending.has_room());
    }
}
