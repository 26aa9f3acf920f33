//! The way in that was tried last and did not take us, for whoever asks why.

use jiff::Timestamp;

use crate::access::Method;
use crate::model::InstanceId;

/// A way in that did not take us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedWay {
    /// Which way.
    pub method: Method,
    /// What went wrong, by its code.
    pub code: String,
    /// The same in one sentence, fit for a screen.
    pub what: String,
}

/// The last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The instance.
    pub id: InstanceId,
    /// What was tried.
    pub way: FailedWay,
    /// When it failed.
    pub at: Timestamp,
}
