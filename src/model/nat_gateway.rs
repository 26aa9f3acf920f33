//! A NAT gateway, as `DescribeNatGateways` says it.

use super::Untrusted;

/// A NAT gateway as far as agents ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NatGateway {
    /// The gateway's id.
    pub id: Untrusted,
    /// The subnet it is in; a regional one is in none.
    pub subnet: Option<Untrusted>,
    /// AWS's word for its state.
    pub state: Untrusted,
    /// Whether it has a public address; a private one leads to other networks.
    pub is_public: bool,
}

impl NatGateway {
    /// Whether it carries packets.
    pub fn is_available(&self) -> bool {
        self.state.raw().eq_ignore_ascii_case("available")
    }
}
