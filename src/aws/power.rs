//! The calls that start, stop and reboot instances, and those that watch it.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{InstanceStateChange, InstanceType};

use super::calls::filter;
use super::changes::dry;
use super::{Cloud, Error, call};
use crate::model::{Instance, InstanceId, InstanceState, Power, Region, Untrusted};

/// Most values of a filter of EC2.
const MOST_VALUES: usize = 200;
/// Most types that one call takes.
const MOST_TYPES: usize = 100;

impl Cloud {
    /// Start, stop or reboot these instances of a region; the states that EC2 says they are in now. All of them or none.
    pub async fn change_power(
        &self,
        region: &Region,
        power: Power,
        ids: &[InstanceId],
    ) -> Result<BTreeMap<InstanceId, InstanceState>, Error> {
        self.ask_for_power(region, power, ids, false).await
    }

    /// Whether the caller may do so, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_change_power(&self, region: &Region, power: Power, ids: &[InstanceId]) -> Result<(), Error> {
        dry(self.ask_for_power(region, power, ids, true).await)
    }

    async fn ask_for_power(
        &self,
        region: &Region,
        power: Power,
        ids: &[InstanceId],
        is_dry: bool,
    ) -> Result<BTreeMap<InstanceId, InstanceState>, Error> {
        let names = || Some(ids.iter().map(ToString::to_string).collect());
        let changes = match power {
            Power::Start => {
                let asked = self.ask(region, call::START_INSTANCES, |clients| {
                    clients.ec2.start_instances().set_instance_ids(names()).dry_run(is_dry).send()
                });
                asked.await?.starting_instances
            }
            Power::Stop => {
                let asked = self.ask(region, call::STOP_INSTANCES, |clients| {
                    clients.ec2.stop_instances().set_instance_ids(names()).dry_run(is_dry).send()
                });
                asked.await?.stopping_instances
            }
            Power::Reboot => {
                let asked = self.ask(region, call::REBOOT_INSTANCES, |clients| {
                    clients.ec2.reboot_instances().set_instance_ids(names()).dry_run(is_dry).send()
                });
                asked.await?;
                // EC2 tells no states here: they run on.
                return Ok(ids.iter().map(|id| (id.clone(), InstanceState::Running)).collect());
            }
        };
        Ok(changes.unwrap_or_default().into_iter().filter_map(state).collect())
    }

    /// These instances as they are now, those that are there. What costs a call of its own is pending.
    pub async fn describe_all(&self, region: &Region, ids: &[InstanceId]) -> Result<Vec<Instance>, Error> {
        let mut rows = Vec::with_capacity(ids.len());
        for ids in ids.chunks(MOST_VALUES) {
            rows.extend(self.filtered(region, vec![filter("instance-id", ids.iter().map(InstanceId::as_str))]).await?);
        }
        Ok(rows)
    }

    /// The instances of a VPC, as they are now. What costs a call of its own is pending.
    pub async fn instances_of_vpc(&self, region: &Region, vpc: &Untrusted) -> Result<Vec<Instance>, Error> {
        self.filtered(region, vec![filter("vpc-id", [vpc.raw()])]).await
    }

    /// Whether the hosts of these types have disks of their own, whose data goes with a stop.
    pub async fn disks_of_hosts(&self, region: &Region, types: &[Untrusted]) -> Result<BTreeMap<Untrusted, bool>, Error> {
        let mut disks = BTreeMap::new();
        for types in types.chunks(MOST_TYPES) {
            let names = Some(types.iter().map(|kind| InstanceType::from(kind.raw())).collect());
            let asked = self.ask(region, call::DESCRIBE_INSTANCE_TYPES, |clients| {
                clients.ec2.describe_instance_types().set_instance_types(names).send()
            });
            let told = asked.await?.instance_types.unwrap_or_default();
            disks.extend(
                told.into_iter()
                    .filter_map(|own| Some((Untrusted::from(own.instance_type?.as_str()), own.instance_storage_supported?))),
            );
        }
        Ok(disks)
    }
}

fn state(change: InstanceStateChange) -> Option<(InstanceId, InstanceState)> {
    let id = change.instance_id?.parse().ok()?;
    let state = change.current_state.and_then(|state| state.name);
    Some((id, state.map_or(InstanceState::Unknown, |name| InstanceState::from_word(name.as_str()))))
}
