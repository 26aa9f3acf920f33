//! The temporary credentials that have been given out.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::fleet::{Caller, Credentials, Permissions};

/// The oldest are forgotten first: a program that assumes roles in a loop must not grow us.
const MOST: usize = 10_000;

/// Temporary credentials and who calls with them.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) caller: Caller,
    pub(super) credentials: Credentials,
    pub(super) permissions: Permissions,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_key: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
}

impl Sessions {
    pub(super) fn add(&self, session: Session) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.oldest_first.len() >= MOST
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            kept.by_key.remove(&oldest);
        }
        let key = session.credentials.access_key.clone();
        kept.oldest_first.push_back(key.clone());
        kept.by_key.insert(key, session);
    }

    pub(super) fn of_key(&self, access_key: &str) -> Option<Session> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_key.get(access_key).cloned()
    }
}
