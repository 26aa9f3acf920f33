//! A rule that is added to a security group, and the rules that a group has one by one.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{ResourceId, Untrusted, as_text};

/// A rule for TCP, added to a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupOpening {
    /// The group that it is added to.
    pub group: ResourceId,
    /// Whether it is about what goes out.
    pub is_egress: bool,
    /// The port.
    pub port: u16,
    /// Whom it lets through.
    pub peer: OpeningPeer,
    /// What stands beside it in AWS: by this it is found again.
    pub description: String,
}

/// The other end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpeningPeer {
    /// An address block.
    Block(#[serde(with = "as_text")] IpNet),
    /// Whatever has this group.
    Group(ResourceId),
}

impl OpeningPeer {
    /// The block or the group's id, as AWS writes it.
    pub fn text(&self) -> String {
        match self {
            Self::Block(block) => block.to_string(),
            Self::Group(id) => id.to_string(),
        }
    }
}

/// One rule of a group, as `DescribeSecurityGroupRules` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupEntry {
    /// `sgr-…`.
    pub id: Untrusted,
    /// Whether it is about what goes out.
    pub is_egress: bool,
    /// The protocol's name or number; `-1` is all.
    pub protocol: Untrusted,
    /// Its ports, as far as it has some.
    pub ports: (Option<i32>, Option<i32>),
    /// The block, group or prefix list at the other end.
    pub peer: Untrusted,
    /// What stands beside it.
    pub description: Untrusted,
}

impl GroupEntry {
    /// Whether it lets through what the opening does, whoever made it.
    pub fn lets_the_same(&self, opening: &GroupOpening) -> bool {
        let port = Some(i32::from(opening.port));
        self.is_egress == opening.is_egress
            && matches!(self.protocol.raw(), "tcp" | "6")
            && self.ports == (port, port)
            && self.peer.raw() == opening.peer.text()
    }

    /// Whether it is the opening, as it was made.
    pub fn is(&self, opening: &GroupOpening) -> bool {
        self.lets_the_same(opening) && self.description.raw() == opening.description
    }

    /// `tcp 22 from 203.0.113.9/32 (ec2dash …)`, for a screen.
    pub fn shown(&self) -> String {
        let way = if self.is_egress { "to" } else { "from" };
        let ports = match self.ports {
            (Some(first), Some(last)) if first != last => format!(" {first}-{last}"),
            (Some(first), _) if first >= 0 => format!(" {first}"),
            _ => String::new(),
        };
        let protocol = if self.protocol.raw() == "-1" { "all".to_owned() } else { self.protocol.shown_in(20) };
        let description =
            if self.description.is_empty() { String::new() } else { format!(" ({})", self.description.shown_in(80)) };
        format!("{protocol}{ports} {way} {}{description}", self.peer.shown_in(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_has_changed_is_not_ours_any_more() {
        let opening = GroupOpening {
            group: "sg-1".parse().unwrap(),
            is_egress: false,
            port: 22,
            peer: OpeningPeer::Block("203.0.113.9/32".parse().unwrap()),
            description: "ec2dash x".to_owned(),
        };
        let ours = GroupEntry {
            id: "sgr-1".into(),
            is_egress: false,
            protocol: "tcp".into(),
            ports: (Some(22), Some(22)),
            peer: "203.0.113.9/32".into(),
            description: "ec2dash x".into(),
        };

        assert!(ours.is(&opening));
        for (is_same, changed) in [
            (true, GroupEntry { description: "mine now".into(), ..ours.clone() }),
            (false, GroupEntry { peer: "0.0.0.0/0".into(), ..ours.clone() }),
            (false, GroupEntry { ports: (Some(22), Some(80)), ..ours.clone() }),
            (false, GroupEntry { protocol: "udp".into(), ..ours.clone() }),
            (false, GroupEntry { is_egress: true, ..ours.clone() }),
        ] {
            assert!(!changed.is(&opening), "{changed:?}");
            assert_eq!(changed.lets_the_same(&opening), is_same, "{changed:?}");
        }
        assert_eq!(ours.shown(), "tcp 22 from 203.0.113.9/32 (ec2dash x)");
    }
}
