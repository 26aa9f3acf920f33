//! What OpenSSH is asked for besides a login, and how this program is started once more.

use std::ffi::OsString;
use std::path::PathBuf;

use super::ssh_arguments;
use crate::config::ConnectFlags;

/// What OpenSSH is asked for besides a login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// Arguments of the user for ssh itself, placed before the destination.
    pub ssh_arguments: Vec<OsString>,
    /// A remote command, if any.
    pub command: Vec<OsString>,
    /// Whether ssh says only what went wrong.
    pub is_quiet: bool,
    /// Whether it must be ssh: the user asked for it, or for a login name, a key, an address or a port.
    pub only_ssh: bool,
    /// How to start this program, for ssh's `ProxyCommand`.
    pub own: OwnProgram,
    /// The key file that the user named: where a key is pushed, it is this one's public half.
    pub key: Option<PathBuf>,
    /// What of OpenSSH's is run.
    pub client: SshProgram,
    /// Whether the instance is taken as it was told, without a question to EC2.
    pub is_taken_as_told: bool,
}

/// A program of OpenSSH's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SshProgram {
    /// `ssh`.
    #[default]
    Ssh,
    /// `sftp`.
    Sftp {
        /// Where it begins there, or what it fetches.
        path: Option<OsString>,
    },
}

/// How to start this program once more, as this run was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnProgram {
    /// Where it is.
    pub program: PathBuf,
    /// Flags of every command that this run was given, as they were given. No flag takes a secret.
    pub flags: Vec<OsString>,
}

impl Default for OwnProgram {
    fn default() -> Self {
        Self { program: "ec2dash".into(), flags: Vec::new() }
    }
}

impl SshProgram {
    /// What it is called, for PATH.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::Sftp { .. } => "sftp",
        }
    }

    /// Its flag of a port.
    pub(super) fn port_flag(&self) -> &'static str {
        match self {
            Self::Ssh => "-p",
            Self::Sftp { .. } => "-P",
        }
    }
}

impl Extras {
    /// What flags alone ask for: who names a login, a key, an address or a port wants ssh.
    pub fn of(flags: &ConnectFlags, own: OwnProgram) -> Self {
        let only_ssh = flags.user.is_some() || flags.identity.is_some() || flags.port.is_some() || flags.address.is_some();
        Self { only_ssh, own, key: flags.identity.clone(), ..Self::default() }
    }

    /// Whether somebody gets a shell to type into, and not a command, a forward or files.
    pub(super) fn opens_shell(&self) -> bool {
        self.command.is_empty() && self.client == SshProgram::Ssh && !ssh_arguments::keep_from_shell(&self.ssh_arguments)
    }

    /// Whether only ssh can do what is asked for.
    pub(super) fn wants_ssh(&self) -> bool {
        self.only_ssh || !self.ssh_arguments.is_empty() || !self.command.is_empty()
    }
}
