//! A subnet, as `DescribeSubnets` says it.

use ipnet::IpNet;

use super::Untrusted;

/// A subnet as far as ways in ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subnet {
    /// Its address blocks, of both families.
    pub blocks: Vec<IpNet>,
    /// What VPC Block Public Access lets through of its internet gateway; `None`: AWS does not say.
    pub public_access: Option<PublicAccess>,
}

/// `InternetGatewayBlockMode`: what VPC Block Public Access keeps out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicAccess {
    /// Nothing.
    Open,
    /// What comes in from the internet.
    BlocksIngress,
    /// What comes in, and what goes out.
    BlocksAll,
    /// A word that this version does not know.
    Unknown(Untrusted),
}

impl PublicAccess {
    /// The mode for AWS's word.
    pub fn from_word(word: &str) -> Self {
        match word {
            "off" => Self::Open,
            "block-ingress" => Self::BlocksIngress,
            "block-bidirectional" => Self::BlocksAll,
            _ => Self::Unknown(word.into()),
        }
    }

    /// AWS's word, fit for a screen.
    pub fn shown(&self) -> String {
        match self {
            Self::Open => "off".to_owned(),
            Self::BlocksIngress => "block-ingress".to_owned(),
            Self::BlocksAll => "block-bidirectional".to_owned(),
            Self::Unknown(word) => word.shown_in(40),
        }
    }
}
