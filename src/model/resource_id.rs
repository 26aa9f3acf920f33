//! The id of something in an account that is changed: a group, a network ACL, a route table, an address.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Untrusted;

/// Longest that we take; today's have 31 characters.
const LONGEST: usize = 64;
/// The kind of what is not made yet.
const STEP: &str = "step-";

/// A short word of lower-case letters, `-`, and letters and digits: `sg-0123456789abcdef0`. Safe in argv and in files.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceId(String);

/// A text that is no id of a resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a resource: {shown}")]
pub struct InvalidResourceId {
    shown: String,
}

impl ResourceId {
    /// The id as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of what a step makes, counted from 1, before it is made: AWS's ids have other kinds.
    pub fn of_step(step: usize) -> Self {
        Self(format!("{STEP}{step}"))
    }

    /// The step that makes it, if it is not made yet.
    pub fn step(&self) -> Option<usize> {
        self.0.strip_prefix(STEP)?.parse().ok()
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ResourceId {
    type Err = InvalidResourceId;

    fn from_str(text: &str) -> Result<Self, InvalidResourceId> {
        let (kind, rest) = text.split_once('-').unwrap_or_default();
        let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_name = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_kind && is_name && !rest.starts_with('-') && text.len() <= LONGEST {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidResourceId { shown: Untrusted::from(text).shown_in(40) })
        }
    }
}

impl TryFrom<String> for ResourceId {
    type Error = InvalidResourceId;

    fn try_from(text: String) -> Result<Self, InvalidResourceId> {
        text.parse()
    }
}

impl From<ResourceId> for String {
    fn from(id: ResourceId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kind_and_a_name_pass() {
        for good in ["sg-0123456789abcdef0", "i-0a1b2c3d", "acl-1", "eipalloc-0a", "vpce-svc-0a"] {
            assert_eq!(good.parse::<ResourceId>().unwrap().as_str(), good);
        }
        let long = format!("sg-{}", "a".repeat(80));
        for bad in ["", "sg", "sg-", "-sg", "--force", "sg-1 --x", "sg-1\n", "Sg-1", "sg-$(x)", "sg--x", "sg-…", &long] {
            assert!(bad.parse::<ResourceId>().is_err(), "{bad:?}");
        }
        assert!(serde_json::from_str::<ResourceId>("\"--force\"").is_err(), "a file holds no other");
        let coming = ResourceId::of_step(3);
        assert_eq!((coming.step(), coming.as_str().parse::<ResourceId>().unwrap()), (Some(3), coming));
        assert_eq!("sg-1".parse::<ResourceId>().unwrap().step(), None);
    }
}
