//! Why there is no connection to the gateway.

use crate::aws::{self, UnsafeStream};
use crate::model::Untrusted;

/// Why there is no connection to the gateway.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The token must not be sent to where AWS says.
    #[error(transparent)]
    Unsafe(#[from] UnsafeStream),
    /// No way to the host: name not found, refused, TLS.
    #[error("cannot reach {host}: {}", .cause.shown_in(200))]
    Unreachable {
        /// The gateway.
        host: String,
        /// Why.
        cause: Untrusted,
    },
    /// The proxy does not let us through.
    #[error("the proxy {host} does not connect: {}", .cause.shown_in(200))]
    Proxy {
        /// The proxy, without the password.
        host: String,
        /// What it said.
        cause: Untrusted,
    },
    /// No answer in time.
    #[error("{host} did not answer in time")]
    Timeout {
        /// The gateway.
        host: String,
    },
    /// The gateway refuses us, signed and unsigned: `ssmmessages:OpenDataChannel` is missing, or the token is old.
    #[error("{host} refuses the data channel with HTTP {status}: {}", .words.shown_in(200))]
    Forbidden {
        /// The gateway.
        host: String,
        /// HTTP status.
        status: u16,
        /// What it said to the first try.
        words: Untrusted,
    },
    /// The gateway answers with something else than a WebSocket.
    #[error("{host} answers with HTTP {status}: {}", .words.shown_in(200))]
    Refused {
        /// The gateway.
        host: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        words: Untrusted,
    },
    /// A call that is needed first failed, this computer is not ready for TLS, or the gateway's certificate is not taken.
    #[error(transparent)]
    Aws(#[from] aws::Error),
}

impl LinkError {
    /// Stable and documented: the key of the sentence in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsafe(_) => "stream-unsafe",
            Self::Unreachable { .. } => "stream-unreachable",
            Self::Proxy { .. } => "stream-proxy",
            Self::Timeout { .. } => "stream-timeout",
            Self::Forbidden { .. } => "stream-forbidden",
            Self::Refused { .. } => "stream-refused",
            Self::Aws(error) => error.code(),
        }
    }

    /// Whether the same may work a moment later.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Timeout { .. } | Self::Proxy { .. } => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            Self::Unsafe(_) | Self::Forbidden { .. } | Self::Aws(_) => false,
        }
    }
}
