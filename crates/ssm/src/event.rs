//! What a channel tells its caller.

use super::failure::Failure;
use super::foreign::Foreign;
use super::handshake::KeyRequest;
use super::session::Session;
use super::streams::{StreamChange, StreamId};

/// What a channel tells its caller.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// The session must be encrypted: ask KMS, then call [`Channel::key`](super::Channel::key).
    KeyWanted(KeyRequest),
    /// The session has begun. Comes once, before everything below.
    Ready(Session),
    /// Bytes of a terminal, of a command's standard output, or of the one connection of a `ProxyCommand`.
    Output(Vec<u8>),
    /// Bytes of a command's standard error.
    ErrorOutput(Vec<u8>),
    /// How a command ended; 255 if the far side's words for it do not read.
    ExitCode(i64),
    /// A connection changed.
    Stream(StreamId, StreamChange),
    /// The port on the instance could not be reached (sessions without many connections).
    ConnectRefused,
    /// The last event, behind everything that came before.
    Ended(End),
}

impl std::fmt::Debug for Event {
    /// Without what is shown: secrets are among it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::KeyWanted(request) => f.debug_tuple("KeyWanted").field(request).finish(),
            Self::Ready(session) => f.debug_tuple("Ready").field(session).finish(),
            Self::Output(bytes) => write!(f, "Output({} bytes)", bytes.len()),
            Self::ErrorOutput(bytes) => write!(f, "ErrorOutput({} bytes)", bytes.len()),
            Self::ExitCode(code) => f.debug_tuple("ExitCode").field(code).finish(),
            Self::Stream(stream, change) => f.debug_tuple("Stream").field(stream).field(change).finish(),
            Self::ConnectRefused => f.write_str("ConnectRefused"),
            Self::Ended(end) => f.debug_tuple("Ended").field(end).finish(),
        }
    }
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The far side closed it. Terminating it would find nothing.
    Closed {
        /// Why, in the far side's words; empty at a normal end.
        output: Foreign,
        /// Whether all that was announced has come. If not, output is missing, and the user should know.
        is_complete: bool,
    },
    /// We closed it. The session still has to be terminated in the account.
    Left {
        /// Bytes that nobody acknowledged in time.
        undelivered: usize,
    },
    /// It cannot go on. The session still has to be terminated in the account.
    Failed(Failure),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_output() {
        assert_eq!(format!("{:?}", Event::Output(b"hunter2".to_vec())), "Output(7 bytes)");
    }
}
