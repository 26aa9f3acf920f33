//! What a report says, before anybody has put it into words.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{Method, Reason};
use crate::model::{AccountId, Instance, InstanceId, InstanceState, Place, Untrusted};

/// What was found of all that was looked at.
#[derive(Debug, Clone)]
pub struct Report {
    /// When it was looked at.
    pub at: Timestamp,
    /// Where, each place once.
    pub places: Vec<Arc<Place>>,
    /// How many there are of each kind.
    pub totals: Totals,
    /// Running, and every way is blocked; the largest group first.
    pub unreachable: Vec<Group>,
    /// Running, and only a serial console or a desktop leads in.
    pub last_resort: Vec<Group>,
    /// Running, and of no way it is known whether it leads in.
    pub unknown: Vec<Group>,
    /// Not running: no way leads in before they do.
    pub down: Vec<Group>,
    /// Anybody's packets reach a port for administrators.
    pub exposed: Vec<Exposure>,
    /// Key pairs that many share.
    pub keys: Vec<SharedKey>,
    /// Agents by their version, the oldest first; only those that are too old for something.
    pub agents: Vec<Version>,
    /// Whether what is typed and shown in sessions is kept, of each account and region.
    pub logging: Vec<(Arc<Place>, Logging)>,
}

/// How many instances there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// All.
    pub all: usize,
    /// Those with a way in, by the best one, in the order of [`Method::known`].
    pub reached: Vec<(Method, usize)>,
    /// Those that only a serial console or a desktop leads into.
    pub last_resort: usize,
    /// Running, every way blocked.
    pub unreachable: usize,
    /// Running, not known.
    pub unknown: usize,
    /// Not running.
    pub down: usize,
}

/// An instance, as far as a report names it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: InstanceId,
    /// Its name.
    pub name: Option<Untrusted>,
    /// Where it was listed.
    pub place: Arc<Place>,
    /// Whose it is.
    pub account: Option<AccountId>,
    /// Its state.
    pub state: InstanceState,
}

impl Row {
    /// What a report names of it.
    pub fn of(instance: &Instance) -> Self {
        Self {
            id: instance.id.clone(),
            name: instance.name().cloned(),
            place: Arc::clone(&instance.place),
            account: instance.account.clone(),
            state: instance.state,
        }
    }
}

/// Instances that the same is in the way of.
#[derive(Debug, Clone)]
pub struct Group {
    /// The worst of each way, ways with the same one together.
    pub causes: Vec<Told>,
    /// Who.
    pub rows: Vec<Row>,
}

/// One cause and the ways that have it.
#[derive(Debug, Clone)]
pub struct Told {
    /// In the order of [`Method::known`].
    pub methods: Vec<Method>,
    /// As the first of the group has it.
    pub reason: Reason,
    /// Whether it says the same of all of them, to the letter.
    pub is_same: bool,
}

/// A port for administrators that is open to all.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// What was found: NET-4.
    pub reason: Reason,
    /// Who.
    pub rows: Vec<Row>,
}

/// A key pair, and all that were launched with it.
#[derive(Debug, Clone)]
pub struct SharedKey {
    /// Its name in EC2.
    pub name: Untrusted,
    /// Where it is.
    pub place: Arc<Place>,
    /// Who.
    pub rows: Vec<Row>,
}

/// An agent's version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Such as `2.3.672.0`.
    pub version: Untrusted,
    /// What it is too old for.
    pub lacks: Lacks,
    /// Who has it.
    pub rows: Vec<Row>,
}

/// What an agent is too old for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    /// Any session.
    Sessions,
    /// A command in a session, by which files are copied without ssh and a shell is chosen.
    Commands,
}

/// What an account says of the logs of its sessions in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logging {
    /// Kept in a bucket, in CloudWatch Logs, or in both.
    Kept {
        /// In a bucket.
        s3: bool,
        /// In CloudWatch Logs.
        cloudwatch: bool,
    },
    /// Nowhere.
    Off,
    /// Not known, and why, in words.
    Unknown(String),
}
