//! One call that changes something in an account, as data.

use serde::{Deserialize, Serialize};

use crate::model::{AclOpening, GroupOpening, OpeningPeer, Power, ResourceId, RoleName};
use crate::text::joined;

/// A change: what is asked of AWS, and what is asked to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// A rule is added to a security group.
    OpenGroup(GroupOpening),
    /// An instance is started.
    StartInstance {
        /// Which.
        instance: ResourceId,
    },
    /// An entry is added to a network ACL.
    OpenAcl(AclOpening),
    /// A managed policy is attached to a role.
    AttachPolicy {
        /// The role.
        role: RoleName,
        /// The partition that AWS's own policies are of: `aws`, `aws-cn`.
        partition: Partition,
    },
    /// The account's switch for serial consoles is turned on, in the region.
    EnableSerialConsole,
}

/// A part of AWS with policies of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Partition {
    /// The commercial regions.
    #[serde(rename = "aws")]
    Commercial,
    /// China.
    #[serde(rename = "aws-cn")]
    China,
    /// GovCloud.
    #[serde(rename = "aws-us-gov")]
    GovCloud,
}

impl Partition {
    /// By its id; `None`: one that this version does not know.
    pub fn of_id(id: &str) -> Option<Self> {
        match id {
            "aws" => Some(Self::Commercial),
            "aws-cn" => Some(Self::China),
            "aws-us-gov" => Some(Self::GovCloud),
            _ => None,
        }
    }

    /// The policy with which the agent of Session Manager may do its work.
    pub fn core_policy(self) -> String {
        let id = match self {
            Self::Commercial => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
        };
        format!("arn:{id}:iam::aws:policy/AmazonSSMManagedInstanceCore")
    }
}

impl Change {
    /// The IAM action.
    pub fn action(&self) -> &'static str {
        match self {
            Self::OpenGroup(opening) if opening.is_egress => "ec2:AuthorizeSecurityGroupEgress",
            Self::OpenGroup(_) => "ec2:AuthorizeSecurityGroupIngress",
            Self::StartInstance { .. } => Power::Start.action(),
            Self::OpenAcl(_) => "ec2:CreateNetworkAclEntry",
            Self::AttachPolicy { .. } => "iam:AttachRolePolicy",
            Self::EnableSerialConsole => "ec2:EnableSerialConsoleAccess",
        }
    }

    /// The IAM action that takes it back.
    pub fn action_back(&self) -> &'static str {
        match self {
            Self::OpenGroup(opening) if opening.is_egress => "ec2:RevokeSecurityGroupEgress",
            Self::OpenGroup(_) => "ec2:RevokeSecurityGroupIngress",
            Self::StartInstance { .. } => Power::Stop.action(),
            Self::OpenAcl(_) => "ec2:DeleteNetworkAclEntry",
            Self::AttachPolicy { .. } => "iam:DetachRolePolicy",
            Self::EnableSerialConsole => "ec2:DisableSerialConsoleAccess",
        }
    }

    /// The call in one line: `ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 203.0.113.9/32`.
    pub fn shown(&self) -> String {
        joined(" ", [self.action(), &self.about()])
    }

    /// The call that takes it back, in one line.
    pub fn shown_back(&self) -> String {
        joined(" ", [self.action_back(), &self.about()])
    }

    /// What it is about.
    fn about(&self) -> String {
        let way = |is_egress: bool| if is_egress { "to" } else { "from" };
        match self {
            Self::OpenGroup(GroupOpening { group, is_egress, port, peer, .. }) => {
                format!("{group} tcp {port} {} {}", way(*is_egress), peer.text())
            }
            Self::StartInstance { instance } => instance.to_string(),
            Self::OpenAcl(AclOpening { acl, number, is_egress, first, last, block }) => {
                let ports = if first == last { first.to_string() } else { format!("{first}-{last}") };
                format!("{acl} {number} allow tcp {ports} {} {block}", way(*is_egress))
            }
            Self::AttachPolicy { role, partition } => format!("{role} {}", partition.core_policy()),
            Self::EnableSerialConsole => String::new(),
        }
    }

    /// The words of the AWS CLI that make it.
    pub fn command(&self) -> Vec<String> {
        match self {
            Self::OpenGroup(opening) => group_command(opening, "authorize"),
            Self::StartInstance { instance } => words(&["aws", "ec2", "start-instances", "--instance-ids", instance.as_str()]),
            Self::OpenAcl(opening) => acl_command(opening),
            Self::AttachPolicy { role, partition } => role_command("attach-role-policy", role, *partition),
            Self::EnableSerialConsole => words(&["aws", "ec2", "enable-serial-console-access"]),
        }
    }

    /// The words of the AWS CLI that take it back.
    pub fn command_back(&self) -> Vec<String> {
        match self {
            Self::OpenGroup(opening) => group_command(opening, "revoke"),
            Self::StartInstance { instance } => words(&["aws", "ec2", "stop-instances", "--instance-ids", instance.as_str()]),
            Self::OpenAcl(opening) => acl_command_back(opening),
            Self::AttachPolicy { role, partition } => role_command("detach-role-policy", role, *partition),
            Self::EnableSerialConsole => words(&["aws", "ec2", "disable-serial-console-access"]),
        }
    }
}

fn group_command(opening: &GroupOpening, verb: &str) -> Vec<String> {
    let GroupOpening { group, is_egress, port, peer, description } = opening;
    let (list, word) = match peer {
        OpeningPeer::Block(block) if block.addr().is_ipv6() => ("Ipv6Ranges", "CidrIpv6"),
        OpeningPeer::Block(_) => ("IpRanges", "CidrIp"),
        OpeningPeer::Group(_) => ("UserIdGroupPairs", "GroupId"),
    };
    // The AWS CLI takes the text in quotes as it is; it holds none itself.
    let permission =
        format!("IpProtocol=tcp,FromPort={port},ToPort={port},{list}=[{{{word}={},Description=\"{description}\"}}]", peer.text());
    let way = if *is_egress { "egress" } else { "ingress" };
    words(&["aws", "ec2", &format!("{verb}-security-group-{way}"), "--group-id", group.as_str(), "--ip-permissions", &permission])
}

fn acl_command(opening: &AclOpening) -> Vec<String> {
    let AclOpening { acl, number, is_egress, first, last, block } = opening;
    let way = if *is_egress { "--egress" } else { "--ingress" };
    let option = if block.addr().is_ipv6() { "--ipv6-cidr-block" } else { "--cidr-block" };
    let (number, ports) = (number.to_string(), format!("From={first},To={last}"));
    let mut line = words(&["aws", "ec2", "create-network-acl-entry", "--network-acl-id", acl.as_str(), way]);
    line.extend(words(&["--rule-number", &number, "--protocol", "tcp", "--port-range", &ports, option, &block.to_string()]));
    line.extend(words(&["--rule-action", "allow"]));
    line
}

fn acl_command_back(opening: &AclOpening) -> Vec<String> {
    let way = if opening.is_egress { "--egress" } else { "--ingress" };
    let number = opening.number.to_string();
    let acl = opening.acl.as_str();
    words(&["aws", "ec2", "delete-network-acl-entry", "--network-acl-id", acl, way, "--rule-number", &number])
}

fn role_command(verb: &str, role: &RoleName, partition: Partition) -> Vec<String> {
    words(&["aws", "iam", verb, "--role-name", role.as_str(), "--policy-arn", &partition.core_policy()])
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(is_egress: bool, peer: OpeningPeer) -> Change {
        let description = "ec2dash 2026-11-30T04:00:00Z".to_owned();
        Change::OpenGroup(GroupOpening { group: "sg-0a".parse().unwrap(), is_egress, port: 22, peer, description })
    }

    fn acl_opening() -> AclOpening {
        let block = "203.0.113.9/32".parse().unwrap();
        AclOpening { acl: "acl-0a".parse().unwrap(), number: 89, is_egress: false, first: 22, last: 22, block }
    }

    fn policy() -> Change {
        Change::AttachPolicy { role: "web-role".parse().unwrap(), partition: Partition::China }
    }

    #[test]
    fn a_change_is_a_call_a_command_and_a_command_back() {
        let (v4, v6) = ("203.0.113.9/32".parse().unwrap(), "2001:db8::9/128".parse().unwrap());
        for (change, shown, permission) in [
            (
                opening(false, OpeningPeer::Block(v4)),
                "ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 203.0.113.9/32",
                "IpRanges=[{CidrIp=203.0.113.9/32",
            ),
            (
                opening(false, OpeningPeer::Block(v6)),
                "ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 2001:db8::9/128",
                "Ipv6Ranges=[{CidrIpv6=2001:db8::9/128",
            ),
            (
                opening(true, OpeningPeer::Group("sg-0b".parse().unwrap())),
                "ec2:AuthorizeSecurityGroupEgress sg-0a tcp 22 to sg-0b",
                "UserIdGroupPairs=[{GroupId=sg-0b",
            ),
        ] {
            assert_eq!(change.shown(), shown);
            let command = change.command();
            let expected =
                format!("IpProtocol=tcp,FromPort=22,ToPort=22,{permission},Description=\"ec2dash 2026-11-30T04:00:00Z\"}}]");
            assert_eq!(command.last(), Some(&expected));
            let back = change.command_back();
            assert_eq!(command[2].replace("authorize", "revoke"), back[2]);
            assert_eq!(command[3..], back[3..]);
            assert_eq!(change.shown_back(), shown.replace("Authorize", "Revoke"));
            assert_eq!(change.shown_back().split(' ').next(), Some(change.action_back()));
        }
        let acl = Change::OpenAcl(acl_opening());
        assert_eq!(acl.shown(), "ec2:CreateNetworkAclEntry acl-0a 89 allow tcp 22 from 203.0.113.9/32");
        assert_eq!(
            acl.command().join(" "),
            "aws ec2 create-network-acl-entry --network-acl-id acl-0a --ingress --rule-number 89 --protocol tcp --port-range \
             From=22,To=22 --cidr-block 203.0.113.9/32 --rule-action allow"
        );
        assert_eq!(
            acl.command_back().join(" "),
            "aws ec2 delete-network-acl-entry --network-acl-id acl-0a --ingress --rule-number 89"
        );
        assert_eq!(Change::EnableSerialConsole.shown_back(), "ec2:DisableSerialConsoleAccess");
        assert_eq!(
            policy().command().join(" "),
            "aws iam attach-role-policy --role-name web-role --policy-arn arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore"
        );
        let start = Change::StartInstance { instance: "i-0123456789abcdef0".parse().unwrap() };
        assert_eq!(start.shown(), "ec2:StartInstances i-0123456789abcdef0");
        assert_eq!(start.shown_back(), "ec2:StopInstances i-0123456789abcdef0");
        assert_eq!(start.command_back().join(" "), "aws ec2 stop-instances --instance-ids i-0123456789abcdef0");
    }

    #[test]
    fn a_change_is_written_and_read_back() {
        for change in [
            opening(false, OpeningPeer::Block("203.0.113.9/32".parse().unwrap())),
            opening(true, OpeningPeer::Group("sg-0b".parse().unwrap())),
            Change::StartInstance { instance: "i-0123456789abcdef0".parse().unwrap() },
            Change::OpenAcl(acl_opening()),
            policy(),
            Change::EnableSerialConsole,
        ] {
            let written = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<Change>(&written).unwrap(), change, "{written}");
        }
    }
}
