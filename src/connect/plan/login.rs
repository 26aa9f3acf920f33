//! Whom ssh logs in, and where.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::access::{AddressKind, JumpHost, Login, LoginSource};
use crate::model::EndpointId;

/// Whom ssh logs in, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct SshLogin {
    /// The login name.
    pub user: Login,
    /// Where the login name comes from.
    pub source: LoginSource,
    /// Where sshd is.
    pub place: SshPlace,
    /// Where a connection to that address really goes, of an instance of the simulated cloud.
    pub simulated: Option<SocketAddr>,
    /// The jump host next to it, if there is one.
    pub jump: Option<Arc<JumpHost>>,
    /// sshd's port.
    pub port: u16,
}

/// Where sshd is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SshPlace {
    /// At an address.
    Address {
        /// Which.
        address: IpAddr,
        /// What kind of address that is.
        kind: AddressKind,
    },
    /// Behind what our own proxy leads through.
    Proxy {
        /// The key of its name: Session Manager.
        through: &'static str,
    },
    /// Behind an EC2 Instance Connect Endpoint, to which our own proxy leads.
    Endpoint {
        /// Which.
        id: EndpointId,
        /// The private address behind it.
        address: IpAddr,
        /// Longest life asked of the tunnel.
        limit: Duration,
    },
}

impl SshLogin {
    /// The address; none where Session Manager leads there, which knows the instance by its id.
    pub fn address(&self) -> Option<IpAddr> {
        match self.place {
            SshPlace::Address { address, .. } | SshPlace::Endpoint { address, .. } => Some(address),
            SshPlace::Proxy { .. } => None,
        }
    }
}
