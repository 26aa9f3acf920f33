//! `ModifyInstanceMetadataOptions`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;
use super::instance::check_ids;

pub(super) fn modify(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("InstanceId")?;
    check_ids(asking, &[id])?;
    let is_on = one_of(parameters, "HttpEndpoint", "enabled", "disabled")?;
    let asks_tokens = one_of(parameters, "HttpTokens", "required", "optional")?;
    refuse_dry(parameters)?;
    let mut now = (true, true);
    asking.world.mend(|fleet| {
        if let Some(instance) = fleet.instance_mut(id) {
            instance.has_metadata = is_on.unwrap_or(instance.has_metadata);
            instance.asks_metadata_tokens = asks_tokens.unwrap_or(instance.asks_metadata_tokens);
            now = (instance.has_metadata, instance.asks_metadata_tokens);
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.text("instanceId", id);
        xml.within("instanceMetadataOptions", |xml| {
            xml.text("state", "pending");
            xml.text("httpTokens", if now.1 { "required" } else { "optional" });
            xml.text("httpEndpoint", if now.0 { "enabled" } else { "disabled" });
        });
    }))
}

/// Whether a parameter says the first of two words; `None`: it says nothing.
fn one_of(parameters: &Parameters, name: &str, yes: &str, no: &str) -> Result<Option<bool>, Refusal> {
    match parameters.text(name) {
        None => Ok(None),
        Some(word) if word == yes => Ok(Some(true)),
        Some(word) if word == no => Ok(Some(false)),
        Some(other) => {
            let message = format!("Value ({other}) for parameter {name} is invalid. Valid values: [{yes}, {no}]");
            Err(Refusal::new(400, "InvalidParameterValue", message))
        }
    }
}
