//! The statements of a policy: calls that are allowed together, and on what.

use serde_json::{Value, json};
use strum::{EnumIter, IntoStaticStr};

use super::documents;

const INSTANCES: &str = "arn:aws:ec2:*:*:instance/*";

/// Calls that are allowed together, or left out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, IntoStaticStr)]
pub enum Statement {
    /// What is listed.
    ListInstances,
    /// What the roles of instances grant.
    ReadInstanceRoles,
    /// What one's own policies allow.
    SimulateOwnPolicies,
    /// A key for sixty seconds.
    ConnectByInstanceConnect,
    /// A key for one session on a serial console.
    OpenSerialConsoles,
    /// Tunnels through endpoints.
    OpenTunnels,
    /// What instances printed on their consoles: their host keys.
    ReadConsoles,
    /// The first passwords of Windows instances, which only the private half of the key pair opens.
    ReadFirstPasswords,
    /// Sessions of Session Manager.
    OpenSessions,
    /// Their data channels: the token of a session, which its caller alone gets, decides which.
    OpenDataChannels,
    /// What becomes of them.
    KeepAndEndOwnSessions,
    /// What the account wants of them.
    ReadSessionPreferences,
    /// What it has set for all of its nodes.
    ReadServiceSettings,
    /// Run Command.
    RunCommandsOnMany,
    /// What becomes of what it runs.
    FollowAndCancelCommands,
    /// Starting, stopping and rebooting.
    StartStopAndReboot,
    /// Rules of security groups, added and taken back by fixes of the doctor.
    MendSecurityGroups,
    /// Entries of network ACLs, added and taken back by fixes.
    MendNetworkAcls,
    /// The account's switch for serial consoles.
    SwitchSerialConsoles,
    /// AWS's policy for the agent of Session Manager, and no other, attached to roles of instances.
    AttachTheCorePolicy,
    /// The metadata service of an instance and its instance profile, by fixes.
    MendInstances,
    /// Endpoints of VPCs, each with a security group of its own.
    MakeEndpoints,
    /// The role by which EC2 Instance Connect makes the interfaces of its endpoints: once in an account.
    MakeRoleOfInstanceConnect,
    /// Elastic IP addresses.
    MendAddresses,
    /// A tag on such an address while it is allocated, and on nothing that is there: tags may decide who gets in where.
    TagNewAddresses,
    /// Routes to the internet.
    MendRoutes,
    /// Roles and instance profiles for agents, whose names begin with ours.
    MakeRolesForAgents,
    /// Roles are given to instances, and to nothing else.
    PassRolesToInstances,
    /// What makes names lead to endpoints of a VPC: its resolver, and the endpoints themselves.
    MendNames,
    /// What fixes changed, looked at again before it is taken back.
    LookAtFixes,
    /// Sessions that the account encrypts with a key of its own.
    SealedSessions,
    /// Asking for a session where just-in-time node access grants it.
    RequestAccessToNodes,
}

impl Statement {
    /// What the calls are allowed on. None of those that list can be bound to a resource.
    pub(super) fn resources(self) -> Vec<String> {
        let owned = |resource: &str| vec![resource.to_owned()];
        match self {
            Self::ListInstances
            | Self::ReadInstanceRoles
            | Self::SimulateOwnPolicies
            | Self::FollowAndCancelCommands
            | Self::LookAtFixes
            | Self::SwitchSerialConsoles
            | Self::MakeEndpoints
            | Self::MendAddresses
            | Self::RequestAccessToNodes => owned("*"),
            Self::TagNewAddresses => owned("arn:aws:ec2:*:*:elastic-ip/*"),
            Self::MendNames => ["vpc", "vpc-endpoint"].map(|kind| format!("arn:aws:ec2:*:*:{kind}/*")).into(),
            Self::MendRoutes => owned("arn:aws:ec2:*:*:route-table/*"),
            Self::MendNetworkAcls => owned("arn:aws:ec2:*:*:network-acl/*"),
            Self::AttachTheCorePolicy | Self::PassRolesToInstances => owned("arn:aws:iam::*:role/*"),
            Self::MakeRoleOfInstanceConnect => owned("arn:aws:iam::*:role/aws-service-role/ec2-instance-connect.amazonaws.com/*"),
            Self::MakeRolesForAgents => {
                ["role", "instance-profile"].map(|kind| format!("arn:aws:iam::*:{kind}/ec2dash-*")).into()
            }
            Self::MendSecurityGroups => {
                ["security-group", "security-group-rule"].map(|kind| format!("arn:aws:ec2:*:*:{kind}/*")).into()
            }
            Self::ConnectByInstanceConnect
            | Self::OpenSerialConsoles
            | Self::ReadConsoles
            | Self::ReadFirstPasswords
            | Self::MendInstances
            | Self::StartStopAndReboot => owned(INSTANCES),
            Self::OpenTunnels => owned("arn:aws:ec2:*:*:instance-connect-endpoint/*"),
            Self::OpenSessions => {
                let own = [
                    documents::PREFERENCES,
                    documents::SSH,
                    documents::PORT,
                    documents::REMOTE_HOST,
                    documents::COMMAND,
                    documents::INTERACTIVE,
                ];
                std::iter::once(INSTANCES.to_owned()).chain(own.map(document)).collect()
            }
            Self::OpenDataChannels | Self::KeepAndEndOwnSessions => owned("arn:aws:ssm:*:*:session/*"),
            Self::ReadSessionPreferences => vec![document(documents::PREFERENCES)],
            Self::ReadServiceSettings => owned("arn:aws:ssm:*:*:servicesetting/ssm/managed-instance/*"),
            // A document of AWS's own belongs to no account.
            Self::RunCommandsOnMany => {
                let own = [documents::RUN_SHELL_SCRIPT, documents::UPDATE_AGENT];
                std::iter::once(INSTANCES.to_owned()).chain(own.map(|name| format!("arn:aws:ssm:*::document/{name}"))).collect()
            }
            Self::SealedSessions => owned("arn:aws:kms:*:*:key/*"),
        }
    }

    /// For whom: operator, key of the context, values.
    ///
    /// Sessions are told apart by the tag that AWS puts on each. Their ids begin with the name of the IAM user or the session name of an
    /// assumed role, which no policy variable gives for both (docs/access-rules.md, IAM-8 and 3.3).
    pub(super) fn condition(self) -> Option<Value> {
        match self {
            Self::ConnectByInstanceConnect => Some(json!({"StringEquals": {"ec2:osuser": ["ec2-user", "ubuntu"]}})),
            Self::OpenTunnels => Some(json!({"NumericEquals": {"ec2-instance-connect:remotePort": ["22", "3389"]}})),
            Self::AttachTheCorePolicy => {
                let core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
                Some(json!({"ArnEquals": {"iam:PolicyARN": core}}))
            }
            Self::TagNewAddresses => Some(json!({"StringEquals": {"ec2:CreateAction": "AllocateAddress"}})),
            Self::MakeRoleOfInstanceConnect => {
                Some(json!({"StringEquals": {"iam:AWSServiceName": "ec2-instance-connect.amazonaws.com"}}))
            }
            Self::PassRolesToInstances => {
                Some(json!({"StringLike": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}}))
            }
            Self::KeepAndEndOwnSessions => {
                Some(json!({"StringLike": {"ssm:resourceTag/aws:ssmmessages:session-id": ["${aws:userid}"]}}))
            }
            _ => None,
        }
    }
}

fn document(name: &str) -> String {
    format!("arn:aws:ssm:*:*:document/{name}")
}
