//! How the simulated agents work.

use std::time::Duration;

use ec2dash_ssm::{Pace, Window};

/// How the simulated agents work.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Bytes of data in a message.
    pub payload: usize,
    /// How fast messages follow each other: the real agent sleeps a millisecond after each.
    pub pace: Pace,
    /// How much may be unacknowledged.
    pub window: Window,
    /// How long an agent waits before it first reads what a program says: the real one, a second.
    pub start_pause: Duration,
    /// How long a program or a port takes to be there; input is refused until then, as the real agent does for a moment.
    pub ready_after: Duration,
    /// Whether an agent goes on reading while a program or a port takes nothing. The real one does not: acknowledgements and other
    /// connections wait with it, and it never waits for an acknowledgement itself.
    pub reads_ahead: bool,
    /// Whether the gateway sends a new connection what no client has acknowledged. Nobody has said what the real one does; without it
    /// the agent repairs what was lost with a connection, ten messages a second.
    pub gateway_keeps: bool,
    /// Whether an instance that reboots takes its sessions with it without a word: then the gateway says that it is away, and no more is
    /// heard of them. Else their programs end first, and that closes them. The real ones do either, as systemd has it.
    pub reboots_silently: bool,
}

impl Default for Habits {
    /// Payloads of the real agent's size, without its sleeps.
    fn default() -> Self {
        Self {
            payload: 1_024,
            pace: Pace::Free,
            window: Window { messages: 1_000, bytes: 8 * 1024 * 1024 },
            start_pause: Duration::ZERO,
            ready_after: Duration::ZERO,
            reads_ahead: true,
            gateway_keeps: true,
            reboots_silently: false,
        }
    }
}
