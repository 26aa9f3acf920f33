//! Starts, stops and reboots, as the dashboard knows them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::connect_request::ConnectRequest;
use crate::model::{Instance, InstanceId, Power, Untrusted};
use crate::power::{Disks, Order, Progress};

/// Every change under way, and what is known of hosts.
#[derive(Debug, Default)]
pub struct PowerRuns {
    /// Those under way.
    pub runs: Vec<PowerRun>,
    /// Whether hosts of a type have disks of their own; `None`: AWS was asked and did not tell.
    pub hosts: BTreeMap<Untrusted, Option<bool>>,
    /// The run whose instance is up and takes nobody yet, and how far it is.
    pub awaited: Option<(u64, String)>,
}

/// A change of some instances.
#[derive(Debug)]
pub struct PowerRun {
    /// Tells its updates from those of another.
    pub number: u64,
    /// How far it is.
    pub progress: Progress,
    /// When it was asked for.
    pub began: Timestamp,
    /// What is connected to when it runs, as long as the user waits for it.
    pub then: Option<ConnectRequest>,
}

/// A change asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PowerRequest {
    /// What.
    pub power: Power,
    /// Where.
    pub ids: Vec<InstanceId>,
    /// What to connect to afterwards.
    pub then: Option<ConnectRequest>,
}

impl PowerRuns {
    /// A run by its number.
    pub fn run(&self, number: u64) -> Option<&PowerRun> {
        self.runs.iter().find(|run| run.number == number)
    }

    /// The same, to change it.
    pub fn run_mut(&mut self, number: u64) -> Option<&mut PowerRun> {
        self.runs.iter_mut().find(|run| run.number == number)
    }

    /// What is known of the hosts.
    pub fn disks(&self) -> Disks {
        self.hosts.iter().filter_map(|(kind, has)| Some((kind.clone(), (*has)?))).collect()
    }

    /// Whether AWS was asked about the host of this instance.
    pub fn has_asked_about(&self, instance: &Instance) -> bool {
        instance.instance_type.as_ref().is_none_or(|kind| self.hosts.contains_key(kind))
    }
}

impl PowerRun {
    /// A change that is about to be asked for.
    pub fn new(number: u64, order: &Order, now: Timestamp, then: Option<ConnectRequest>) -> Self {
        Self { number, progress: Progress::new(order), began: now, then }
    }
}
