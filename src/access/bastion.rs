//! Whether the jump hosts of a login let it through: their rules (BAST).

use std::net::IpAddr;

use super::case::{Case, denial_values};
use super::finding::Finding;
use super::jump::{Jump, JumpHost, shown_target};
use super::network::between::{End, barrier};
use super::network::vpcs::between;
use super::{AddressChoice, Verdict, address};
use crate::model::{Direction, Fact, Instance, Network, Passage, Peer, Untrusted, Whereabouts};
use crate::text::shell_word;

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "jump-acl",
    "jump-acl-replies",
    "jump-ambiguous",
    "jump-closed",
    "jump-elsewhere",
    "jump-group-closed",
    "jump-group-unclear",
    "jump-groups-pending",
    "jump-groups-unseen",
    "jump-loop",
    "jump-missing",
    "jump-outbound-closed",
    "jump-outbound-unclear",
    "jump-too-long",
    "jump-unclear",
    "jump-unread",
];

/// What is in the way of going through the jump host that is asked for; nothing where none is.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    match &case.options.jump {
        Jump::None => Vec::new(),
        Jump::Named(typed) => vec![Finding::withholds("BAST-1", "jump-unread").with("jump", shown_target(typed))],
        Jump::Broken(fault) => vec![Finding::blocks("BAST-1", fault.code()).with("chain", fault.shown()).with_remedy()],
        Jump::Through(host) => entered(host).into_iter().chain(passed_on(case, host)).collect(),
    }
}

/// BAST-1: the jump host has a way in by ssh.
fn entered(host: &JumpHost) -> Option<Finding> {
    let finding = match host.way {
        Some((_, Verdict::Works | Verdict::Likely)) => return None,
        Some((_, Verdict::Unknown)) => Finding::withholds("BAST-1", "jump-unclear"),
        Some((_, Verdict::Blocked | Verdict::NotApplicable)) | None => Finding::blocks("BAST-1", "jump-closed"),
    };
    Some(finding.with("jump", host.instance.shown()).with("id", host.instance.id.as_str()).with_remedy())
}

/// BAST-2 to BAST-4: the jump host comes to the instance.
fn passed_on(case: &Case<'_>, host: &JumpHost) -> Vec<Finding> {
    let (to, from) = (case.instance, &host.instance);
    // Whoever names an address knows a way to it that AWS cannot see.
    if !case.is_up() || matches!(case.options.address, AddressChoice::Fixed(_)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if to.vpc.is_none() || to.vpc != from.vpc {
        match elsewhere(case, from) {
            Some(peered) if peered.is_in_nobodys_way() => findings.push(peered),
            Some(finding) => return vec![finding],
            None => return vec![Finding::withholds("BAST-2", "jump-elsewhere").with("jump", from.shown())],
        }
    }
    let Some(network) = to.network.known() else {
        return vec![to.network.denial().map_or_else(|| pending(from), unseen)];
    };
    match &network.groups {
        Fact::Known(_) | Fact::Kept(..) => {}
        Fact::Hidden(denial) => return vec![unseen(denial)],
        Fact::Pending => return vec![pending(from)],
    }
    let Some((ip, _)) = address(to, case.options, case.local) else { return Vec::new() };
    let said = |finding: Finding| said(finding, case, from);
    match lets_in(to, from, ip, network, case.options.port) {
        Let::Through(_) => {}
        Let::Nothing => findings.push(said(Finding::blocks("BAST-3", "jump-group-closed")).with_remedy()),
        Let::Unclear => findings.push(said(Finding::withholds("BAST-3", "jump-group-unclear"))),
    }
    match lets_out(from, to, ip, network, case.options.port) {
        Passage::Open => {}
        Passage::Closed => findings.push(said(Finding::blocks("BAST-4", "jump-outbound-closed"))),
        Passage::Unknown => findings.push(said(Finding::unseen("BAST-4", "jump-outbound-unclear"))),
    }
    findings.extend(acls(case, from, network, ip));
    findings
}

/// NET-11, NET-12: replies get to the VPC of the jump host.
fn elsewhere(case: &Case<'_>, from: &Instance) -> Option<Finding> {
    let network = case.instance.network.known()?;
    let (ip, _) = address(case.instance, case.options, case.local)?;
    let subnet = case.instance.interfaces.iter().find(|interface| interface.has(ip))?.subnet.as_ref()?;
    between(case, network, subnet, from.vpc.as_ref()?, from_address(from, ip).map(Into::into))
}

/// BAST-5: the ACLs of two subnets let the login and its replies through.
fn acls(case: &Case<'_>, from: &Instance, network: &Network, ip: IpAddr) -> Option<Finding> {
    let own = case.instance.interfaces.iter().find(|interface| interface.has(ip))?.subnet.as_ref()?;
    // A public address is reached from outside, and of several interfaces it is not told which one is left by.
    if case.instance.public_ip.map(IpAddr::V4) == Some(ip) || from.interfaces.len() > 1 {
        return None;
    }
    let address = from_address(from, ip)?;
    let its = from.interfaces.iter().find(|interface| interface.has(address))?.subnet.as_ref()?;
    let (near, far) = (End { subnet: its, block: address.into() }, End { subnet: own, block: ip.into() });
    let port = case.options.port;
    let barrier = barrier(network, near, far, port)?;
    let code = if barrier.is_reply { "jump-acl-replies" } else { "jump-acl" };
    let found = Finding::blocks("BAST-5", code).with("acl", barrier.acl.id.shown_in(40));
    Some(found.with("jump", from.shown()).with("port", port.to_string()))
}

fn unseen(denial: &crate::model::Denial) -> Finding {
    let [action, why] = denial_values(denial);
    Finding::withholds("BAST-3", "jump-groups-unseen").with(action.0, action.1).with(why.0, why.1)
}

fn pending(from: &Instance) -> Finding {
    Finding::withholds("BAST-3", "jump-groups-pending").with("jump", from.shown())
}

fn said(finding: Finding, case: &Case<'_>, from: &Instance) -> Finding {
    let (own, its) = (group_ids(case.instance), group_ids(from));
    let first = |ids: &[Untrusted]| ids.first().map(|id| shell_word(&id.shown_in(40))).unwrap_or_default();
    finding
        .with("jump", from.shown())
        .with("port", case.options.port.to_string())
        .with("groups", joined(&own))
        .with("jump-groups", joined(&its))
        .with("group", first(&own))
        .with("jump-group", first(&its))
        .with("place", case.place_flags())
}

/// How groups let an instance in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Let {
    /// They do: by naming one of its groups, or by its address.
    Through(LetBy),
    /// They do not.
    Nothing,
    /// It is not known.
    Unclear,
}

/// By what a rule lets an instance in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LetBy {
    /// It names one of its groups.
    Group,
    /// It names a block that holds its private address.
    Address,
}

/// BAST-3: whether the groups of `to` let `from`, of the same VPC, in on a port. Its public address never counts.
pub(super) fn lets_in(to: &Instance, from: &Instance, ip: IpAddr, network: &Network, port: u16) -> Let {
    let (own, groups) = (to.groups_at(ip), group_ids(from));
    let Some(rules) = network.rules_of(&own, Direction::In) else { return Let::Unclear };
    if rules.iter().any(|rule| rule.ports.hold(port) && rule.groups.iter().any(|group| groups.contains(group))) {
        return Let::Through(LetBy::Group);
    }
    // Which of several interfaces a connection leaves by, its routes decide.
    let only = from_address(from, ip).filter(|_| from.interfaces.len() < 2);
    match network.passage(
        &own,
        Direction::In,
        port,
        Peer { address: only.map_or(Whereabouts::Anywhere, Whereabouts::At), groups: &groups },
    ) {
        Passage::Open => Let::Through(LetBy::Address),
        Passage::Closed => Let::Nothing,
        Passage::Unknown => Let::Unclear,
    }
}

/// BAST-4: whether the groups of `from` let it out to `to`.
pub(super) fn lets_out(from: &Instance, to: &Instance, ip: IpAddr, network: &Network, port: u16) -> Passage {
    let peer = Peer { address: Whereabouts::At(ip), groups: &to.groups_at(ip) };
    network.passage(&group_ids(from), Direction::Out, port, peer)
}

/// The address of the family of `to` that a jump host has.
fn from_address(from: &Instance, to: IpAddr) -> Option<IpAddr> {
    match to {
        IpAddr::V4(_) => from.private_ip.map(IpAddr::V4),
        IpAddr::V6(_) => from.ipv6.first().copied().map(IpAddr::V6),
    }
}

fn group_ids(instance: &Instance) -> Vec<Untrusted> {
    instance.security_groups.iter().map(|group| group.id.clone()).collect()
}

fn joined(ids: &[Untrusted]) -> String {
    ids.iter().map(|id| id.shown_in(40)).collect::<Vec<_>>().join(", ")
}
