//! What a tunnel is for, and what it is opened with.

use std::time::Duration;

use crate::model::{Destination, InstanceId, Region};

/// What a tunnel is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Every connection ends at the same place.
    Forward(Destination),
    /// Every connection says where it wants to go, by SOCKS5.
    Socks,
}

/// What a tunnel is opened with.
#[derive(Debug, Clone)]
pub struct TunnelOptions {
    /// Where the instance is.
    pub region: Region,
    /// The instance.
    pub target: InstanceId,
    /// Where connections go.
    pub purpose: Purpose,
    /// How long to try for another connection to AWS when one breaks.
    pub reconnect: Duration,
    /// Whether it ends with its first connection.
    pub once: bool,
}
