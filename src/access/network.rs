//! Whether the network lets this computer in (NET): a packet on its way to an address of the instance, and its reply.

mod acl;
pub(super) mod between;
mod group;
mod path;
mod route;
pub(super) mod vpcs;

use std::net::IpAddr;

use self::path::Path;
use super::case::{Case, with_denial};
use super::finding::Finding;
use super::{AddressKind, Jump, address};
use crate::model::Network;

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "net-acl-in",
    "net-acl-out",
    "net-acl-out-partly",
    "net-acl-shut",
    "net-acls-pending",
    "net-acls-unseen",
    "net-beyond-gateway",
    "net-gateway-detached",
    "net-group-closed",
    "net-group-shut",
    "net-group-stale",
    "net-group-unread",
    "net-groups-pending",
    "net-groups-unseen",
    "net-interface-unread",
    "net-kept",
    "net-list-unread",
    "net-no-peering",
    "net-open-to-all",
    "net-peerings-unseen",
    "net-public-access",
    "net-public-access-unknown",
    "net-public-access-unseen",
    "net-route-elsewhere",
    "net-route-list-unread",
    "net-route-none",
    "net-routes-pending",
    "net-routes-unseen",
    "net-source-unknown",
    "net-table-unread",
];

/// What is in the way of a connection from here to the instance's address; nothing where a jump host or another address is asked for.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    if !case.is_up() || case.options.jump != Jump::None || case.instance.id.is_hybrid() {
        return Vec::new();
    }
    let Some((address, kind)) = address(case.instance, case.options, case.local) else { return Vec::new() };
    let source = case.local.source_of(address);
    let is_public = match kind {
        AddressKind::Public => true,
        // IPv6 addresses are the same inside: only a source that was told comes through the internet gateway for certain.
        AddressKind::Ipv6 => source.is_some() && !is_routed(case, address),
        AddressKind::Private => false,
        // Whoever names an address knows a way to it that AWS cannot see.
        AddressKind::Fixed => return Vec::new(),
    };
    // What would decide is missing, where somebody told the source; else it is worth a word to whoever reads one instance.
    let missing = |finding: fn(&'static str, &'static str) -> Finding, code, told: &dyn Fn(Finding) -> Finding| {
        let found = told(finding("NET-1", code));
        (source.is_some() && is_public || case.tells_all).then_some(found).into_iter().collect::<Vec<_>>()
    };
    let weighs = if source.is_some() && is_public { Finding::withholds } else { Finding::unseen };
    let Some(network) = case.instance.network.known() else {
        return match case.instance.network.denial() {
            Some(denial) => missing(weighs, "net-groups-unseen", &|finding| with_denial(finding, denial)),
            None => missing(weighs, "net-groups-pending", &|finding| finding),
        };
    };
    let Some(interface) = case.instance.interfaces.iter().find(|interface| interface.has(address)) else {
        return missing(weighs, "net-interface-unread", &|finding| finding.with("address", address.to_string()));
    };
    let path = Path { case, network, interface, address, is_public, source };
    let mut findings = group::findings(&path);
    findings.extend(acl::findings(&path));
    if is_public {
        findings.extend(route::findings(&path));
    }
    findings.extend(kept(&path));
    findings
}

/// What was said of the connection is said by an older answer.
fn kept(path: &Path<'_>) -> Option<Finding> {
    let Network { groups, acls, route_tables, internet_gateways, subnets, .. } = path.network;
    let decide_all = [groups.refusal(), acls.refusal()];
    let decide_public = [route_tables.refusal(), internet_gateways.refusal(), subnets.refusal()];
    let all = decide_all.into_iter().chain(decide_public.into_iter().filter(|_| path.is_public)).flatten();
    let oldest = all.min_by_key(|refusal| refusal.told)?;
    let seconds = path.case.seconds_since(oldest.told).max(0).to_string();
    Some(with_denial(Finding::unseen("NET-1", "net-kept"), &oldest.denial).with("seconds", seconds))
}

/// Whether a route of this computer, other than the default one, leads to an address.
fn is_routed(case: &Case<'_>, address: IpAddr) -> bool {
    case.local.routes.iter().flatten().any(|network| network.contains(&address))
}
