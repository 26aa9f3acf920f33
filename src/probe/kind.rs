//! What can be tested of the ways into one instance, and what each test does, before anything is done.

use std::net::{IpAddr, SocketAddr};

use crate::access::{ConnectOptions, Jump, Local, address, door, inner_port};
use crate::model::{Endpoint, Instance, SsmStatus};
use crate::text::Catalogue;

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// IAM is asked what the caller's policies allow.
    Permissions,
    /// A connection to the instance's address, until sshd has said its first words.
    Banner {
        /// The address that is named.
        address: IpAddr,
        /// The port.
        port: u16,
        /// Where the connection goes.
        place: SocketAddr,
    },
    /// A tunnel through an endpoint, until the far side has said its first words.
    Tunnel {
        /// Through which.
        endpoint: Box<Endpoint>,
        /// Where it leads.
        address: IpAddr,
        /// The port.
        port: u16,
    },
    /// A session, ended as soon as it has begun.
    Session,
}

/// What can be tested of an instance, in the order in which it is said: what costs nothing first. Through a jump host nothing is tried.
pub fn probes(instance: &Instance, options: &ConnectOptions, local: &Local) -> Vec<Probe> {
    let mut all = vec![Probe::Permissions];
    if !instance.state.may_be_up() {
        return all;
    }
    if options.jump == Jump::None
        && !instance.id.is_hybrid()
        && let Some((address, _)) = address(instance, options, local)
    {
        let place = options.simulated.unwrap_or_else(|| SocketAddr::new(address, options.port));
        all.push(Probe::Banner { address, port: options.port, place });
    }
    if let Ok(door) = door(instance, options) {
        all.push(Probe::Tunnel { endpoint: Box::new(door.endpoint.clone()), address: door.address, port: inner_port(options) });
    }
    if instance.ssm.known().is_some_and(|ssm| ssm.status != SsmStatus::Unmanaged) {
        all.push(Probe::Session);
    }
    all
}

impl Probe {
    /// What it does, in one line.
    pub fn says(&self, instance: &Instance, text: &Catalogue) -> String {
        match self {
            Self::Permissions => text.say("probe-permissions"),
            Self::Banner { address, port, .. } => {
                text.say_with("probe-banner", &[("address", address.to_string().into()), ("port", port.to_string().into())])
            }
            Self::Tunnel { endpoint, address, port } => text.say_with(
                "probe-tunnel",
                &[
                    ("endpoint", endpoint.id.to_string().into()),
                    ("address", address.to_string().into()),
                    ("port", port.to_string().into()),
                ],
            ),
            Self::Session => text.say_with("probe-session", &[("id", instance.id.to_string().into())]),
        }
    }
}
