//! What a session is to be, and what its agent does for it.

use std::collections::BTreeMap;
use std::time::Duration;

/// What a session is to be.
#[derive(Clone, Debug)]
pub(in crate::far_end) struct Document {
    pub(in crate::far_end) name: String,
    pub(in crate::far_end) session_type: String,
    /// Of a port session, for the handshake.
    pub(in crate::far_end) properties: BTreeMap<String, String>,
    pub(in crate::far_end) work: Work,
    pub(in crate::far_end) idle: Duration,
    pub(in crate::far_end) longest: Option<Duration>,
    /// The KMS key of a session that is encrypted.
    pub(in crate::far_end) key: Option<String>,
}

/// What an agent does for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::far_end) enum Work {
    /// A shell as this user, with a line that is typed into it.
    Shell { user: String, typed: String },
    /// A command line on a terminal.
    Line { user: String, line: String },
    /// Words that are run without terminal and shell.
    Words { user: String, line: String, streams: Option<Streams> },
    /// Bytes to and from a port.
    Port { host: Option<String>, port: u16 },
    /// It cannot be done, in the agent's words.
    Refused(String),
}

/// How the separate streams of a command are marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::far_end) struct Streams {
    pub(in crate::far_end) stdout_prefix: String,
    pub(in crate::far_end) stderr_prefix: String,
}
