//! What the resolver of a VPC is told to do, as `DescribeVpcAttribute` says it.

/// The two attributes on which private names of endpoints hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VpcDns {
    /// `enableDnsSupport`: there is a resolver.
    pub has_support: bool,
    /// `enableDnsHostnames`: it knows names of the VPC.
    pub has_hostnames: bool,
}
