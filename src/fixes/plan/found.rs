//! One finding, what is known where it was found, and what mends it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::{KeyToAdd, Reason};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{Instance, Network};

/// What mends one finding.
pub(super) struct Plan {
    pub(super) id: FixId,
    pub(super) changes: Vec<Change>,
    pub(super) consequences: Vec<Consequence>,
}

/// One finding, and what is known where it was found.
pub(super) struct Found<'a> {
    pub(super) instance: &'a Instance,
    pub(super) reason: &'a Reason,
    pub(super) others: Option<&'a [Arc<Instance>]>,
    pub(super) key: Option<&'a KeyToAdd>,
    pub(super) now: Timestamp,
}

impl<'a> Found<'a> {
    /// A value of the finding, where it has one that reads.
    pub(super) fn value<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        let own = self.reason.values.iter().find(|(own, _)| *own == name);
        own.and_then(|(_, value)| value.parse().ok())
    }

    pub(super) fn network(&self) -> Option<&'a Network> {
        self.instance.network.known().map(|network| &**network)
    }

    /// What is written beside what is made.
    pub(super) fn description(&self) -> String {
        format!("ec2dash {}", self.now)
    }
}
