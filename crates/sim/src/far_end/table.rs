//! The sessions of the simulated cloud, those that live and those that have ended.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::socket::Socket;
use super::token::Token;
use ec2dash_ssm::Counters;

/// AWS keeps a month of history; a client that starts sessions in a loop must not grow us.
const MOST_ENDED: usize = 1_000;

/// One session, as `DescribeSessions` tells it, and the way to its agent.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) target: String,
    /// The arn of who started it.
    pub(super) owner: String,
    pub(super) document: String,
    pub(super) reason: Option<String>,
    pub(super) started: SystemTime,
    pub(super) longest: Option<Duration>,
    pub(super) is_connected: bool,
    /// Of the agent, when a connection or the session last ended.
    pub(super) counters: Counters,
    pub(super) connections: u64,
    pub(super) ended: Option<(SystemTime, SessionEnd)>,
    pub(super) token: Option<Token>,
    /// Where its data channel is, which is a part of its URL.
    pub(super) cell: String,
    pub(super) sockets: mpsc::Sender<Socket>,
    pub(super) stop: CancellationToken,
    /// Its agent is gone, and nobody says so.
    pub(super) gone: CancellationToken,
}

/// What the far end knows of one session, for tests and benches.
#[derive(Clone, Debug)]
pub struct SessionReport {
    /// Of `StartSession`.
    pub id: String,
    /// The instance.
    pub target: String,
    /// The session document.
    pub document: String,
    /// Connections of clients so far.
    pub connections: u64,
    /// What the agent counted until its latest connection, or the session, ended.
    pub counters: Counters,
    /// How it ended, if it has.
    pub ended: Option<SessionEnd>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// Its program ended, its client left, or somebody terminated it.
    Terminated,
    /// The idle limit or the longest duration of the account's preferences.
    TimedOut,
}

/// All of them, oldest first.
#[derive(Debug, Default)]
pub(super) struct Table(Mutex<VecDeque<Record>>);

impl Table {
    pub(super) fn add(&self, record: Record) {
        let mut records = self.lock();
        let ended = records.iter().filter(|record| record.ended.is_some()).count();
        if ended >= MOST_ENDED
            && let Some(oldest) = records.iter().position(|record| record.ended.is_some())
        {
            records.remove(oldest);
        }
        records.push_back(record);
    }

    /// Look at or change one session.
    pub(super) fn with<T>(&self, id: &str, use_it: impl FnOnce(&mut Record) -> T) -> Option<T> {
        self.lock().iter_mut().find(|record| record.id == id).map(use_it)
    }

    /// What `tell` makes of each session, newest first.
    pub(super) fn list<T>(&self, tell: impl FnMut(&Record) -> Option<T>) -> Vec<T> {
        self.lock().iter().rev().filter_map(tell).collect()
    }

    /// The way to the agent of a session that lives, for whoever shows its token. A token opens one connection.
    pub(super) fn admit(&self, id: &str, cell: &str, token: &str, now: Instant) -> Option<mpsc::Sender<Socket>> {
        self.with(id, |record| {
            let is_right = record.ended.is_none()
                && record.cell == cell
                && record.token.as_ref().is_some_and(|right| right.admits(token, now));
            is_right.then(|| {
                record.token = None;
                record.sockets.clone()
            })
        })?
    }

    pub(super) fn connected(&self, id: &str) {
        self.with(id, |record| {
            record.is_connected = true;
            record.connections += 1;
        });
    }

    pub(super) fn disconnected(&self, id: &str, counters: Counters) {
        self.with(id, |record| {
            record.is_connected = false;
            record.counters = counters;
        });
    }

    /// All sessions, oldest first.
    pub(super) fn reports(&self) -> Vec<SessionReport> {
        let report = |record: &Record| SessionReport {
            id: record.id.clone(),
            target: record.target.clone(),
            document: record.document.clone(),
            connections: record.connections,
            counters: record.counters,
            ended: record.ended.map(|(_, ending)| ending),
        };
        self.lock().iter().map(report).collect()
    }

    pub(super) fn ended(&self, id: &str, ending: SessionEnd, counters: Counters) {
        self.with(id, |record| {
            record.token = None;
            record.is_connected = false;
            record.counters = counters;
            record.ended.get_or_insert((SystemTime::now(), ending));
        });
    }

    /// End the sessions of an instance.
    pub(super) fn stop_those_of(&self, target: &str) {
        self.lock().iter().filter(|record| record.target == target).for_each(|record| record.stop.cancel());
    }

    /// The agents of an instance are gone, and say nothing.
    pub(super) fn lose_those_of(&self, target: &str) {
        self.lock().iter().filter(|record| record.target == target).for_each(|record| record.gone.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
