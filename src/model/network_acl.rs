//! A network ACL, as `DescribeNetworkAcls` says it: the first entry that matches decides, and replies need one of their own.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::{TcpPorts, Untrusted};

/// The ACL of some subnets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkAcl {
    /// The ACL's id.
    pub id: Untrusted,
    /// The subnets that it is of, by id.
    pub subnets: Vec<Untrusted>,
    /// Its entries, in the order of their numbers.
    pub entries: Vec<AclEntry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclEntry {
    /// Its number; 32767 is the end of every ACL, which denies.
    pub number: i32,
    /// Whether it is about what leaves the subnet.
    pub is_egress: bool,
    /// Whether it lets through.
    pub allows: bool,
    /// The TCP ports it is about.
    pub ports: TcpPorts,
    /// The addresses it is about.
    pub block: IpNet,
}

/// Which way a packet goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Into the subnet.
    In,
    /// Out of it.
    Out,
}

/// How many of some ports an ACL lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AclPassage<'a> {
    /// All of them.
    All,
    /// Some; the first that does not pass, and the entry that denies it.
    Some(u16, Option<&'a AclEntry>),
    /// None; the entry that denies the first of them.
    None(Option<&'a AclEntry>),
}

impl NetworkAcl {
    /// Which of these TCP ports pass, with `address` at the far end.
    pub fn passes(&self, way: Direction, ports: RangeInclusive<u16>, address: IpAddr) -> AclPassage<'_> {
        self.passing(way, ports, |entry| entry.block.contains(&address))
    }

    /// Whether this port passes from or to no address at all.
    pub fn is_shut(&self, way: Direction, port: u16) -> bool {
        // An allowing entry is shut where denying ones before it hold all of its addresses.
        let mut denied: Vec<IpNet> = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.is(way) && entry.ports.hold(port)) {
            if entry.allows && !covered(&entry.block, &denied) {
                return false;
            }
            if !entry.allows {
                denied.push(entry.block);
            }
        }
        true
    }

    /// Whether none of these ports passes from or to any address.
    pub fn are_shut(&self, way: Direction, ports: RangeInclusive<u16>) -> bool {
        let entries: Vec<&AclEntry> = self.entries.iter().filter(|entry| entry.is(way)).collect();
        borders(&entries, &ports).into_iter().all(|port| self.is_shut(way, port))
    }

    fn passing(&self, way: Direction, ports: RangeInclusive<u16>, holds: impl Fn(&AclEntry) -> bool) -> AclPassage<'_> {
        let entries: Vec<&AclEntry> = self.entries.iter().filter(|entry| entry.is(way) && holds(entry)).collect();
        let mut denied: Option<(u16, Option<&AclEntry>)> = None;
        let mut passes = false;
        // Between two borders of entries every port fares alike.
        for port in borders(&entries, &ports) {
            match entries.iter().find(|entry| entry.ports.hold(port)) {
                Some(entry) if entry.allows => passes = true,
                other => denied = denied.or(Some((port, other.copied()))),
            }
        }
        match (denied, passes) {
            (None, _) => AclPassage::All,
            (Some((port, entry)), true) => AclPassage::Some(port, entry),
            (Some((_, entry)), false) => AclPassage::None(entry),
        }
    }
}

impl AclEntry {
    fn is(&self, way: Direction) -> bool {
        self.is_egress == (way == Direction::Out)
    }
}

/// The first port of `ports`, and each in it at which an entry begins, or has just ended.
fn borders(entries: &[&AclEntry], ports: &RangeInclusive<u16>) -> Vec<u16> {
    let mut all = vec![*ports.start()];
    for entry in entries {
        if let TcpPorts::Range(first, last) = entry.ports {
            all.extend([Some(first), last.checked_add(1)].into_iter().flatten().filter(|port| ports.contains(port)));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether every address of `block` is in one of `others`, alone or together.
fn covered(block: &IpNet, others: &[IpNet]) -> bool {
    let of_family = others.iter().filter(|other| other.addr().is_ipv4() == block.addr().is_ipv4());
    let inside: Vec<IpNet> = of_family.filter(|other| other.contains(block) || block.contains(*other)).copied().collect();
    IpNet::aggregate(&inside).iter().any(|other| other.contains(block))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: i32, way: Direction, allows: bool, ports: TcpPorts, block: &str) -> AclEntry {
        AclEntry { number, is_egress: way == Direction::Out, allows, ports, block: block.parse().unwrap() }
    }

    fn acl(entries: Vec<AclEntry>) -> NetworkAcl {
        NetworkAcl { id: "acl-1".into(), subnets: vec!["subnet-a".into()], entries }
    }

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    const SSH: TcpPorts = TcpPorts::Range(22, 22);

    #[test]
    fn the_first_entry_that_matches_decides() {
        let acl = acl(vec![
            entry(90, Direction::In, false, SSH, "203.0.113.0/24"),
            entry(100, Direction::In, true, TcpPorts::All, "0.0.0.0/0"),
            entry(32767, Direction::In, false, TcpPorts::All, "0.0.0.0/0"),
        ]);

        assert_eq!(acl.passes(Direction::In, 22..=22, at("203.0.113.9")), AclPassage::None(Some(&acl.entries[0])));
        assert_eq!(acl.passes(Direction::In, 80..=80, at("203.0.113.9")), AclPassage::All);
        assert_eq!(acl.passes(Direction::In, 22..=22, at("198.51.100.1")), AclPassage::All);
        assert_eq!(
            acl.passes(Direction::Out, 1024..=65535, at("198.51.100.1")),
            AclPassage::None(None),
            "nothing is said of what leaves"
        );
        assert_eq!(acl.passes(Direction::In, 22..=22, at("2001:db8::1")), AclPassage::None(None), "nor of this family");
    }

    #[test]
    fn of_a_range_some_ports_may_pass() {
        let acl = acl(vec![
            entry(100, Direction::Out, true, TcpPorts::Range(32768, 60999), "0.0.0.0/0"),
            entry(110, Direction::Out, false, TcpPorts::Range(40000, 40000), "0.0.0.0/0"),
            entry(32767, Direction::Out, false, TcpPorts::All, "0.0.0.0/0"),
        ]);

        assert_eq!(acl.passes(Direction::Out, 32768..=60999, at("198.51.100.1")), AclPassage::All);
        assert_eq!(acl.passes(Direction::Out, 1024..=65535, at("198.51.100.1")), AclPassage::Some(1024, Some(&acl.entries[2])));
        assert_eq!(acl.passes(Direction::Out, 1024..=1100, at("198.51.100.1")), AclPassage::None(Some(&acl.entries[2])));
        assert_eq!(acl.passes(Direction::Out, 60000..=65535, at("198.51.100.1")), AclPassage::Some(61000, Some(&acl.entries[2])));
    }

    #[test]
    fn a_port_is_shut_where_nothing_that_allows_it_is_left() {
        let deny = |number, block| entry(number, Direction::In, false, TcpPorts::All, block);
        let allow = |number, block| entry(number, Direction::In, true, SSH, block);

        assert!(acl(vec![]).is_shut(Direction::In, 22));
        assert!(acl(vec![deny(90, "0.0.0.0/0"), allow(100, "0.0.0.0/0")]).is_shut(Direction::In, 22));
        assert!(acl(vec![deny(90, "10.0.0.0/9"), deny(91, "10.128.0.0/9"), allow(100, "10.0.0.0/8")]).is_shut(Direction::In, 22));
        assert!(!acl(vec![deny(90, "10.0.0.0/9"), allow(100, "10.0.0.0/8")]).is_shut(Direction::In, 22));
        assert!(!acl(vec![deny(90, "0.0.0.0/0"), allow(100, "::/0")]).is_shut(Direction::In, 22));
        assert!(acl(vec![allow(100, "0.0.0.0/0")]).is_shut(Direction::In, 80));
        let last = |first| acl(vec![entry(100, Direction::In, true, TcpPorts::Range(first, 65_535), "10.0.0.0/8")]);
        assert!(!last(65_535).are_shut(Direction::In, 1_024..=65_535), "one of them passes");
        assert!(last(50_000).are_shut(Direction::In, 1_024..=49_999));
    }
}
