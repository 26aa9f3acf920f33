//! What a proxy says no with.

use crate::model::Untrusted;

/// Why a proxy that was reached gives no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Denied {
    /// In words of the catalogue where they are ours.
    pub(super) cause: Untrusted,
    /// Whether the same may work a moment later.
    pub(super) may_pass: bool,
}

impl Denied {
    pub(super) fn passing(cause: Untrusted) -> Self {
        Self { cause, may_pass: true }
    }

    pub(super) fn lasting(cause: &str) -> Self {
        Self { cause: cause.into(), may_pass: false }
    }
}
