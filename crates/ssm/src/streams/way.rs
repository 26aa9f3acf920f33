//! The way to the far side: whether it stands, and how far what was sent has come on it.

use std::collections::VecDeque;

/// Counts in bytes of all connections of a session together.
#[derive(Debug)]
pub(super) struct Way {
    /// Whether the far side could answer now.
    is_open: bool,
    handed_out: u64,
    arrived: u64,
    /// The messages that are on their way: their numbers, and what was handed out up to their end.
    messages: VecDeque<(u64, u64)>,
}

impl Default for Way {
    fn default() -> Self {
        Self { is_open: true, handed_out: 0, arrived: 0, messages: VecDeque::new() }
    }
}

impl Way {
    /// The place behind all that was handed out.
    pub(super) fn handed_out(&self) -> u64 {
        self.handed_out
    }

    pub(super) fn hand_out(&mut self, bytes: usize) {
        self.handed_out += bytes as u64;
    }

    /// What was handed out last goes in the message with this number.
    pub(super) fn sent(&mut self, sequence: u64) {
        self.messages.push_back((sequence, self.handed_out));
    }

    /// All messages before `oldest` have arrived.
    pub(super) fn acknowledged(&mut self, oldest: u64) {
        while let Some((_, end)) = self.messages.pop_front_if(|(sequence, _)| *sequence < oldest) {
            self.arrived = end;
        }
    }

    /// Returns whether that is news.
    pub(super) fn set_open(&mut self, is_open: bool) -> bool {
        std::mem::replace(&mut self.is_open, is_open) != is_open
    }

    /// Whether an answer to what was sent up to `place` can come now.
    pub(super) fn is_answerable(&self, place: u64) -> bool {
        self.is_open && self.arrived >= place
    }
}
