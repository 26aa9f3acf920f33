//! What is to be started, stopped or rebooted, and by which calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Instance, InstanceId, Place, Power, Standing};

/// Most instances of one call: as many as a sentence of AWS about one of them can still be read beside.
const MOST_OF_A_CALL: usize = 100;

/// A change and its instances.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is to be done.
    pub power: Power,
    /// Each instance once.
    pub targets: Vec<Arc<Instance>>,
    /// Whether the new state is waited for.
    pub is_waiting: bool,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PowerCall {
    /// What it does.
    pub power: Power,
    /// Where it is made, and with whose credentials.
    pub place: Place,
    /// For whom.
    pub ids: Vec<InstanceId>,
}

impl PowerCall {
    /// `ec2:StopInstances i-0123456789abcdef0 i-0fedcba9876543210`.
    pub fn shown(&self) -> String {
        let ids = self.ids.iter().map(InstanceId::as_str);
        std::iter::once(self.power.action()).chain(ids).collect::<Vec<_>>().join(" ")
    }
}

/// The calls for the instances that are to be asked for, place by place.
pub fn calls(power: Power, targets: &[Arc<Instance>]) -> Vec<PowerCall> {
    let mut places: BTreeMap<&Place, Vec<InstanceId>> = BTreeMap::new();
    for instance in targets.iter().filter(|instance| power.standing(instance) == Standing::ToDo) {
        places.entry(&*instance.place).or_default().push(instance.id.clone());
    }
    let of_place = |(place, ids): (&Place, Vec<InstanceId>)| {
        let calls = ids.chunks(MOST_OF_A_CALL).map(|ids| PowerCall { power, place: place.clone(), ids: ids.to_vec() });
        calls.collect::<Vec<_>>()
    };
    places.into_iter().flat_map(of_place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InstanceState, row};

    #[test]
    fn there_is_a_call_for_each_region_and_none_for_what_is_there_already() {
        let instance = |id: &str, region: &str, state| {
            let mut instance = (*row(id, "x")).clone();
            instance.place = Arc::new(Place { profile: None, region: region.parse().unwrap() });
            instance.state = state;
            Arc::new(instance)
        };
        let targets = [
            instance("i-0aaaaaaaaaaaaaaa1", "us-east-1", InstanceState::Running),
            instance("i-0aaaaaaaaaaaaaaa2", "eu-west-1", InstanceState::Running),
            instance("i-0aaaaaaaaaaaaaaa3", "us-east-1", InstanceState::Running),
            instance("i-0aaaaaaaaaaaaaaa4", "us-east-1", InstanceState::Stopped),
        ];

        let shown: Vec<String> = calls(Power::Stop, &targets).iter().map(PowerCall::shown).collect();

        assert_eq!(shown, ["ec2:StopInstances i-0aaaaaaaaaaaaaaa2", "ec2:StopInstances i-0aaaaaaaaaaaaaaa1 i-0aaaaaaaaaaaaaaa3"]);
    }
}
