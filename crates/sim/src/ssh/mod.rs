//! Real SSH servers on loopback behind the simulated instances.
//!
//! A command whose reader has gone (`ssh HOST yes | head -1`) goes on for as long as its client does, unlike with OpenSSH's own
//! server: the client tells of it by the channel request `eow@openssh.com`, and only a server that calls itself OpenSSH; russh
//! (0.65) answers channel requests that it does not know by itself, and no handler sees them.

mod connection;
mod door;
mod forward;
mod host;
mod inbox;
mod outages;
mod session;
mod signal;
#[cfg(test)]
mod tests;
mod visitor;
mod windows;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::console::HostKeyLines;
use super::keys::{EVERY_INSTANCE, KeyStore};
use super::machine::Machine;
use door::Door;
pub use host::{Error, Host};
use outages::Line;
pub(super) use outages::Outages;

/// How long an orderly stop may take before what is left is cut off.
const FAREWELL: Duration = Duration::from_secs(3);

/// The running servers. Dropping them ends listeners, sessions and the programs in them.
#[derive(Debug)]
pub struct Servers {
    ports: HashMap<String, u16>,
    host_keys: HashMap<String, String>,
    outages: Outages,
    stop: CancellationToken,
    tasks: JoinSet<()>,
    machine: Machine,
}

/// Start a server for each host, with their homes in a private temporary directory of their own.
pub async fn serve(hosts: Vec<Host>, keys: KeyStore) -> Result<Servers, Error> {
    start(Machine::temporary().map_err(Error::Home)?, hosts, keys).await
}

/// Start a server for each host, with their homes in the new directory `homes`, which goes with them.
pub async fn serve_in(homes: &Path, hosts: Vec<Host>, keys: KeyStore) -> Result<Servers, Error> {
    start(Machine::create(homes).map_err(Error::Home)?, hosts, keys).await
}

async fn start(machine: Machine, hosts: Vec<Host>, keys: KeyStore) -> Result<Servers, Error> {
    let mut servers = Servers {
        ports: HashMap::with_capacity(hosts.len()),
        host_keys: HashMap::new(),
        outages: Outages::default(),
        stop: CancellationToken::new(),
        tasks: JoinSet::new(),
        machine,
    };
    let mut lines = HashMap::new();
    for host in hosts {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::Listen)?;
        let port = listener.local_addr().map_err(Error::Listen)?.port();
        servers.ports.insert(host.instance.clone(), port);
        let instance = host.instance.clone();
        let door = Door::new(host, keys.clone(), &servers.machine)?;
        servers.host_keys.insert(instance.clone(), door.host_key_line.clone());
        let line = Line::new();
        lines.insert(instance, line.clone());
        servers.tasks.spawn(connection::listen(listener, Arc::new(door), line, servers.stop.clone()));
    }
    // A server that all instances share goes with none of them.
    lines.remove(EVERY_INSTANCE);
    servers.outages = Outages::of(lines);
    Ok(servers)
}

impl Servers {
    /// The port of this instance on 127.0.0.1, if it has a server.
    pub fn port(&self, instance: &str) -> Option<u16> {
        self.ports.get(instance).or_else(|| self.ports.get(EVERY_INSTANCE)).copied()
    }

    /// The public host keys of all servers, by instance.
    pub(super) fn host_keys(&self) -> HostKeyLines {
        HostKeyLines::new(self.host_keys.clone())
    }

    /// What takes them away for a while.
    pub(super) fn outages(&self) -> Outages {
        self.outages.clone()
    }

    /// What the instances are made of, for other ways into them.
    pub(super) fn machine(&self) -> Machine {
        self.machine.clone()
    }

    /// The ports of all that have a server.
    pub(super) fn ports(&self) -> &HashMap<String, u16> {
        &self.ports
    }

    /// End every session and wait until they are gone.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("sessions of the simulated instances did not end in time");
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.stop.cancel();
        // The order matters: tasks go first, then what they started and the homes it lived in.
        self.tasks.abort_all();
        self.machine.clear();
    }
}
