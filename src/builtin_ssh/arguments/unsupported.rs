//! What of a command line the client does not do.

use crate::model::Untrusted;

/// A word that the client does not take, fit for a screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ssh: the built-in SSH client does not take {0}")]
pub struct Unsupported(pub String);

impl Unsupported {
    /// These bytes.
    pub(super) fn of(word: &[u8]) -> Self {
        Self(Untrusted::from(String::from_utf8_lossy(word).as_ref()).shown_in(80))
    }
}
