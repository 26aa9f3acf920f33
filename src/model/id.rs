//! The identifiers we put into calls, paths and command lines, checked once at the border.

use std::fmt;
use std::str::FromStr;

/// A text that is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not {what}: {shown}")]
pub struct InvalidId {
    what: &'static str,
    shown: String,
}

impl InvalidId {
    fn new(what: &'static str, text: &str) -> Self {
        let shown = super::Untrusted::from(text).shown_in(40);
        Self { what, shown }
    }
}

macro_rules! text_id {
    ($name:ident) => {
        impl $name {
            /// The identifier as AWS writes it. Safe in argv, paths and ssh options.
            pub fn as_str(&self) -> &str {
                self.0.as_ref()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    };
}

/// At most `N` ASCII characters, without a place elsewhere in memory.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Short<const N: usize>([u8; N]);

impl<const N: usize> Short<N> {
    fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; N];
        bytes
            .get_mut(..text.len())
            .filter(|_| text.bytes().all(|byte| matches!(byte, 1..=127)))?
            .copy_from_slice(text.as_bytes());
        Some(Self(bytes))
    }
}

impl<const N: usize> AsRef<str> for Short<N> {
    fn as_ref(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        self.0.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Debug for Short<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_ref(), f)
    }
}

/// `i-` and 8 or 17 lower-case hexadecimal digits, or `mi-` and 17: a hybrid node (docs/access-rules.md SSM-20).
///
/// It is kept in place: there are as many as rows, and each is looked for with every answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(Short<20>);
text_id!(InstanceId);

impl FromStr for InstanceId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (start, hex) = text.split_once('-').ok_or_else(|| InvalidId::new("an instance id", text))?;
        let well_formed = matches!((start, hex.len()), ("i", 8 | 17) | ("mi", 17)) && hex.bytes().all(is_lower_hex);
        if !well_formed {
            return Err(InvalidId::new("an instance id", text));
        }
        Short::of(text).map(Self).ok_or_else(|| InvalidId::new("an instance id", text))
    }
}

impl InstanceId {
    /// Whether it is a node that Systems Manager manages and EC2 does not know.
    pub fn is_hybrid(&self) -> bool {
        self.as_str().starts_with("mi-")
    }
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(Short<12>);
text_id!(AccountId);

impl FromStr for AccountId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Short::of(text).map(Self).ok_or_else(|| InvalidId::new("an account id", text))
        } else {
            Err(InvalidId::new("an account id", text))
        }
    }
}

/// `eice-` and letters, digits or `_`: an EC2 Instance Connect Endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndpointId(String);
text_id!(EndpointId);

/// Longest id of an endpoint that we take; today's have 22 characters.
const LONGEST_ENDPOINT_ID: usize = 64;

impl FromStr for EndpointId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let name = text.strip_prefix("eice-").unwrap_or_default();
        let well_formed = (1..=LONGEST_ENDPOINT_ID).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidId::new("an endpoint id", text)) }
    }
}

/// A region's name such as `ap-northeast-2` or `us-gov-west-1`: lower-case words and a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(String);
text_id!(Region);

impl FromStr for Region {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let mut parts = text.rsplit('-');
        let number = parts.next().unwrap_or_default();
        let words: Vec<&str> = parts.collect();
        let well_formed = text.len() <= 32
            && matches!(number.len(), 1 | 2)
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && words.len() >= 2
            && words.iter().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        if !well_formed {
            return Err(InvalidId::new("a region", text));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lower_case_instance_ids_pass() {
        for good in ["i-0123456789abcdef0", "i-0a1b2c3d", "mi-0123456789abcdef0"] {
            assert_eq!(good.parse::<InstanceId>().unwrap().as_str(), good);
        }
        let long = format!("i-{}", "a".repeat(10_240));
        for bad in [
            "",
            "i-",
            "i-0123456789abcdef0\n",
            "i-0123456789ABCDEF0",
            "i-０123456789abcdef",
            "-oX",
            "i-0123",
            "mi-0a1b2c3d",
            "xi-0123456789abcdef0",
            &long,
        ] {
            assert!(bad.parse::<InstanceId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn only_region_names_pass() {
        for good in ["ap-northeast-2", "us-gov-west-1", "eu-isoe-west-1", "cn-north-1", "us-east-1"] {
            assert!(good.parse::<Region>().is_ok(), "{good}");
        }
        for bad in ["", "us-east-1.evil.com#", "../", "us-east", "US-EAST-1", "us--east-1", "us-east-1\n", "1"] {
            assert!(bad.parse::<Region>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_refused_id_is_quoted_without_its_control_characters() {
        let error = "i-\u{1b}[2Jx".parse::<InstanceId>().unwrap_err();

        assert!(!error.to_string().contains('\u{1b}'));
    }
}
