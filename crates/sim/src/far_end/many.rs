//! Many connections behind an agent at once, each with its own pipe to the port.

use std::collections::HashMap;

use super::destination::Destination;
use super::pipe::{FromPipe, PIECE, Pipe, PipeEvent, PipeId};
use super::plant::{Plant, Stage};
use ec2dash_ssm::{AgentEvent, Reading, StreamChange, StreamId};

/// All connections of one session.
pub(super) struct Many {
    to: Destination,
    connections: HashMap<StreamId, Connection>,
    of_pipe: HashMap<PipeId, StreamId>,
}

/// One of them; at most a piece each way waits here.
struct Connection {
    id: PipeId,
    pipe: Pipe,
    is_connected: bool,
    /// From the port, for the client.
    held: Vec<u8>,
    has_ended: bool,
    /// There is something to read for it.
    is_readable: bool,
}

impl Many {
    pub(super) fn new(to: Destination) -> Self {
        Self { to, connections: HashMap::new(), of_pipe: HashMap::new() }
    }

    fn open(&mut self, stream: StreamId, stage: &mut Stage<'_>) {
        let (id, pipe) = self.to.dial(stage.pipes);
        self.of_pipe.insert(id, stream);
        let connection = Connection { id, pipe, is_connected: false, held: Vec::new(), has_ended: false, is_readable: false };
        self.connections.insert(stream, connection);
    }

    /// Its end: what was given to the pipe is still written.
    fn close(&mut self, stream: StreamId, stage: &mut Stage<'_>) {
        if let Some(connection) = self.connections.remove(&stream) {
            self.of_pipe.remove(&connection.id);
        }
        stage.agent.abandon(stream, stage.now);
    }

    /// From the client to the port.
    fn feed(&mut self, stream: StreamId, stage: &mut Stage<'_>) {
        let Some(connection) = self.connections.get_mut(&stream) else { return };
        if !connection.is_connected || !connection.is_readable || !connection.pipe.is_free() {
            return;
        }
        match stage.agent.read(stream, PIECE, stage.now) {
            Reading::Bytes(bytes) => connection.pipe.give(bytes),
            Reading::Nothing => connection.is_readable = false,
            Reading::Ended => self.close(stream, stage),
        }
    }

    /// From the port to the client.
    fn drain(&mut self, stream: StreamId, stage: &mut Stage<'_>) {
        let Some(connection) = self.connections.get_mut(&stream) else { return };
        if !connection.held.is_empty() {
            let taken = stage.agent.write(stream, &connection.held);
            connection.held.drain(..taken);
            if !connection.held.is_empty() {
                return;
            }
            connection.pipe.go();
        }
        if connection.has_ended {
            self.close(stream, stage);
        }
    }
}

impl Plant for Many {
    fn wants_events(&self) -> bool {
        true
    }

    fn event(&mut self, event: AgentEvent, stage: &mut Stage<'_>) {
        let AgentEvent::Stream(stream, change) = event else { return };
        match change {
            StreamChange::Opened => self.open(stream, stage),
            StreamChange::Readable => {
                if let Some(connection) = self.connections.get_mut(&stream) {
                    connection.is_readable = true;
                }
                self.feed(stream, stage);
            }
            StreamChange::Writable => self.drain(stream, stage),
            StreamChange::Refused | StreamChange::Stalled | StreamChange::Released => self.close(stream, stage),
        }
    }

    fn pipe_event(&mut self, from: FromPipe, stage: &mut Stage<'_>) {
        let Some(&stream) = self.of_pipe.get(&from.pipe) else { return };
        let Some(connection) = self.connections.get_mut(&stream) else { return };
        match from.event {
            PipeEvent::Connected => {
                connection.is_connected = true;
                self.feed(stream, stage);
            }
            PipeEvent::Refused(_) => {
                self.of_pipe.remove(&from.pipe);
                self.connections.remove(&stream);
                stage.agent.refuse(stream, stage.now);
            }
            PipeEvent::Bytes(bytes) => {
                connection.held = bytes;
                self.drain(stream, stage);
            }
            PipeEvent::Took => {
                connection.pipe.took();
                self.feed(stream, stage);
            }
            PipeEvent::Ended => {
                connection.has_ended = true;
                self.drain(stream, stage);
            }
            PipeEvent::Exited(_) => {}
        }
    }

    fn pump(&mut self, _: &mut Stage<'_>) {}

    fn is_idle(&self) -> bool {
        self.connections.values().all(|connection| !connection.is_readable && !connection.pipe.is_busy())
    }

    fn stop(&mut self) {
        self.connections.clear();
        self.of_pipe.clear();
    }
}
