//! That an instance has an instance profile, as `DescribeIamInstanceProfileAssociations` says it.

use super::Untrusted;

/// One association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileAssociation {
    /// `iip-assoc-…`.
    pub id: Untrusted,
    /// The instance's id.
    pub instance: Untrusted,
    /// The instance profile's name.
    pub profile: Untrusted,
}
