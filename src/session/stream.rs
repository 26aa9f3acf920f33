//! One connection through a port session, as any other stream of bytes.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::clock::now;
use super::shared::{Shared, StreamState};
use ec2dash_ssm::{Reading, StreamId};

/// A connection to the port on the far side. Shutting it down says that no more is sent; dropping it closes it.
#[derive(Debug)]
pub struct Stream {
    id: StreamId,
    shared: Arc<Shared>,
}

impl Stream {
    pub(super) fn new(id: StreamId, shared: Arc<Shared>) -> Self {
        Self { id, shared }
    }

    /// Whether the far side could not connect: tell the local program by a reset.
    pub fn was_refused(&self) -> bool {
        self.shared.lock().streams.get(&self.id).is_some_and(|stream| stream.was_refused)
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut state = self.shared.lock();
        let is_over = state.is_over;
        let was_cut = state.channel.was_cut(self.id);
        let reading = state.channel.read(self.id, buffer.remaining(), now());
        let stream = state.streams.entry(self.id).or_default();
        stream.was_cut |= was_cut;
        let outcome = match reading {
            Reading::Bytes(bytes) => {
                buffer.put_slice(&bytes);
                Poll::Ready(Ok(()))
            }
            // The far side closes both ways at once, so nothing written now would arrive.
            Reading::Ended if !stream.has_ended => {
                stream.has_ended = true;
                stream.writer.take().into_iter().for_each(std::task::Waker::wake);
                ended(stream)
            }
            Reading::Ended => ended(stream),
            Reading::Nothing if is_over => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Reading::Nothing => {
                stream.reader = Some(cx.waker().clone());
                return Poll::Pending;
            }
        };
        drop(state);
        self.shared.stir();
        outcome
    }
}

fn ended(stream: &StreamState) -> Poll<io::Result<()>> {
    match stream {
        StreamState { was_refused: true, .. } => Poll::Ready(Err(io::ErrorKind::ConnectionRefused.into())),
        StreamState { was_stalled: true, .. } => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        // Whoever reads must not take this for the far side's end.
        StreamState { was_cut: true, .. } => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        _ => Poll::Ready(Ok(())),
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.shared.lock();
        if state.is_over {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let taken = state.channel.write(self.id, bytes, now());
        let stream = state.streams.entry(self.id).or_default();
        if stream.was_refused || stream.was_stalled || stream.has_ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if taken == 0 && !bytes.is_empty() {
            stream.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        drop(state);
        self.shared.stir();
        Poll::Ready(Ok(taken))
    }

    /// What was taken is on its way; the protocol has no word for more.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.lock().channel.finish(self.id, now());
        self.shared.stir();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.channel.abandon(self.id, now());
        state.streams.remove(&self.id);
        drop(state);
        self.shared.stir();
    }
}
