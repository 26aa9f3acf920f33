//! What connecting will do, as data: `--dry-run` prints it, `connect::run` performs it.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::access::{Login, Method};
use crate::model::{Instance, Place};

/// Everything that is decided before anything is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The instance, as it was when this was decided.
    pub target: Instance,
    /// The way in.
    pub method: Method,
    /// The ways that could be opened, if the user left the choice to us: `best of eic, ssh`.
    pub best_of: Option<Vec<Method>>,
    /// The login name.
    pub user: Login,
    /// Where the login name comes from, as a key of the catalogue (`user-from-image`, `user-from-rule`, …).
    pub user_source: &'static str,
    /// Where sshd is.
    pub address: IpAddr,
    /// What kind of address that is, as a key of the catalogue (`address-public`, …).
    pub address_kind: &'static str,
    /// sshd's port.
    pub port: u16,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Ask EC2 once more what and where the instance is (F51).
    Describe {
        /// Where it was listed.
        place: Place,
    },
    /// Let `user` in with a new one-time key for the next sixty seconds.
    PushKey {
        /// The login name it is for.
        user: Login,
    },
    /// Run OpenSSH in the foreground and hand it the terminal.
    Exec {
        /// The program, looked up in PATH.
        program: OsString,
        /// Its arguments; what is made only at run time is a [`Blank`] and stands in `<…>` when printed.
        arguments: Vec<Argument>,
    },
}

/// An argument of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A word as it is.
    Word(OsString),
    /// A word with a part that is made only at run time.
    Filled {
        /// What stands before it, such as `IdentityAgent=`.
        before: &'static str,
        /// What is filled in.
        blank: Blank,
    },
}

/// What is made only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blank {
    /// Path of our agent's socket.
    AgentSocket,
    /// Path of the file with the public half of the one-time key.
    PublicKey,
    /// Path of our known_hosts file.
    KnownHosts,
}

/// What OpenSSH is asked for besides a login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// Arguments of the user for ssh itself, placed before the destination.
    pub ssh_arguments: Vec<OsString>,
    /// A remote command, if any.
    pub command: Vec<OsString>,
    /// Path of our known_hosts file, if it is already known (`--dry-run` prints it).
    pub known_hosts: Option<PathBuf>,
}
