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
pub(super) struct NetworkMemory(Mutex<Known>);

/// A VPC and its region.
type Vpc = (Region, Untrusted);
/// What was read of it, and when.
type Read = (Timestamp, Arc<Network>);

#[derive(Debug, Default)]
struct Known {
    vpcs: HashMap<Vpc, Read>,
    /// What began to be read before this counts for nothing.
    since: Timestamp,
}

impl NetworkMemory {
    /// What a VPC has and when that was told, if it was lately.
    pub(super) fn get(&self, region: &Region, vpc: &Untrusted) -> Option<(Timestamp, Arc<Network>)> {
        let known = locked(&self.0);
        let (told, network) = known.vpcs.get(&(region.clone(), vpc.clone()))?;
        (Timestamp::now().duration_since(*told).abs() < SHARED).then(|| (*told, Arc::clone(network)))
    }

    /// This was asked at `told`. What AWS did not tell all of is asked again, and nothing older takes the place of what is known.
    pub(super) fn learn(&self, region: &Region, vpc: &Untrusted, told: Timestamp, network: &Arc<Network>) {
        let at = (region.clone(), vpc.clone());
        let mut known = locked(&self.0);
        if told < known.since || known.vpcs.get(&at).is_some_and(|(newer, _)| told < *newer) {
            return;
        }
        if network.denials().next().is_none() {
            known.vpcs.insert(at, (told, Arc::clone(network)));
        } else {
            known.vpcs.remove(&at);
        }
    }

    /// Ask anew for all of them: something may have changed.
    pub(super) fn forget(&self) {
        *locked(&self.0) = Known { vpcs: HashMap::new(), since: Timestamp::now() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_or_before_something_newer_is_not_learnt() {
        let (memory, region, vpc) = (NetworkMemory::default(), "eu-west-1".parse().unwrap(), "vpc-1".into());
        let network = |has_peerings: bool| {
            let peerings = if has_peerings { crate::model::Fact::Known(Vec::new()) } else { crate::model::Fact::Pending };
            Arc::new(Network { peerings, ..Network::default() })
        };
        let known = || memory.get(&region, &vpc).map(|(_, network)| !network.peerings.is_pending());
        let now = Timestamp::now();
        let before = now - SignedDuration::from_secs(5);

        memory.learn(&region, &vpc, now, &network(true));
        memory.learn(&region, &vpc, before, &network(false));
        assert_eq!(known(), Some(true));

        memory.forget();
        memory.learn(&region, &vpc, now, &network(true));
        assert_eq!(known(), None);
        memory.learn(&region, &vpc, Timestamp::now(), &network(true));
        assert_eq!(known(), Some(true));
    }
}
