//! What network ACLs let through between two subnets of one VPC: EICE-9, BAST-5. Within one subnet they are not asked.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use crate::model::{AclPassage, Direction, Fact, Network, NetworkAcl, Untrusted};

/// One end of a connection inside a VPC.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) struct End<'a> {
    /// The subnet it is in.
    pub(in crate::access) subnet: &'a Untrusted,
    /// Its address, or the block that it is in.
    pub(in crate::access) block: IpNet,
}

/// An ACL that surely lets a connection or its reply not through.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) struct Barrier<'a> {
    /// The ACL.
    pub(in crate::access) acl: &'a NetworkAcl,
    /// Whether it is the reply that it keeps.
    pub(in crate::access) is_reply: bool,
}

/// The ports to which replies go.
const REPLIES: RangeInclusive<u16> = 1024..=65535;

/// The first ACL on the way from one end to a port of the other, and back, that lets nothing through.
pub(in crate::access) fn barrier<'n>(network: &'n Network, from: End<'_>, to: End<'_>, port: u16) -> Option<Barrier<'n>> {
    let (Fact::Known(acls) | Fact::Kept(acls, _)) = &network.acls else { return None };
    if from.subnet == to.subnet {
        return None;
    }
    let of = |end: End<'_>| acls.iter().find(|acl| acl.subnets.contains(end.subnet));
    let hops = [
        (of(from), Direction::Out, port..=port, to.block, false),
        (of(to), Direction::In, port..=port, from.block, false),
        (of(to), Direction::Out, REPLIES, from.block, true),
        (of(from), Direction::In, REPLIES, to.block, true),
    ];
    hops.into_iter().find_map(|(acl, direction, ports, block, is_reply)| {
        let acl = acl?;
        keeps_all(acl, direction, ports, block).then_some(Barrier { acl, is_reply })
    })
}

/// Whether none of these ports passes for any address of the block. An entry about a part of it leaves that open.
fn keeps_all(acl: &NetworkAcl, direction: Direction, ports: RangeInclusive<u16>, block: IpNet) -> bool {
    let is_split = acl.entries.iter().any(|entry| entry.block != block && block.contains(&entry.block));
    let any: IpAddr = block.addr();
    !is_split && matches!(acl.passes(direction, ports, any), AclPassage::None(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AclEntry, TcpPorts};

    fn acl(id: &str, subnet: &str, entries: &[(Direction, TcpPorts, &str)]) -> NetworkAcl {
        let entry = |(at, (direction, ports, block)): (usize, &(Direction, TcpPorts, &str))| AclEntry {
            number: i32::try_from(at).unwrap() + 1,
            is_egress: *direction == Direction::Out,
            allows: true,
            ports: *ports,
            block: block.parse().unwrap(),
        };
        let entries = entries.iter().enumerate().map(entry).collect();
        NetworkAcl { id: id.into(), subnets: vec![subnet.into()], entries }
    }

    fn kept(near: &[(Direction, TcpPorts, &str)], far: &[(Direction, TcpPorts, &str)]) -> Option<(String, bool)> {
        let acls = Fact::Known(vec![acl("near", "subnet-a", near), acl("far", "subnet-b", far)]);
        let network = Network { acls, ..Network::default() };
        let (a, b) = ("subnet-a".into(), "subnet-b".into());
        let from = End { subnet: &a, block: "10.0.1.0/24".parse().unwrap() };
        let to = End { subnet: &b, block: "10.0.2.7/32".parse().unwrap() };
        let found = barrier(&network, from, to, 22)?;
        Some((found.acl.id.raw().to_owned(), found.is_reply))
    }

    #[test]
    fn both_acls_are_asked_both_ways() {
        use Direction::{In, Out};
        let (all, any) = (TcpPorts::All, "0.0.0.0/0");
        let open = [(In, all, any), (Out, all, any)];

        assert_eq!(kept(&open, &open), None);
        assert_eq!(kept(&[(In, all, any)], &open), Some(("near".to_owned(), false)));
        assert_eq!(kept(&open, &[(Out, all, any)]), Some(("far".to_owned(), false)));
        assert_eq!(kept(&open, &[(In, all, any)]), Some(("far".to_owned(), true)));
        assert_eq!(kept(&[(Out, all, any)], &open), Some(("near".to_owned(), true)));
        let of_a_part = [(In, all, "10.0.1.128/25"), (Out, all, any)];
        assert_eq!(kept(&open, &of_a_part), None, "the endpoint may be in that part");
        assert_eq!(kept(&open, &[(In, all, "10.0.9.0/24"), (Out, all, any)]), Some(("far".to_owned(), false)));
    }
}
