//! What an agent tells whoever plays the instance.

use super::greeting::KeyToOpen;
use crate::payload::Size;
use crate::session::PortMode;
use crate::streams::{StreamChange, StreamId};

/// What an agent tells whoever plays the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentEvent {
    /// The session is to be encrypted: open the client's key, then call [`Agent::key`](super::Agent::key).
    KeyToOpen(KeyToOpen),
    /// The handshake is over or there is none: start the program or dial the port, then call [`Agent::ready`](super::Agent::ready).
    Begun {
        /// What the client says it is, if there was a handshake.
        client_version: Option<String>,
        /// How connections are carried, in a port session.
        mode: Option<PortMode>,
    },
    /// Bytes for the program or the port.
    Input(Vec<u8>),
    /// The client's terminal has this size.
    Resized(Size),
    /// Close the connection to the port; more input means to dial again (one connection at a time).
    Disconnect,
    /// A connection changed.
    Stream(StreamId, StreamChange),
    /// The client ends the session: stop the program and call [`Agent::finish`](super::Agent::finish).
    Terminate,
    /// The last event. The gateway closes the channel with these words.
    Ended {
        /// Empty at a normal end.
        output: String,
    },
}
