//! A peering of two VPCs, as `DescribeVpcPeeringConnections` says it.

use super::Untrusted;

/// A peering as far as ways through it ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VpcPeering {
    /// Its id.
    pub id: Untrusted,
    /// AWS's word for its state.
    pub state: Untrusted,
    /// The VPCs that it joins, by id: who asked, and who accepted.
    pub vpcs: [Untrusted; 2],
}

impl VpcPeering {
    /// Whether it carries packets.
    pub fn is_active(&self) -> bool {
        self.state.raw() == "active"
    }

    /// Whether it joins these two.
    pub fn joins(&self, one: &Untrusted, other: &Untrusted) -> bool {
        let [asked, accepted] = &self.vpcs;
        (asked, accepted) == (one, other) || (accepted, asked) == (one, other)
    }
}
