//! What groups and ACLs of the instance let out, and back in: SSM-14.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::node::{Node, PORT, ids, word};
use crate::access::case::with_denial;
use crate::access::finding::Finding;
use crate::access::network::between::{Barrier, End, barrier};
use crate::model::{Direction, Fact, Passage, Peer, VpcEndpoint, Whereabouts};

/// The ports to which replies come.
const REPLIES: RangeInclusive<u16> = 1024..=65535;

/// Towards the internet, whatever the address there.
pub(super) fn to_internet(node: &Node<'_>) -> Vec<Finding> {
    let anywhere = IpNet::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0).map_or(Whereabouts::Anywhere, Whereabouts::Within);
    let mut findings: Vec<Finding> = groups(node, "internet", &[Peer { address: anywhere, groups: &[] }]).into_iter().collect();
    if let Fact::Hidden(denial) = &node.network.acls {
        findings.push(with_denial(Finding::unseen("SSM-14", "ssm-acls-unseen"), denial));
    }
    let Some(acl) = node.acl_of(node.subnet) else { return findings };
    let said = |finding: Finding| {
        let finding = finding.with("acl", acl.id.shown_in(40)).with("acl-word", word(&acl.id));
        finding.with("place", node.case.place_flags()).with_remedy()
    };
    if acl.is_shut(Direction::Out, PORT) {
        findings.push(said(Finding::blocks("SSM-14", "ssm-acl-out")));
    }
    if acl.are_shut(Direction::In, REPLIES) {
        findings.push(said(Finding::blocks("SSM-14", "ssm-acl-replies")));
    }
    findings
}

/// Towards endpoints that are alike.
pub(super) fn to_endpoint(node: &Node<'_>, same: &[&VpcEndpoint]) -> Vec<Finding> {
    let Some(first) = same.first() else { return Vec::new() };
    let known = node.network.subnets.known();
    let block_of = |id| known.and_then(|all| all.get(id))?.blocks.iter().find(|block| block.addr().is_ipv4()).copied();
    let places: Vec<_> = first.subnets.iter().map(|id| (id, block_of(id))).collect();
    let peer = |block: Option<IpNet>| Peer {
        address: block.map_or(Whereabouts::Anywhere, Whereabouts::Within),
        groups: first.groups.as_slice(),
    };
    let peers: Vec<Peer<'_>> = places.iter().map(|(_, block)| peer(*block)).collect();
    let own = End { subnet: node.subnet, block: IpNet::from(node.address) };
    let barriers: Option<Vec<Barrier<'_>>> =
        places.iter().map(|(subnet, block)| barrier(node.network, own, End { subnet, block: (*block)? }, PORT)).collect();
    // The name stands for one address in each subnet: where one of them can be reached, the agent tries on.
    let first_barrier = barriers.as_deref().and_then(<[_]>::first).map(|kept| {
        let acl =
            Finding::blocks("SSM-14", "ssm-endpoint-acl").with("endpoints", ids(same)).with("acl", kept.acl.id.shown_in(40));
        acl.with("way", if kept.is_reply { "reply" } else { "packet" })
    });
    groups(node, &ids(same), &peers).into_iter().chain(first_barrier).collect()
}

/// What the groups let out: closed where they are to all of these.
fn groups(node: &Node<'_>, target: &str, peers: &[Peer<'_>]) -> Option<Finding> {
    if let Fact::Hidden(denial) = &node.network.groups {
        return Some(with_denial(Finding::unseen("SSM-14", "ssm-outbound-unseen"), denial));
    }
    let groups = &node.interface.groups;
    let passages: Vec<Passage> = peers.iter().map(|peer| node.network.passage(groups, Direction::Out, PORT, *peer)).collect();
    let said = |finding: Finding| {
        let finding = finding.with("groups", node.groups()).with("target", target.to_owned());
        let group = groups.first().map(word).unwrap_or_default();
        finding.with("group", group).with("place", node.case.place_flags())
    };
    if passages.contains(&Passage::Open) {
        return node.case.passes("SSM-14", "ssm-outbound-open").map(said);
    }
    if !groups.is_empty() && !passages.is_empty() && passages.iter().all(|passage| *passage == Passage::Closed) {
        return Some(said(Finding::blocks("SSM-14", "ssm-outbound-closed")).with_remedy());
    }
    Some(said(Finding::unseen("SSM-14", "ssm-outbound-unclear")))
}
