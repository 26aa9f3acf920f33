//! A session that has to be asked for: the offer to do so, and the request that waits for a decision.

use jiff::{SignedDuration, Timestamp};

use crate::access::Method;
use crate::model::InstanceId;

/// That a denied session may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessOffer {
    /// The request that was made before, if there is one.
    pub request: Option<String>,
}

/// A request under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRun {
    /// Tells its updates from those of another.
    pub number: u64,
    /// The instance.
    pub id: InstanceId,
    /// The way that was denied.
    pub method: Method,
    /// Its name and id, fit for a screen.
    pub shown: String,
    /// The request, once it is made or found.
    pub request: Option<String>,
    /// Since when somebody here waits for it.
    pub began: Timestamp,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessUpdate {
    /// It is made, or was found again, and is waited for.
    Waits {
        /// Its id.
        request: String,
    },
    /// The session may begin.
    Granted,
    /// There is no session by it.
    Ended {
        /// What, why and what to do.
        lines: Vec<String>,
        /// Whether the request is of no use any more.
        is_final: bool,
    },
}

impl AccessRun {
    /// When the time that is shown is another one.
    pub fn next_change(&self, now: Timestamp) -> Timestamp {
        let passed = now.duration_since(self.began).as_secs().max(0);
        let unit = if passed < 60 { 1 } else { 60 };
        now.checked_add(SignedDuration::from_secs(unit - passed % unit)).unwrap_or(Timestamp::MAX)
    }
}
