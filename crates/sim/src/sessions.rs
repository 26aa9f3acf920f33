//! The temporary credentials that `AssumeRole` has given out.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::fleet::{Caller, Credentials};

/// The oldest are forgotten first: a program that assumes roles in a loop must not grow us.
const MOST: usize = 1_000;

/// Temporary credentials and who calls with them.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) caller: Caller,
    pub(super) credentials: Credentials,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<VecDeque<Session>>);

impl Sessions {
    pub(super) fn add(&self, session: Session) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MOST {
            sessions.pop_front();
        }
        sessions.push_back(session);
    }

    pub(super) fn of_key(&self, access_key: &str) -> Option<Session> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.iter().find(|session| session.credentials.access_key == access_key).cloned()
    }
}
