//! Why there is no connection to a server, and whose doing that is.

use std::error::Error as StdError;
use std::io;

use crate::model::Untrusted;

/// Longest text of a server or of a library that is kept.
const LONGEST_WORDS: usize = 500;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum Unconnected {
    /// No way to the server: name, address.
    #[error(transparent)]
    Server(#[from] io::Error),
    /// The proxy cannot be reached, or does not let us through.
    #[error("the proxy {proxy} does not connect: {}", .cause.shown_in(200))]
    Proxy {
        /// Its host and port, without the password.
        proxy: String,
        /// Why, in words of the catalogue where they are ours.
        cause: Untrusted,
        /// Whether the same may work a moment later.
        may_pass: bool,
    },
    /// TLS with the proxy itself. Its certificate may be why.
    #[error("no TLS with the proxy {proxy}")]
    Tls {
        /// Its host and port.
        proxy: String,
        /// Why.
        #[source]
        error: io::Error,
    },
}

/// The innermost cause. None of them quotes what was sent.
pub fn deepest(error: &dyn StdError) -> Untrusted {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Untrusted::from(cause.to_string().chars().take(LONGEST_WORDS).collect::<String>())
}

/// What a failed connection comes to, in words of the catalogue (`cause-…`) where there are any.
pub(super) fn in_words(error: &io::Error) -> Untrusted {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".into(),
        io::ErrorKind::ConnectionReset => "connection reset".into(),
        io::ErrorKind::NetworkUnreachable => "network unreachable".into(),
        io::ErrorKind::HostUnreachable => "no route to host".into(),
        io::ErrorKind::UnexpectedEof => "it closes the connection".into(),
        _ if error.to_string().contains("lookup address") => "name not found".into(),
        _ => deepest(error),
    }
}
