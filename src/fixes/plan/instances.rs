//! What is changed about an instance itself, and about its account's serial consoles.

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::MetadataTokens;

pub(super) fn serial(found: &Found<'_>) -> Plan {
    let region = found.instance.place.region.to_string();
    Plan {
        id: FixId::SerialConsole,
        changes: vec![Change::EnableSerialConsole],
        consequences: vec![Consequence::WholeRegion(region)],
    }
}

pub(super) fn start(found: &Found<'_>) -> Option<Plan> {
    let id = &found.instance.id;
    let instance = id.as_str().parse().ok().filter(|_| !id.is_hybrid())?;
    Some(Plan { id: FixId::Start, changes: vec![Change::StartInstance { instance }], consequences: vec![Consequence::Billed] })
}

/// What it asked for before is read before it is shown.
pub(super) fn metadata(found: &Found<'_>) -> Option<Plan> {
    let instance = found.value("id")?;
    let change = Change::EnableMetadata { instance, tokens_were: MetadataTokens::Required };
    Some(Plan { id: FixId::Metadata, changes: vec![change], consequences: vec![Consequence::TokensOnly] })
}
