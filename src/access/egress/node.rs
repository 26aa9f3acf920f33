//! An instance as what goes out of it sees its VPC.

use std::net::IpAddr;

use crate::access::case::Case;
use crate::model::{Fact, Interface, Network, NetworkAcl, Untrusted, VpcDns, VpcEndpoint};
use crate::text::shell_word;

/// The port of every service.
pub(super) const PORT: u16 = 443;

/// An instance, and the interface that its agent speaks by.
pub(super) struct Node<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) network: &'a Network,
    pub(super) interface: &'a Interface,
    pub(super) subnet: &'a Untrusted,
    /// Its own address.
    pub(super) address: IpAddr,
}

impl<'a> Node<'a> {
    /// `None` where AWS did not tell where the interface is.
    pub(super) fn new(case: &'a Case<'a>, network: &'a Network, interface: &'a Interface) -> Option<Self> {
        let subnet = interface.subnet.as_ref()?;
        let (private, _) = interface.addresses.first()?;
        Some(Self { case, network, interface, subnet, address: IpAddr::V4(*private) })
    }

    /// What the VPC's resolver does, as far as that was told.
    pub(super) fn dns(&self) -> Option<VpcDns> {
        self.network.dns.known().copied()
    }

    /// Whether the resolver surely gives no private names.
    pub(super) fn is_resolver_off(&self) -> bool {
        self.dns().is_some_and(|dns| !(dns.has_support && dns.has_hostnames))
    }

    /// The ACL of a subnet, where it was told.
    pub(super) fn acl_of(&self, subnet: &Untrusted) -> Option<&'a NetworkAcl> {
        let (Fact::Known(acls) | Fact::Kept(acls, _)) = &self.network.acls else { return None };
        acls.iter().find(|acl| acl.subnets.contains(subnet))
    }

    /// The groups as a sentence names them.
    pub(super) fn groups(&self) -> String {
        named(&self.interface.groups)
    }
}

/// Ids for a sentence.
pub(super) fn named<'i>(ids: impl IntoIterator<Item = &'i Untrusted>) -> String {
    let shown: Vec<String> = ids.into_iter().map(|id| id.shown_in(40)).collect();
    if shown.is_empty() { "–".to_owned() } else { shown.join(", ") }
}

/// The ids of endpoints for a sentence.
pub(super) fn ids(endpoints: &[&VpcEndpoint]) -> String {
    named(endpoints.iter().map(|own| &own.id))
}

/// An id as one word of a command line.
pub(super) fn word(id: &Untrusted) -> String {
    shell_word(&id.shown_in(60))
}
