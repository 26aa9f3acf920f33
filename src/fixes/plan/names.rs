//! What makes the names of Systems Manager lead to endpoints that are there.

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{ResourceId, VpcDnsSwitch};

/// The switches of the resolver that are off, the one without which the other does nothing first.
pub(super) fn resolver(found: &Found<'_>) -> Option<Plan> {
    let vpc: ResourceId = found.value("vpc-word")?;
    let dns = *found.network()?.dns.known()?;
    let off = [VpcDnsSwitch::Support, VpcDnsSwitch::Hostnames].into_iter().filter(|switch| !dns.is_on(*switch));
    let changes: Vec<Change> = off.map(|switch| Change::SwitchVpcDnsOn { vpc: vpc.clone(), switch }).collect();
    Some(Plan { id: FixId::VpcDns, changes, consequences: whole_vpc(found, vpc) })
}

/// The name of the service leads to the endpoint, for all of the VPC.
pub(super) fn endpoint(found: &Found<'_>) -> Option<Plan> {
    let endpoint = found.value("endpoint-word")?;
    let vpc = found.instance.vpc.as_ref()?.raw().parse().ok()?;
    let changes = vec![Change::NameEndpoint { endpoint }];
    Some(Plan { id: FixId::EndpointName, changes, consequences: whole_vpc(found, vpc) })
}

/// Everything in the VPC, and how many instances of it are known.
fn whole_vpc(found: &Found<'_>, vpc: ResourceId) -> Vec<Consequence> {
    vec![Consequence::WholeVpc(vpc.to_string(), found.others.map(<[_]>::len)), Consequence::AgentLater]
}
