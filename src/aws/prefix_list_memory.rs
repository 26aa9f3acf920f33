//! What is in prefix lists: they change seldom, and each costs a call of its own.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ipnet::IpNet;

use super::locked::locked;
use crate::model::{Region, Untrusted};

/// How long it counts what was in a list.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// What was told of lists by a profile's calls.
#[derive(Debug, Default)]
pub(super) struct PrefixListMemory(Mutex<HashMap<(Region, Untrusted), Read>>);

/// When it was read, and what was in it.
type Read = (Instant, Vec<IpNet>);

impl PrefixListMemory {
    /// What is in a list, if that was told lately.
    pub(super) fn get(&self, region: &Region, id: &Untrusted) -> Option<Vec<IpNet>> {
        let known = locked(&self.0);
        known.get(&(region.clone(), id.clone())).filter(|(told, _)| told.elapsed() < KEPT).map(|(_, blocks)| blocks.clone())
    }

    /// This is in it.
    pub(super) fn learn(&self, region: &Region, id: &Untrusted, blocks: &[IpNet]) {
        locked(&self.0).insert((region.clone(), id.clone()), (Instant::now(), blocks.to_vec()));
    }

    /// Ask anew for all of them.
    pub(super) fn forget(&self) {
        locked(&self.0).clear();
    }
}
