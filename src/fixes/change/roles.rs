//! The calls about roles of instances.

use super::partition::Partition;
use crate::fixes::called::Called;
use crate::model::RoleName;

pub(super) fn attach(role: &RoleName, partition: Partition) -> Called {
    of_policy(Called::new("iam:AttachRolePolicy", "aws iam attach-role-policy"), role, partition)
}

pub(super) fn detach(role: &RoleName, partition: Partition) -> Called {
    of_policy(Called::new("iam:DetachRolePolicy", "aws iam detach-role-policy"), role, partition)
}

fn of_policy(called: Called, role: &RoleName, partition: Partition) -> Called {
    let policy = partition.core_policy();
    called.about(format!("{role} {policy}")).with("--role-name", role.as_str()).with("--policy-arn", &policy)
}
