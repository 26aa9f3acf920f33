//! The policy that a role lacks.

use super::found::{Found, Plan};
use crate::fixes::change::{Change, Partition};
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::{FixId, named};
use crate::model::{Instance, RoleName};

pub(super) fn attach(found: &Found<'_>) -> Option<Plan> {
    let role: RoleName = found.value("role-word")?;
    let partition = Partition::of_id(&found.value::<String>("partition")?)?;
    let consequences = vec![who_has(found, &role), Consequence::AgentLater];
    Some(Plan { id: FixId::AttachPolicy, changes: vec![Change::AttachPolicy { role, partition }], consequences })
}

/// Who else has the instance profile, and so the role.
fn who_has(found: &Found<'_>, role: &RoleName) -> Consequence {
    let instance = found.instance;
    let has = |other: &&Instance| other.id != instance.id && other.instance_profile == instance.instance_profile;
    let others = found.others.unwrap_or_default().iter().map(|other| &**other);
    Consequence::RoleShared(role.to_string(), others.filter(has).map(named).collect())
}
