//! The call that has an agent updated.

use crate::fixes::called::Called;
use crate::model::ResourceId;

pub(super) fn update(instance: &ResourceId, comment: &str) -> Called {
    Called::new("ssm:SendCommand", "aws ssm send-command --document-name AWS-UpdateSSMAgent")
        .about(format!("{instance} AWS-UpdateSSMAgent"))
        .of("--instance-ids", instance)
        .with("--comment", comment)
}
