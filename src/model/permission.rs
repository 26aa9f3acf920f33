//! What whoever asks may do with an instance, as IAM simulates it.

use std::collections::BTreeMap;

use super::Untrusted;

/// Something that opens a way in, or goes with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// To push a key for sixty seconds.
    PushKey,
    /// To begin a shell of Session Manager.
    Shell,
    /// To begin it by the account's own document; asked about only where a policy says that documents are looked at.
    ShellDocument,
    /// To begin a session that carries ssh.
    SshSession,
    /// To begin a session that carries the connections of a port.
    PortSession,
    /// To open a tunnel through an endpoint of the VPC.
    Tunnel,
    /// To open one that lasts for a minute; asked about only where a longer one is denied.
    ShortTunnel,
    /// To push a key for a serial console.
    SerialConsole,
    /// To resume and end one's own sessions.
    OwnSessions,
    /// To make the key of a session that is sealed.
    DataKey,
    /// To read the first password of a Windows instance.
    Password,
}

impl Permission {
    /// The action that a policy names.
    pub fn action(self) -> &'static str {
        match self {
            Self::PushKey => "ec2-instance-connect:SendSSHPublicKey",
            Self::Shell | Self::ShellDocument | Self::SshSession | Self::PortSession => "ssm:StartSession",
            Self::Tunnel | Self::ShortTunnel => "ec2-instance-connect:OpenTunnel",
            Self::SerialConsole => "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
            Self::OwnSessions => "ssm:TerminateSession",
            Self::DataKey => "kms:GenerateDataKey",
            Self::Password => "ec2:GetPasswordData",
        }
    }
}

/// What a simulation says of a permission. The order is that of their weight: the last of several decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It is given, as far as policies of the caller tell.
    Allowed,
    /// It is given unless one of these keys of a request's context says otherwise; without any: nothing was simulated, and nothing denies it.
    AllowedUnless(Vec<Untrusted>),
    /// It depends on these keys of a request's context.
    Unclear(Vec<Untrusted>),
    /// It is not given.
    Denied(DeniedBy),
}

/// Why a permission is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeniedBy {
    /// No statement allows it.
    Nothing,
    /// A statement denies it.
    Statement,
    /// The permissions boundary does not allow it.
    Boundary,
    /// A policy of the organization does not allow it.
    Organization,
}

impl DeniedBy {
    /// The word for sentences and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Statement => "statement",
            Self::Boundary => "boundary",
            Self::Organization => "organization",
        }
    }
}

/// What was simulated.
pub type Permissions = BTreeMap<Permission, Decision>;
