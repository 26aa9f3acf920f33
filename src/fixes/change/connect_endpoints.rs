//! The calls that make an EC2 Instance Connect Endpoint with a group of its own.

use crate::fixes::called::Called;
use crate::model::ResourceId;

pub(super) fn create_group(vpc: &ResourceId, name: &str, description: &str) -> Called {
    Called::new("ec2:CreateSecurityGroup", "aws ec2 create-security-group")
        .about(format!("{vpc} {name}"))
        .of("--vpc-id", vpc)
        .with("--group-name", name)
        .with("--description", description)
}

/// `group`: its id, once it is made.
pub(super) fn delete_group(vpc: &ResourceId, name: &str) -> Called {
    // Who types this reads its id first.
    let line = format!(
        "\"$(aws ec2 describe-security-groups --filters Name=vpc-id,Values={vpc} Name=group-name,Values={name} --query \
         'SecurityGroups[0].GroupId' --output text)\""
    );
    Called::new("ec2:DeleteSecurityGroup", "aws ec2 delete-security-group")
        .about(format!("{vpc} {name}"))
        .quoted("--group-id", line)
}

/// What every new group lets out is taken away.
pub(super) fn shut_out(group: &ResourceId) -> Called {
    Called::new("ec2:RevokeSecurityGroupEgress", "aws ec2 revoke-security-group-egress")
        .about(format!("{group} all to 0.0.0.0/0"))
        .of("--group-id", group)
        .with("--ip-permissions", "IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]")
}

pub(super) fn create(subnet: &ResourceId, group: &ResourceId, token: &str) -> Called {
    Called::new("ec2:CreateInstanceConnectEndpoint", "aws ec2 create-instance-connect-endpoint")
        .about(format!("{subnet} {group}"))
        .of("--subnet-id", subnet)
        .of("--security-group-ids", group)
        .flag("--no-preserve-client-ip")
        .with("--client-token", token)
}

pub(super) fn delete(subnet: &ResourceId, group: &ResourceId) -> Called {
    let line = format!(
        "\"$(aws ec2 describe-instance-connect-endpoints --filters Name=subnet-id,Values={subnet} --query \
         'InstanceConnectEndpoints[0].InstanceConnectEndpointId' --output text)\""
    );
    Called::new("ec2:DeleteInstanceConnectEndpoint", "aws ec2 delete-instance-connect-endpoint")
        .about(format!("{subnet} {group}"))
        .quoted("--instance-connect-endpoint-id", line)
}
