//! The parts of AWS in which fixes know the policies.

use serde::{Deserialize, Serialize};

/// A part of AWS with policies of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Partition {
    /// The commercial regions.
    #[serde(rename = "aws")]
    Commercial,
    /// China.
    #[serde(rename = "aws-cn")]
    China,
    /// GovCloud.
    #[serde(rename = "aws-us-gov")]
    GovCloud,
}

impl Partition {
    /// By its id; `None`: one that this version does not know.
    pub fn of_id(id: &str) -> Option<Self> {
        match id {
            "aws" => Some(Self::Commercial),
            "aws-cn" => Some(Self::China),
            "aws-us-gov" => Some(Self::GovCloud),
            _ => None,
        }
    }

    /// The policy with which the agent of Session Manager may do its work.
    pub fn core_policy(self) -> String {
        let id = match self {
            Self::Commercial => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
        };
        format!("arn:{id}:iam::aws:policy/AmazonSSMManagedInstanceCore")
    }
}
