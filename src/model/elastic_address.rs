//! An Elastic IP address, as `DescribeAddresses` says it.

use super::Untrusted;

/// One of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElasticAddress {
    /// `eipalloc-…`.
    pub allocation: Untrusted,
    /// The address.
    pub address: Untrusted,
    /// `eipassoc-…`, where an interface has it.
    pub association: Option<Untrusted>,
    /// That interface.
    pub interface: Option<Untrusted>,
}
