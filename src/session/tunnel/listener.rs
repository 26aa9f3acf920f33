//! Where a tunnel listens on this computer: loopback, unless somebody asks for more, or a socket in the file system.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio_util::either::Either;

use crate::model::Untrusted;
use crate::session::own_file::OwnFile;

/// The longest path of a socket that every system takes.
const LONGEST_PATH: usize = 103;

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// On a port; 0 is any that is free.
    Tcp {
        /// Who can reach it.
        bind: Bind,
        /// Which port.
        port: u16,
    },
    /// On a socket in the file system, which only its owner can use.
    Unix(PathBuf),
}

/// Who can reach a port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bind {
    /// Programs on this computer, by IPv4 and, where that can be had, IPv6.
    #[default]
    Loopback,
    /// Whoever reaches this address.
    Address(IpAddr),
}

/// A connection of a local program.
pub type Local = Either<TcpStream, UnixStream>;

/// It listens.
#[derive(Debug)]
pub struct Listener(Kind);

#[derive(Debug)]
enum Kind {
    Tcp { first: TcpListener, second: Option<TcpListener>, is_second_taken: bool },
    Unix { listener: UnixListener, path: SocketPath },
}

/// Goes with the listener.
#[derive(Debug)]
struct SocketPath(OwnFile);

impl Listener {
    /// Listen. Nothing that is there already is replaced.
    pub async fn bind(wanted: &Listen) -> io::Result<Self> {
        match wanted {
            Listen::Tcp { bind: Bind::Address(address), port } => {
                let first = TcpListener::bind((*address, *port)).await?;
                Ok(Self(Kind::Tcp { first, second: None, is_second_taken: false }))
            }
            Listen::Tcp { bind: Bind::Loopback, port } => {
                let first = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await?;
                let taken = first.local_addr()?.port();
                // Without IPv6 the first is enough.
                let second = TcpListener::bind((Ipv6Addr::LOCALHOST, taken)).await;
                let is_second_taken = second.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse);
                Ok(Self(Kind::Tcp { first, second: second.ok(), is_second_taken }))
            }
            Listen::Unix(path) => Self::in_file_system(path),
        }
    }

    fn in_file_system(path: &Path) -> io::Result<Self> {
        if path.as_os_str().len() > LONGEST_PATH {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path of a socket has at most 103 bytes"));
        }
        let listener = UnixListener::bind(path)?;
        let path = SocketPath(OwnFile::of(path));
        std::fs::set_permissions(path.0.path(), std::fs::Permissions::from_mode(0o600))?;
        Ok(Self(Kind::Unix { listener, path }))
    }

    /// The port, if another program has it on this computer's IPv6 address: whoever connects to `localhost` may get there.
    pub fn shared_with_another(&self) -> Option<u16> {
        match &self.0 {
            Kind::Tcp { first, is_second_taken: true, .. } => first.local_addr().ok().map(|address| address.port()),
            _ => None,
        }
    }

    /// The addresses, with the port that was taken.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        match &self.0 {
            Kind::Tcp { first, second, .. } => {
                [Some(first), second.as_ref()].into_iter().flatten().filter_map(|tcp| tcp.local_addr().ok()).collect()
            }
            Kind::Unix { .. } => Vec::new(),
        }
    }

    /// Where it listens, for people: `127.0.0.1:5432`.
    pub fn shown(&self) -> String {
        let path = || self.path().map(|path| Untrusted::from(path.to_string_lossy().as_ref()).shown_in(120));
        self.addresses().first().map(ToString::to_string).or_else(path).unwrap_or_default()
    }

    /// The socket in the file system.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Tcp { .. } => None,
            Kind::Unix { path, .. } => Some(path.0.path()),
        }
    }

    /// The next connection. Safe to drop half-done.
    pub async fn accept(&self) -> io::Result<Local> {
        match &self.0 {
            Kind::Tcp { first, second: None, .. } => Ok(tcp(first.accept().await?.0)),
            Kind::Tcp { first, second: Some(second), .. } => tokio::select! {
                accepted = first.accept() => Ok(tcp(accepted?.0)),
                accepted = second.accept() => Ok(tcp(accepted?.0)),
            },
            Kind::Unix { listener, .. } => loop {
                let (stream, _) = listener.accept().await?;
                // Between its making and its mode the socket may have been open to others.
                let own = rustix::process::geteuid().as_raw();
                if stream.peer_cred().is_ok_and(|peer| peer.uid() == own || peer.uid() == 0) {
                    return Ok(Either::Right(stream));
                }
            },
        }
    }
}

fn tcp(stream: TcpStream) -> Local {
    // Keys go through tunnels, too; and a connection works without it.
    let _ = stream.set_nodelay(true);
    Either::Left(stream)
}

/// Close it so that the program notices: nothing of what it sent has arrived.
pub fn reset(local: Local) {
    if let Either::Left(stream) = &local {
        // Else it is closed in the ordinary way.
        let _ = stream.set_zero_linger();
    }
}

impl Drop for SocketPath {
    fn drop(&mut self) {
        self.0.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn loopback_is_all_that_can_reach_it() {
        let listener = Listener::bind(&Listen::Tcp { bind: Bind::Loopback, port: 0 }).await.unwrap();

        let addresses = listener.addresses();
        assert!(!addresses.is_empty() && addresses.iter().all(|address| address.ip().is_loopback() && address.port() != 0));
        assert!(addresses.iter().all(|address| address.port() == addresses[0].port()), "{addresses:?}");
    }

    #[tokio::test]
    async fn a_socket_is_its_owners_replaces_nothing_and_goes_with_the_tunnel() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("db.sock");
        let wanted = Listen::Unix(path.clone());

        let listener = Listener::bind(&wanted).await.unwrap();

        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Listener::bind(&wanted).await.unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(listener);
        assert!(!path.exists());
        std::fs::write(&path, "mine").unwrap();
        assert_eq!(Listener::bind(&wanted).await.unwrap_err().kind(), io::ErrorKind::AddrInUse);
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    }

    #[tokio::test]
    async fn the_socket_of_another_program_at_the_same_place_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("db.sock");
        let listener = Listener::bind(&Listen::Unix(path.clone())).await.unwrap();
        // A number that is free again could come back with the next file.
        std::fs::rename(&path, directory.path().join("aside")).unwrap();
        let other = UnixListener::bind(&path).unwrap();

        drop(listener);

        assert!(UnixStream::connect(&path).await.is_ok(), "{other:?}");
    }
}
