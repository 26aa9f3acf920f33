//! What an agent is told before its session.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::outbox::{Repair, Window};
use crate::pace::Pace;
use crate::session::PortMode;
use crate::version::{
    MULTIPLEXING, MULTIPLEXING_CLIENT, NO_KEEP_ALIVE, NO_KEEP_ALIVE_CLIENT, TERMINATE_FLAG, is_above, is_at_least,
};

/// What an agent is told before its session.
#[derive(Debug, Clone)]
pub struct AgentOptions {
    /// Of `StartSession`.
    pub session_id: String,
    /// Its own id.
    pub target: String,
    /// `Standard_Stream`, `InteractiveCommands`, `NonInteractiveCommands`, `Port`, or nonsense.
    pub session_type: String,
    /// Of the document, parameters filled in.
    pub properties: BTreeMap<String, String>,
    /// Switches features: see docs/session-manager-protocol.md 5.3.
    pub version: String,
    /// Encrypt the session.
    pub encryption: Option<Encryption>,
    /// A line for the user, sent with the end of the handshake.
    pub notice: String,
    /// Bytes of data in a message; the reference sends 1024.
    pub payload: usize,
    /// How much may be unacknowledged. The reference has 100 000 messages and then loses what it cannot keep; here the
    /// producer waits.
    pub window: Window,
    /// How fast to send; the reference sleeps a millisecond after each message.
    pub pace: Pace,
    /// Which messages are sent again; the reference's rule is the oldest only.
    pub repair: Repair,
    /// The reference does not look at digests, so a flipped byte passes it.
    pub checks_digests: bool,
    /// Go on reading while the program or a port takes nothing. The reference does not: acknowledgements and other
    /// connections wait too.
    pub reads_ahead: bool,
    /// Close a connection that nobody reads for so long while it holds up others; the reference never does.
    pub stalled_after: Option<Duration>,
}

/// How to encrypt a session.
#[derive(Debug, Clone)]
pub struct Encryption {
    /// ARN, id or alias.
    pub key_id: String,
    /// Base64 of random bytes, bound to the key by clients that know it; older agents send none.
    pub challenge: Option<String>,
    /// Refuse clients that do not know it.
    pub requires_challenge: bool,
}

impl AgentOptions {
    /// A current agent with the reference's habits, but unpaced.
    pub fn new(session_id: impl Into<String>, target: impl Into<String>, session_type: impl Into<String>) -> Self {
        Self {
            session_id: session_id.into(),
            target: target.into(),
            session_type: session_type.into(),
            properties: BTreeMap::new(),
            version: "3.3.987.0".to_owned(),
            encryption: None,
            notice: String::new(),
            payload: 1_024,
            window: Window { messages: 10_000, bytes: 8 * 1024 * 1024 },
            pace: Pace::Free,
            repair: Repair::OldestOnly,
            checks_digests: false,
            reads_ahead: true,
            stalled_after: None,
        }
    }

    /// Shells and interactive commands begin without a handshake unless they are encrypted.
    pub(super) fn has_handshake(&self) -> bool {
        self.encryption.is_some() || !matches!(self.session_type.as_str(), "Standard_Stream" | "InteractiveCommands")
    }

    pub(super) fn port_mode(&self, client_version: &str) -> Option<PortMode> {
        if self.session_type != "Port" {
            return None;
        }
        let forwards = self.properties.get("type").is_some_and(|kind| kind == "LocalPortForwarding");
        let multiplexes = is_above(&self.version, MULTIPLEXING) && is_at_least(client_version, MULTIPLEXING_CLIENT);
        Some(match (forwards, multiplexes) {
            (false, _) => PortMode::Single,
            (true, false) => PortMode::OneByOne,
            (true, true) => PortMode::Multiplexed,
        })
    }

    pub(super) fn keeps_alive(&self, client_version: &str) -> bool {
        !(is_above(client_version, NO_KEEP_ALIVE_CLIENT) && is_above(&self.version, NO_KEEP_ALIVE))
    }

    pub(super) fn understands_terminate(&self) -> bool {
        is_above(&self.version, TERMINATE_FLAG)
    }
}
