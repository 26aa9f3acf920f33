//! The calls about an instance itself.

use crate::fixes::called::Called;
use crate::model::{MetadataTokens, Power, ResourceId};

pub(super) fn start(instance: &ResourceId) -> Called {
    of_instances(Called::new(Power::Start.action(), "aws ec2 start-instances"), instance)
}

pub(super) fn stop(instance: &ResourceId) -> Called {
    of_instances(Called::new(Power::Stop.action(), "aws ec2 stop-instances"), instance)
}

fn of_instances(called: Called, instance: &ResourceId) -> Called {
    called.about(instance.as_str()).of("--instance-ids", instance)
}

/// The metadata service on or off, with these tokens.
pub(super) fn metadata(instance: &ResourceId, is_on: bool, tokens: MetadataTokens) -> Called {
    let state = if is_on { "enabled" } else { "disabled" };
    Called::new("ec2:ModifyInstanceMetadataOptions", "aws ec2 modify-instance-metadata-options")
        .about(format!("{instance} {state}, tokens {}", tokens.word()))
        .of("--instance-id", instance)
        .with("--http-endpoint", state)
        .with("--http-tokens", tokens.word())
}
