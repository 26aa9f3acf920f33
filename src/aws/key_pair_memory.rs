//! Key pairs of each region: what AWS has told of one is not asked for again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::locked::locked;
use crate::model::{KeyPair, Region, Untrusted};

/// How long it counts that EC2 has no pair of a name.
const GONE_FOR: Duration = Duration::from_secs(15 * 60);

/// Key pairs by name, some of which EC2 no longer has.
pub(super) type KeyPairs = BTreeMap<Untrusted, Option<Arc<KeyPair>>>;

/// What was told to one profile.
#[derive(Debug, Default)]
pub(super) struct KeyPairMemory(Mutex<HashMap<Region, HashMap<Untrusted, Known>>>);

#[derive(Debug, Clone)]
enum Known {
    Pair(Arc<KeyPair>),
    /// Asked for then, and there was none.
    Gone(Instant),
}

impl KeyPairMemory {
    /// What is known of these names; the rest is to be asked for.
    pub(super) fn known(&self, region: &Region, names: &BTreeSet<Untrusted>) -> (KeyPairs, Vec<Untrusted>) {
        let memory = locked(&self.0);
        let of_region = memory.get(region);
        let (mut known, mut unknown) = (KeyPairs::new(), Vec::new());
        for name in names {
            match of_region.and_then(|all| all.get(name)) {
                Some(Known::Pair(pair)) => _ = known.insert(name.clone(), Some(Arc::clone(pair))),
                Some(Known::Gone(since)) if since.elapsed() < GONE_FOR => _ = known.insert(name.clone(), None),
                _ => unknown.push(name.clone()),
            }
        }
        (known, unknown)
    }

    /// These were told.
    pub(super) fn learn(&self, region: &Region, told: &KeyPairs) {
        let mut memory = locked(&self.0);
        let of_region = memory.entry(region.clone()).or_default();
        for (name, pair) in told {
            let known = pair.as_ref().map_or_else(|| Known::Gone(Instant::now()), |pair| Known::Pair(Arc::clone(pair)));
            of_region.insert(name.clone(), known);
        }
    }
}
