//! The connection between the gateway and a client, as far as it goes wrong or not.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_util::{Sink as _, Stream as _};
use hyper::body::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message as Carried};

use crate::ssm::frame::Frame;
use crate::ssm::message::{ACKNOWLEDGE, Message, OUTPUT, STATE};
use crate::ssm::{Agent, MESSAGE_LIMIT};

/// A WebSocket, opened with a token.
pub(super) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Messages taken before their acknowledgements go out together.
const BATCH: usize = 64;
const WRITE_BUFFER: usize = 128 * 1024;

/// A message holds at most a mebibyte; small buffers, because there may be many sockets.
pub(super) fn settings() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_BUFFER + 2 * MESSAGE_LIMIT)
        .max_message_size(Some(MESSAGE_LIMIT))
        .max_frame_size(Some(MESSAGE_LIMIT))
}

/// What happened on a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// Something came or went.
    Moved,
    /// It is closed or broken.
    Lost,
}

/// The gateway's end of one connection.
pub(super) struct Link {
    socket: Socket,
    /// What the last connection may have lost, to be sent first.
    again: VecDeque<Bytes>,
}

/// The agent's messages that no client has acknowledged. A real gateway keeps some, too, and the agent would need
/// a tenth of a second for each.
#[derive(Default)]
pub(super) struct Kept {
    first: i64,
    frames: VecDeque<Option<Bytes>>,
}

impl Link {
    pub(super) fn new(socket: Socket, kept: &Kept) -> Self {
        Self { socket, again: kept.frames.iter().flatten().cloned().collect() }
    }

    /// Carry messages both ways until there is nothing to do.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, agent: &mut Agent, kept: &mut Kept, now: Instant) -> Poll<Happened> {
        let sent = match self.send(cx, agent, kept, now) {
            Ok(sent) => sent,
            Err(_) => return Poll::Ready(Happened::Lost),
        };
        let mut heard = 0;
        while heard < BATCH && agent.wants_frames() {
            match Pin::new(&mut self.socket).poll_next(cx) {
                Poll::Pending => break,
                Poll::Ready(Some(Ok(Carried::Binary(bytes)))) => {
                    kept.note(&bytes);
                    // What does not read changes nothing, and the agent counts it.
                    let _ = agent.handle_frame(&bytes, now);
                }
                Poll::Ready(Some(Ok(Carried::Text(text)))) => {
                    let _ = agent.handle_frame(text.as_bytes(), now);
                }
                Poll::Ready(Some(Ok(Carried::Close(_)) | Err(_)) | None) => return Poll::Ready(Happened::Lost),
                Poll::Ready(Some(Ok(_))) => {}
            }
            heard += 1;
        }
        if sent + heard > 0 { Poll::Ready(Happened::Moved) } else { Poll::Pending }
    }

    fn send(&mut self, cx: &mut Context<'_>, agent: &mut Agent, kept: &mut Kept, now: Instant) -> Result<usize, Error> {
        let mut sent = 0;
        let mut socket = Pin::new(&mut self.socket);
        while let Poll::Ready(ready) = socket.as_mut().poll_ready(cx) {
            ready?;
            let Some(frame) = self.again.pop_front().or_else(|| next(agent, kept, now)) else { break };
            socket.as_mut().start_send(Carried::Binary(frame))?;
            sent += 1;
        }
        match socket.poll_flush(cx) {
            Poll::Ready(flushed) => flushed?,
            Poll::Pending => {}
        }
        Ok(sent)
    }

    /// Say the last words behind everything else, and wait for the client to go.
    pub(super) fn poll_farewell(
        &mut self,
        cx: &mut Context<'_>,
        agent: &mut Agent,
        kept: &mut Kept,
        last: &mut Option<Bytes>,
    ) -> Poll<()> {
        let now = Instant::now();
        loop {
            if self.send(cx, agent, kept, now).is_err() {
                return Poll::Ready(());
            }
            let mut socket = Pin::new(&mut self.socket);
            if last.is_some() && self.again.is_empty() {
                match ready!(socket.as_mut().poll_ready(cx)) {
                    Ok(()) => {}
                    Err(_) => return Poll::Ready(()),
                }
                if let Some(frame) = last.take()
                    && socket.as_mut().start_send(Carried::Binary(frame)).is_err()
                {
                    return Poll::Ready(());
                }
                let _ = socket.as_mut().poll_flush(cx);
            }
            match ready!(socket.poll_next(cx)) {
                Some(Ok(Carried::Close(_)) | Err(_)) | None => return Poll::Ready(()),
                Some(Ok(_)) => {}
            }
        }
    }

    /// Close it with a code and a reason, as far as the client listens.
    pub(super) fn close(mut self, code: CloseCode, reason: &'static str) {
        let frame = Carried::Close(Some(CloseFrame { code, reason: reason.into() }));
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut socket = Pin::new(&mut self.socket);
        if matches!(socket.as_mut().poll_ready(&mut context), Poll::Ready(Ok(()))) && socket.as_mut().start_send(frame).is_ok() {
            let _ = socket.poll_flush(&mut context);
        }
    }
}

/// The agent's next message for the client; what it says about itself stays with the gateway.
fn next(agent: &mut Agent, kept: &mut Kept, now: Instant) -> Option<Bytes> {
    loop {
        let frame = Bytes::from(agent.poll_transmit(now)?);
        if kept.keep(&frame) {
            return Some(frame);
        }
    }
}

impl Kept {
    /// Keep what counts. False: not for the client.
    fn keep(&mut self, bytes: &Bytes) -> bool {
        let Ok(frame) = Frame::parse(bytes) else { return true };
        match frame.message_type {
            STATE => false,
            // A message sent again has its place already.
            OUTPUT if frame.sequence == self.first + i64::try_from(self.frames.len()).unwrap_or(i64::MAX) => {
                self.frames.push_back(Some(bytes.clone()));
                true
            }
            _ => true,
        }
    }

    /// Let go of what the client has.
    fn note(&mut self, bytes: &[u8]) {
        let Ok(frame) = Frame::parse(bytes) else { return };
        if frame.message_type != ACKNOWLEDGE {
            return;
        }
        let Ok(Message::Acknowledge(acknowledgement)) = Message::read(&frame) else { return };
        let place = i64::try_from(acknowledgement.sequence).ok().and_then(|sequence| usize::try_from(sequence - self.first).ok());
        if let Some(frame) = place.and_then(|place| self.frames.get_mut(place)) {
            *frame = None;
        }
        while let Some(None) = self.frames.front() {
            self.frames.pop_front();
            self.first += 1;
        }
    }
}
