//! What the resolver of a VPC is told to do, as `DescribeVpcAttribute` says it.

use serde::{Deserialize, Serialize};

/// The two attributes on which private names of endpoints hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VpcDns {
    /// `enableDnsSupport`: there is a resolver.
    pub has_support: bool,
    /// `enableDnsHostnames`: it knows names of the VPC.
    pub has_hostnames: bool,
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VpcDnsSwitch {
    /// It resolves names.
    Support,
    /// It gives names, and those of endpoints are private ones.
    Hostnames,
}

impl VpcDnsSwitch {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Support => "enableDnsSupport",
            Self::Hostnames => "enableDnsHostnames",
        }
    }
}

impl VpcDns {
    /// Whether a switch is on.
    pub fn is_on(self, switch: VpcDnsSwitch) -> bool {
        match switch {
            VpcDnsSwitch::Support => self.has_support,
            VpcDnsSwitch::Hostnames => self.has_hostnames,
        }
    }
}
