//! What keeps a connection from starting, told apart by what a user can do about it.

use std::io;
use std::path::PathBuf;

use ec2dash_keys::Unopened;

use super::Refusal;
use super::trust::Untold;
use crate::access::Method;
use crate::aws;
use crate::model::InstanceState;
use crate::power::Outcome;
use crate::session::SessionEnd;

/// The session did not start. The `#[error]` text is for logs; the user reads the catalogue's entry for [`Error::code`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A call to AWS failed.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// The instance left `running` since it was listed.
    #[error("the instance is {} now", .state.word())]
    NotRunning {
        /// What it is now.
        state: InstanceState,
    },
    /// It was to be started first, and does not run.
    #[error("the instance was not started: {}", .0.word())]
    NotStarted(Box<Outcome>),
    /// It was started, and no way in is open.
    #[error(transparent)]
    NoWay(Box<Refusal>),
    /// It was started, and the way in did not take us for long.
    #[error("{} does not answer after {seconds} s", .method.id())]
    NotAnswering {
        /// The way in.
        method: Method,
        /// How long was waited.
        seconds: u64,
    },
    /// The address that was planned for is gone, and there is no other of its kind.
    #[error("the instance has no such address any more")]
    AddressGone,
    /// There is no program called `ssh`.
    #[error("there is no ssh program")]
    SshMissing,
    /// There are host keys, and they cannot be read: whoever answers could not be told from the instance.
    #[error("cannot read {}: {source}", .path.display())]
    HostKeysUnreadable {
        /// Where they are.
        path: PathBuf,
        /// Why they cannot be read.
        source: io::Error,
    },
    /// Nothing tells which host key the instance has, and no other than a known one is taken.
    #[error("no host key of the instance is known or told")]
    HostKeyUntold(Untold),
    /// A key file was not opened.
    #[error("cannot open {}: {why}", .file.display())]
    KeyUnopened {
        /// The file.
        file: PathBuf,
        /// Why.
        why: Unopened,
    },
    /// A key file asks for its passphrase, and there is nobody to ask.
    #[error("nobody can be asked for the passphrase of {}", .file.display())]
    NobodyToAsk {
        /// The file.
        file: PathBuf,
        /// Whether it is PuTTY's, which OpenSSH's programs do not read.
        is_putty: bool,
    },
    /// The account lets nobody use serial consoles in the region.
    #[error("serial console access is off")]
    SerialOff {
        /// Whether a policy of the organization says so.
        by_policy: bool,
    },
    /// AWS does not open the serial console.
    #[error("the serial console does not open: {code}")]
    SerialRefused {
        /// Why, as the key of its sentences.
        code: &'static str,
    },
    /// A session of Session Manager did not begin.
    #[error("the session did not begin: {}", .0.reason.code())]
    Session(Box<SessionEnd>),
    /// Something on this computer went wrong: the private directory, the agent's socket, the program.
    #[error("{what}: {source}")]
    Local {
        /// What we were doing.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

impl Error {
    /// Stable and documented: the key of the sentence in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Aws(error) => error.code(),
            Self::NotRunning { .. } => "instance-not-running",
            Self::NotStarted(outcome) => outcome.code().unwrap_or("not-started"),
            Self::NoWay(refusal) => refusal.code(),
            Self::NotAnswering { .. } => "not-answering",
            Self::AddressGone => "address-gone",
            Self::SshMissing => "ssh-missing",
            Self::HostKeysUnreadable { .. } => "known-hosts",
            Self::HostKeyUntold(_) => "host-key-untold",
            Self::KeyUnopened { why: Unopened::WrongPassphrase, .. } => "key-passphrase-wrong",
            Self::KeyUnopened { .. } => "key-unopened",
            Self::NobodyToAsk { .. } => "key-passphrase-unasked",
            Self::SerialOff { by_policy: false } => "serial-off",
            Self::SerialOff { by_policy: true } => "serial-off-by-policy",
            Self::SerialRefused { code } => code,
            Self::Session(ending) => ending.reason.code(),
            Self::Local { .. } => "local-failure",
        }
    }

    /// Whether this way in was refused, by AWS or by the agent: another one may still take us.
    pub fn is_refused_way(&self) -> bool {
        let of_aws = match self {
            Self::Aws(error) => Some(error),
            Self::Session(ending) => ending.reason.aws(),
            _ => None,
        };
        matches!(of_aws, Some(aws::Error::Denied { .. } | aws::Error::NotConnected { .. }))
    }

    /// Whether a session was denied that somebody else may grant.
    pub fn is_denied_session(&self) -> bool {
        matches!(self, Self::Session(ending) if matches!(ending.reason.aws(), Some(aws::Error::Denied { action: "ssm:StartSession", .. })))
    }

    /// For `map_err`: what we were doing when the operating system refused.
    pub(crate) fn local(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Local { what, source }
    }
}
