//! The calls that make a role and an instance profile for an agent, and attach it.

use super::partition::Partition;
use crate::fixes::called::Called;
use crate::model::{ResourceId, RoleName};

/// Who may take the role: instances, and nobody else.
pub(in crate::fixes) fn trust(partition: Partition) -> String {
    let service = match partition {
        Partition::China => "ec2.amazonaws.com.cn",
        Partition::Commercial | Partition::GovCloud => "ec2.amazonaws.com",
    };
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"sts:AssumeRole"}}]}}"#
    )
}

pub(super) fn create_role(role: &RoleName, partition: Partition, description: &str) -> Called {
    Called::new("iam:CreateRole", "aws iam create-role")
        .about(role.as_str())
        .with("--role-name", role.as_str())
        .with("--assume-role-policy-document", &trust(partition))
        .with("--description", description)
}

pub(super) fn delete_role(role: &RoleName) -> Called {
    Called::new("iam:DeleteRole", "aws iam delete-role").about(role.as_str()).with("--role-name", role.as_str())
}

pub(super) fn create(profile: &RoleName) -> Called {
    of_profile(Called::new("iam:CreateInstanceProfile", "aws iam create-instance-profile").about(profile.as_str()), profile)
}

pub(super) fn delete(profile: &RoleName) -> Called {
    of_profile(Called::new("iam:DeleteInstanceProfile", "aws iam delete-instance-profile").about(profile.as_str()), profile)
}

pub(super) fn put_role(profile: &RoleName, role: &RoleName) -> Called {
    let called = Called::new("iam:AddRoleToInstanceProfile", "aws iam add-role-to-instance-profile");
    of_profile(called.about(format!("{profile} {role}")), profile).with("--role-name", role.as_str())
}

pub(super) fn remove_role(profile: &RoleName, role: &RoleName) -> Called {
    let called = Called::new("iam:RemoveRoleFromInstanceProfile", "aws iam remove-role-from-instance-profile");
    of_profile(called.about(format!("{profile} {role}")), profile).with("--role-name", role.as_str())
}

fn of_profile(called: Called, profile: &RoleName) -> Called {
    called.with("--instance-profile-name", profile.as_str())
}

pub(super) fn attach(instance: &ResourceId, profile: &RoleName) -> Called {
    Called::new("ec2:AssociateIamInstanceProfile", "aws ec2 associate-iam-instance-profile")
        .about(format!("{instance} {profile}"))
        .of("--instance-id", instance)
        .with("--iam-instance-profile", &format!("Name={profile}"))
}

/// `association`: its id, once that is known.
pub(super) fn detach(instance: &ResourceId, profile: &RoleName) -> Called {
    // The id of the association is known once it is made: who types this reads it first.
    let line = format!(
        "\"$(aws ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values={instance} --query \
         'IamInstanceProfileAssociations[0].AssociationId' --output text)\""
    );
    Called::new("ec2:DisassociateIamInstanceProfile", "aws ec2 disassociate-iam-instance-profile")
        .about(format!("{instance} {profile}"))
        .quoted("--association-id", line)
}
