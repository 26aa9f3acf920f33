//! An instance profile for an agent whose instance has none.

use super::found::{Found, Plan};
use crate::fixes::change::{Change, Partition};
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{Partition as OfRegion, ResourceId, RoleName};

/// One that is made with its role, named by the moment. Whether one is there that fits is read before it is shown.
pub(super) fn attach(found: &Found<'_>) -> Option<Plan> {
    let instance: ResourceId = found.value("id")?;
    let partition = Partition::of_id(OfRegion::of(&found.instance.place.region).id)?;
    let profile: RoleName = format!("ec2dash-ssm-{}", found.now.strftime("%Y%m%dT%H%M%S")).parse().ok()?;
    let role = profile.clone();
    let changes = vec![
        Change::CreateRole { role: role.clone(), partition, description: found.description() },
        Change::AttachPolicy { role: role.clone(), partition },
        Change::CreateProfile { profile: profile.clone(), instance: instance.clone() },
        Change::PutRole { profile: profile.clone(), role },
        Change::AttachProfile { instance, profile: profile.clone() },
    ];
    let consequences = vec![Consequence::ProfileMade(profile.to_string()), Consequence::AgentLater];
    Some(Plan { id: FixId::Profile, changes, consequences })
}
