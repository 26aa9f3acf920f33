//! An agent that is too old.

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::SsmStatus;

/// Where it is heard: who hears no agent gives it no command.
pub(super) fn update(found: &Found<'_>) -> Option<Plan> {
    found.instance.ssm.known().filter(|ssm| ssm.status == SsmStatus::Online)?;
    let instance = found.instance.id.as_str().parse().ok()?;
    let change = Change::UpdateAgent { instance, comment: found.description() };
    Some(Plan { id: FixId::UpdateAgent, changes: vec![change], consequences: vec![Consequence::EndsSessions] })
}
