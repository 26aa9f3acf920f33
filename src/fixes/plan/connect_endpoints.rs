//! An EC2 Instance Connect Endpoint for an instance whose VPC has none, with a group of its own.

use super::found::{Found, Plan};
use super::groups::who_has;
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{GroupOpening, OpeningPeer, Os, ResourceId};

/// The port of ssh.
const SSH: u16 = 22;

/// Its group lets out to the instance's group and to nothing else, and the instance's group lets that in.
pub(super) fn create(found: &Found<'_>) -> Option<Plan> {
    let subnet: ResourceId = found.value("subnet")?;
    let port: u16 = found.value("port")?;
    let instance = found.instance;
    // On Windows nothing serves ssh by default, so an endpoint to that port leads to nothing.
    if instance.os == Os::Windows && port == SSH {
        return None;
    }
    let vpc: ResourceId = instance.vpc.as_ref()?.raw().parse().ok()?;
    let its: ResourceId = instance.groups_at(instance.private_ip?.into()).first()?.raw().parse().ok()?;
    let name = format!("ec2dash-eice-{}", found.now.strftime("%Y%m%dT%H%M%S"));
    let own = ResourceId::of_step(1);
    let opening = |group: &ResourceId, is_egress, peer: &ResourceId| {
        let (group, peer) = (group.clone(), OpeningPeer::Group(peer.clone()));
        Change::OpenGroup(GroupOpening { group, is_egress, port, peer, description: found.description() })
    };
    let changes = vec![
        Change::CreateGroup { vpc, name: name.clone(), description: found.description() },
        Change::ShutGroupOut { group: own.clone() },
        opening(&own, true, &its),
        opening(&its, false, &own),
        Change::CreateConnectEndpoint { subnet: subnet.clone(), group: own, token: name },
    ];
    let consequences = vec![Consequence::EndpointMade(subnet.to_string()), who_has(found, &its)];
    Some(Plan { id: FixId::ConnectEndpoint, changes, consequences })
}
