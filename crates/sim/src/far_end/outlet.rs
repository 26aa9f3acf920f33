//! What a program or a port says, on its way to the agent.

use super::pipe::{Pipe, PipeEvent, PipeId};
use super::spelling::Spelling;
use ec2dash_ssm::Agent;

/// One stream of output; at most a piece of it waits here.
pub(super) struct Outlet {
    pub(super) id: PipeId,
    pub(super) pipe: Pipe,
    held: Vec<u8>,
    /// Standard error, when it is kept apart.
    is_error: bool,
    /// What marks a piece that starts a line.
    prefix: String,
    is_line_open: bool,
    wants_go: bool,
    has_ended: bool,
    /// Output that is taken for text.
    spelling: Option<Spelling>,
}

impl Outlet {
    pub(super) fn new(id: PipeId, pipe: Pipe) -> Self {
        Self {
            id,
            pipe,
            held: Vec::new(),
            is_error: false,
            prefix: String::new(),
            is_line_open: false,
            wants_go: false,
            has_ended: false,
            spelling: None,
        }
    }

    /// The same, taken for text.
    pub(super) fn of_text(id: PipeId, pipe: Pipe) -> Self {
        Self { spelling: Some(Spelling::default()), ..Self::new(id, pipe) }
    }

    /// One of two streams, each piece of it marked.
    pub(super) fn separate(id: PipeId, pipe: Pipe, is_error: bool, prefix: String) -> Self {
        Self { is_error, prefix, ..Self::new(id, pipe) }
    }

    /// Put words of our own in front of what comes.
    pub(super) fn say(&mut self, words: &[u8]) {
        self.held.extend_from_slice(words);
    }

    pub(super) fn pipe_event(&mut self, event: PipeEvent) {
        match event {
            PipeEvent::Bytes(bytes) => {
                let bytes = self.spelling.as_mut().map_or_else(|| bytes.clone(), |spelling| spelling.take(&bytes));
                if !self.is_line_open {
                    self.held.extend_from_slice(self.prefix.as_bytes());
                }
                self.is_line_open = bytes.last() != Some(&b'\n');
                self.held.extend_from_slice(&bytes);
                self.wants_go = true;
            }
            PipeEvent::Took => self.pipe.took(),
            PipeEvent::Ended => self.has_ended = true,
            PipeEvent::Connected | PipeEvent::Refused(_) | PipeEvent::Exited(_) => {}
        }
    }

    /// Hand over what the agent takes; then the next piece may come.
    pub(super) fn pump(&mut self, agent: &mut Agent) {
        if !self.held.is_empty() && agent.has_room() {
            let taken = if self.is_error { agent.error_output(&self.held) } else { agent.output(&self.held) };
            self.held.drain(..taken);
        }
        if self.held.is_empty() && std::mem::take(&mut self.wants_go) {
            self.pipe.go();
        }
    }

    /// Whether all it will ever say has been handed over.
    pub(super) fn is_done(&self) -> bool {
        self.has_ended && self.held.is_empty()
    }
}
