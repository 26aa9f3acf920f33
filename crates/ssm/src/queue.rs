//! Bytes on their way, first in, first out.

use std::collections::VecDeque;

/// Give a drained queue's memory back above this.
const KEEP_CAPACITY: usize = 64 * 1024;

/// Bytes on their way, first in, first out.
#[derive(Default)]
pub(crate) struct Queue(VecDeque<u8>);

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    /// Append at most `limit` bytes to `into`.
    pub(crate) fn take(&mut self, limit: usize, into: &mut Vec<u8>) {
        let taken = limit.min(self.0.len());
        let (front, back) = self.0.as_slices();
        let from_front = taken.min(front.len());
        into.extend_from_slice(&front[..from_front]);
        into.extend_from_slice(&back[..taken - from_front]);
        self.0.drain(..taken);
        if self.0.is_empty() && self.0.capacity() > KEEP_CAPACITY {
            self.0 = VecDeque::new();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0 = VecDeque::new();
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_as_they_went_in_however_they_are_cut() {
        let mut queue = Queue::default();
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(10_000).collect();
        let mut out = vec![];

        for piece in bytes.chunks(97) {
            queue.push(piece);
            queue.take(89, &mut out);
        }
        queue.take(usize::MAX, &mut out);

        assert_eq!(out, bytes);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_drained_queue_gives_its_memory_back() {
        let mut queue = Queue::default();
        queue.push(&[7; 1 << 20]);

        queue.take(1 << 20, &mut vec![]);

        assert_eq!(queue.0.capacity(), 0);
    }
}
