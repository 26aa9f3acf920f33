//! The agents of all sessions, and what they run in.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::session::{Session, Start};
use super::socket::Socket;
use super::table::SessionReport;

/// All sessions of the simulated cloud.
pub(crate) struct FarEnd {
    /// `ws://127.0.0.1:41234`.
    channels: String,
    pub(super) ground: Ground,
    tasks: Mutex<JoinSet<()>>,
}

impl FarEnd {
    /// Sessions whose data channels are below `channels`, an address without a path.
    pub(crate) fn new(channels: String, ground: Ground) -> Self {
        Self { channels, ground, tasks: Mutex::default() }
    }

    pub(super) fn stream_url(&self, id: &str, cell: &str) -> String {
        let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string().replace("%2D", "-");
        format!("{}/v1/data-channel/{id}?role=publish_subscribe&cell-number={cell}", self.channels)
    }

    /// Start an agent; it waits for a client.
    pub(super) fn spawn(&self, start: Start, sockets: mpsc::Receiver<Socket>, stop: CancellationToken, gone: CancellationToken) {
        let session = Session::new(start, self.ground.clone(), sockets, gone);
        self.run(session.run(stop));
    }

    /// From now this port of whatever instance is that port of this computer.
    pub(crate) fn lead(&self, port: u16, here: u16) {
        self.ground.lead(port, here);
    }

    /// The port of this computer behind which the SSH server of an instance listens.
    pub(crate) fn ssh_port(&self, instance: &str) -> Option<u16> {
        self.ground.ssh_port(instance)
    }

    /// Run a task that ends with the others.
    pub(crate) fn run(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// End what runs on an instance that was stopped.
    pub(crate) fn instance_is_off(&self, id: &str) {
        self.ground.table.stop_those_of(id);
    }

    /// What runs on an instance that reboots is over, whether its sessions say so or not.
    pub(crate) fn instance_reboots(&self, id: &str) {
        match self.ground.habits.reboots_silently {
            true => self.ground.table.lose_those_of(id),
            false => self.ground.table.stop_those_of(id),
        }
    }

    /// All sessions, oldest first.
    pub(crate) fn reports(&self) -> Vec<SessionReport> {
        self.ground.table.reports()
    }

    /// End every session, at once.
    pub(crate) fn cut(&self) {
        self.tasks().abort_all();
    }

    /// End every session and wait until they are gone.
    pub(crate) async fn stop(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks());
        tasks.shutdown().await;
    }
}

impl std::fmt::Debug for FarEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FarEnd").field("channels", &self.channels).finish_non_exhaustive()
    }
}
