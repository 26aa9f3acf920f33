//! A network interface of an instance: groups, subnet and addresses belong to it, and not to the instance.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Untrusted;

/// An interface as `DescribeInstances` says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    /// The interface's id.
    pub id: Untrusted,
    /// The subnet it is in.
    pub subnet: Option<Untrusted>,
    /// Its security groups, by id.
    pub groups: Vec<Untrusted>,
    /// Its private IPv4 addresses, the primary one first, each with the public one that leads to it.
    pub addresses: Vec<(Ipv4Addr, Option<Ipv4Addr>)>,
    /// Its IPv6 addresses.
    pub ipv6: Vec<Ipv6Addr>,
    /// The address of a carrier's or a customer's own network that leads to it, if there is one.
    pub carrier: Option<Ipv4Addr>,
}

impl Interface {
    /// Whether this address, private or public, leads to it.
    pub fn has(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(own) => self.addresses.iter().any(|(private, public)| *private == own || *public == Some(own)),
            IpAddr::V6(own) => self.ipv6.contains(&own),
        }
    }
}
