//! One connection of a program here, led through a channel.
//!
//! russh gives the host more room as soon as something has come, whatever became of it, and one channel that is not emptied stops all of
//! them. So each is emptied at once, as far as that goes: a program that lets more than [`MOST_WAITING`] wait holds up the others.

use std::sync::Arc;

use russh::client::Msg;
use russh::{Channel, ChannelMsg};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

/// Bytes that wait for a program that does not read them.
const MOST_WAITING: usize = 8 * 1024 * 1024;
const READ: usize = 32 * 1024;

/// The connection of a program.
pub(super) type Near = Box<dyn Connected>;

/// What a program is connected by.
pub(super) trait Connected: AsyncRead + AsyncWrite + Send + Unpin {}

impl Connected for TcpStream {}
impl Connected for UnixStream {}

impl From<TcpStream> for Near {
    fn from(stream: TcpStream) -> Self {
        // It is only slower otherwise.
        let _ = stream.set_nodelay(true);
        Box::new(stream)
    }
}

impl From<UnixStream> for Near {
    fn from(stream: UnixStream) -> Self {
        Box::new(stream)
    }
}

/// Carry both directions to their ends: each side may end its own and still listen. Once the host has closed the channel nothing is
/// carried but what came before that.
pub(super) async fn relay(near: impl AsyncRead + AsyncWrite + Unpin, channel: Channel<Msg>) {
    let (mut from, mut to) = tokio::io::split(near);
    let (mut incoming, outgoing) = channel.split();
    let room = Arc::new(Semaphore::new(MOST_WAITING));
    let (pieces, mut waiting) = mpsc::unbounded_channel::<Vec<u8>>();
    let closed = CancellationToken::new();
    let up = async {
        let mut buffer = vec![0; READ];
        loop {
            match from.read(&mut buffer).await {
                Ok(0) => return outgoing.eof().await.is_ok(),
                Ok(count) => {
                    let piece = buffer.get(..count).unwrap_or_default().to_vec();
                    if outgoing.data_bytes(piece).await.is_err() {
                        return false;
                    }
                }
                Err(_) => return false,
            }
        }
    };
    // What comes is taken to the last, for what is not taken stops the others.
    let take = async {
        let mut pieces = Some(pieces);
        while let Some(message) = incoming.wait().await {
            match message {
                ChannelMsg::Data { data } => {
                    let Some(to_give) = &pieces else { continue };
                    let size = u32::try_from(data.len()).unwrap_or(u32::MAX);
                    if let Ok(permit) = room.acquire_many(size).await {
                        permit.forget();
                    }
                    if to_give.send(data.into()).is_err() {
                        pieces = None;
                    }
                }
                ChannelMsg::Eof => pieces = None,
                ChannelMsg::Close => break,
                _ => {}
            }
        }
        drop(pieces);
        closed.cancel();
        std::future::pending::<()>().await;
    };
    let give = async {
        while let Some(piece) = waiting.recv().await {
            if to.write_all(&piece).await.is_err() {
                return false;
            }
            room.add_permits(piece.len());
        }
        to.shutdown().await.is_ok()
    };
    let both = async {
        // What fails in one direction ends both.
        let up = async {
            let sent = tokio::select! {
                sent = up => sent,
                () = closed.cancelled() => true,
            };
            sent.then_some(()).ok_or(())
        };
        let down = async { give.await.then_some(()).ok_or(()) };
        let _ = tokio::try_join!(up, down);
    };
    tokio::select! {
        () = both => {}
        () = take => {}
    }
    // The host may have closed it already.
    let _ = outgoing.close().await;
}
