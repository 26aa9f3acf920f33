//! What comes from the far side of a session.

use std::fmt;

/// What comes from the far side, in its order.
#[derive(Clone, PartialEq, Eq)]
pub enum Incoming {
    /// Bytes of a terminal, of a command's standard output, or of the one connection of a `ProxyCommand`.
    Output(Vec<u8>),
    /// Bytes of a command's standard error.
    ErrorOutput(Vec<u8>),
    /// How a command ended.
    ExitCode(i64),
    /// The port could not be reached (sessions without many connections).
    ConnectRefused,
}

impl Incoming {
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Output(bytes) | Self::ErrorOutput(bytes) => bytes.len() + 64,
            Self::ExitCode(_) | Self::ConnectRefused => 64,
        }
    }
}

impl fmt::Debug for Incoming {
    /// Without what is shown: secrets are among it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output(bytes) => write!(f, "Output({} bytes)", bytes.len()),
            Self::ErrorOutput(bytes) => write!(f, "ErrorOutput({} bytes)", bytes.len()),
            Self::ExitCode(code) => write!(f, "ExitCode({code})"),
            Self::ConnectRefused => f.write_str("ConnectRefused"),
        }
    }
}
