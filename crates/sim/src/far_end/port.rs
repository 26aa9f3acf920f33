//! A port behind an agent, one connection at a time: for `ProxyCommand`, and for agents too old for more.

use super::destination::Destination;
use super::outlet::Outlet;
use super::pipe::{FromPipe, PipeEvent, Pipes};
use super::plant::{MOST_AHEAD, Plant, Stage};
use ec2dash_ssm::AgentEvent;

/// One connection at a time.
pub(super) struct Port {
    to: Destination,
    /// The session ends with its one connection.
    is_single: bool,
    outlet: Option<Outlet>,
    is_connected: bool,
    is_begun: bool,
    waiting: Vec<u8>,
    /// The client's connection ended; ours goes when it has everything.
    is_closing: bool,
}

impl Port {
    /// Dial; the agent is ready when the port has answered.
    pub(super) fn new(to: Destination, is_single: bool, pipes: &mut Pipes) -> Self {
        let mut port =
            Self { to, is_single, outlet: None, is_connected: false, is_begun: false, waiting: Vec::new(), is_closing: false };
        port.dial(pipes);
        port
    }

    fn dial(&mut self, pipes: &mut Pipes) {
        let (id, pipe) = self.to.dial(pipes);
        self.outlet = Some(Outlet::new(id, pipe));
        self.is_connected = false;
    }

    fn hang_up(&mut self) {
        self.outlet = None;
        self.is_connected = false;
        self.is_closing = false;
    }
}

impl Plant for Port {
    fn wants_events(&self) -> bool {
        !self.is_closing && self.waiting.len() < MOST_AHEAD
    }

    fn event(&mut self, event: AgentEvent, stage: &mut Stage<'_>) {
        match event {
            AgentEvent::Input(bytes) => self.waiting.extend_from_slice(&bytes),
            AgentEvent::Disconnect if !self.is_single => self.is_closing = true,
            _ => {}
        }
        self.pump(stage);
    }

    fn pipe_event(&mut self, from: FromPipe, stage: &mut Stage<'_>) {
        let Some(outlet) = self.outlet.as_mut().filter(|outlet| outlet.id == from.pipe) else { return };
        match from.event {
            PipeEvent::Connected => {
                self.is_connected = true;
                if !std::mem::replace(&mut self.is_begun, true) {
                    stage.agent.ready(stage.now);
                }
            }
            // The real agent's worker breaks down at a refused port of a ProxyCommand, without words.
            PipeEvent::Refused(_) if self.is_single => stage.agent.finish("", stage.now),
            PipeEvent::Refused(error) => {
                stage.agent.finish(&format!("Unable to connect to specified port: {error}"), stage.now);
            }
            event => outlet.pipe_event(event),
        }
        self.pump(stage);
    }

    fn pump(&mut self, stage: &mut Stage<'_>) {
        if self.outlet.is_none() && self.is_closing {
            self.is_closing = false;
        }
        if self.outlet.is_none() && !self.waiting.is_empty() {
            self.dial(stage.pipes);
        }
        let Some(outlet) = &mut self.outlet else { return };
        if self.is_connected && !self.waiting.is_empty() && outlet.pipe.is_free() {
            outlet.pipe.give(std::mem::take(&mut self.waiting));
        }
        outlet.pump(stage.agent);
        let has_everything = self.waiting.is_empty() && !outlet.pipe.is_busy();
        if self.is_closing && has_everything {
            self.hang_up();
        } else if outlet.is_done() {
            if self.is_single {
                stage.agent.finish("", stage.now);
            } else {
                // Nothing tells the client; what it sends next goes to a new connection.
                self.hang_up();
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.outlet.as_ref().is_none_or(|outlet| !outlet.pipe.is_busy())
    }

    fn stop(&mut self) {
        self.hang_up();
    }
}
