//! Something AWS did not do, in the words of the user.

use std::time::Duration;

use crate::model::MfaDevice;

/// A call, or the way to it, failed: what the state needs to decide, and what the screen says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Stable and documented: `sign-in-ended`.
    pub code: &'static str,
    /// What happened.
    pub what: String,
    /// Why, if known.
    pub why: Option<String>,
    /// What to do now.
    pub next: Option<String>,
    /// What the dashboard does about it.
    pub kind: TroubleKind,
    /// The device whose code is wanted, where that is what is missing.
    pub device: Option<MfaDevice>,
    /// How long to wait before asking again by ourselves.
    pub retry_in: Duration,
}

/// Troubles that the dashboard treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// The credentials are missing or have ended: they are read again before the next try, and old rows are dimmed.
    Credentials,
    /// The same, and somebody can sign in from here.
    SignIn,
    /// The same, and what is missing is the code of an MFA device, which can be typed here.
    Code,
    /// There is no region: one must be chosen.
    NoRegion,
    /// AWS asks to slow down.
    Throttled,
    /// Nobody answers: old rows are dated.
    Unreachable,
    /// Everything else.
    Other,
}

impl TroubleKind {
    /// Whether other credentials, or newer ones, are what it needs.
    pub fn lacks_credentials(self) -> bool {
        matches!(self, Self::Credentials | Self::SignIn | Self::Code)
    }
}

impl Trouble {
    /// All of it in lines: what, why, next.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        [Some(&self.what), self.why.as_ref(), self.next.as_ref()].into_iter().flatten().map(String::as_str)
    }
}
