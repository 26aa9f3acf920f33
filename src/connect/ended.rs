//! How a session ended.

use std::time::Duration;

use super::{Diagnosis, NotIn, OwnError};
use crate::aws;
use crate::session::SessionEnd;

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The remote's exit code, 128 and the signal, or ssh's 255.
    pub code: u8,
    /// The signal that was sent to us while the session ran, if one ended it.
    pub told_by: Option<i32>,
    /// How long it lasted.
    pub lasted: Duration,
    /// What ssh's last words mean, when it failed.
    pub diagnosis: Option<Diagnosis>,
    /// What our own proxy said last, which ssh ran.
    pub said: Option<OwnError>,
    /// Where it ended before anybody was in, of which there may be no diagnosis.
    pub not_in: Option<NotIn>,
    /// The last push of the key, if it failed while ssh was running.
    pub push_failure: Option<aws::Error>,
    /// How a session of Session Manager ended.
    pub ending: Option<SessionEnd>,
    /// Whether nobody here did what may have ended a session of Session Manager, of which no code says so.
    pub is_unasked: bool,
    /// Whether some of what the session showed could not be written: nobody took it.
    pub is_cut: bool,
    /// Why the recording is not complete, if one was wanted and it is not.
    pub recording_failure: Option<String>,
}
