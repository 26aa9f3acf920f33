//! Whether the network lets this computer in (NET): a packet on its way to an address of the instance, and its reply.

mod acl;
pub(super) mod between;
mod group;
mod path;
mod route;

use self::path::Path;
use super::case::Case;
use super::finding::Finding;
use super::{AddressKind, Jump, address};

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
