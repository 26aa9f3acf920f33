//! A simulated instance as a jump host: a channel to another port of loopback, or to a socket in the file system.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use russh::server::{ChannelOpenHandle, Msg};
use russh::{Channel, ChannelMsg, ChannelOpenFailure, ChannelReadHalf, ChannelWriteHalf};
use tokio::io::{AsyncWrite, AsyncWriteExt, split};
use tokio::net::{TcpStream, UnixStream};
use tokio_util::either::Either;

use super::inbox::Inbox;
use super::session::deliver;
use crate::machine::Homes;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// A client's request to reach something here through us.
pub(super) struct Forward {
    pub(super) channel: Channel<Msg>,
    pub(super) reply: ChannelOpenHandle,
    pub(super) to: To,
    pub(super) homes: Arc<Homes>,
}

/// What to reach.
pub(super) enum To {
    /// A port of 127.0.0.1.
    Port(u16),
    /// A socket in the file system.
    Socket(PathBuf),
}

impl To {
    async fn connect(&self) -> io::Result<Either<TcpStream, UnixStream>> {
        match self {
            Self::Port(port) => TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).await.map(Either::Left),
            Self::Socket(path) => UnixStream::connect(path).await.map(Either::Right),
        }
    }
}

impl Forward {
    pub(super) async fn run(self) {
        let Ok(Ok(stream)) = tokio::time::timeout(CONNECT_LIMIT, self.to.connect()).await else {
            return self.reply.reject(ChannelOpenFailure::ConnectFailed).await;
        };
        self.reply.accept().await;

        let (reader, writer) = self.channel.split();
        let (from, to) = split(stream);
        let back = async {
            let outcome = deliver(from, &writer, None).await;
            let _ = writer.eof().await;
            outcome
        };
        // An error in one direction is the end of both.
        let _ = tokio::try_join!(back, forth(reader, to, self.homes));
        close(&writer).await;
    }
}

async fn close(writer: &ChannelWriteHalf<Msg>) {
    // An error says that the connection is already gone.
    let _ = writer.close().await;
}

async fn forth(mut reader: ChannelReadHalf, mut to: impl AsyncWrite + Unpin, homes: Arc<Homes>) -> io::Result<()> {
    let mut inbox = Inbox::new(homes);
    let mut is_open = true;
    loop {
        tokio::select! {
            message = reader.wait() => match message {
                Some(ChannelMsg::Data { data }) => inbox.push(&data).await?,
                Some(ChannelMsg::Eof) => inbox.end(),
                Some(ChannelMsg::Close) | None => return Err(io::ErrorKind::ConnectionAborted.into()),
                Some(_) => {}
            },
            given = inbox.give(&mut to), if inbox.is_waiting() => inbox.taken(given?).await?,
        }
        if is_open && inbox.is_spent() {
            to.shutdown().await?;
            is_open = false;
        }
    }
}
