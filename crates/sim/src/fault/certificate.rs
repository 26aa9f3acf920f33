//! What is wrong with the certificate that a simulated cloud shows.

use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// `certificate:expired`, `not-yet-valid`, `wrong-name` or `unknown-issuer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
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
    pub const ALL: &'static [Self] = Self::VARIANTS;

    fn name(self) -> &'static str {
        self.into()
    }

    pub(super) fn read(word: &str) -> Result<Self, String> {
        word.parse().map_err(|_| {
            let names = Self::ALL.iter().map(|flaw| flaw.name()).collect::<Vec<_>>().join(", ");
            format!("`{word}` is no flaw of a certificate; it is one of {names}")
        })
    }
}

impl fmt::Display for CertificateFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
