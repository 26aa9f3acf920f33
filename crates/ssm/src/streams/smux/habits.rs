//! What the two sides of a multiplexed session do differently.

use std::time::Duration;

/// How the far side broke the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Only version 1 is spoken.
    #[error("a frame of version {0}")]
    Version(u8),
    /// Nobody has told us about it.
    #[error("a frame with command {0}")]
    Command(u8),
    /// No frame for 30 s from a peer that sends keep-alives.
    #[error("no frame for 30 s")]
    Silent,
}

/// Which end opens connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Opening,
    Accepting,
}

/// How to treat connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    pub side: Side,
    /// Send NOPs, and expect them.
    pub keeps_alive: bool,
    /// Close a connection that nobody reads for so long while it holds up others.
    pub stalled_after: Option<Duration>,
}
