//! What kind of session the far side says this is.

use std::collections::BTreeMap;

use super::foreign::Foreign;

/// What a session can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A login shell on a terminal.
    Shell,
    /// A command on a terminal; no exit code comes back.
    InteractiveCommand,
    /// A command without terminal and stdin.
    Command,
    /// Bytes to and from a port.
    Port(PortMode),
}

/// How a port session carries connections (docs/session-manager-protocol.md 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortMode {
    /// The session is the connection: for `ProxyCommand`.
    Single,
    /// One connection at a time, with agents too old for more.
    OneByOne,
    /// Many connections at once.
    Multiplexed,
}

/// The session as the handshake, or its absence, made it known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What it carries.
    pub kind: SessionKind,
    /// Known when there was a handshake.
    pub agent_version: Option<Foreign>,
    /// Whether KMS sealed it, proven by the challenge.
    pub is_encrypted: bool,
    /// A line for the user, from the session document or the agent.
    pub notice: Option<Foreign>,
    /// What the far side says about ports and hosts. For information only: use what the user asked for.
    pub properties: BTreeMap<String, Foreign>,
}

impl Session {
    /// A shell whose agent spoke without a handshake.
    pub(crate) fn shell_without_handshake() -> Self {
        Self { kind: SessionKind::Shell, agent_version: None, is_encrypted: false, notice: None, properties: BTreeMap::new() }
    }
}

impl SessionKind {
    /// Whether there is a terminal at the far end, which has a size.
    pub fn has_terminal(self) -> bool {
        matches!(self, Self::Shell | Self::InteractiveCommand)
    }
}

/// Which kinds the caller is ready for. The handshake decides; another kind than expected ends the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever the document makes it.
    #[default]
    Any,
    /// A shell or an interactive command.
    Terminal,
    /// A command without terminal.
    Command,
    /// A port session of any mode.
    Port,
}

impl Expected {
    /// Whether the caller is ready for `kind`.
    pub fn admits(self, kind: SessionKind) -> bool {
        match self {
            Self::Any => true,
            Self::Terminal => kind.has_terminal(),
            Self::Command => kind == SessionKind::Command,
            Self::Port => matches!(kind, SessionKind::Port(_)),
        }
    }
}
