//! What AWS calls a service that VPCs have endpoints of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Untrusted;

/// Longest name that is taken.
const LONGEST: usize = 128;

/// `com.amazonaws.eu-west-1.ssm`; before it is read, `ssm` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceName(String);

/// Why a text is not the name of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a service: {shown}")]
pub struct InvalidServiceName {
    shown: String,
}

impl ServiceName {
    /// As AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ServiceName {
    type Err = InvalidServiceName;

    fn from_str(text: &str) -> Result<Self, InvalidServiceName> {
        let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        if (1..=LONGEST).contains(&text.len()) && !text.starts_with(['-', '.']) && text.bytes().all(is_taken) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidServiceName { shown: Untrusted::from(text).shown_in(60) })
        }
    }
}

impl TryFrom<String> for ServiceName {
    type Error = InvalidServiceName;

    fn try_from(text: String) -> Result<Self, InvalidServiceName> {
        text.parse()
    }
}

impl From<ServiceName> for String {
    fn from(name: ServiceName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_services_pass() {
        for good in ["ssm", "com.amazonaws.eu-west-1.ssmmessages", "cn.com.amazonaws.cn-north-1.ssm"] {
            assert_eq!(good.parse::<ServiceName>().unwrap().as_str(), good);
        }
        for bad in ["", "--x", ".ssm", "a b", "ssm\n", "ssm;x", &"a".repeat(129)] {
            assert!(bad.parse::<ServiceName>().is_err(), "{bad:?}");
        }
    }
}
