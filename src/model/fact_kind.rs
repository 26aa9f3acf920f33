//! The facts that cost calls of their own.

/// A fact that costs calls of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// Registration with Systems Manager.
    Ssm,
    /// Instance profile, role and what it grants.
    Role,
    /// Name of the image.
    Image,
    /// What the VPC has: endpoints, and what its groups let through.
    Network,
    /// What else decides where its packets go: ACLs, routes, gateways, subnets, prefix lists, and what only an examination asks for. Without
    /// it ways in are judged all the same.
    Paths,
    /// Public key and fingerprint of the key pair.
    KeyPair,
}

/// Which of those facts are looked up besides the listing. For what is left out no call is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FactKinds {
    /// [`FactKind::Ssm`].
    pub ssm: bool,
    /// [`FactKind::Role`].
    pub role: bool,
    /// [`FactKind::Image`].
    pub image: bool,
    /// [`FactKind::Network`].
    pub network: bool,
    /// [`FactKind::Paths`], with `network`, and then the groups of every VPC that a row is in.
    pub paths: bool,
    /// [`FactKind::KeyPair`].
    pub key_pair: bool,
    /// Rows that EC2 does not have: hybrid nodes.
    pub nodes: bool,
}

impl FactKinds {
    /// The listing alone.
    pub const NONE: Self =
        Self { ssm: false, role: false, image: false, network: false, paths: false, key_pair: false, nodes: false };
    /// Everything: the ways in are judged by it.
    pub const ALL: Self = Self { ssm: true, role: true, image: true, network: true, paths: true, key_pair: true, nodes: true };

    /// What either asks for.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            ssm: self.ssm || other.ssm,
            role: self.role || other.role,
            image: self.image || other.image,
            network: self.network || other.network,
            paths: self.paths || other.paths,
            key_pair: self.key_pair || other.key_pair,
            nodes: self.nodes || other.nodes,
        }
    }

    /// Whether rows wait for something of these.
    pub fn are_none(self) -> bool {
        !(self.ssm || self.role || self.image || self.network)
    }
}
