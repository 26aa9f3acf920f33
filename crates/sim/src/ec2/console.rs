//! `GetConsoleOutput`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::answer::ec2_result;
use crate::asking::{Asking, written};
use crate::console;
use crate::fault::FaultKind;
use crate::fleet::{State, is_nitro};
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::instance::check_ids;

pub(super) fn output(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let Some(id) = parameters.text("InstanceId") else {
        return Err(Refusal::new(400, "MissingParameter", "The request must contain the parameter InstanceId"));
    };
    check_ids(asking, &[id])?;
    let instance = asking.instances().find(|instance| instance.id == id);
    if parameters.flag("Latest")
        && let Some(instance) = instance.filter(|own| !is_nitro(&own.instance_type))
    {
        let message =
            format!("The instance type {} does not support retrieving the latest console logs.", instance.instance_type);
        return Err(Refusal::new(400, "UnsupportedOperation", message));
    }
    let fault = match asking.fault {
        Some(FaultKind::Console(fault)) => Some(*fault),
        _ => None,
    };
    let has_started = |state: State| !matches!(state, State::Pending);
    let started = instance.filter(|instance| has_started(instance.state));
    let text = started.and_then(|instance| console::text(instance, &asking.world.host_keys, fault));
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.text("instanceId", id);
        xml.text("timestamp", &written(asking.now));
        xml.text("output", &STANDARD.encode(text.unwrap_or_default()));
    }))
}
