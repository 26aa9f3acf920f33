//! The line of `authorized_keys` that lets a key in, and is told from every other by its mark.

use std::fmt;
use std::str::FromStr;

use ec2dash_keys::PublicKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Untrusted;

/// How marks begin.
const MARK: &str = "ec2dash-";
/// Longest mark.
const LONGEST: usize = 40;

/// A public key and a mark: `ssh-ed25519 AAAA… ec2dash-20261130T080500Z`. Letters, digits, blanks and `+/=-.@` alone: safe in a shell's quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyLine {
    public: PublicKey,
    mark: String,
}

/// A text that is no such line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a line of ours: {shown}")]
pub struct InvalidKeyLine {
    shown: String,
}

impl KeyLine {
    /// Of this key, marked with the moment; `None`: the name of its kind is no plain word.
    pub fn new(public: PublicKey, now: Timestamp) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'@' | b'.');
        let mark = format!("{MARK}{}", now.strftime("%Y%m%dT%H%M%SZ"));
        public.algorithm().bytes().all(is_plain).then_some(Self { public, mark })
    }

    /// The key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What stands behind the key.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// Fit for a screen: the kind, the end of the key, the mark.
    pub fn shown(&self) -> String {
        let line = self.public.line();
        let key = line.rsplit(' ').next().unwrap_or_default();
        let end = key.get(key.len().saturating_sub(10)..).unwrap_or_default();
        format!("{} …{end} {}", self.public.algorithm(), self.mark)
    }
}

impl fmt::Display for KeyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.public.line(), self.mark)
    }
}

impl FromStr for KeyLine {
    type Err = InvalidKeyLine;

    fn from_str(text: &str) -> Result<Self, InvalidKeyLine> {
        let read = || {
            let (key, mark) = text.rsplit_once(' ')?;
            let rest = mark.strip_prefix(MARK)?;
            let is_plain = !rest.is_empty() && mark.len() <= LONGEST && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let line = Self::new(PublicKey::from_line(key)?, Timestamp::UNIX_EPOCH)?;
            // What is written is what was read: nothing stands around the key.
            (is_plain && line.public.line() == key).then(|| Self { mark: mark.to_owned(), ..line })
        };
        read().ok_or_else(|| InvalidKeyLine { shown: Untrusted::from(text).shown_in(40) })
    }
}

impl TryFrom<String> for KeyLine {
    type Error = InvalidKeyLine;

    fn try_from(text: String) -> Result<Self, InvalidKeyLine> {
        text.parse()
    }
}

impl From<KeyLine> for String {
    fn from(line: KeyLine) -> Self {
        line.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS";

    #[test]
    fn a_line_is_a_key_and_a_mark_and_nothing_else() {
        let now = "2026-11-30T08:05:00Z".parse().unwrap();
        let line = KeyLine::new(PublicKey::from_line(KEY).unwrap(), now).unwrap();

        assert_eq!(line.to_string(), format!("{KEY} ec2dash-20261130T080500Z"));
        assert_eq!(line.to_string().parse::<KeyLine>().unwrap(), line);
        assert_eq!(line.shown(), "ssh-ed25519 …TRpNePnAS ec2dash-20261130T080500Z".replace("TRpNePnAS", "4TRpNePnAS"));
        for bad in [
            KEY.to_owned(),
            format!("{KEY} ec2dash-"),
            format!("{KEY} bob"),
            format!("{KEY} ec2dash-1'2"),
            format!("{KEY} ec2dash-1\n"),
            format!("{KEY}\n ec2dash-1"),
            format!("command=\"x\" {KEY} ec2dash-1"),
            format!("{KEY} x ec2dash-1"),
            format!("{KEY} ec2dash-{}", "1".repeat(40)),
            "ssh-ed25519 ' ec2dash-1".to_owned(),
        ] {
            assert!(bad.parse::<KeyLine>().is_err(), "{bad:?}");
        }
    }
}
