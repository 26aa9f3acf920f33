//! The calls we make, each declared once.

use super::endpoints::Service;
use crate::model::FactKind;

/// A call: what it asks of an administrator, of AWS's patience, and what is not known without it.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The IAM action, which is also the permission that it needs.
    pub action: &'static str,
    /// The fact that it fills: without it that shows `?`.
    pub fills: Option<FactKind>,
    pub(super) service: Service,
    /// Whether many tasks make it, so that they take turns: two a second in a region.
    pub(super) takes_turns: bool,
}

impl Call {
    const fn of(service: Service, action: &'static str) -> Self {
        Self { action, fills: None, service, takes_turns: false }
    }

    const fn filling(self, fact: FactKind) -> Self {
        Self { fills: Some(fact), ..self }
    }

    const fn in_turns(self) -> Self {
        Self { takes_turns: true, ..self }
    }
}

/// Opening a data channel: not a request of the SDK, and a permission all the same.
pub(super) const OPEN_DATA_CHANNEL: Call = Call::of(Service::Messages, "ssmmessages:OpenDataChannel");
pub(super) const SEND_SSH_PUBLIC_KEY: Call = Call::of(Service::InstanceConnect, "ec2-instance-connect:SendSSHPublicKey");
pub(super) const DESCRIBE_IMAGES: Call = Call::of(Service::Ec2, "ec2:DescribeImages").filling(FactKind::Image);
pub(super) const DESCRIBE_INSTANCE_IMAGE_METADATA: Call =
    Call::of(Service::Ec2, "ec2:DescribeInstanceImageMetadata").filling(FactKind::Image);
pub(super) const DESCRIBE_INSTANCES: Call = Call::of(Service::Ec2, "ec2:DescribeInstances");
pub(super) const DESCRIBE_REGIONS: Call = Call::of(Service::Ec2, "ec2:DescribeRegions");
pub(super) const GET_INSTANCE_PROFILE: Call = Call::of(Service::Iam, "iam:GetInstanceProfile").filling(FactKind::Role);
pub(super) const GET_POLICY: Call = Call::of(Service::Iam, "iam:GetPolicy").filling(FactKind::Role);
pub(super) const GET_POLICY_VERSION: Call = Call::of(Service::Iam, "iam:GetPolicyVersion").filling(FactKind::Role);
pub(super) const GET_ROLE_POLICY: Call = Call::of(Service::Iam, "iam:GetRolePolicy").filling(FactKind::Role);
pub(super) const LIST_ATTACHED_ROLE_POLICIES: Call =
    Call::of(Service::Iam, "iam:ListAttachedRolePolicies").filling(FactKind::Role);
pub(super) const LIST_ROLE_POLICIES: Call = Call::of(Service::Iam, "iam:ListRolePolicies").filling(FactKind::Role);
pub(super) const GENERATE_DATA_KEY: Call = Call::of(Service::Kms, "kms:GenerateDataKey");
pub(super) const CANCEL_COMMAND: Call = Call::of(Service::Ssm, "ssm:CancelCommand");
pub(super) const DESCRIBE_INSTANCE_INFORMATION: Call =
    Call::of(Service::Ssm, "ssm:DescribeInstanceInformation").filling(FactKind::Ssm);
pub(super) const DESCRIBE_INSTANCE_PROPERTIES: Call =
    Call::of(Service::Ssm, "ssm:DescribeInstanceProperties").filling(FactKind::Ssm);
pub(super) const GET_COMMAND_INVOCATION: Call = Call::of(Service::Ssm, "ssm:GetCommandInvocation");
pub(super) const GET_CONNECTION_STATUS: Call = Call::of(Service::Ssm, "ssm:GetConnectionStatus");
pub(super) const GET_DOCUMENT: Call = Call::of(Service::Ssm, "ssm:GetDocument");
pub(super) const LIST_COMMAND_INVOCATIONS: Call = Call::of(Service::Ssm, "ssm:ListCommandInvocations").in_turns();
pub(super) const LIST_COMMANDS: Call = Call::of(Service::Ssm, "ssm:ListCommands").in_turns();
pub(super) const RESUME_SESSION: Call = Call::of(Service::Ssm, "ssm:ResumeSession");
pub(super) const SEND_COMMAND: Call = Call::of(Service::Ssm, "ssm:SendCommand");
pub(super) const START_SESSION: Call = Call::of(Service::Ssm, "ssm:StartSession");
pub(super) const TERMINATE_SESSION: Call = Call::of(Service::Ssm, "ssm:TerminateSession");
pub(super) const GET_CALLER_IDENTITY: Call = Call::of(Service::Sts, "sts:GetCallerIdentity");

/// Every call: the permissions of the README are read from here.
pub const CALLS: &[Call] = &[
    OPEN_DATA_CHANNEL,
    SEND_SSH_PUBLIC_KEY,
    DESCRIBE_IMAGES,
    DESCRIBE_INSTANCE_IMAGE_METADATA,
    DESCRIBE_INSTANCES,
    DESCRIBE_REGIONS,
    GET_INSTANCE_PROFILE,
    GET_POLICY,
    GET_POLICY_VERSION,
    GET_ROLE_POLICY,
    LIST_ATTACHED_ROLE_POLICIES,
    LIST_ROLE_POLICIES,
    GENERATE_DATA_KEY,
    CANCEL_COMMAND,
    DESCRIBE_INSTANCE_INFORMATION,
    DESCRIBE_INSTANCE_PROPERTIES,
    GET_COMMAND_INVOCATION,
    GET_CONNECTION_STATUS,
    GET_DOCUMENT,
    LIST_COMMAND_INVOCATIONS,
    LIST_COMMANDS,
    RESUME_SESSION,
    SEND_COMMAND,
    START_SESSION,
    TERMINATE_SESSION,
    GET_CALLER_IDENTITY,
];

/// The fact that a call of this action fills.
pub fn fills(action: &str) -> Option<FactKind> {
    CALLS.iter().find(|call| call.action == action)?.fills
}
