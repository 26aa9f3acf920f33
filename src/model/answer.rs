//! What AWS answers about one place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Denial, Fact, Image, Instance, InstanceId, KeyPair, Network, ProfileRole, Ssm, Untrusted};

/// What AWS answered about one place.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A page of instances.
    Page(Vec<Instance>),
    /// Every page was read: rows that were in none have gone.
    Listed,
    /// A page of registrations with Systems Manager.
    Ssm(BTreeMap<InstanceId, Ssm>),
    /// Hybrid nodes: rows that come with their registration.
    Nodes(Vec<Instance>),
    /// Hybrid nodes cannot be read, and were asked for alone.
    NodesHidden(Denial),
    /// Every registration was read: instances that were in none are not registered, and such nodes have gone.
    SsmListed,
    /// Registrations cannot be read.
    SsmHidden(Denial),
    /// What an instance profile holds.
    Role {
        /// The instance profile's name.
        profile: Untrusted,
        /// What it holds.
        role: Fact<ProfileRole>,
    },
    /// Names of machine images, by the image's id.
    Images(BTreeMap<Untrusted, Image>),
    /// Every image name that AWS tells was read.
    ImagesListed,
    /// Image names cannot be read.
    ImagesHidden(Denial),
    /// What VPCs have and let through, as far as it was told so far.
    Networks {
        /// That of these.
        of: BTreeMap<Untrusted, Arc<Network>>,
        /// That of every other.
        others: Arc<Network>,
    },
    /// Key pairs by name; `None`: EC2 has none of that name any more.
    KeyPairs(BTreeMap<Untrusted, Option<Arc<KeyPair>>>),
    /// Key pairs cannot be read.
    KeyPairsHidden(Denial),
    /// Something about an answer is odd; it changes no row, and is worth a line.
    Odd(Oddity),
}

/// AWS answered, and something about it is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oddity {
    /// `repeated-page` (a list led in a circle and was left) or `odd-id` (rows without a usable id were left out).
    pub code: &'static str,
    /// The IAM action whose answer it was.
    pub action: &'static str,
}
