//! Why somebody wants a session that has to be asked for.

use std::str::FromStr;

/// Characters that AWS takes as a reason.
const LONGEST_REASON: usize = 256;

/// Why somebody wants a session: whoever decides reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessReason(String);

/// A text that is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reason has 1 to 256 characters")]
pub struct InvalidReason;

impl AccessReason {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccessReason {
    type Err = InvalidReason;

    fn from_str(text: &str) -> Result<Self, InvalidReason> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_REASON || text.chars().any(char::is_control) {
            return Err(InvalidReason);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_what_aws_takes_as_one() {
        for good in ["x", " the disk is full ", &"나".repeat(256)] {
            assert_eq!(good.parse(), Ok(AccessReason(good.trim().to_owned())));
        }
        for bad in ["", "  ", "a\nb", "\u{1b}[2J", &"x".repeat(257)] {
            assert_eq!(bad.parse::<AccessReason>(), Err(InvalidReason), "{bad:?}");
        }
    }
}
