//! One call that changes something in an account, as data.

use serde::{Deserialize, Serialize};

use crate::model::{GroupOpening, OpeningPeer, Power, ResourceId};

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
}

impl Change {
    /// The IAM action.
    pub fn action(&self) -> &'static str {
        match self {
            Self::OpenGroup(opening) if opening.is_egress => "ec2:AuthorizeSecurityGroupEgress",
            Self::OpenGroup(_) => "ec2:AuthorizeSecurityGroupIngress",
            Self::StartInstance { .. } => Power::Start.action(),
        }
    }

    /// The call in one line: `ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 203.0.113.9/32`.
    pub fn shown(&self) -> String {
        let what = match self {
            Self::OpenGroup(GroupOpening { group, is_egress, port, peer, .. }) => {
                format!("{group} tcp {port} {} {}", if *is_egress { "to" } else { "from" }, peer.text())
            }
            Self::StartInstance { instance } => instance.to_string(),
        };
        format!("{} {what}", self.action())
    }

    /// The call that takes it back, in one line.
    pub fn shown_back(&self) -> String {
        match self {
            Self::OpenGroup(_) => self.shown().replacen("Authorize", "Revoke", 1),
            Self::StartInstance { instance } => format!("{} {instance}", Power::Stop.action()),
        }
    }

    /// The words of the AWS CLI that make it.
    pub fn command(&self) -> Vec<String> {
        match self {
            Self::OpenGroup(opening) => group_command(opening, "authorize"),
            Self::StartInstance { instance } => words(&["aws", "ec2", "start-instances", "--instance-ids", instance.as_str()]),
        }
    }

    /// The words of the AWS CLI that take it back.
    pub fn command_back(&self) -> Vec<String> {
        match self {
            Self::OpenGroup(opening) => group_command(opening, "revoke"),
            Self::StartInstance { instance } => words(&["aws", "ec2", "stop-instances", "--instance-ids", instance.as_str()]),
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
        }
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
        ] {
            let written = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<Change>(&written).unwrap(), change, "{written}");
        }
    }
}
