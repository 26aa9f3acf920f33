//! What the security groups of the interface let in: NET-1, NET-3 to NET-5.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::path::{Path, word};
use crate::access::finding::Finding;
use crate::model::{Direction, Fact, GroupRule, Passage, Peer, Whereabouts};

/// Most address blocks that a sentence names.
const MOST_BLOCKS: usize = 5;
/// The ports whose being open to all is told (NET-4).
const ADMIN_PORTS: [u16; 2] = [22, 3389];

/// What is said of the groups.
pub(super) fn findings(path: &Path<'_>) -> Vec<Finding> {
    match &path.network.groups {
        Fact::Known(_) | Fact::Kept(..) => {}
        Fact::Pending => return path.open_question("NET-1", "net-groups-pending", |finding| finding).into_iter().collect(),
        Fact::Hidden(denial) => return path.refused("NET-1", "net-groups-unseen", denial, true).into_iter().collect(),
    }
    // One that is not among those of the VPC was shared from another account, or is new.
    let groups = &path.interface.groups;
    let Some(rules) = path.network.rules_of(groups, Direction::In).filter(|_| !groups.is_empty()) else {
        return path.open_question("NET-1", "net-group-unread", |finding| path.said(finding)).into_iter().collect();
    };
    let port = path.case.options.port;
    let of_port: Vec<&GroupRule> = rules.into_iter().filter(|rule| rule.ports.hold(port)).collect();
    let lets_in = if path.is_public { public(path, &of_port) } else { private(path, &of_port) };
    lets_in.into_iter().chain(open_to_all(path, &of_port)).chain(stale(path)).collect()
}

/// NET-1 from the internet. Whoever has a group comes by a private address, so groups that a rule names let nobody in from there.
fn public(path: &Path<'_>, rules: &[&GroupRule]) -> Option<Finding> {
    if rules.iter().all(|rule| rule.blocks.is_empty() && rule.prefix_lists.is_empty()) {
        return Some(closed(path));
    }
    let peer = Peer { address: path.source.map_or(anybody(path), Whereabouts::At), groups: &[] };
    match passage_of(path, rules, peer) {
        Passage::Open => path.case.passes("NET-1", "net-group-open").map(|finding| path.said(finding)),
        Passage::Closed => Some(closed(path)),
        Passage::Unknown if path.source.is_some() => path.open_question("NET-2", "net-list-unread", |finding| {
            let lists = rules.iter().flat_map(|rule| &rule.prefix_lists).map(|list| list.shown_in(40));
            path.said(finding).with("lists", lists.collect::<Vec<_>>().join(", "))
        }),
        Passage::Unknown => path.case.told(|| {
            let mut blocks: Vec<String> = blocks_of_family(path, rules).collect();
            blocks.extend(rules.iter().flat_map(|rule| &rule.prefix_lists).map(|list| list.shown_in(40)));
            if blocks.len() > MOST_BLOCKS {
                blocks.truncate(MOST_BLOCKS);
                blocks.push("…".to_owned());
            }
            path.said(Finding::unseen("NET-3", "net-source-unknown")).with("sources", blocks.join(", ")).with_remedy()
        }),
    }
}

/// NET-1 on a private path, where AWS sees another source than we do: closed only if the port is open to nobody.
fn private(path: &Path<'_>, rules: &[&GroupRule]) -> Option<Finding> {
    if rules.iter().all(|rule| rule.blocks.is_empty() && rule.groups.is_empty() && rule.prefix_lists.is_empty()) {
        return Some(path.said(Finding::blocks("NET-1", "net-group-shut")));
    }
    path.case.told(|| path.said(Finding::seems("NET-1", "net-group-open-to-some")))
}

/// NET-4: anybody may try the port.
fn open_to_all(path: &Path<'_>, rules: &[&GroupRule]) -> Option<Finding> {
    let port = path.case.options.port;
    let is_open = passage_of(path, rules, Peer { address: anybody(path), groups: &[] }) == Passage::Open;
    if !is_open || !ADMIN_PORTS.contains(&port) || !path.is_public {
        return None;
    }
    path.case.told(|| path.said(Finding::notes("NET-4", "net-open-to-all")))
}

/// NET-5: a rule names a group behind a peering that is gone.
fn stale(path: &Path<'_>) -> Option<Finding> {
    let known = path.network.groups.known()?;
    let gone: Vec<String> = path
        .interface
        .groups
        .iter()
        .filter_map(|id| known.get(id))
        .flat_map(|own| &own.stale)
        .map(|id| id.shown_in(40))
        .collect();
    if gone.is_empty() {
        return None;
    }
    let vpc = path.case.instance.vpc.as_ref().map(word).unwrap_or_default();
    path.case.told(|| {
        path.said(Finding::notes("NET-5", "net-group-stale")).with("gone", gone.join(", ")).with("vpc", vpc).with_remedy()
    })
}

fn closed(path: &Path<'_>) -> Finding {
    match path.source {
        Some(_) => path.said(Finding::blocks("NET-1", "net-group-closed")).with_remedy(),
        None => path.said(Finding::blocks("NET-1", "net-group-shut")),
    }
}

fn passage_of(path: &Path<'_>, rules: &[&GroupRule], peer: Peer<'_>) -> Passage {
    crate::model::passage(rules.iter().copied(), path.case.options.port, peer, &path.network.prefix_lists)
}

/// Any address of the family of the address that is gone to.
fn anybody(path: &Path<'_>) -> Whereabouts {
    let nowhere: IpAddr = if path.address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    IpNet::new(nowhere, 0).map_or(Whereabouts::Anywhere, Whereabouts::Within)
}

/// The blocks of the address's family that are let in.
fn blocks_of_family<'r>(path: &Path<'_>, rules: &'r [&GroupRule]) -> impl Iterator<Item = String> + 'r {
    let is_v4 = path.address.is_ipv4();
    rules.iter().flat_map(|rule| &rule.blocks).filter(move |block| block.addr().is_ipv4() == is_v4).map(ToString::to_string)
}
