//! An entry that is added to a network ACL.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{AclEntry, ResourceId, TcpPorts, as_text};

/// An entry that lets TCP through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AclOpening {
    /// The ACL that it is added to.
    pub acl: ResourceId,
    /// Its number, which decides what it comes before.
    pub number: i32,
    /// Whether it is about what leaves the subnet.
    pub is_egress: bool,
    /// The first port.
    pub first: u16,
    /// The last one.
    pub last: u16,
    /// The other end.
    #[serde(with = "as_text")]
    pub block: IpNet,
}

impl AclOpening {
    /// Whether an entry is this one.
    pub fn is(&self, entry: &AclEntry) -> bool {
        (entry.number, entry.is_egress, entry.allows) == (self.number, self.is_egress, true)
            && entry.ports == TcpPorts::Range(self.first, self.last)
            && entry.block == self.block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_ours_only_as_it_was_made() {
        let opening = AclOpening {
            acl: "acl-1".parse().unwrap(),
            number: 89,
            is_egress: false,
            first: 22,
            last: 22,
            block: "203.0.113.9/32".parse().unwrap(),
        };
        let ours = AclEntry { number: 89, is_egress: false, allows: true, ports: TcpPorts::Range(22, 22), block: opening.block };

        assert!(opening.is(&ours));
        for changed in [
            AclEntry { allows: false, ..ours.clone() },
            AclEntry { ports: TcpPorts::All, ..ours.clone() },
            AclEntry { block: "0.0.0.0/0".parse().unwrap(), ..ours.clone() },
            AclEntry { is_egress: true, ..ours.clone() },
        ] {
            assert!(!opening.is(&changed), "{changed:?}");
        }
    }
}
