//! Whom ssh logs in, and where.

use std::net::IpAddr;

use crate::access::{AddressKind, Login, LoginSource};

/// Whom ssh logs in, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct SshLogin {
    /// The login name.
    pub user: Login,
    /// Where the login name comes from.
    pub source: LoginSource,
    /// Where sshd is.
    pub place: SshPlace,
    /// sshd's port.
    pub port: u16,
}

/// Where sshd is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

impl SshLogin {
    /// The address; none where our proxy leads there.
    pub fn address(&self) -> Option<IpAddr> {
        match self.place {
            SshPlace::Address { address, .. } => Some(address),
            SshPlace::Proxy { .. } => None,
        }
    }
}
