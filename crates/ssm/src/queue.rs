//! Bytes on their way, first in, first out.

use std::collections::VecDeque;

/// Held in pieces of this size, so that what is held costs little more than itself, and is given back piece by piece.
const CHUNK: usize = 16 * 1024;

/// Bytes on their way, first in, first out.
#[derive(Default)]
pub(crate) struct Queue {
    chunks: VecDeque<Vec<u8>>,
    /// How much of the first one is gone already.
    taken: usize,
    length: usize,
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len();
        while !bytes.is_empty() {
            let Some(last) = self.chunks.back_mut().filter(|last| last.len() < last.capacity()) else {
                // Most queues hold a few bytes for a moment.
                let capacity = if self.chunks.is_empty() { bytes.len().min(CHUNK) } else { CHUNK };
                self.chunks.push_back(Vec::with_capacity(capacity));
                continue;
            };
            let (part, rest) = bytes.split_at(bytes.len().min(last.capacity() - last.len()));
            last.extend_from_slice(part);
            bytes = rest;
        }
    }

    /// Append at most `limit` bytes to `into`.
    pub(crate) fn take(&mut self, limit: usize, into: &mut Vec<u8>) {
        let mut left = limit.min(self.length);
        self.length -= left;
        into.reserve(left);
        while let Some(first) = self.chunks.front().filter(|_| left > 0) {
            let held = first.get(self.taken..).unwrap_or_default();
            let part = held.get(..left).unwrap_or(held);
            into.extend_from_slice(part);
            left -= part.len();
            self.taken += part.len();
            if self.taken == first.len() {
                self.chunks.pop_front();
                self.taken = 0;
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_as_they_went_in_however_they_are_cut() {
        for (pushed, taken) in [(97, 89), (1, 1), (CHUNK, CHUNK), (CHUNK + 1, 1_024), (1_024, CHUNK - 1), (50_000, 7)] {
            let mut queue = Queue::default();
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(100_003).collect();
            let mut out = vec![];

            for piece in bytes.chunks(pushed) {
                queue.push(piece);
                queue.take(taken, &mut out);
            }
            queue.take(usize::MAX, &mut out);

            assert!(out == bytes, "{pushed} in, {taken} out");
            assert!(queue.is_empty());
        }
    }

    #[test]
    fn what_is_held_costs_little_more_than_itself_and_is_given_back_as_it_goes() {
        let mut queue = Queue::default();
        for _ in 0..5_000 {
            queue.push(&[7; 1_000]);
            assert!(held(&queue) <= queue.len() + CHUNK);
        }
        let mut out = vec![];
        while !queue.is_empty() {
            queue.take(3_000, &mut out);
            assert!(held(&queue) <= queue.len() + 2 * CHUNK);
        }

        assert_eq!((held(&queue), out.len()), (0, 5_000_000));
    }

    fn held(queue: &Queue) -> usize {
        queue.chunks.iter().map(Vec::capacity).sum()
    }
}
