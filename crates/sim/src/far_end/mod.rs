//! The far end of Session Manager: the sessions of the SSM API, the message gateway, and the agents behind it.

mod api;
mod destination;
mod document;
mod gateway;
mod ground;
mod lane;
mod many;
mod outlet;
mod pipe;
mod plant;
mod port;
mod program;
mod session;
mod socket;
mod table;
mod token;
mod words;

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(super) use api::knows;
pub use document::Preferences;
pub(super) use gateway::{accept, cell_of, session_of};
pub(super) use ground::Ground;
pub use table::{Ending, SessionReport};

use ec2dash_ssm::{Pace, Window};
use session::{Session, Start};
use socket::Socket;

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
        }
    }
}

/// All sessions of the simulated cloud.
pub(super) struct FarEnd {
    address: SocketAddr,
    ground: Ground,
    tasks: Mutex<JoinSet<()>>,
}

impl FarEnd {
    /// Sessions whose data channels are at `address`.
    pub(super) fn new(address: SocketAddr, ground: Ground) -> Self {
        Self { address, ground, tasks: Mutex::default() }
    }

    fn stream_url(&self, id: &str, cell: &str) -> String {
        let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string().replace("%2D", "-");
        format!("ws://{}/v1/data-channel/{id}?role=publish_subscribe&cell-number={cell}", self.address)
    }

    /// Start an agent; it waits for a client.
    fn spawn(&self, start: Start, sockets: mpsc::Receiver<Socket>, stop: CancellationToken) {
        let session = Session::new(start, self.ground.clone(), sockets);
        gateway::spawn(&mut self.tasks(), session.run(stop));
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All sessions, oldest first.
    pub(super) fn reports(&self) -> Vec<SessionReport> {
        self.ground.table.reports()
    }

    /// End every session, at once.
    pub(super) fn cut(&self) {
        self.tasks().abort_all();
    }

    /// End every session and wait until they are gone.
    pub(super) async fn stop(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks());
        tasks.shutdown().await;
    }
}

impl std::fmt::Debug for FarEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FarEnd").field("address", &self.address).finish_non_exhaustive()
    }
}
