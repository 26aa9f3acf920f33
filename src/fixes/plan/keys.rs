//! A key of this computer that an instance does not know.

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::fixes::key_line::KeyLine;
use crate::model::SsmStatus;

/// Where its agent is heard, and a key is here that somebody can use.
pub(super) fn add(found: &Found<'_>) -> Option<Plan> {
    found.instance.ssm.known().filter(|ssm| ssm.status == SsmStatus::Online)?;
    let key = found.key?;
    let instance = found.instance.id.as_str().parse().ok()?;
    let line = KeyLine::new(key.public.clone(), found.now)?;
    let whose = key.file.as_ref().map(|file| file.display().to_string());
    Some(Plan {
        id: FixId::AddKey,
        changes: vec![Change::AddKey { instance, user: key.user.clone(), line }],
        consequences: vec![Consequence::KeyOpens(key.user.to_string(), whose), Consequence::RunsAsRoot],
    })
}
