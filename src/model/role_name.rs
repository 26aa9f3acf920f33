//! The name of an IAM role whose policies are changed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Untrusted;

/// The name of an IAM role: letters, digits and `+=,.@_-`, at most 64. Safe in argv and in files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(String);

/// A text that is no name of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a role: {shown}")]
pub struct InvalidRole {
    shown: String,
}

impl RoleName {
    /// The name as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for RoleName {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        let is_taken = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        if (1..=64).contains(&text.len()) && !text.starts_with('-') && text.chars().all(is_taken) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRole { shown: Untrusted::from(text).shown_in(64) })
        }
    }
}

impl TryFrom<String> for RoleName {
    type Error = InvalidRole;

    fn try_from(text: String) -> Result<Self, InvalidRole> {
        text.parse()
    }
}

impl From<RoleName> for String {
    fn from(name: RoleName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_roles_pass() {
        for good in ["web-role", "AWSReservedSSO_x_1", "a+b=c,d.e@f"] {
            assert_eq!(good.parse::<RoleName>().unwrap().as_str(), good);
        }
        for bad in ["", "--role-name", "a b", "a/b", "röle", "a\n", &"a".repeat(65)] {
            assert!(bad.parse::<RoleName>().is_err(), "{bad:?}");
        }
    }
}
