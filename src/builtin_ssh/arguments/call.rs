//! What the client is asked to do, as its command line says.

use std::path::PathBuf;
use std::time::Duration;

use super::forward::Forward;

/// What the client is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The login name.
    pub user: String,
    /// An address or a name.
    pub host: String,
    /// sshd's port.
    pub port: u16,
    /// The name under which host keys are kept, if it is not the host's own.
    pub alias: Option<String>,
    /// The files of host keys; a new one is written to the first.
    pub known_hosts: Vec<PathBuf>,
    /// What of a host that has no key there.
    pub checking: Checking,
    /// What is asked for host keys besides: a command line.
    pub ask: Option<Vec<u8>>,
    /// The host's keys to ask for, by the names of their signatures.
    pub algorithms: HostKeyAlgorithms,
    /// The socket of the agent that signs.
    pub agent: Option<PathBuf>,
    /// The file with the public half of the key.
    pub identity: Option<PathBuf>,
    /// The program that leads to the host, as a shell reads it.
    pub proxy: Option<Vec<u8>>,
    /// Time between signs of life, and how many may stay unanswered.
    pub keepalive: Option<Duration>,
    /// See `keepalive`.
    pub unanswered: usize,
    /// How long the connection may take to come about.
    pub connect_timeout: Option<Duration>,
    /// Whether a terminal is wanted there.
    pub terminal: Terminal,
    /// What runs there.
    pub work: Work,
    /// What listens here.
    pub forwards: Vec<Forward>,
    /// Whether a place that cannot be listened at ends it.
    pub needs_forwards: bool,
    /// Whether only errors are said.
    pub is_quiet: bool,
    /// Whether nothing is read from stdin.
    pub reads_nothing: bool,
    /// Which agent is to be had there, too.
    pub forwarded: ForwardedAgent,
}

/// Which agent is to be had there, too: never the one that signs for the login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForwardedAgent {
    /// None.
    No,
    /// The user's, by `SSH_AUTH_SOCK`.
    Own,
    /// The one at this socket.
    At(PathBuf),
}

/// The host's keys to ask for, by the names of their signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKeyAlgorithms {
    /// All that the client knows, these before others.
    First(Vec<String>),
    /// These alone.
    Only(Vec<String>),
}

/// What of a host whose key is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checking {
    /// It is refused.
    Yes,
    /// It is kept.
    AcceptNew,
}

/// Whether a terminal is wanted there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// For a shell, where there is one here.
    Auto,
    /// Never.
    No,
    /// Where there is one here.
    Yes,
    /// Always.
    Force,
}

/// What runs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// The login's shell.
    Shell,
    /// A command, as the shell there reads it.
    Command(Vec<u8>),
    /// A subsystem.
    Subsystem(String),
    /// Stdin and stdout are led on to this place.
    Stdio {
        /// As the instance names it.
        host: String,
        /// Its port.
        port: u16,
    },
    /// Nothing.
    Nothing,
}

impl Call {
    /// The name under which its keys are kept.
    pub(in crate::builtin_ssh) fn known_as(&self) -> String {
        let host = || if self.port == 22 { self.host.clone() } else { format!("[{}]:{}", self.host, self.port) };
        self.alias.clone().unwrap_or_else(host)
    }

    /// Host and port as OpenSSH says them: it knows neither where a program leads there.
    pub(in crate::builtin_ssh) fn shown_place(&self) -> (&str, u16) {
        if self.proxy.is_some() { ("UNKNOWN", u16::MAX) } else { (&self.host, self.port) }
    }
}
