//! The push of one public key with EC2 Instance Connect, as often as a login takes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::access::Login;
use crate::aws::{self, Cloud};
use crate::model::{Instance, InstanceId, Region};
use crate::ssh::agent::PUSH_AGAIN_AFTER;

/// Pushes one public key to one instance, as often as it takes.
pub struct Pusher {
    cloud: Cloud,
    region: Region,
    id: InstanceId,
    user: Login,
    line: String,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    pushed: Option<Instant>,
    failure: Option<aws::Error>,
}

impl Pusher {
    /// One for `user` on `target`, with the public half of a key as OpenSSH writes it.
    pub fn new(cloud: &Cloud, target: &Instance, user: &Login, line: &str) -> Self {
        Self {
            cloud: cloud.clone(),
            region: target.place.region.clone(),
            id: target.id.clone(),
            user: user.clone(),
            line: line.to_owned(),
            last: Mutex::default(),
        }
    }

    /// Push it now.
    pub async fn push(&self) -> Result<(), aws::Error> {
        let outcome = self.cloud.push_key(&self.region, &self.id, self.user.as_str(), &self.line).await;
        let mut last = self.last();
        match &outcome {
            Ok(()) => *last = Last { pushed: Some(Instant::now()), failure: None },
            Err(error) => last.failure = Some(error.clone()),
        }
        outcome
    }

    /// ssh asks for its keys when it begins to log in; a prompt before that may have taken longer than the key lives (docs/faults.md F31).
    pub async fn push_if_old(&self) {
        let is_old = self.last().pushed.is_none_or(|pushed| pushed.elapsed() > PUSH_AGAIN_AFTER);
        if is_old && let Err(error) = self.push().await {
            tracing::warn!("the key was not pushed again: {error}");
        }
    }

    /// Why the last push failed, if it did.
    pub fn failure(&self) -> Option<aws::Error> {
        self.last().failure.clone()
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
