//! What an agent serves: a program, a port or many connections.

use std::time::Instant;

use super::pipe::{FromPipe, Pipes};
use ec2dash_ssm::{Agent, AgentEvent};

/// How much input is taken from the agent ahead of what the program takes.
pub(super) const MOST_AHEAD: usize = 64 * 1024;

/// What a plant works with.
pub(super) struct Stage<'a> {
    pub(super) agent: &'a mut Agent,
    pub(super) pipes: &'a mut Pipes,
    pub(super) now: Instant,
}

/// What an agent serves.
pub(super) trait Plant: Send {
    /// Whether the agent's next event can be taken. While not, the client has to wait.
    fn wants_events(&self) -> bool;

    /// Something came from the client.
    fn event(&mut self, event: AgentEvent, stage: &mut Stage<'_>);

    /// Something came from a pipe.
    fn pipe_event(&mut self, from: FromPipe, stage: &mut Stage<'_>);

    /// Move what can be moved: the agent may have room again.
    fn pump(&mut self, stage: &mut Stage<'_>);

    /// Whether nothing of the client's is left to hand over.
    fn is_idle(&self) -> bool;

    /// End what runs. What it started ends with it.
    fn stop(&mut self);
}
