//! What listens here and leads through the login: `-L` and `-D`.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use futures_util::StreamExt;
use futures_util::future::select_all;
use futures_util::stream::FuturesUnordered;
use russh::Channel;
use russh::client::{Handle, Msg};
use tokio::net::{TcpListener, TcpSocket, UnixListener};

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
                let listener =
                    UnixListener::bind(path).map_err(|error| format!("unix_listener: cannot bind to path: {error}"))?;
                Ok(Self { ports: Vec::new(), socket: Some(Socket { listener, path: path.clone() }), to })
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

/// Lead every connection on. It ends only where nothing listens, and then never.
pub(super) async fn serve(listening: &[Listening], handle: &Handle<Client>) {
    let mut running = FuturesUnordered::new();
    loop {
        let accepted = async {
            if listening.is_empty() {
                return std::future::pending().await;
            }
            select_all(listening.iter().map(|own| Box::pin(own.next()))).await.0
        };
        tokio::select! {
            (connected, to) = accepted => running.push(led(connected, to, handle)),
            Some(()) = running.next(), if !running.is_empty() => {}
        }
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
