//! What is to be forwarded, looked at before a session is opened for it (PFWD).

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;

use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::access::{self, Forward, Method, Verdict};
use crate::aws::Cloud;
use crate::model::{Destination, Fact, Instance, Network, Target};

/// What is known of a forwarding through `instance`, whose facts grow by what decides about it. `taken`: the port of this computer, where
/// another program has it.
pub async fn looked_up(cloud: &Cloud, instance: &mut Instance, to: &Destination, taken: Option<u16>) -> Forward {
    let at = neighbour(cloud, instance, to).await;
    if let (Some(_), Some(vpc)) = (&at, instance.vpc.clone()) {
        let known = instance.network.known().cloned().unwrap_or_default();
        if known.groups.is_pending() {
            let groups = cloud.groups_of(&instance.place.region, &vpc).await;
            instance.network = Fact::Known(Arc::new(Network { groups, ..(*known).clone() }));
        }
    }
    Forward { to: to.clone(), at, taken }
}

/// Say what may be in the way of it by this way in, or by a session; `Err`: something surely is.
pub async fn judged(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &mut Instance,
    to: &Destination,
    by: Option<Method>,
) -> Result<(), Failure> {
    if !matches!(to, Destination::Behind { .. }) {
        return Ok(());
    }
    if instance.ssm.is_pending() && !by.is_some_and(Method::runs_ssh) {
        instance.ssm = cloud.ssm_of(&instance.place.region, &instance.id).await;
    }
    let forward = looked_up(cloud, instance, to, None).await;
    let (verdict, reasons) = access::forwarded(instance, forward, by, Timestamp::now());
    let text = &invocation.text;
    let Some(worst) = reasons.first() else { return Ok(()) };
    if verdict != Verdict::Blocked {
        invocation.note(&worst.text(text));
        return Ok(());
    }
    let values = [("reason", worst.text(text).into())];
    let mut failure = invocation.failure("tunnel-cannot-lead", Exit::Failed, &values);
    failure.next.extend(worst.remedy(text).or_else(|| worst.remark(text)));
    Err(failure)
}

/// The instance of the same VPC that has the address of the host, if one has.
async fn neighbour(cloud: &Cloud, instance: &Instance, to: &Destination) -> Option<Arc<Instance>> {
    let Destination::Behind { host, .. } = to else { return None };
    let address: IpAddr = host.as_str().parse().ok()?;
    if instance.vpc.is_none() || instance.addresses().any(|own| own == address) {
        return None;
    }
    let found = cloud.find(&instance.place.region, &Target::Ip(address)).await.ok()?;
    found.into_iter().find(|own| own.vpc == instance.vpc).map(Arc::new)
}
