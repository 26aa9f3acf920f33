//! What VPCs have and let through, as it was told where one of their instances was examined.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use super::locked::locked;
use crate::model::{Network, Region, Untrusted};

/// How long it is shared by the instances of the VPC (docs/access-rules.md 0.1).
const SHARED: SignedDuration = SignedDuration::from_secs(60);

/// What was told of VPCs by a profile's calls.
#[derive(Debug, Default)]
pub(super) struct NetworkMemory(Mutex<HashMap<Vpc, Read>>);

/// A VPC and its region.
type Vpc = (Region, Untrusted);
/// What was read of it, and when.
type Read = (Timestamp, Arc<Network>);

impl NetworkMemory {
    /// What a VPC has and when that was told, if it was lately.
    pub(super) fn get(&self, region: &Region, vpc: &Untrusted) -> Option<(Timestamp, Arc<Network>)> {
        let known = locked(&self.0);
        let (told, network) = known.get(&(region.clone(), vpc.clone()))?;
        (Timestamp::now().duration_since(*told).abs() < SHARED).then(|| (*told, Arc::clone(network)))
    }

    /// This was told at `told`. What AWS did not tell all of is asked again.
    pub(super) fn learn(&self, region: &Region, vpc: &Untrusted, told: Timestamp, network: &Arc<Network>) {
        let at = (region.clone(), vpc.clone());
        let mut known = locked(&self.0);
        if network.denials().next().is_none() {
            known.insert(at, (told, Arc::clone(network)));
        } else {
            known.remove(&at);
        }
    }

    /// Ask anew for all of them.
    pub(super) fn forget(&self) {
        locked(&self.0).clear();
    }
}
