//! What the metadata service of an instance is told to do, as `DescribeInstances` says it.

use serde::{Deserialize, Serialize};

/// Whether it answers, and whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataOptions {
    /// `HttpEndpoint`: it answers.
    pub is_on: bool,
    /// `HttpTokens`.
    pub tokens: MetadataTokens,
}

/// What it asks of whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MetadataTokens {
    /// A token (IMDSv2).
    Required,
    /// Nothing, or a token.
    Optional,
}

impl MetadataTokens {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
        }
    }
}
