//! The names of the ways in. Everything else of them is declared in their entries.

use strum::VariantArray;

/// A way into an instance. The order is the one in which JSON lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray)]
pub enum Method {
    /// A Session Manager shell.
    Ssm,
    /// SSH through Session Manager.
    SsmSsh,
    /// SSH through an EC2 Instance Connect Endpoint.
    Eice,
    /// SSH with a one-time key pushed by EC2 Instance Connect.
    Eic,
    /// SSH with a key pair.
    Ssh,
    /// The serial console.
    Serial,
    /// The desktop of Windows.
    Rdp,
}

impl Method {
    /// Every way in there is a word for.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
