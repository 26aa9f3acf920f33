//! Rules that are added to security groups.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::{FixId, named};
use crate::model::{GroupOpening, Instance, OpeningPeer, ResourceId};

/// The port of AWS's services.
const HTTPS: u16 = 443;

/// The address of the finding alone, in the group and on the port of the finding.
pub(super) fn to_me(found: &Found<'_>) -> Option<Plan> {
    let address = found.value::<IpAddr>("ip")?;
    let id = if address.is_ipv4() { FixId::OpenToMe } else { FixId::OpenToMe6 };
    let peer = OpeningPeer::Block(IpNet::from(address));
    plan(found, id, opening(found, found.value("group")?, false, found.value("port")?, peer))
}

/// The endpoint's group, on the port of the finding.
pub(super) fn to_endpoint(found: &Found<'_>) -> Option<Plan> {
    let peer = OpeningPeer::Group(found.value("endpoint-group")?);
    plan(found, FixId::OpenToEndpoint, opening(found, found.value("group")?, false, found.value("port")?, peer))
}

/// The endpoint's group lets out to the instance's group.
pub(super) fn endpoint_out(found: &Found<'_>) -> Option<Plan> {
    let peer = OpeningPeer::Group(found.value("group")?);
    plan(found, FixId::OpenEndpointOut, opening(found, found.value("endpoint-group")?, true, found.value("port")?, peer))
}

/// The jump host's group, on the port of the finding.
pub(super) fn to_jump_host(found: &Found<'_>) -> Option<Plan> {
    let peer = OpeningPeer::Group(found.value("jump-group")?);
    plan(found, FixId::OpenToJumpHost, opening(found, found.value("group")?, false, found.value("port")?, peer))
}

/// The group of the instance through which a tunnel leads, on the port to which it leads.
pub(super) fn to_forwarding(found: &Found<'_>) -> Option<Plan> {
    let peer = OpeningPeer::Group(found.value("own-group")?);
    let opening = opening(found, found.value("group")?, false, found.value("port")?, peer);
    let target: String = found.value("target")?;
    let consequences = vec![who_else_has(found, &opening.group, |other| target.contains(other.id.as_str()))];
    Some(Plan { id: FixId::OpenToJumpHost, changes: vec![Change::OpenGroup(opening)], consequences })
}

/// The agent may speak to Systems Manager: to its endpoints where names lead there, else to the internet.
pub(super) fn agent_out(found: &Found<'_>) -> Option<Plan> {
    let target = found.value::<String>("target")?;
    let peer = if target == "internet" {
        OpeningPeer::Block(IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0)))
    } else {
        let first = target.split(", ").next()?;
        let endpoints = found.network()?.vpc_endpoints.known()?;
        let group = endpoints.iter().find(|own| own.id.raw() == first)?.groups.first()?;
        OpeningPeer::Group(group.raw().parse().ok()?)
    };
    plan(found, FixId::OpenAgentOut, opening(found, found.value("group")?, true, HTTPS, peer))
}

/// The endpoint of a service lets the instance's group in.
pub(super) fn to_service_endpoint(found: &Found<'_>) -> Option<Plan> {
    let peer = OpeningPeer::Group(found.value("own-group")?);
    let mut plan = plan(found, FixId::OpenServiceEndpoint, opening(found, found.value("group")?, false, HTTPS, peer))?;
    // Whoever else has the endpoint's group is not an instance that is known by it.
    plan.consequences.clear();
    Some(plan)
}

fn opening(found: &Found<'_>, group: ResourceId, is_egress: bool, port: u16, peer: OpeningPeer) -> GroupOpening {
    GroupOpening { group, is_egress, port, peer, description: found.description() }
}

fn plan(found: &Found<'_>, id: FixId, opening: GroupOpening) -> Option<Plan> {
    let consequences = vec![who_has(found, &opening.group)];
    Some(Plan { id, changes: vec![Change::OpenGroup(opening)], consequences })
}

/// Who else has the group.
pub(super) fn who_has(found: &Found<'_>, group: &ResourceId) -> Consequence {
    who_else_has(found, group, |other| other.id == found.instance.id)
}

fn who_else_has(found: &Found<'_>, group: &ResourceId, is_meant: impl Fn(&Instance) -> bool) -> Consequence {
    let Some(others) = found.others else { return Consequence::GroupUnread(group.to_string()) };
    let has = |other: &Instance| {
        let on_interfaces = other.interfaces.iter().flat_map(|interface| &interface.groups);
        !is_meant(other) && on_interfaces.into_iter().any(|own| own.raw() == group.as_str())
    };
    let names: Vec<String> = others.iter().filter(|other| has(other)).map(|other| named(other)).collect();
    if names.is_empty() { Consequence::GroupOfOne(group.to_string()) } else { Consequence::GroupShared(group.to_string(), names) }
}
