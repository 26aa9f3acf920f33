//! Where a tunnel leads.

use std::fmt;

use super::purpose::Purpose;
use crate::model::{Destination, RemoteSocket};

/// Where a tunnel leads, by whatever way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Led {
    /// To one port.
    Forward(Destination),
    /// Where each program says, by SOCKS5.
    Socks,
    /// To a socket in the file system of the instance: ssh alone leads there.
    Socket(RemoteSocket),
}

impl Led {
    /// What a session of Session Manager is for; none leads to a socket.
    pub fn by_session(self) -> Result<Purpose, RemoteSocket> {
        match self {
            Self::Forward(to) => Ok(Purpose::Forward(to)),
            Self::Socks => Ok(Purpose::Socks),
            Self::Socket(socket) => Err(socket),
        }
    }

    /// The word of a row for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Socks => "socks",
            Self::Forward(_) | Self::Socket(_) => "forward",
        }
    }

    /// The place, where it is one.
    pub fn to(&self) -> Option<String> {
        match self {
            Self::Forward(to) => Some(to.to_string()),
            Self::Socket(socket) => Some(socket.to_string()),
            Self::Socks => None,
        }
    }
}

impl fmt::Display for Led {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to().as_deref().unwrap_or("SOCKS5"))
    }
}
