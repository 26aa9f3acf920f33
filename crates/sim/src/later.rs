//! What changes in a fleet by itself a while after a call.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::fleet::Fleet;

/// One change.
pub(super) type Change = Box<dyn FnOnce(&mut Fleet) + Send>;

/// What is still to come, in the order in which it was asked for.
#[derive(Default)]
pub(super) struct Later(Mutex<Vec<(SystemTime, Change)>>);

impl Later {
    pub(super) fn plan(&self, at: SystemTime, change: Change) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((at, change));
    }

    /// What is due by `now`.
    pub(super) fn due(&self, now: SystemTime) -> Vec<Change> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (due, coming): (Vec<_>, Vec<_>) = std::mem::take(&mut *all).into_iter().partition(|(at, _)| *at <= now);
        *all = coming;
        due.into_iter().map(|(_, change)| change).collect()
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later").finish_non_exhaustive()
    }
}
