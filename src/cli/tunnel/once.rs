//! `tunnel --once` by ssh: the first connection of each place, handed on to where ssh listens for us alone.

use std::io;
use std::net::SocketAddr;

use futures_util::future::try_join_all;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpStream, UnixStream};

use super::forwarded::{Forwarded, Place, Reserved};
use crate::cli::connect::places;
use crate::cli::invocation::Invocation;
use crate::session::tunnel::{Bind, Led, Listen, Listener};
use crate::ssh::RunDirectory;

/// Places that end with their first connection.
pub(super) struct Firsts {
    listeners: Vec<Listener>,
    of_ssh: Vec<Forwarded>,
    /// Where the sockets of ssh are.
    directory: RunDirectory,
    _reserved: Reserved,
}

impl Firsts {
    /// `listeners` listen at these places already.
    pub(super) async fn new(invocation: &Invocation, listeners: Vec<Listener>, forwarded: &[Forwarded]) -> io::Result<Self> {
        let directory = RunDirectory::create(&places(invocation))?;
        let mut of_ssh = Vec::new();
        let mut free_ones = Vec::new();
        for (number, own) in forwarded.iter().enumerate() {
            let place = match own.led {
                // ssh serves SOCKS5 on ports alone.
                Led::Socks => {
                    let free = Listener::bind(&Listen::Tcp { bind: Bind::Loopback, port: 0 }).await?;
                    let addresses = free.addresses();
                    free_ones.push(free);
                    Place::Tcp { addresses, bind: Bind::Loopback }
                }
                Led::Forward(_) | Led::Socket(_) => Place::Unix(directory.path().join(format!("once-{number}"))),
            };
            of_ssh.push(Forwarded { place, led: own.led.clone() });
        }
        drop(free_ones);
        let reserved = Reserved::of(&of_ssh)?;
        Ok(Self { listeners, of_ssh, directory, _reserved: reserved })
    }

    /// Where ssh is to listen.
    pub(super) fn of_ssh(&self) -> &[Forwarded] {
        &self.of_ssh
    }

    /// Carry the first connection of each to its end, and let nobody else in. ssh listens already.
    pub(super) async fn carried(self) -> io::Result<()> {
        let Self { listeners, of_ssh, directory: _directory, .. } = self;
        let each = listeners.into_iter().zip(&of_ssh).map(|(listener, own)| async move {
            let local = listener.accept().await?;
            drop(listener);
            match &own.place {
                Place::Unix(path) => carry(local, UnixStream::connect(path).await?).await,
                Place::Tcp { addresses, .. } => {
                    let addresses: &[SocketAddr] = addresses;
                    carry(local, TcpStream::connect(addresses).await?).await;
                }
            }
            Ok(())
        });
        try_join_all(each).await.map(drop)
    }
}

/// However it ends, it has been.
async fn carry(mut local: impl AsyncRead + AsyncWrite + Unpin, mut far: impl AsyncRead + AsyncWrite + Unpin) {
    if let Err(error) = copy_bidirectional(&mut local, &mut far).await {
        tracing::debug!("the connection broke: {error}");
    }
}
