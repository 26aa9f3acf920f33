//! What bytes go over: a connection in the clear, under TLS, or under TLS through a proxy that speaks TLS itself.

use tokio::io::{AsyncRead, AsyncWrite};

/// A connection of whatever kind.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}
