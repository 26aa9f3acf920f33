//! Whether the network lets this computer in (NET): a packet on its way to an address of the instance, and its reply.

mod acl;
mod group;
mod route;

use std::net::IpAddr;

use ipnet::IpNet;

use super::case::{Case, denial_values};
use super::finding::Finding;
use super::{AddressKind, Jump, address};
use crate::model::{Denial, Interface, Network, Untrusted};
use crate::text::shell_word;

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "net-acl-in",
    "net-acl-out",
    "net-acl-out-partly",
    "net-acl-shut",
    "net-acls-pending",
    "net-acls-unseen",
    "net-gateway-detached",
    "net-group-closed",
    "net-group-shut",
    "net-group-unread",
    "net-groups-pending",
    "net-groups-unseen",
    "net-interface-unread",
    "net-list-unread",
    "net-open-to-all",
    "net-public-access",
    "net-public-access-unknown",
    "net-route-elsewhere",
    "net-route-list-unread",
    "net-route-none",
    "net-routes-pending",
    "net-routes-unseen",
    "net-source-unknown",
];

/// A connection from this computer, as AWS sees it.
struct Path<'a> {
    case: &'a Case<'a>,
    network: &'a Network,
    /// The interface that has the address.
    interface: &'a Interface,
    /// Where it goes.
    address: IpAddr,
    /// Whether it comes through the internet gateway.
    is_public: bool,
    /// From where, if that was told.
    source: Option<IpAddr>,
}

/// What is in the way of a connection from here to the instance's address; nothing where a jump host or another address is asked for.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    if !case.is_up() || case.options.jump != Jump::None || case.instance.id.is_hybrid() {
        return Vec::new();
    }
    let Some((address, kind)) = address(case.instance, case.options, case.local) else { return Vec::new() };
    let is_public = match kind {
        AddressKind::Public | AddressKind::Ipv6 => true,
        AddressKind::Private => false,
        // Whoever names an address knows a way to it that AWS cannot see.
        AddressKind::Fixed => return Vec::new(),
    };
    // Without it `DescribeInstanceConnectEndpoints` has not answered either, which the endpoint's own rules tell.
    let Some(network) = case.instance.network.known() else { return Vec::new() };
    let Some(interface) = case.instance.interfaces.iter().find(|interface| interface.has(address)) else {
        return case
            .told(|| Finding::unseen("NET-1", "net-interface-unread").with("address", address.to_string()))
            .into_iter()
            .collect();
    };
    let path = Path { case, network, interface, address, is_public, source: case.local.source_of(address) };
    let mut findings = group::findings(&path);
    findings.extend(acl::findings(&path));
    if is_public {
        findings.extend(route::findings(&path));
    }
    findings
}

impl Path<'_> {
    /// A fact that was refused: required where the source of the connection is known, so that it would decide.
    fn refused(&self, rule: &'static str, code: &'static str, denial: &Denial, is_required: bool) -> Option<Finding> {
        let [action, why] = denial_values(denial);
        let told = |finding: Finding| finding.with(action.0, action.1.clone()).with(why.0, why.1.clone());
        if is_required && self.source.is_some() && self.is_public {
            return Some(told(Finding::withholds(rule, code)));
        }
        self.case.told(|| told(Finding::unseen(rule, code)))
    }

    /// What is not known; required where the source of the connection is known, so that it would decide.
    fn open_question(&self, rule: &'static str, code: &'static str, with: impl Fn(Finding) -> Finding) -> Option<Finding> {
        if self.source.is_some() && self.is_public {
            return Some(with(Finding::withholds(rule, code)));
        }
        self.case.told(|| with(Finding::unseen(rule, code)))
    }

    fn subnet(&self) -> String {
        self.interface.subnet.as_ref().map(|subnet| subnet.shown_in(40)).unwrap_or_default()
    }

    /// What every sentence about the connection may name.
    fn said(&self, finding: Finding) -> Finding {
        let groups = &self.interface.groups;
        let finding = match self.source {
            Some(source) => with_source(finding, source, self.case.options.port),
            None => finding,
        };
        finding
            .with("port", self.case.options.port.to_string())
            .with("address", self.address.to_string())
            .with("groups", groups.iter().map(|id| id.shown_in(40)).collect::<Vec<_>>().join(", "))
            .with("group", groups.first().map(word).unwrap_or_default())
            .with("id", self.case.instance.id.as_str())
            .with("place", self.case.place_flags())
    }
}

/// The source as a sentence names it, and as options of the AWS CLI do.
fn with_source(finding: Finding, source: IpAddr, port: u16) -> Finding {
    let block = IpNet::from(source);
    let (ranges, cidr, option) = match source {
        IpAddr::V4(_) => ("IpRanges", "CidrIp", "--cidr-block"),
        IpAddr::V6(_) => ("Ipv6Ranges", "CidrIpv6", "--ipv6-cidr-block"),
    };
    let permission = format!("IpProtocol=tcp,FromPort={port},ToPort={port},{ranges}=[{{{cidr}={block},Description=ec2dash}}]");
    finding.with("ip", source.to_string()).with("permission", shell_word(&permission)).with("block", format!("{option} {block}"))
}

/// An id as one word of a command line.
fn word(id: &Untrusted) -> String {
    shell_word(&id.shown_in(60))
}
