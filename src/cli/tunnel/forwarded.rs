//! Where ssh listens for a tunnel, and how it is told that.

use std::ffi::OsString;
use std::io;
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
            Place::Tcp { addresses, .. } => addresses
                .iter()
                .find(|address| address.is_ipv4())
                .or(addresses.first())
                .is_some_and(|address| bound(address).is_err()),
        }
    }
}

/// Keeps free ports from whoever looks for one, until ssh has come to listen: a listener that came between would be taken for ssh.
///
/// Linux gives such a port to nobody by itself, and lets who names it and may reuse addresses, as ssh does, listen there. Elsewhere it would
/// be kept from ssh, too.
pub(super) struct Reserved {
    #[cfg(target_os = "linux")]
    _held: Vec<TcpSocket>,
}

impl Reserved {
    /// Nobody may listen there any more.
    #[cfg(target_os = "linux")]
    pub(super) fn of<'a>(all: impl IntoIterator<Item = &'a Forwarded>) -> io::Result<Self> {
        let addresses = all.into_iter().flat_map(|own| match &own.place {
            Place::Tcp { addresses, .. } => addresses.as_slice(),
            Place::Unix(_) => &[],
        });
        Ok(Self { _held: addresses.map(bound).collect::<io::Result<_>>()? })
    }

    /// They are not kept here.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of<'a>(_: impl IntoIterator<Item = &'a Forwarded>) -> io::Result<Self> {
        Ok(Self {})
    }
}

/// As ssh takes a path whose `%` it would expand.
fn unexpanded(path: &Path) -> OsString {
    let parts = path.as_os_str().as_bytes().split(|byte| *byte == b'%');
    OsString::from_vec(parts.collect::<Vec<_>>().join(&b"%%"[..]))
}

/// Bound and not listened on, the address stays free for ssh.
fn bound(address: &SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(*address)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
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
        let listener = Listener::bind(&Listen::Tcp { bind: Bind::Loopback, port: 0 }).await.unwrap();
        let asked = Listen::Tcp { bind: Bind::Loopback, port: 0 };
        let own = Forwarded::of(&listener, &asked, Led::Socks);
        let listener_address = listener.addresses()[0];

        assert!(own.is_listening());
        drop(listener);
        assert!(!own.is_listening());
        let reserved = Reserved::of([&own]).unwrap();
        assert!(!own.is_listening(), "who keeps it does not listen");
        #[cfg(target_os = "linux")]
        assert!(TcpSocket::new_v4().unwrap().bind(listener_address).is_err(), "nobody else gets it");
        // As ssh does it.
        let port = listener_address.port();
        let _again = Listener::bind(&Listen::Tcp { bind: Bind::Loopback, port }).await.unwrap();
        assert!(own.is_listening());
        drop(reserved);
        assert!(own.is_listening());
    }
}
