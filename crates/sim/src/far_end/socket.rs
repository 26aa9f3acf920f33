//! The connection between the gateway and a client, as far as it goes wrong or not.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_util::{Sink as _, Stream as _, StreamExt as _};
use hyper::body::Bytes;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Carried;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use uuid::Uuid;

use super::lane::{Break, Lane};
use crate::fault::FaultKind;
use crate::stream::{Stream, tcp};
use ec2dash_ssm::frame::Frame;
use ec2dash_ssm::message::{ACKNOWLEDGE, Message, OUTPUT, PAUSE, START, STATE, unnumbered};
use ec2dash_ssm::{Agent, MESSAGE_LIMIT};

/// A WebSocket, opened with a token.
pub(super) type Socket = WebSocketStream<Stream>;

/// Messages taken before their acknowledgements go out together.
const BATCH: usize = 64;
/// How long a client that is told to go may take.
const LAST_READ: Duration = Duration::from_secs(1);
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
    /// It is to end, on purpose.
    Breaks(Break),
}

/// The gateway's end of one connection.
pub(super) struct Link {
    socket: Socket,
    /// What the last connection may have lost, to be sent first.
    again: VecDeque<Bytes>,
    up: Lane,
    down: Lane,
    is_paused: bool,
}

/// The agent's messages that no client has acknowledged. A real gateway keeps some, too, and the agent would need
/// a tenth of a second for each.
#[derive(Default)]
pub(super) struct Kept {
    first: i64,
    frames: VecDeque<Option<Bytes>>,
}

impl Link {
    /// The `number`-th connection of a session, with what goes wrong on it up and down.
    pub(super) fn new(socket: Socket, kept: Option<&Kept>, faults: &[Vec<FaultKind>; 2], number: u64, now: Instant) -> Self {
        let again = kept.into_iter().flat_map(|kept| kept.frames.iter().flatten().cloned()).collect();
        let [up, down] = faults.each_ref().map(|faults| Lane::new(faults, number, now));
        // What an agent does not read yet waits at the gateway, which goes on answering pings.
        let up = up.roomy();
        Self { socket, again, up, down, is_paused: false }
    }

    /// The next moment something happens by itself.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        [self.up.due(now), self.down.due(now)].into_iter().flatten().min()
    }

    /// Carry messages both ways until there is nothing to do.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, agent: &mut Agent, kept: &mut Kept, now: Instant) -> Poll<Happened> {
        if let Some(end) = self.up.breaks(now).or_else(|| self.down.breaks(now)) {
            return Poll::Ready(Happened::Breaks(end));
        }
        if self.switch_pause(now) {
            return Poll::Ready(Happened::Moved);
        }
        let sent = if self.down.is_stalled(now) { Ok(0) } else { self.send(cx, agent, kept, now) };
        let received = if self.up.is_stalled(now) { Ok(0) } else { self.receive(cx, agent, kept, now) };
        match (sent, received) {
            (Ok(0), Ok(0)) => Poll::Pending,
            (Ok(_), Ok(_)) => Poll::Ready(Happened::Moved),
            _ => Poll::Ready(Happened::Lost),
        }
    }

    /// Tell the client that the instance is away, or back. True: it was just told.
    fn switch_pause(&mut self, now: Instant) -> bool {
        let pauses = [self.up.pause(), self.down.pause()];
        let is_paused = pauses.into_iter().flatten().any(|(start, end)| start <= now && now < end);
        if is_paused == self.is_paused {
            return false;
        }
        self.is_paused = is_paused;
        self.again.push_front(unnumbered(if is_paused { PAUSE } else { START }, Uuid::new_v4(), 1, b"").into());
        true
    }

    /// From now on there is no agent behind it, which the gateway says once.
    pub(super) fn desert(&mut self) {
        self.again = [unnumbered(PAUSE, Uuid::new_v4(), 1, b"").into()].into();
    }

    /// As [`Self::poll`] where there is no agent: pings are answered, and nothing else is.
    pub(super) fn poll_deserted(&mut self, cx: &mut Context<'_>) -> Poll<Happened> {
        let mut socket = Pin::new(&mut self.socket);
        while let Poll::Ready(ready) = socket.as_mut().poll_ready(cx) {
            let Some(frame) = self.again.pop_front().filter(|_| ready.is_ok()) else { break };
            if socket.as_mut().start_send(Carried::Binary(frame)).is_err() {
                return Poll::Ready(Happened::Lost);
            }
        }
        loop {
            if let Poll::Ready(Err(_)) = socket.as_mut().poll_flush(cx) {
                return Poll::Ready(Happened::Lost);
            }
            match ready!(socket.as_mut().poll_next(cx)) {
                Some(Ok(Carried::Close(_)) | Err(_)) | None => return Poll::Ready(Happened::Lost),
                Some(Ok(_)) => {}
            }
        }
    }

    fn receive(&mut self, cx: &mut Context<'_>, agent: &mut Agent, kept: &mut Kept, now: Instant) -> Result<usize, Lost> {
        let mut received = 0;
        while received < BATCH && self.up.has_room() {
            let bytes: Bytes = match Pin::new(&mut self.socket).poll_next(cx) {
                Poll::Pending => break,
                Poll::Ready(Some(Ok(Carried::Binary(bytes)))) => bytes,
                Poll::Ready(Some(Ok(Carried::Text(text)))) => text.into(),
                Poll::Ready(Some(Ok(Carried::Close(_)) | Err(_)) | None) => return Err(Lost),
                Poll::Ready(Some(Ok(_))) => Bytes::new(),
            };
            received += 1;
            if !bytes.is_empty() {
                kept.note(&bytes);
                self.up.push(bytes, now);
            }
        }
        while !self.is_paused
            && agent.wants_frames()
            && let Some(bytes) = self.up.pop(now)
        {
            // What does not read changes nothing, and the agent counts it.
            let _ = agent.handle_frame(&bytes, now);
            received += 1;
        }
        Ok(received)
    }

    fn send(&mut self, cx: &mut Context<'_>, agent: &mut Agent, kept: &mut Kept, now: Instant) -> Result<usize, Lost> {
        let mut sent = 0;
        while self.down.has_room()
            && let Some(frame) = next(agent, kept, now)
        {
            self.down.push(frame, now);
            // It counts: there is another moment to wait for.
            sent += 1;
        }
        let mut socket = Pin::new(&mut self.socket);
        while let Poll::Ready(ready) = socket.as_mut().poll_ready(cx) {
            ready.map_err(|_| Lost)?;
            let next = self.again.pop_front().or_else(|| if self.is_paused { None } else { self.down.pop(now) });
            let Some(frame) = next else { break };
            socket.as_mut().start_send(Carried::Binary(frame)).map_err(|_| Lost)?;
            sent += 1;
        }
        match socket.poll_flush(cx) {
            Poll::Ready(Err(_)) => Err(Lost),
            _ => Ok(sent),
        }
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
        self.is_paused = false;
        // What the session said before its end comes before it, however slow the way.
        self.again.extend(std::iter::from_fn(|| self.down.pop_early()));
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

    /// Close it with code 1000 and a reason, and give the client a moment to read what is on its way.
    pub(super) async fn close(mut self, reason: &'static str) {
        let closing = async {
            let frame = CloseFrame { code: CloseCode::Normal, reason: reason.into() };
            if self.socket.close(Some(frame)).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = tokio::time::timeout(LAST_READ, closing).await;
    }

    /// Break it off.
    pub(super) fn reset(self) {
        // An error says that it is already broken.
        let _ = tcp(self.socket.get_ref()).set_zero_linger();
    }
}

/// The connection is closed or broken.
struct Lost;

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
