//! What a security group lets through, as `DescribeSecurityGroups` says it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{Fact, Untrusted};

/// The rules of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupRules {
    /// What may come in.
    pub ingress: Vec<GroupRule>,
    /// What may go out.
    pub egress: Vec<GroupRule>,
    /// The groups behind a peering that is not active, which its rules name: they let nobody through.
    pub stale: Vec<Untrusted>,
}

/// One rule: these ports, to or from any of these peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// The TCP ports it is about.
    pub ports: TcpPorts,
    /// Address blocks.
    pub blocks: Vec<IpNet>,
    /// Groups, by id: whatever has one of them is meant.
    pub groups: Vec<Untrusted>,
    /// Prefix lists, by id: what is in them costs a call of its own.
    pub prefix_lists: Vec<Untrusted>,
}

/// Which TCP ports a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TcpPorts {
    /// All: the protocol is `-1`, or TCP without a limit.
    All,
    /// From the first to the last, both included.
    Range(u16, u16),
    /// None: it is about another protocol.
    None,
}

impl TcpPorts {
    /// Whether `port` is among them.
    pub fn hold(self, port: u16) -> bool {
        match self {
            Self::All => true,
            Self::Range(first, last) => (first..=last).contains(&port),
            Self::None => false,
        }
    }
}

/// What is in prefix lists, by id: those that were asked for.
pub type PrefixLists = BTreeMap<Untrusted, Fact<Vec<IpNet>>>;

/// The other end of a connection, as a rule may name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer<'a> {
    /// Its address, as far as it is known.
    pub address: Whereabouts,
    /// Its groups, by id.
    pub groups: &'a [Untrusted],
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// It is this one.
    At(IpAddr),
    /// It is one of this block.
    Within(IpNet),
    /// It may be any.
    Anywhere,
}

impl Whereabouts {
    /// Whether it is in a block; `None`: it may be.
    fn is_in(self, block: &IpNet) -> Option<bool> {
        match self {
            Self::At(address) => Some(block.contains(&address)),
            Self::Within(own) if block.contains(&own) => Some(true),
            Self::Within(own) => (!own.contains(block)).then_some(false),
            Self::Anywhere => (block.prefix_len() == 0).then_some(true),
        }
    }
}

/// Whether rules let a connection through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// A rule does.
    Open,
    /// No rule does.
    Closed,
    /// It depends on what is not known: the peer's address, or a prefix list.
    Unknown,
}

/// Whether one of these rules lets TCP to `port` through, with this peer at the other end.
pub fn passage<'r>(rules: impl Iterator<Item = &'r GroupRule>, port: u16, peer: Peer<'_>, lists: &PrefixLists) -> Passage {
    let mut is_open_question = false;
    for rule in rules.filter(|rule| rule.ports.hold(port)) {
        if rule.groups.iter().any(|group| peer.groups.contains(group)) {
            return Passage::Open;
        }
        let listed = rule.prefix_lists.iter().map(|list| lists.get(list).and_then(Fact::known));
        for blocks in listed.chain([Some(&rule.blocks)]) {
            let is_in = |block| peer.address.is_in(block);
            match blocks {
                Some(blocks) if blocks.iter().any(|block| is_in(block) == Some(true)) => return Passage::Open,
                Some(blocks) => is_open_question |= blocks.iter().any(|block| is_in(block).is_none()),
                None => is_open_question = true,
            }
        }
    }
    if is_open_question { Passage::Unknown } else { Passage::Closed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(ports: TcpPorts, blocks: &[&str], groups: &[&str], prefix_lists: &[&str]) -> GroupRule {
        let texts = |texts: &[&str]| texts.iter().map(|text| Untrusted::from(*text)).collect();
        let blocks = blocks.iter().map(|block| block.parse().unwrap()).collect();
        GroupRule { ports, blocks, groups: texts(groups), prefix_lists: texts(prefix_lists) }
    }

    fn through(rules: &[GroupRule], address: Option<&str>) -> Passage {
        let groups = [Untrusted::from("sg-eice")];
        let address = match address {
            Some(block) if block.contains('/') => Whereabouts::Within(block.parse().unwrap()),
            Some(address) => Whereabouts::At(address.parse().unwrap()),
            None => Whereabouts::Anywhere,
        };
        let lists = [("pl-read".into(), Fact::Known(vec!["10.0.0.0/24".parse().unwrap()]))].into();
        passage(rules.iter(), 22, Peer { address, groups: &groups }, &lists)
    }

    #[test]
    fn a_group_a_block_or_a_list_may_let_in() {
        let ssh = TcpPorts::Range(22, 22);
        for (rules, address, expected) in [
            (vec![], Some("10.0.0.9"), Passage::Closed),
            (vec![rule(ssh, &[], &["sg-eice"], &[])], None, Passage::Open),
            (vec![rule(ssh, &[], &["sg-web"], &[])], None, Passage::Closed),
            (vec![rule(TcpPorts::Range(20, 21), &["0.0.0.0/0"], &["sg-eice"], &[])], Some("10.0.0.9"), Passage::Closed),
            (vec![rule(TcpPorts::None, &["0.0.0.0/0"], &["sg-eice"], &[])], Some("10.0.0.9"), Passage::Closed),
            (vec![rule(TcpPorts::All, &["10.0.0.0/16"], &[], &[])], Some("10.0.0.9"), Passage::Open),
            (vec![rule(TcpPorts::All, &["10.1.0.0/16"], &[], &[])], Some("10.0.0.9"), Passage::Closed),
            (vec![rule(TcpPorts::All, &["10.1.0.0/16"], &[], &[])], None, Passage::Unknown),
            (vec![rule(TcpPorts::All, &["0.0.0.0/0"], &[], &[])], None, Passage::Open),
            (vec![rule(ssh, &[], &[], &["pl-1"])], Some("10.0.0.9"), Passage::Unknown),
            (vec![rule(ssh, &[], &[], &["pl-read"])], Some("10.0.0.9"), Passage::Open),
            (vec![rule(ssh, &[], &[], &["pl-read"])], Some("10.0.1.9"), Passage::Closed),
            (vec![rule(ssh, &[], &[], &["pl-read"])], None, Passage::Unknown),
            (vec![rule(ssh, &["10.0.0.0/16"], &[], &[])], Some("10.0.3.0/24"), Passage::Open),
            (vec![rule(ssh, &["10.1.0.0/16"], &[], &[])], Some("10.0.3.0/24"), Passage::Closed),
            (vec![rule(ssh, &["10.0.3.7/32"], &[], &[])], Some("10.0.3.0/24"), Passage::Unknown),
            (vec![rule(ssh, &[], &[], &["pl-1"]), rule(ssh, &["10.0.0.9/32"], &[], &[])], Some("10.0.0.9"), Passage::Open),
        ] {
            assert_eq!(through(&rules, address), expected, "{rules:?}");
        }
    }
}
