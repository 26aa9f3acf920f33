//! The calls that add an entry to a network ACL, and take it away.

use crate::fixes::called::Called;
use crate::model::AclOpening;

pub(super) fn forth(opening: &AclOpening) -> Called {
    let AclOpening { acl, number, is_egress, first, last, block } = opening;
    let option = if block.addr().is_ipv6() { "--ipv6-cidr-block" } else { "--cidr-block" };
    Called::new("ec2:CreateNetworkAclEntry", "aws ec2 create-network-acl-entry")
        .about(about(opening))
        .of("--network-acl-id", acl)
        .flag(if *is_egress { "--egress" } else { "--ingress" })
        .with("--rule-number", &number.to_string())
        .with("--protocol", "tcp")
        .with("--port-range", &format!("From={first},To={last}"))
        .with(option, &block.to_string())
        .with("--rule-action", "allow")
}

pub(super) fn back(opening: &AclOpening) -> Called {
    Called::new("ec2:DeleteNetworkAclEntry", "aws ec2 delete-network-acl-entry")
        .about(about(opening))
        .of("--network-acl-id", &opening.acl)
        .flag(if opening.is_egress { "--egress" } else { "--ingress" })
        .with("--rule-number", &opening.number.to_string())
}

fn about(opening: &AclOpening) -> String {
    let AclOpening { acl, number, is_egress, first, last, block } = opening;
    let ports = if first == last { first.to_string() } else { format!("{first}-{last}") };
    let way = if *is_egress { "to" } else { "from" };
    format!("{acl} {number} allow tcp {ports} {way} {block}")
}
