//! The client's end of the data channel; it only joins its parts.

mod arrivals;
mod connections;
mod options;

use std::time::{Duration, Instant};

pub use options::Options;
pub(crate) use options::{INBOX, LARGEST_PAYLOAD};

use options::LONGEST_HANDSHAKE;

use super::cipher::Cipher;
use super::clock::Clock;
use super::counters::Counters;
use super::deliveries::Deliveries;
use super::entropy::Entropy;
use super::event::{End, Event};
use super::exchange::{Exchange, Received, Role, Rules, Taken};
use super::failure::Failure;
use super::frame::Malformed;
use super::handshake::{FreshKey, Handshake, Terms};
use super::inbox::Taker;
use super::leaving::Leaving;
use super::outbox::Repair;
use super::payload::{Flag, PayloadType, Size};
use super::pending::Pending;
use super::resizing::Resizing;
use super::rtt::Bounds;
use super::session::{Session, SessionKind};
use super::streams::{Outgoing, Streams};
use super::version::{TERMINATE_FLAG, is_newer};

/// An agent that is there speaks within a moment of being connected.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);
/// The client's end of one session, over as many connections as it takes.
pub struct Channel {
    terms: Terms,
    payload: usize,
    stalled_after: Option<Duration>,
    entropy: Entropy,
    exchange: Exchange,
    handshake: Handshake,
    session: Option<Session>,
    streams: Option<Streams>,
    /// What the handshake says; goes ahead of everything.
    words: Pending,
    typed: Pending,
    resizing: Resizing,
    deliveries: Deliveries,
    ended: Option<End>,
    is_over: bool,
    leaving: Leaving,
    deadline: Option<Instant>,
    now: Instant,
    input_at: Option<Instant>,
}

impl Channel {
    /// A channel whose first connection stands and has been opened with an [`Opening`](super::Opening).
    pub fn new(options: Options, entropy: Entropy, clock: Clock) -> Self {
        let now = clock.instant;
        let rules = Rules {
            role: Role::Client,
            checks_digests: true,
            repair: Repair::Overdue,
            bounds: Bounds::PATIENT,
            window: options.window,
            inbox: INBOX,
            pace: options.pace,
        };
        Self {
            terms: Terms {
                expected: options.expected,
                session_id: options.session_id,
                target: options.target,
                client_version: options.client_version,
            },
            payload: options.payload.clamp(1, LARGEST_PAYLOAD),
            stalled_after: options.stalled_after,
            exchange: Exchange::new(rules, &entropy, clock),
            entropy,
            handshake: Handshake::Waiting,
            session: None,
            streams: None,
            words: Pending::default(),
            typed: Pending::default(),
            resizing: Resizing::new(options.size),
            deliveries: Deliveries::default(),
            ended: None,
            is_over: false,
            leaving: Leaving::No,
            deadline: Some(now + LONGEST_SILENCE),
            now,
            input_at: None,
        }
    }

    /// One message of the gateway's. What does not read changes nothing, so the session may go on after an error; behind
    /// [`Malformed::TooLarge`] the caller says [`Self::too_large`].
    pub fn handle_frame(&mut self, bytes: &[u8], now: Instant) -> Result<(), Malformed> {
        self.now = now;
        if self.is_over {
            return Ok(());
        }
        match self.exchange.receive(bytes, now)? {
            Received::Nothing => {}
            Received::Acknowledged(sequence) => {
                self.leaving.acknowledged(sequence);
                if let Some(streams) = &mut self.streams {
                    streams.acknowledged(sequence, self.exchange.outbox().oldest_sequence(), now);
                }
            }
            Received::Data(data, integrity) => match self.exchange.take(&data, integrity, self.taker(), now) {
                Taken::Now(arrived) => {
                    self.deliver(arrived);
                    self.catch_up();
                }
                Taken::NotNow => {}
                Taken::Broken => self.fail(Failure::Integrity { sequence: data.sequence }),
            },
            Received::Closed(closed) => self.closed(closed),
        }
        self.note_way();
        self.advance_leaving();
        Ok(())
    }

    /// The moment that [`Self::poll_timeout`] asked for has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        if self.is_over {
            return;
        }
        self.exchange.handle_timeout(now);
        self.note_way();
        if self.exchange.is_unanswered(now) {
            self.fail(Failure::Unanswered);
        }
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.fail(match self.handshake.is_waiting() {
                true => Failure::NoAnswer,
                false => Failure::HandshakeTimedOut { step: self.handshake.step() },
            });
        }
        if let Some(Err(broken)) = self.streams.as_mut().map(|streams| streams.handle_timeout(now)) {
            self.fail(Failure::Multiplexing(broken));
        }
        // A connection that was closed for not being read makes room.
        self.catch_up();
        self.advance_leaving();
    }

    /// The next message to send, as one binary frame. Takes the time, because messages carry the date at which they
    /// leave, and round trips are measured from there and not from when the caller last had something to say.
    pub fn poll_transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.now = now;
        if let Some(frame) = self.exchange.poll_repair(now) {
            return Some(frame);
        }
        if !self.exchange.may_send(now) {
            return None;
        }
        let (payload_type, payload) = self.next_payload(now)?;
        let sequence = self.exchange.outbox().next_sequence();
        if payload_type == PayloadType::Flag {
            match Flag::from_payload(&payload) {
                Some(Flag::TerminateSession) => self.leaving.flag_sent(sequence),
                _ => self.streams.iter_mut().for_each(|streams| streams.disconnect_sent(sequence)),
            }
        } else if payload_type == PayloadType::Output {
            self.streams.iter_mut().for_each(|streams| streams.sent(sequence));
        }
        Some(self.exchange.send(payload_type, &payload, now))
    }

    fn next_payload(&mut self, now: Instant) -> Option<(PayloadType, Vec<u8>)> {
        if let Some(word) = self.words.pop(usize::MAX) {
            return Some(word);
        }
        // Before that the agent acknowledges what it then throws away.
        let session = self.session.as_ref().filter(|_| !self.is_over)?;
        if session.kind.has_terminal()
            && let Some(size) = self.resizing.next(now)
        {
            self.input_at = Some(now);
            return Some((PayloadType::Size, size.to_payload()));
        }
        if self.leaving.wants_flag() {
            return Some((PayloadType::Flag, Flag::TerminateSession.to_payload()));
        }
        match self.streams.as_mut() {
            None => self.typed.pop(self.payload),
            Some(streams) => streams.next_payload(self.payload).map(|outgoing| match outgoing {
                Outgoing::Data(data) => (PayloadType::Output, data),
                Outgoing::Disconnect => (PayloadType::Flag, Flag::DisconnectToPort.to_payload()),
            }),
        }
    }

    /// What to do next, until [`Event::Ended`]. Send what [`Self::poll_transmit`] has first: a refusal goes out before
    /// the end. A caller that does not ask is given no more than a few MiB, then the far side waits.
    pub fn poll_event(&mut self) -> Option<Event> {
        if let Some(event) = self.deliveries.pop() {
            self.catch_up();
            return Some(event);
        }
        if let Some((stream, change)) = self.streams.as_mut().and_then(Streams::poll_change) {
            return Some(Event::Stream(stream, change));
        }
        self.ended.take().map(Event::Ended)
    }

    /// When to call [`Self::handle_timeout`], if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.is_over {
            return None;
        }
        let may_resize = self.exchange.is_connected()
            && self.exchange.has_room()
            && self.session.as_ref().is_some_and(|session| session.kind.has_terminal());
        [
            self.exchange.poll_timeout(),
            self.exchange.paced_until(self.now).filter(|_| self.has_something_to_send()),
            self.deadline,
            self.leaving.deadline(),
            self.resizing.due().filter(|_| may_resize),
            self.streams.as_ref().and_then(Streams::poll_timeout),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn has_something_to_send(&self) -> bool {
        !self.words.is_empty()
            || !self.typed.is_empty()
            || self.leaving.wants_flag()
            || self.streams.as_ref().is_some_and(|streams| !streams.is_drained())
    }

    /// Whether [`Self::send`] takes 64 KiB; while not, do not read what the user types or pipes in.
    pub fn has_room(&self) -> bool {
        self.may_type() && self.typed.has_room()
    }

    /// Send bytes, unchanged: keys to a shell, anything to a port. Returns how many were taken, less than given only
    /// when there was no room. Before the session has begun and between connections they wait.
    #[must_use = "what was not taken is not sent"]
    pub fn send(&mut self, bytes: &[u8], now: Instant) -> usize {
        if !self.may_type() {
            return 0;
        }
        self.input_at = Some(now);
        self.typed.push(PayloadType::Output, bytes)
    }

    fn may_type(&self) -> bool {
        !self.is_over && self.leaving == Leaving::No && self.streams.is_none()
    }

    /// Tell the far side the size of the terminal, when there is one and its time has come.
    pub fn resize(&mut self, size: Size) {
        self.resizing.resize(size);
    }

    /// Make remote programs draw everything again, after an interruption.
    pub fn redraw(&mut self) {
        self.resizing.redraw();
    }

    /// What KMS answered to [`Event::KeyWanted`], or why there is no answer.
    pub fn key(&mut self, answer: Result<FreshKey, String>, now: Instant) {
        self.now = now;
        if !matches!(self.handshake, Handshake::WantsKey(_)) {
            return;
        }
        let handshake = std::mem::replace(&mut self.handshake, Handshake::Over);
        let (handshake, effects) = match answer {
            Ok(fresh) => {
                let random = self.entropy.derive("client nonce", 0);
                let nonce = random.first_chunk().expect("thirty-two bytes hold a nonce");
                self.exchange.encrypt(Cipher::client(&fresh.key, *nonce));
                handshake.key(fresh.ciphertext)
            }
            Err(reason) => handshake.key_refused(reason),
        };
        self.handshake = handshake;
        self.perform(effects);
    }

    /// The connection is lost. Everything is kept; input is taken until there is no room.
    pub fn disconnected(&mut self, now: Instant) {
        self.now = now;
        self.exchange.disconnect();
        self.note_way();
        // An instance cannot answer while we are away.
        self.deadline = None;
        self.advance_leaving();
    }

    /// Another connection stands and has been opened. What nobody acknowledged is sent again.
    pub fn connected(&mut self, now: Instant) {
        self.now = now;
        self.exchange.reconnect(now);
        self.note_way();
        self.deadline = match &self.handshake {
            _ if self.is_over => None,
            Handshake::Waiting => Some(now + LONGEST_SILENCE),
            Handshake::Over => None,
            _ => Some(now + LONGEST_HANDSHAKE),
        };
    }

    /// A connection waits for an answer only as long as one can come.
    fn note_way(&mut self) {
        let is_answerable = self.exchange.is_connected() && !self.exchange.is_paused();
        self.streams.iter_mut().for_each(|streams| streams.set_answerable(is_answerable, self.now));
    }

    /// Leave in good order: what was sent before arrives first, a port session is told, then comes [`End::Left`],
    /// within six seconds. Whoever cannot wait, because the far side is dead, just stops asking.
    pub fn close(&mut self, now: Instant) {
        self.now = now;
        if self.is_over || self.leaving != Leaving::No {
            return;
        }
        self.leaving = match &self.session {
            Some(session) => Leaving::start(matches!(session.kind, SessionKind::Port(_)), now),
            None => Leaving::Gone,
        };
        self.advance_leaving();
    }

    fn advance_leaving(&mut self) {
        if self.is_over || self.leaving == Leaving::No {
            return;
        }
        if !self.exchange.is_connected() {
            self.leaving = Leaving::Gone;
        }
        let is_drained = !self.has_something_to_send() && self.exchange.outbox().is_empty();
        self.leaving = self.leaving.advance(is_drained, self.understands_flag(), self.now);
        if self.leaving == Leaving::Gone {
            let queued = self.streams.as_ref().map_or(0, Streams::queued);
            self.end(End::Left { undelivered: self.typed.bytes() + queued + self.exchange.outbox().bytes() });
        }
    }

    fn understands_flag(&self) -> bool {
        self.session.as_ref().is_some_and(|session| {
            matches!(session.kind, SessionKind::Port(_))
                && session.agent_version.as_ref().is_some_and(|version| is_newer(version.as_str(), TERMINATE_FLAG))
        })
    }

    /// Whether to go on reading the connection. While not, the caller has what it can hold, and more would be refused
    /// and sent again, slowly.
    pub fn wants_frames(&self) -> bool {
        self.is_over || !self.exchange.inbox().is_full() || self.taker() == Taker::Ready
    }

    /// A message came that is larger than any can be. The far side would send it again for ever, so the session cannot go on.
    pub fn too_large(&mut self) {
        self.fail(Failure::TooLarge);
    }

    /// Whether nothing more is sent or heard. What came before may still wait in [`Self::poll_event`].
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether the gateway says that the instance is not connected right now.
    pub fn is_paused(&self) -> bool {
        self.exchange.is_paused()
    }

    /// The session, once it has begun.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// When input or a size was last sent, which is what the service's idle limit counts from.
    pub fn input_at(&self) -> Option<Instant> {
        self.input_at
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.exchange.counters()
    }
}

impl std::fmt::Debug for Channel {
    /// Without what is typed and shown: passwords are among it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel")
            .field("session", &self.session)
            .field("counters", &self.counters())
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
