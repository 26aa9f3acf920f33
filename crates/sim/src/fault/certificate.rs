//! What is wrong with the certificate that a simulated cloud shows.

use std::fmt;

/// `certificate:expired`, `not-yet-valid`, `wrong-name` or `unknown-issuer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFlaw {
    /// It ran out yesterday.
    Expired,
    /// It is good from the day after tomorrow.
    NotYetValid,
    /// It is for another host.
    WrongName,
    /// An authority signed it that nobody trusts.
    UnknownIssuer,
}

/// What the connections of a port carry. A certificate is shown before a call is known, so that faults tell no more apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    Calls,
    DataChannels,
}

impl CertificateFlaw {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Expired, Self::NotYetValid, Self::WrongName, Self::UnknownIssuer];

    const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongName => "wrong-name",
            Self::UnknownIssuer => "unknown-issuer",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|flaw| flaw.name() == word).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("`{word}` is no flaw of a certificate; it is one of {names}")
        })
    }
}

impl fmt::Display for CertificateFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
