//! The plan for the instance as it is now (docs/faults.md F51).

use std::net::IpAddr;

use super::{ConnectEvent, Error, Plan, SshPlace, may_enter};
use crate::access::AddressKind;
use crate::aws::{self, Cloud};
use crate::model::{Instance, Place};

/// The plan for the instance as EC2 tells it now. An instance that cannot be described is where it was listed.
pub(super) async fn described_again(
    mut plan: Plan,
    place: &Place,
    cloud: &Cloud,
    on_event: &mut (dyn FnMut(ConnectEvent) + Send),
) -> Result<Plan, Error> {
    let now = match cloud.describe(&place.region, &plan.target.id).await {
        Ok(instance) => instance,
        Err(error @ aws::Error::NoSuchInstance) => return Err(error.into()),
        // Plain SSH needs no permission at all: what was listed is still the best we know.
        Err(error) => {
            on_event(ConnectEvent::NotDescribed(error));
            return Ok(plan);
        }
    };
    if !may_enter(now.state) {
        return Err(Error::NotRunning { state: now.state });
    }
    let Some(login) = &plan.login else { return Ok(plan) };
    let SshPlace::Address { address: planned, kind } = login.place else { return Ok(plan) };
    let Some(address) = same_kind(&now, kind, planned) else { return Err(Error::AddressGone) };
    if address != planned {
        on_event(ConnectEvent::Moved { from: planned, to: address });
        plan = plan.moved_to(address);
    }
    Ok(plan)
}

fn same_kind(instance: &Instance, kind: AddressKind, planned: IpAddr) -> Option<IpAddr> {
    match kind {
        AddressKind::Fixed => Some(planned),
        AddressKind::Public => instance.public_ip.map(IpAddr::V4),
        AddressKind::Private => instance.private_ip.map(IpAddr::V4),
        AddressKind::Ipv6 => instance.ipv6.first().copied().map(IpAddr::V6),
    }
}
