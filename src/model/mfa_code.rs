//! The code of an MFA device, between its being typed and its one use.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use super::Untrusted;

/// Digits of a code.
pub const DIGITS: usize = 6;

/// Six digits that a device shows. They are taken once.
#[derive(Clone, PartialEq, Eq)]
pub struct MfaCode(Zeroizing<String>);

/// Whose code is wanted: a device, and the profile that names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MfaDevice {
    /// The profile.
    pub profile: Untrusted,
    /// The device, such as `arn:aws:iam::123456789012:mfa/jane`.
    pub serial: Untrusted,
}

/// A text that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has six digits")]
pub struct InvalidCode;

impl MfaCode {
    /// The digits, for the one call.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MfaCode {
    type Err = InvalidCode;

    /// Blanks are how some devices show it: `123 456`.
    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        // Room for all of it at once: what moves leaves copies behind.
        let mut digits = Zeroizing::new(String::with_capacity(DIGITS));
        for character in text.chars().filter(|character| !character.is_whitespace()) {
            if !character.is_ascii_digit() || digits.len() == DIGITS {
                return Err(InvalidCode);
            }
            digits.push(character);
        }
        if digits.len() == DIGITS { Ok(Self(digits)) } else { Err(InvalidCode) }
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_a_code_however_they_are_spaced_and_no_debug_shows_them() {
        for good in ["123456", " 123 456 ", "12 34 56"] {
            let code: MfaCode = good.parse().unwrap();
            assert_eq!(code.as_str(), "123456");
            assert_eq!(format!("{code:?}"), "***");
        }
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６", "-12345"] {
            assert_eq!(bad.parse::<MfaCode>(), Err(InvalidCode), "{bad}");
        }
    }
}
