//! All commands that were sent, and how far each is on each instance.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::status::Status;
use crate::machine::Said;

/// The oldest are forgotten first.
const MOST: usize = 2_000;
/// Bytes kept of a stream: enough for 24,000 and 8,000 characters of four bytes.
const STDOUT_KEPT: usize = 96_004;
const STDERR_KEPT: usize = 32_004;

/// What to run, where, and within which limits.
#[derive(Debug)]
pub(super) struct Order {
    /// The document that it is sent with.
    pub(super) document: &'static str,
    pub(super) instances: Vec<String>,
    pub(super) targets: Value,
    pub(super) parameters: Value,
    pub(super) script: String,
    pub(super) comment: String,
    pub(super) delivery: Duration,
    pub(super) execution: Duration,
    /// As it was asked for, and the number it means.
    pub(super) concurrency: (String, usize),
    pub(super) errors: (String, usize),
}

/// A command and its copies on the instances.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) order: Order,
    pub(super) requested: SystemTime,
    pub(super) invocations: Vec<Invocation>,
}

/// A command on one instance.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) instance: String,
    pub(super) host: String,
    /// Its login users.
    pub(super) users: Vec<String>,
    pub(super) said: Said,
    pub(super) cancel: CancellationToken,
    progress: Mutex<Progress>,
}

/// What changes about an invocation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) status: Status,
    /// The exit code; -1 until there is one.
    pub(super) code: i32,
    pub(super) started: Option<SystemTime>,
    pub(super) ended: Option<SystemTime>,
}

impl Invocation {
    pub(super) fn new(instance: String, host: String, users: Vec<String>) -> Self {
        let progress = Progress { status: Status::Pending, code: -1, started: None, ended: None };
        let said = Said::most(STDOUT_KEPT, STDERR_KEPT);
        Self { instance, host, users, said, cancel: CancellationToken::new(), progress: Mutex::new(progress) }
    }

    pub(super) fn progress(&self) -> Progress {
        *locked(&self.progress)
    }

    pub(super) fn begin(&self) {
        let mut progress = locked(&self.progress);
        progress.started = Some(SystemTime::now());
        if progress.status == Status::Pending {
            progress.status = Status::InProgress;
        }
    }

    pub(super) fn end(&self, status: Status, code: i32) {
        let mut progress = locked(&self.progress);
        *progress = Progress { status, code, ended: Some(SystemTime::now()), ..*progress };
    }

    /// Ask it to end; whoever runs it confirms.
    pub(super) fn cancel(&self) {
        let mut progress = locked(&self.progress);
        if !progress.status.is_final() {
            progress.status = Status::Cancelling;
            self.cancel.cancel();
        }
    }
}

impl Command {
    pub(super) fn statuses(&self) -> Vec<Status> {
        self.invocations.iter().map(|invocation| invocation.progress().status).collect()
    }

    pub(super) fn has_too_many_errors(&self) -> bool {
        self.statuses().into_iter().filter(|status| status.is_error()).count() > self.order.errors.1
    }
}

/// All of them, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Vec<Arc<Command>>>);

impl Ledger {
    pub(super) fn add(&self, command: Arc<Command>) {
        let mut all = locked(&self.0);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(command);
    }

    /// Those of an account in a region, the latest first.
    pub(super) fn of(&self, account: &str, region: &str) -> Vec<Arc<Command>> {
        let all = locked(&self.0);
        all.iter().rev().filter(|command| command.account == account && command.region == region).cloned().collect()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
