//! The one loop that joins a channel with its socket. It knows no protocol.
//!
//! Written as one poll function: the socket's two directions must go on independently of each other, and neither half of a
//! WebSocket promises to survive being dropped half-done.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use futures_util::{Sink, SinkExt, Stream};
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error as SocketError, Message};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::clock::{Moment, now};
use super::end::Reason;
use super::link::{Lost, Proof, dial};
use super::link_error::LinkError;
use super::options::SessionOptions;
use super::patience::Patience;
use super::pulse::Pulse;
use super::shared::{Departure, LinkState, Shared};
use crate::aws::{self, Cloud, Resumed, SignInFile, Ticket};
use crate::outbound::deepest;
use crate::websocket::Socket;
use ec2dash_ssm::{CLIENT_VERSION, Counters, DATA_KEY_LENGTH, DataKey, End, FreshKey, KeyRequest, Malformed, Opening};

/// Messages taken from the socket before what they caused is sent: acknowledgements leave together.
const TURN: usize = 64;
/// Turns before others of the same thread have theirs.
const TURNS: usize = 16;
/// How soon the clock is looked at again while the socket takes nothing.
const STEP_WHEN_FULL: Duration = Duration::from_millis(100);
/// How often it is looked whether somebody has signed in.
const LOOK_FOR_SIGN_IN: Duration = Duration::from_millis(500);
/// A connection that stands so long after a gap has come through it.
const SURVIVED: Duration = Duration::from_secs(60);
const LONGEST_CLOSE: Duration = Duration::from_millis(500);

type KeyAnswer = Result<FreshKey, aws::Error>;

/// What a session is driven with.
pub(super) struct Driver {
    pub(super) cloud: Cloud,
    pub(super) options: SessionOptions,
    pub(super) shared: Arc<Shared>,
    pub(super) id: String,
    url: Zeroizing<String>,
    client_id: Uuid,
    proof: Proof,
    patience: Patience,
    pulse: Pulse,
    link_since: Instant,
    /// When the clocks were last looked at, and the last gap in them.
    awake: Moment,
    gap: Option<(Instant, Duration)>,
    /// Whether anything came over any connection, and how much of use had been carried when this one began.
    has_received: bool,
    carried_before: u64,
    key: Option<Pin<Box<dyn Future<Output = KeyAnswer> + Send>>>,
    key_error: Option<aws::Error>,
    session: Option<ec2dash_ssm::Session>,
    /// Who waits for the session to begin; gone once it has. Dropped by a caller who does not want it any more.
    pub(super) starting: Option<oneshot::Sender<ec2dash_ssm::Session>>,
    timer: Pin<Box<Sleep>>,
    armed: Instant,
    is_unflushed: bool,
    /// The socket takes nothing more for now.
    is_full: bool,
    wants_ping: bool,
    /// The connection is gone and not missed.
    is_deaf: bool,
}

/// Why the driver stopped polling a connection.
enum Stop {
    Over(End),
    Lost(Lost),
}

/// What opens one connection of a session.
pub(super) fn opening(token: &Zeroizing<String>, client_id: Uuid) -> Opening {
    Opening { request_id: Uuid::new_v4(), token: token.clone(), client_id, client_version: CLIENT_VERSION.to_owned() }
}

impl Driver {
    /// For a session whose first connection stands.
    pub(super) fn new(
        cloud: Cloud,
        options: SessionOptions,
        shared: Arc<Shared>,
        ticket: &Ticket,
        client_id: Uuid,
        proof: Proof,
        starting: oneshot::Sender<ec2dash_ssm::Session>,
    ) -> Self {
        let now = now();
        Self {
            patience: Patience::new(options.reconnect),
            pulse: Pulse::new(now, SystemTime::now()),
            link_since: now,
            awake: Moment::new(now, SystemTime::now()),
            gap: None,
            carried_before: 0,
            has_received: false,
            key: None,
            key_error: None,
            session: None,
            starting: Some(starting),
            timer: Box::pin(sleep(Duration::ZERO)),
            armed: now,
            is_unflushed: false,
            is_full: false,
            wants_ping: false,
            is_deaf: false,
            cloud,
            options,
            shared,
            id: ticket.id.clone(),
            url: ticket.url.clone(),
            client_id,
            proof,
        }
    }

    /// Run the session to its end, over as many connections as it takes. `None`: the gateway dropped the first connection before it
    /// said anything, so the token was none.
    pub(super) async fn run(&mut self, mut socket: Socket) -> Option<Reason> {
        loop {
            let stop = poll_fn(|cx| self.poll(&mut socket, cx)).await;
            let lost = match stop {
                Stop::Over(end) => {
                    bid_farewell(socket).await;
                    return Some(Reason::of_channel(end, self.key_error.take()));
                }
                Stop::Lost(lost) => lost,
            };
            drop(socket);
            if !self.has_received && matches!(lost, Lost::Closed { .. } | Lost::Broken { .. }) {
                return None;
            }
            tracing::debug!(session = %self.id, "the connection is lost: {lost}");
            match self.resumed(lost).await {
                Ok(fresh) => socket = fresh,
                Err(reason) => return Some(reason),
            }
        }
    }

    /// Everything that can be done now: read, write, think; then wait for whatever comes first.
    fn poll(&mut self, socket: &mut Socket, cx: &mut Context<'_>) -> Poll<Stop> {
        self.shared.attach(cx);
        for _ in 0..TURNS {
            let has_more = match self.turn(socket, cx) {
                Ok(has_more) => has_more,
                // The far side has said its last word already; what is left is for the caller to take.
                Err(_) if self.shared.lock().channel.is_over() => {
                    self.is_deaf = true;
                    true
                }
                Err(lost) => return Poll::Ready(self.think(cx).map_or(Stop::Lost(lost), Stop::Over)),
            };
            if let Some(end) = self.think(cx) {
                if !self.is_deaf {
                    // Our last word; whoever does not take it is told by the end of the connection.
                    let _ = self.write(socket, cx);
                }
                return Poll::Ready(Stop::Over(end));
            }
            if self.is_deaf {
                // Only somebody who takes what is left brings the end nearer, and stirs us.
                return Poll::Pending;
            }
            // Thinking may have made room, and then there is something to acknowledge.
            if self.write(socket, cx).is_err() {
                continue;
            }
            if !has_more && self.arm(cx).is_pending() {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Read, look at the clock and write. Whether there may be more to read.
    fn turn(&mut self, socket: &mut Socket, cx: &mut Context<'_>) -> Result<bool, Lost> {
        if self.is_deaf {
            return Ok(false);
        }
        let has_more = self.read(socket, cx)?;
        if !has_more {
            self.timers()?;
        }
        if self.write(socket, cx).is_err() {
            // The read side knows why, and may have more for us.
            while self.read(socket, cx)? {}
            return Err(Lost::Broken { cause: "the connection takes nothing more".into() });
        }
        Ok(has_more)
    }

    /// Take a turn of messages. Whether there may be more.
    fn read(&mut self, socket: &mut Socket, cx: &mut Context<'_>) -> Result<bool, Lost> {
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        let now = now();
        for _ in 0..TURN {
            if !state.channel.wants_frames() {
                self.pulse.hold(now);
                return Ok(false);
            }
            let message = match Pin::new(&mut *socket).poll_next(cx) {
                Poll::Pending => return Ok(false),
                Poll::Ready(message) => message,
            };
            let bytes = match message {
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Text(text))) => Bytes::from(text),
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map_or(1005, |frame| frame.code.into());
                    return Err(Lost::Closed { code });
                }
                Some(Ok(_)) => {
                    self.pulse.received();
                    continue;
                }
                Some(Err(SocketError::Capacity(_))) => {
                    state.channel.too_large();
                    return Err(Lost::Closed { code: CloseCode::Size.into() });
                }
                Some(Err(error)) => return Err(lost(&error)),
                None => return Err(Lost::Closed { code: 1006 }),
            };
            self.pulse.received();
            self.has_received = true;
            match state.channel.handle_frame(&bytes, now) {
                Ok(()) => {}
                Err(Malformed::TooLarge { .. }) => state.channel.too_large(),
                Err(error) => tracing::debug!(session = %self.id, "a message does not read: {error}"),
            }
        }
        Ok(true)
    }

    /// See to what the clock brings.
    fn timers(&mut self) -> Result<(), Lost> {
        let now = now();
        let mut state = self.shared.lock();
        if state.channel.poll_timeout().is_some_and(|due| due <= now) {
            state.channel.handle_timeout(now);
        }
        let counters = state.channel.counters();
        drop(state);
        let wall = SystemTime::now();
        self.pulse.tick(now, wall, counters.in_flight, counters.received);
        let moment = Moment::new(now, wall);
        if let Some(gap) = self.awake.stood_still_until(moment) {
            self.gap = Some((now, gap));
        } else if self.gap.is_some_and(|(at, _)| now.saturating_duration_since(at) > SURVIVED) {
            self.gap = None;
        }
        self.awake = moment;
        if self.pulse.is_dead(now) {
            return Err(Lost::Silent);
        }
        let link = match self.pulse.silent_since(now) {
            Some(since) => LinkState::Silent { since },
            None => LinkState::Up,
        };
        self.shared.link.send_if_modified(|own| (*own != link).then(|| *own = link).is_some());
        Ok(())
    }

    /// Send what there is to send, as far as the socket takes it.
    fn write(&mut self, socket: &mut Socket, cx: &mut Context<'_>) -> Result<(), SocketError> {
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        let mut sink = Pin::new(socket);
        self.wants_ping |= self.pulse.wants_ping(now());
        self.is_full = false;
        loop {
            match sink.as_mut().poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {
                    self.is_full = true;
                    return Ok(());
                }
            }
            let message = match std::mem::take(&mut self.wants_ping) {
                true => Message::Ping(Bytes::from_static(b"keepalive")),
                false => match state.channel.poll_transmit(now()) {
                    Some(frame) => Message::Binary(frame.into()),
                    None => break,
                },
            };
            sink.as_mut().start_send(message)?;
            self.is_unflushed = true;
        }
        if self.is_unflushed {
            match sink.poll_flush(cx) {
                Poll::Ready(Ok(())) => self.is_unflushed = false,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => {}
            }
        }
        Ok(())
    }

    /// Hand on what the channel says, and tell it what its user wants.
    fn think(&mut self, cx: &mut Context<'_>) -> Option<End> {
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        if self.starting.as_mut().is_some_and(|starting| starting.poll_closed(cx).is_ready()) {
            state.departure = Departure::AtOnce;
        }
        match state.departure {
            Departure::No => {}
            Departure::Orderly => state.channel.close(now()),
            Departure::AtOnce => {
                state.channel.disconnected(now());
                state.channel.close(now());
            }
        }
        if let Some(answer) = self.key.as_mut().and_then(|key| match key.as_mut().poll(cx) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }) {
            self.key = None;
            let answer = answer.map_err(|error| {
                let reason = error.to_string();
                self.key_error = Some(error);
                reason
            });
            state.channel.key(answer, now());
        }
        let requests = state.pump();
        if let Some(request) = requests.key {
            self.key = Some(Box::pin(key(self.cloud.clone(), self.options.clone(), request)));
            // Polled once, so that it wakes us.
            cx.waker().wake_by_ref();
        }
        if let Some(session) = requests.session {
            self.session = Some(session.clone());
            if let Some(starting) = self.starting.take()
                && starting.send(session).is_err()
            {
                state.departure = Departure::AtOnce;
            }
        }
        requests.end
    }

    /// Wait for the earliest moment at which something is due by itself.
    fn arm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let due = self.shared.lock().channel.poll_timeout();
        let due = due.map_or(self.pulse.next(), |due| due.min(self.pulse.next()));
        // What is due and cannot be sent stays due: the socket wakes us, and the clock need not.
        let due = if self.is_full { due.max(now() + STEP_WHEN_FULL) } else { due };
        // A timer that wakes too early costs less than one that is set anew with every message.
        if due < self.armed || self.armed <= now() {
            self.armed = due;
            self.timer.as_mut().reset(tokio::time::Instant::from_std(due));
        }
        self.timer.as_mut().poll(cx)
    }

    /// Get another connection for the session, for as long as the user has patience. Everything else goes on meanwhile.
    async fn resumed(&mut self, why: Lost) -> Result<Socket, Reason> {
        let lost_at = now();
        let moment = Moment::new(lost_at, SystemTime::now());
        self.gap = self.awake.stood_still_until(moment).map(|gap| (lost_at, gap)).or(self.gap);
        self.awake = moment;
        let carried = {
            let mut state = self.shared.lock();
            state.channel.disconnected(lost_at);
            carried(&state.channel.counters())
        };
        let is_useful = std::mem::replace(&mut self.carried_before, carried) != carried;
        self.patience.lost(lost_at, lost_at.saturating_duration_since(self.link_since), is_useful);
        let since = self.patience.lost_at().unwrap_or(lost_at);
        let until = since + self.options.reconnect;
        self.shared.link.send_replace(LinkState::Lost { since, until, why: why.clone(), last: None });
        let sign_in = self.cloud.sign_in_file();
        let mut has_refreshed = false;
        loop {
            let last = match &*self.shared.link.borrow() {
                LinkState::Lost { last, .. } => last.clone(),
                _ => None,
            };
            let Some(pause) = self.patience.next(now(), random()) else {
                return Err(Reason::NotResumed { last, tried: now().saturating_duration_since(since) });
            };
            let attempt = Attempt {
                cloud: self.cloud.clone(),
                options: self.options.clone(),
                id: self.id.clone(),
                url: self.url.clone(),
                client_id: self.client_id,
                proof: self.proof,
            };
            let is_waiting = last.as_ref().is_some_and(waits_for_somebody);
            let mut trying = pin!(async {
                tokio::select! {
                    () = sleep(pause) => {}
                    () = signed_in(sign_in.as_ref()), if is_waiting => {}
                }
                attempt.resumed().await
            });
            // `Err` is the end of the session: its user left it.
            let outcome = poll_fn(|cx| {
                self.shared.attach(cx);
                if let Some(end) = self.think(cx) {
                    return Poll::Ready(Err(end));
                }
                trying.as_mut().poll(cx).map(Ok)
            });
            let outcome = outcome.await;
            // Between two tries more passes than between two looks at the clocks: a sleep alone shows.
            let moment = Moment::new(now(), SystemTime::now());
            self.gap = self.awake.slept_until(moment).map(|gap| (now(), gap)).or(self.gap);
            self.awake = moment;
            match outcome {
                Err(end) => return Err(Reason::of_channel(end, self.key_error.take())),
                Ok(Ok(fresh)) => {
                    let now = now();
                    self.url = fresh.url;
                    self.proof = fresh.proof;
                    self.pulse = Pulse::new(now, SystemTime::now());
                    self.gap = None;
                    (self.link_since, self.is_unflushed, self.wants_ping) = (now, false, false);
                    self.shared.lock().channel.connected(now);
                    self.shared.link.send_replace(LinkState::Up);
                    tracing::debug!(session = %self.id, "resumed");
                    return Ok(fresh.socket);
                }
                Ok(Err(Refused::Over(reason))) => return Err(reason),
                Ok(Err(Refused::Denied(error))) if has_refreshed => {
                    let resource = aws::own_sessions(&self.options.region, &self.id);
                    return Err(Reason::ResumeDenied { error, resource });
                }
                Ok(Err(Refused::Denied(error))) => {
                    // Perhaps they were taken from us; the next ones may do.
                    has_refreshed = true;
                    self.cloud.forget_credentials();
                    self.note(LinkError::Aws(error));
                }
                Ok(Err(Refused::NotNow(error))) => self.note(error),
            }
        }
    }

    /// Why a try failed, for whoever watches.
    fn note(&mut self, error: LinkError) {
        tracing::debug!(session = %self.id, "not resumed: {error}");
        let is_waiting = waits_for_somebody(&error);
        if is_waiting {
            self.patience.put_off(now());
        }
        self.shared.link.send_modify(|link| {
            if let LinkState::Lost { last, until, .. } = link {
                if is_waiting {
                    *until = now() + self.options.reconnect;
                }
                *last = Some(error);
            }
        });
    }

    /// When input was last sent.
    pub(super) fn quiet(&self) -> Option<Duration> {
        self.shared.lock().channel.input_at().map(|at| now().saturating_duration_since(at))
    }

    /// For how long this computer slept, or we stood still, just before.
    pub(super) fn gap(&self) -> Option<Duration> {
        self.gap.map(|(_, gap)| gap)
    }

    /// Whether the session ever began.
    pub(super) fn has_begun(&self) -> bool {
        self.session.is_some()
    }
}

/// One try for another connection.
struct Attempt {
    cloud: Cloud,
    options: SessionOptions,
    id: String,
    url: Zeroizing<String>,
    client_id: Uuid,
    proof: Proof,
}

struct Fresh {
    socket: Socket,
    url: Zeroizing<String>,
    proof: Proof,
}

enum Refused {
    Over(Reason),
    Denied(aws::Error),
    NotNow(LinkError),
}

impl Attempt {
    async fn resumed(mut self) -> Result<Fresh, Refused> {
        let region = &self.options.region;
        let (token, url) = match self.cloud.resume_session(region, &self.id).await {
            Ok(Resumed::Ticket { token, url }) => (token, url),
            Ok(Resumed::TimedOut) => return Err(Refused::Over(Reason::TimedOut)),
            Err(aws::Error::NoSuchSession) => return Err(Refused::Over(Reason::Terminated)),
            Err(error @ aws::Error::Denied { .. }) => return Err(Refused::Denied(error)),
            Err(error) => return Err(Refused::NotNow(LinkError::Aws(error))),
        };
        // The old address may be one that is served no more.
        let url = url.unwrap_or(self.url);
        let not_now = |error: aws::Error| Refused::NotNow(LinkError::Aws(error));
        let access = self.cloud.stream_access(region).await.map_err(not_now)?;
        let unsafe_stream = |error| Refused::Over(Reason::NotLinked(LinkError::Unsafe(error)));
        let address = access.address(&url).map_err(unsafe_stream)?;
        let opening = opening(&token, self.client_id);
        let socket = dial(&access, &address, &opening, &mut self.proof).await.map_err(Refused::NotNow)?;
        Ok(Fresh { socket, url, proof: self.proof })
    }
}

async fn key(cloud: Cloud, options: SessionOptions, request: KeyRequest) -> KeyAnswer {
    let (plaintext, ciphertext) =
        cloud.data_key(&options.region, request.key_id.as_str(), DATA_KEY_LENGTH, &request.context).await?;
    let key = DataKey::new(&plaintext)
        .map_err(|error| aws::Error::Garbled { action: "kms:GenerateDataKey", cause: error.to_string().into() })?;
    Ok(FreshKey { key, ciphertext })
}

/// Whether only a sign-in, or other credentials of the profile, bring another connection: that takes as long as somebody needs for it.
fn waits_for_somebody(error: &LinkError) -> bool {
    match error {
        LinkError::Aws(aws::Error::SignInEnded { .. } | aws::Error::MfaNeeded { .. }) => true,
        LinkError::Aws(aws::Error::Expired { profile }) => !profile.raw().is_empty(),
        _ => false,
    }
}

/// Somebody has signed in, with whatever program. Never, where no file tells of it.
async fn signed_in(file: Option<&SignInFile>) {
    let Some(file) = file else { return std::future::pending().await };
    let before = file.stamp();
    while file.stamp() == before {
        sleep(LOOK_FOR_SIGN_IN).await;
    }
}

/// Say that this connection is done with. Nobody waits long for somebody who may be dead.
async fn bid_farewell(mut socket: Socket) {
    let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
    let _ = timeout(LONGEST_CLOSE, socket.send(Message::Close(Some(frame)))).await;
}

fn lost(error: &SocketError) -> Lost {
    match error {
        SocketError::ConnectionClosed | SocketError::AlreadyClosed => Lost::Closed { code: 1006 },
        error => Lost::Broken { cause: deepest(error) },
    }
}

/// Messages that have arrived, at either end.
fn carried(counters: &Counters) -> u64 {
    counters.received + counters.acknowledged
}

/// A random number of 0 to 1.
pub(super) fn random() -> f64 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    f64::from(u32::try_from(high >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}
