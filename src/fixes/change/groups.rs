//! The calls that add a rule to a security group, and take it away.

use crate::fixes::called::{Called, word};
use crate::model::{GroupOpening, OpeningPeer};
use crate::text::shell_word;

pub(super) fn forth(opening: &GroupOpening) -> Called {
    let called = if opening.is_egress {
        Called::new("ec2:AuthorizeSecurityGroupEgress", "aws ec2 authorize-security-group-egress")
    } else {
        Called::new("ec2:AuthorizeSecurityGroupIngress", "aws ec2 authorize-security-group-ingress")
    };
    of_rule(called, opening)
}

pub(super) fn back(opening: &GroupOpening) -> Called {
    let called = if opening.is_egress {
        Called::new("ec2:RevokeSecurityGroupEgress", "aws ec2 revoke-security-group-egress")
    } else {
        Called::new("ec2:RevokeSecurityGroupIngress", "aws ec2 revoke-security-group-ingress")
    };
    of_rule(called, opening)
}

fn of_rule(called: Called, opening: &GroupOpening) -> Called {
    let GroupOpening { group, is_egress, port, peer, description } = opening;
    let way = if *is_egress { "to" } else { "from" };
    let (list, name, other) = match peer {
        OpeningPeer::Block(block) if block.addr().is_ipv6() => ("Ipv6Ranges", "CidrIpv6", block.to_string()),
        OpeningPeer::Block(block) => ("IpRanges", "CidrIp", block.to_string()),
        OpeningPeer::Group(id) if id.step().is_some() => ("UserIdGroupPairs", "GroupId", String::new()),
        OpeningPeer::Group(id) => ("UserIdGroupPairs", "GroupId", id.to_string()),
    };
    let start = format!("IpProtocol=tcp,FromPort={port},ToPort={port},{list}=[{{{name}={other}");
    // The AWS CLI takes the text in quotes as it is; it holds none itself.
    let end = format!(",Description=\"{description}\"}}]");
    let permission = match peer {
        OpeningPeer::Group(id) if id.step().is_some() => [shell_word(&start), word(id), shell_word(&end)].concat(),
        _ => shell_word(&(start + &end)),
    };
    called
        .about(format!("{group} tcp {port} {way} {}", peer.text()))
        .of("--group-id", group)
        .quoted("--ip-permissions", permission)
}
