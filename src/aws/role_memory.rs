//! What was read of instance profiles: kept for a while, because IAM is strongly limited.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use super::locked::locked;
use crate::model::{Denial, Fact, ProfileRole, Untrusted, Why};

/// How long an answer of IAM is good: it is strongly limited and seldom changes (docs/access-rules.md 4.1).
const KEPT: Duration = Duration::from_secs(15 * 60);

/// Each instance profile, read once for all regions of a cloud.
#[derive(Debug, Default)]
pub(super) struct Roles {
    known: Mutex<HashMap<Untrusted, Entry>>,
}

#[derive(Debug, Clone)]
struct Entry {
    since: Instant,
    answer: Arc<OnceCell<Fact<ProfileRole>>>,
}

impl Roles {
    /// Forget what could not be read, so that it is tried again.
    pub(super) fn forget_denials(&self) {
        locked(&self.known).retain(|_, entry| entry.answer.get().is_none_or(is_settled));
    }

    /// Whether asking for it makes no call.
    pub(super) fn knows(&self, profile: &Untrusted) -> bool {
        locked(&self.known).get(profile).is_some_and(|entry| entry.since.elapsed() < KEPT && entry.answer.initialized())
    }

    pub(super) fn entry(&self, profile: &Untrusted) -> Arc<OnceCell<Fact<ProfileRole>>> {
        let mut known = locked(&self.known);
        known.retain(|_, entry| entry.since.elapsed() < KEPT);
        let fresh = || Entry { since: Instant::now(), answer: Arc::default() };
        Arc::clone(&known.entry(profile.clone()).or_insert_with(fresh).answer)
    }

    /// Forget all of it: something was changed there.
    pub(super) fn forget_all(&self) {
        locked(&self.known).clear();
    }

    pub(super) fn forget(&self, profile: &Untrusted) {
        locked(&self.known).remove(profile);
    }
}

/// Whether the answer is one of IAM's, and not a refusal.
fn is_settled(answer: &Fact<ProfileRole>) -> bool {
    denial(answer).is_none_or(|denial| denial.why == Why::Undecided)
}

/// Whether the next refresh should ask again: only a lasting answer is kept, and a missing permission lasts.
pub(super) fn is_passing(answer: &Fact<ProfileRole>) -> bool {
    denial(answer).is_some_and(|denial| matches!(denial.why, Why::Throttled | Why::Timeout | Why::Failed))
}

/// Why the role, or what it grants, is not known.
pub(super) fn denial(answer: &Fact<ProfileRole>) -> Option<&Denial> {
    answer.denial().or_else(|| answer.known().and_then(|role| role.grant.denial()))
}
