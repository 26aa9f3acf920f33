//! What listens here and leads through the login: `-L` and `-D`.

use std::fs::Permissions;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use futures_util::StreamExt;
use futures_util::future::select_all;
use futures_util::stream::FuturesUnordered;
use russh::Channel;
use russh::client::{Handle, Msg};
use tokio::net::{TcpListener, TcpSocket, UnixListener, UnixStream};
use tokio::sync::mpsc;

use super::arguments::{Far, Forward, Near};
use super::client::Client;
use super::relay::{Near as Connected, relay};
use super::trouble::{complain, not_opened};
use crate::model::Destination;
use crate::session::tunnel::socks;

/// Connections that may wait to be taken.
const BACKLOG: u32 = 128;

/// A place that is listened at, and where it leads.
pub(super) struct Listening {
    ports: Vec<TcpListener>,
    socket: Option<Socket>,
    to: Far,
}

/// A socket with a path, which goes with it.
struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// One that nobody else may connect to, as OpenSSH makes it.
    fn bind(path: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        let socket = Self { listener, path: path.to_owned() };
        std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
        Ok(socket)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Somebody may have taken it away.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Listening {
    /// Listen, or say in OpenSSH's words why not.
    pub(super) async fn open(wanted: &Forward) -> Result<Self, String> {
        let to = wanted.to.clone();
        match &wanted.from {
            Near::Socket(path) => {
                let refused = |error: io::Error| format!("unix_listener: cannot bind to path: {error}");
                let socket = Socket::bind(path).map_err(refused)?;
                Ok(Self { ports: Vec::new(), socket: Some(socket), to })
            }
            Near::Port { host, port } => {
                let refused = |error: io::Error| format!("bind [{host}]:{port}: {error}\ncannot listen to port: {port}");
                let ports = bound(host, *port).map_err(refused)?;
                Ok(Self { ports, socket: None, to })
            }
        }
    }

    /// The next connection. Safe to drop half-done.
    async fn next(&self) -> (Connected, &Far) {
        loop {
            let of_ports = async {
                if self.ports.is_empty() {
                    return std::future::pending().await;
                }
                let (accepted, _, _) = select_all(self.ports.iter().map(|port| Box::pin(port.accept()))).await;
                accepted.map(|(stream, _)| Connected::from(stream))
            };
            let of_socket = async {
                match &self.socket {
                    Some(socket) => socket.listener.accept().await.map(|(stream, _)| Connected::from(stream)),
                    None => std::future::pending().await,
                }
            };
            let accepted = tokio::select! {
                accepted = of_ports => accepted,
                accepted = of_socket => accepted,
            };
            match accepted {
                Ok(connected) => return (connected, &self.to),
                // Out of file descriptors, most likely: it passes.
                Err(error) => {
                    tracing::debug!("cannot take a connection: {error}");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            }
        }
    }
}

/// Both loopback addresses for `localhost`, where there are both.
fn bound(host: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    let listen = |address: SocketAddr| {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    if host == "localhost" {
        let first = listen(([127, 0, 0, 1], port).into())?;
        let second = listen((std::net::Ipv6Addr::LOCALHOST, port).into());
        return Ok([first].into_iter().chain(second).collect());
    }
    let address: IpAddr = host.parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    Ok(vec![listen((address, port).into())?])
}

/// Lead every connection on, and programs there that ask for it to the `agent` here. It never ends by itself.
pub(super) async fn serve(
    listening: &[Listening],
    handle: &Handle<Client>,
    asked: &mut mpsc::Receiver<Channel<Msg>>,
    agent: Option<&Path>,
) {
    let mut running = FuturesUnordered::new();
    loop {
        let accepted = async {
            if listening.is_empty() {
                return std::future::pending().await;
            }
            select_all(listening.iter().map(|own| Box::pin(own.next()))).await.0
        };
        tokio::select! {
            (connected, to) = accepted => running.push(Box::pin(led(connected, to, handle)) as Leading<'_>),
            Some(channel) = asked.recv() => running.push(Box::pin(to_agent(channel, agent))),
            Some(()) = running.next(), if !running.is_empty() => {}
        }
    }
}

/// A connection on its way.
type Leading<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

async fn to_agent(channel: Channel<Msg>, agent: Option<&Path>) {
    let Some(agent) = agent else { return };
    match UnixStream::connect(agent).await {
        Ok(stream) => relay(stream, channel).await,
        // The program there finds an agent that says nothing.
        Err(error) => tracing::debug!("the agent is not there: {error}"),
    }
}

/// Lead one connection on, to its end.
async fn led(mut near: Connected, to: &Far, handle: &Handle<Client>) {
    let asked = match to {
        Far::Port { host, port } => Some((host.clone(), *port)),
        Far::Socket(path) => {
            match handle.channel_open_direct_streamlocal(path.as_str()).await {
                Ok(channel) => relay(near, channel).await,
                Err(error) => told(&error),
            }
            return;
        }
        Far::Asked => match socks::asked(&mut near).await {
            Ok(Some(Destination::Behind { host, port })) => Some((host.to_string(), port)),
            Ok(Some(Destination::Port(port))) => Some(("localhost".to_owned(), port)),
            Ok(None) | Err(_) => None,
        },
    };
    let Some((host, port)) = asked else { return };
    let is_asked = *to == Far::Asked;
    let opened: Result<Channel<Msg>, _> = handle.channel_open_direct_tcpip(host, port.into(), "127.0.0.1", 65_535).await;
    let answer = if opened.is_ok() { socks::Answer::Granted } else { socks::Answer::Failed };
    if is_asked && socks::answer(&mut near, answer).await.is_err() {
        return;
    }
    match opened {
        Ok(channel) => relay(near, channel).await,
        Err(error) => told(&error),
    }
}

fn told(error: &russh::Error) {
    if let russh::Error::ChannelOpenFailure(why) = error {
        complain(&format!("channel: open failed: {}", not_opened(why)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_is_its_makers_alone_and_goes_with_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let to = Far::Port { host: "db".to_owned(), port: 80 };
        let listening = Listening::open(&Forward { from: Near::Socket(path.clone()), to }).await.unwrap();

        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        drop(listening);
        assert!(!path.exists());
    }
}
