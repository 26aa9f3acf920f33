//! Why there is no connection to a server.

use tokio_tungstenite::tungstenite::Error as SocketError;
use tokio_tungstenite::tungstenite::handshake::client::Response;

use crate::model::Untrusted;
use crate::outbound::Unconnected;

/// Why there is no connection.
#[derive(Debug)]
pub enum Failed {
    /// The way to it: name, address, TLS, the answer to the upgrade. The certificate may be why.
    Socket(Box<SocketError>),
    /// A proxy does not let us through.
    Proxy {
        /// Its host and port, without the password.
        proxy: String,
        /// What it said.
        cause: Untrusted,
    },
    /// TLS with the proxy itself. Its certificate may be why.
    ProxyTls {
        /// Its host and port.
        proxy: String,
        /// Why.
        error: std::io::Error,
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

impl From<Unconnected> for Failed {
    fn from(error: Unconnected) -> Self {
        match error {
            Unconnected::Server(error) => error.into(),
            Unconnected::Proxy { proxy, cause, .. } => Self::Proxy { proxy, cause },
            Unconnected::Tls { proxy, error } => Self::ProxyTls { proxy, error },
        }
    }
}
