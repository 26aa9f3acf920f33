//! What a tunnel forwards: a port, or a socket in the file system of the instance.

use std::str::FromStr;

use super::{Forward, InvalidForward, RemoteSocket};

/// One thing to forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forwarding {
    /// To a port.
    Port(Forward),
    /// To a socket in the file system of the instance.
    Socket {
        /// The port on this computer; 0 is any free one.
        local: u16,
        /// The socket.
        to: RemoteSocket,
    },
}

impl FromStr for Forwarding {
    type Err = InvalidForward;

    fn from_str(text: &str) -> Result<Self, InvalidForward> {
        let socket = |local, path: &str| path.parse().map(|to| Self::Socket { local, to }).map_err(|_| InvalidForward);
        match text.split_once(':') {
            _ if text.starts_with('/') => socket(0, text),
            Some((local, path)) if path.starts_with('/') => socket(local.parse().map_err(|_| InvalidForward)?, path),
            _ => text.parse().map(Self::Port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_behind_a_colon_is_a_socket_there() {
        let socket = |local, to: &str| Forwarding::Socket { local, to: to.parse().unwrap() };
        assert_eq!("2375:/var/run/docker.sock".parse(), Ok(socket(2375, "/var/run/docker.sock")));
        assert_eq!("/run/x.sock".parse(), Ok(socket(0, "/run/x.sock")));
        assert_eq!("8080:80".parse(), Ok(Forwarding::Port("8080:80".parse().unwrap())));
        for wrong in ["x:/run/x", "70000:/run/x", "1:/run/a:b", ":/run/x", "db:1:/run/x", "1:/"] {
            assert!(wrong.parse::<Forwarding>().is_err(), "{wrong}");
        }
    }
}
