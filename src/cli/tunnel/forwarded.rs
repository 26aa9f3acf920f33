//! Where ssh listens for a tunnel, and how it is told that.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use tokio::net::TcpSocket;

use crate::model::{Destination, Untrusted};
use crate::session::tunnel::{Bind, Led, Listen, Listener};

/// Where ssh is to listen, and where that leads.
pub(super) struct Forwarded {
    pub(super) place: Place,
    pub(super) led: Led,
}

pub(super) enum Place {
    Tcp { addresses: Vec<SocketAddr>, bind: Bind },
    Unix(PathBuf),
}

impl Forwarded {
    /// It was free a moment ago; ssh says so if it is not any more.
    pub(super) fn of(listener: &Listener, asked: &Listen, led: Led) -> Self {
        let place = match (asked, listener.path()) {
            (Listen::Tcp { bind, .. }, _) => Place::Tcp { addresses: listener.addresses(), bind: *bind },
            (Listen::Unix(path), own) => Place::Unix(own.unwrap_or(path).to_owned()),
        };
        Self { place, led }
    }

    /// `-L localhost:5432:db.internal:5432`, `-D localhost:1080`.
    pub(super) fn arguments(&self) -> [OsString; 2] {
        let mut spec = match &self.place {
            Place::Unix(path) => unexpanded(path),
            Place::Tcp { addresses, bind } => {
                let port = addresses.first().map_or(0, SocketAddr::port);
                match bind {
                    Bind::Loopback => format!("localhost:{port}").into(),
                    Bind::Address(IpAddr::V6(address)) => format!("[{address}]:{port}").into(),
                    Bind::Address(address) => format!("{address}:{port}").into(),
                }
            }
        };
        match &self.led {
            Led::Socks => return ["-D".into(), spec],
            Led::Socket(socket) => spec.push(format!(":{socket}")),
            // A port alone is the instance's own.
            Led::Forward(to @ Destination::Port(_)) => spec.push(format!(":localhost:{to}")),
            Led::Forward(to) => spec.push(format!(":{to}")),
        }
        ["-L".into(), spec]
    }

    pub(super) fn shown(&self) -> String {
        match &self.place {
            Place::Tcp { addresses, .. } => addresses.first().map(ToString::to_string).unwrap_or_default(),
            Place::Unix(path) => Untrusted::from(path.to_string_lossy().as_ref()).shown_in(120),
        }
    }

    /// Whether ssh listens there.
    pub(super) fn is_listening(&self) -> bool {
        match &self.place {
            Place::Unix(path) => path.exists(),
            Place::Tcp { addresses, .. } => {
                addresses.iter().find(|address| address.is_ipv4()).or(addresses.first()).is_some_and(is_taken)
            }
        }
    }
}

/// As ssh takes a path whose `%` it would expand.
fn unexpanded(path: &Path) -> OsString {
    let parts = path.as_os_str().as_bytes().split(|byte| *byte == b'%');
    OsString::from_vec(parts.collect::<Vec<_>>().join(&b"%%"[..]))
}

/// Bound and not listened on, the address stays free for ssh.
fn is_taken(address: &SocketAddr) -> bool {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    socket
        .and_then(|socket| {
            socket.set_reuseaddr(true)?;
            socket.bind(*address)
        })
        .is_err()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn ssh_is_told_each_place_so_that_it_expands_nothing() {
        let unix = || Place::Unix("/tmp/a%h/s".into());
        let tcp = || Place::Tcp { addresses: vec!["127.0.0.1:2375".parse().unwrap()], bind: Bind::Loopback };
        for (place, led, expected) in [
            (tcp(), Led::Socket("/run/d.sock".parse().unwrap()), ["-L", "localhost:2375:/run/d.sock"]),
            (unix(), Led::Socket("/run/d.sock".parse().unwrap()), ["-L", "/tmp/a%%h/s:/run/d.sock"]),
            (unix(), Led::Forward(Destination::Port(80)), ["-L", "/tmp/a%%h/s:localhost:80"]),
            (
                tcp(),
                Led::Forward(Destination::of("db.internal".parse().unwrap(), 5432)),
                ["-L", "localhost:2375:db.internal:5432"],
            ),
            (tcp(), Led::Socks, ["-D", "localhost:2375"]),
        ] {
            assert_eq!(Forwarded { place, led }.arguments(), expected.map(OsString::from));
        }
    }

    #[tokio::test]
    async fn an_address_is_taken_once_somebody_listens_and_looking_takes_nothing() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = std::net::TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();

        assert!(is_taken(&address));
        drop(listener);
        assert!(!is_taken(&address));
        assert!(std::net::TcpListener::bind(address).is_ok());
    }
}
