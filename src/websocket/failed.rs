//! Why there is no connection to a server.

use tokio_tungstenite::tungstenite::Error as SocketError;
use tokio_tungstenite::tungstenite::handshake::client::Response;

use crate::model::Untrusted;

/// Longest text of a server or of a library that is kept.
const LONGEST_WORDS: usize = 500;

/// Why there is no connection.
#[derive(Debug)]
pub enum Failed {
    /// The way to it: name, address, TLS, the answer to the upgrade. The certificate may be why.
    Socket(Box<SocketError>),
    /// A proxy does not let us through.
    Proxy {
        /// The proxy, without the password.
        host: String,
        /// What it said.
        cause: Untrusted,
    },
    /// It answers with something else than a WebSocket.
    Answered(Box<Response>),
    /// No answer to the upgrade in time.
    Timeout,
}

impl From<SocketError> for Failed {
    fn from(error: SocketError) -> Self {
        match error {
            SocketError::Http(answer) => Self::Answered(answer),
            error => Self::Socket(Box::new(error)),
        }
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Socket(Box::new(SocketError::Io(error)))
    }
}

/// The innermost cause. None of them quotes what was sent.
pub fn deepest(error: &dyn std::error::Error) -> Untrusted {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Untrusted::from(cause.to_string().chars().take(LONGEST_WORDS).collect::<String>())
}
