//! Why there is no tunnel, and how one ended.

use crate::aws::{self, UnsafeEndpoint};
use crate::model::Untrusted;

/// Why there is no tunnel. The `#[error]` text is for logs; the user reads the catalogue's entry for [`TunnelError::code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TunnelError {
    /// A signature must not be sent to where AWS says.
    #[error(transparent)]
    Unsafe(#[from] UnsafeEndpoint),
    /// No way to the host: name not found, refused, TLS.
    #[error("cannot reach {host}: {}", .cause.shown_in(200))]
    Unreachable {
        /// The endpoint's host.
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
        /// The endpoint's host.
        host: String,
    },
    /// We may not: the permission, one of its conditions, a session that has ended, or a clock.
    #[error("the endpoint refuses the tunnel with HTTP {status}: {}", .words.shown_in(200))]
    Denied {
        /// HTTP status.
        status: u16,
        /// What it said.
        words: Untrusted,
        /// What is the matter, as far as its code tells.
        denied: Denied,
    },
    /// Too many tunnels, or too many calls.
    #[error("the endpoint is full: HTTP {status}: {}", .words.shown_in(200))]
    Full {
        /// HTTP status.
        status: u16,
        /// What it said.
        words: Untrusted,
    },
    /// It does not know the endpoint.
    #[error("there is no such endpoint: {}", .words.shown_in(200))]
    Gone {
        /// What it said.
        words: Untrusted,
    },
    /// It does not take the port or the address.
    #[error("the endpoint does not take this: {}", .words.shown_in(200))]
    Parameter {
        /// What it said.
        words: Untrusted,
    },
    /// The service, or what stands before it, cannot serve just now.
    #[error("{host} cannot serve: HTTP {status}: {}", .words.shown_in(200))]
    Unwell {
        /// The endpoint's host.
        host: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        words: Untrusted,
    },
    /// It answers with something else than a WebSocket.
    #[error("{host} answers with HTTP {status}: {}", .words.shown_in(200))]
    Refused {
        /// The endpoint's host.
        host: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        words: Untrusted,
    },
    /// A call that is needed first failed, this computer is not ready for TLS, or the endpoint's certificate is not taken.
    #[error(transparent)]
    Aws(#[from] aws::Error),
}

/// What is the matter with who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The permission, or one of its conditions.
    Permission,
    /// The credentials have ended.
    Expired,
    /// The signature: most likely the clock of this computer.
    Signature,
}

impl TunnelError {
    /// Stable and documented: the key of the sentence in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsafe(UnsafeEndpoint::Elsewhere) => "endpoint-unsafe",
            Self::Unsafe(UnsafeEndpoint::NoFips) => "endpoint-no-fips",
            Self::Unreachable { .. } => "endpoint-unreachable",
            Self::Proxy { .. } => "endpoint-proxy",
            Self::Timeout { .. } => "endpoint-timeout",
            Self::Denied { denied: Denied::Permission, .. } => "endpoint-denied",
            Self::Denied { denied: Denied::Expired, .. } => "endpoint-expired",
            Self::Denied { denied: Denied::Signature, .. } => "endpoint-signature",
            Self::Full { .. } => "endpoint-full",
            Self::Gone { .. } => "endpoint-gone",
            Self::Parameter { .. } => "endpoint-parameter",
            Self::Unwell { .. } => "endpoint-unwell",
            Self::Refused { .. } => "endpoint-refused",
            Self::Aws(error) => error.code(),
        }
    }

    /// The answer to an upgrade that is none, told by its code where it has one, else by its status (docs/instance-connect.md 4.4).
    pub(super) fn of_answer(host: &str, status: u16, code: Option<&str>, words: Untrusted) -> Self {
        let code = code.unwrap_or_default().to_ascii_lowercase();
        let holds = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
        if holds(&["invalidparameter", "validation"]) {
            return Self::Parameter { words };
        }
        if holds(&["expired"]) {
            return Self::Denied { status, words, denied: Denied::Expired };
        }
        if holds(&["signature"]) {
            return Self::Denied { status, words, denied: Denied::Signature };
        }
        if holds(&["accessdenied", "unauthorized", "auth", "forbidden"]) {
            return Self::Denied { status, words, denied: Denied::Permission };
        }
        if holds(&["notfound"]) {
            return Self::Gone { words };
        }
        if holds(&["throttl", "limit", "toomany", "exceeded"]) {
            return Self::Full { status, words };
        }
        match status {
            401 | 403 => Self::Denied { status, words, denied: Denied::Permission },
            429 => Self::Full { status, words },
            500.. => Self::Unwell { host: host.to_owned(), status, words },
            _ => Self::Refused { host: host.to_owned(), status, words },
        }
    }
}

/// How a tunnel that stood came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TunnelEnd {
    /// The far side closed it, or we did.
    Closed,
    /// The endpoint could not connect to the instance.
    NoTarget {
        /// What it said.
        words: Untrusted,
    },
    /// The endpoint closed it for another reason.
    Ended {
        /// The close code; 1005 if none was given.
        code: u16,
        /// What it said.
        words: Untrusted,
    },
    /// Its time was over.
    TimeOver,
    /// The network broke it.
    Broken {
        /// Why.
        cause: Untrusted,
    },
    /// What came was no WebSocket of an endpoint.
    Protocol {
        /// What it was.
        cause: Untrusted,
    },
    /// It opened, and nothing came for so many seconds.
    Silent {
        /// How long was waited.
        seconds: u64,
    },
}

impl TunnelEnd {
    /// Stable and documented: the key of the sentence in the catalogue; none where there is nothing to say.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::Closed => return None,
            Self::NoTarget { .. } => "endpoint-no-target",
            Self::Ended { .. } => "endpoint-ended",
            Self::TimeOver => "endpoint-time-over",
            Self::Broken { .. } => "endpoint-broken",
            Self::Protocol { .. } => "endpoint-protocol",
            Self::Silent { .. } => "endpoint-silent",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_by_its_code_and_else_by_its_status() {
        for (status, code, expected) in [
            (400, Some("InvalidParameter"), "endpoint-parameter"),
            (403, Some("AccessDeniedException"), "endpoint-denied"),
            (401, Some("UnauthorizedOperation"), "endpoint-denied"),
            (400, Some("ExpiredTokenException"), "endpoint-expired"),
            (403, Some("InvalidSignatureException"), "endpoint-signature"),
            (404, Some("InvalidInstanceConnectEndpointIdNotFound"), "endpoint-gone"),
            (400, Some("ThrottlingException"), "endpoint-full"),
            (400, Some("ConnectionLimitExceeded"), "endpoint-full"),
            (403, None, "endpoint-denied"),
            (401, Some("Odd"), "endpoint-denied"),
            (429, None, "endpoint-full"),
            (503, Some("ThrottlingException"), "endpoint-full"),
            (503, None, "endpoint-unwell"),
            (500, Some("InternalServerError"), "endpoint-unwell"),
            (502, None, "endpoint-unwell"),
            (404, None, "endpoint-refused"),
            (302, None, "endpoint-refused"),
            (200, None, "endpoint-refused"),
        ] {
            assert_eq!(TunnelError::of_answer("host", status, code, "words".into()).code(), expected, "{status} {code:?}");
        }
    }
}
