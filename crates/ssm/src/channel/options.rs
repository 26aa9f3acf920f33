//! What a session starts from.

use std::time::Duration;

use crate::outbox::Window;
use crate::pace::Pace;
use crate::payload::Size;
use crate::session::Expected;
use crate::version::CLIENT_VERSION;
use crate::{cipher, frame};

/// What the reference sends at once; nobody has published what the gateway takes.
const USUAL_PAYLOAD: usize = 1_024;
/// What any message may hold: the limit, less its header and a seal.
pub(crate) const LARGEST_PAYLOAD: usize = frame::MESSAGE_LIMIT - frame::HEADER_LENGTH - 4 - cipher::SEAL_LENGTH;
/// What is kept of messages that come too early or while the caller is busy: all that an agent may have out, as far as that is
/// not too much to hold. An agent repairs ten messages a second, so what is not kept comes back very slowly.
pub(crate) const INBOX: Window = Window { messages: 100_000, bytes: 16 * 1024 * 1024 };

/// From the agent's request to the end of the handshake, KMS included.
pub(super) const LONGEST_HANDSHAKE: Duration = Duration::from_secs(30);

/// What a session starts from.
#[derive(Debug, Clone)]
pub struct Options {
    /// Of `StartSession`.
    pub session_id: String,
    /// The `Target` given to `StartSession`; part of the encryption context.
    pub target: String,
    /// Which kinds of session the caller is ready for.
    pub expected: Expected,
    /// The protocol level; another one than [`CLIENT_VERSION`] switches features at the agent, for tests.
    pub client_version: String,
    /// Bytes of data in a message.
    pub payload: usize,
    /// How much may be unacknowledged.
    pub window: Window,
    /// How fast to send.
    pub pace: Pace,
    /// The terminal's size, sent once the session has a terminal.
    pub size: Option<Size>,
    /// Close a connection that nobody reads for so long while it holds up others; `None`: let them wait.
    pub stalled_after: Option<Duration>,
}

impl Options {
    /// The usual numbers.
    pub fn new(session_id: impl Into<String>, target: impl Into<String>, expected: Expected) -> Self {
        Self {
            session_id: session_id.into(),
            target: target.into(),
            expected,
            client_version: CLIENT_VERSION.to_owned(),
            payload: USUAL_PAYLOAD,
            window: Window { messages: 1_000, bytes: 1024 * 1024 },
            pace: Pace::Free,
            size: None,
            stalled_after: Some(Duration::from_secs(10)),
        }
    }
}
