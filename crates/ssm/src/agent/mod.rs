//! The instance's end of the data channel, by the agent's rules: what a simulated far end is made of.

mod arrivals;
mod event;
mod greeting;
mod options;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

pub use event::AgentEvent;
pub use greeting::KeyToOpen;
pub use options::{AgentOptions, Encryption};

use greeting::Greeting;

use super::channel::{INBOX, LARGEST_PAYLOAD};
use super::cipher::DataKey;
use super::clock::Clock;
use super::counters::Counters;
use super::entropy::Entropy;
use super::exchange::{Exchange, Received, Role, Rules, Taken};
use super::frame::Malformed;
use super::inbox::Taker;
use super::message::{STATE, SessionState};
use super::payload::{Flag, PayloadType, exit_code_to_payload};
use super::pending::Pending;
use super::rtt::Bounds;
use super::streams::{Mux, Reading, StreamId};

/// How long the end of a session waits for what is still unacknowledged.
const LONGEST_DRAIN: Duration = Duration::from_secs(2);
/// A program that does not read its input is not given more than this.
const MOST_INPUT: usize = 1024 * 1024;
/// The same for one that takes each message in its turn: about what a socket holds.
const MOST_INPUT_IN_TURN: usize = 64 * 1024;
const MOST_EVENTS: usize = 4_096;

/// The instance's end of one session.
pub struct Agent {
    options: AgentOptions,
    entropy: Entropy,
    exchange: Exchange,
    greeting: Greeting,
    is_ready: bool,
    streams: Option<Box<Mux>>,
    states: VecDeque<&'static str>,
    words: Pending,
    pending: Pending,
    events: VecDeque<AgentEvent>,
    input: usize,
    finishing: Option<(Instant, String)>,
    ended: Option<String>,
    is_over: bool,
    now: Instant,
}

impl Agent {
    /// An agent whose connection to the gateway stands. It speaks first.
    pub fn new(options: AgentOptions, entropy: Entropy, clock: Clock) -> Self {
        let now = clock.instant;
        let rules = Rules {
            role: Role::Agent,
            checks_digests: options.checks_digests,
            repair: options.repair,
            bounds: Bounds::REFERENCE,
            window: options.window,
            inbox: INBOX,
            pace: options.pace,
        };
        let mut agent = Self {
            exchange: Exchange::new(rules, &entropy, clock),
            entropy,
            greeting: Greeting::Over,
            is_ready: false,
            streams: None,
            states: VecDeque::from(["Connected"]),
            words: Pending::default(),
            pending: Pending::default(),
            events: VecDeque::new(),
            input: 0,
            finishing: None,
            ended: None,
            is_over: false,
            now,
            options,
        };
        if agent.options.has_handshake() {
            let request = greeting::request(&agent.options);
            agent.words.push_whole(PayloadType::HandshakeRequest, request.to_payload());
            agent.greeting = Greeting::start(now);
        } else {
            agent.events.push_back(AgentEvent::Begun { client_version: None, mode: None });
        }
        agent
    }

    /// One message of the gateway's.
    pub fn handle_frame(&mut self, bytes: &[u8], now: Instant) -> Result<(), Malformed> {
        self.now = now;
        if self.is_over {
            return Ok(());
        }
        match self.exchange.receive(bytes, now)? {
            Received::Nothing | Received::Acknowledged(_) => {}
            Received::Data(data, integrity) => match self.exchange.take(&data, integrity, self.taker(), now) {
                Taken::Now(arrived) => {
                    self.deliver(arrived);
                    self.catch_up();
                }
                Taken::NotNow => {}
                Taken::Broken => self.finish("a message arrives damaged each time", now),
            },
            Received::Closed(closed) => self.end(closed.output),
        }
        self.advance_finish();
        Ok(())
    }

    /// The moment that [`Self::poll_timeout`] asked for has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        if self.is_over {
            return;
        }
        self.exchange.handle_timeout(now);
        if self.greeting.deadline().is_some_and(|deadline| deadline <= now) {
            let (greeting, effects) = std::mem::replace(&mut self.greeting, Greeting::Over).timed_out();
            self.greeting = greeting;
            self.perform(effects);
        }
        if let Some(Err(broken)) = self.streams.as_mut().map(|streams| streams.handle_timeout(now)) {
            self.finish(&broken.to_string(), now);
        }
        self.catch_up();
        self.advance_finish();
    }

    /// The next message to send, as one binary frame.
    pub fn poll_transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.now = now;
        if let Some(state) = self.states.pop_front() {
            return Some(self.state(state, now));
        }
        if let Some(frame) = self.exchange.poll_repair(now) {
            return Some(frame);
        }
        if !self.exchange.may_send(now) {
            return None;
        }
        let (payload_type, payload) = self.words.pop(usize::MAX).or_else(|| self.next_payload())?;
        Some(self.exchange.send(payload_type, &payload, now))
    }

    fn next_payload(&mut self) -> Option<(PayloadType, Vec<u8>)> {
        let limit = self.options.payload.clamp(1, LARGEST_PAYLOAD);
        if self.is_over || !self.greeting.is_over() {
            return None;
        }
        let data = |data| (PayloadType::Output, data);
        self.pending.pop(limit).or_else(|| self.streams.as_mut().and_then(|streams| streams.next_payload(limit)).map(data))
    }

    fn state(&mut self, state: &str, now: Instant) -> Vec<u8> {
        let state =
            SessionState { schema_version: 1, session_state: state.to_owned(), session_id: self.options.session_id.clone() };
        self.exchange.unnumbered(STATE, &state.to_payload(), now)
    }

    /// What to do next, until [`AgentEvent::Ended`].
    pub fn poll_event(&mut self) -> Option<AgentEvent> {
        if let Some(event) = self.events.pop_front() {
            if let AgentEvent::Input(bytes) = &event {
                self.input -= bytes.len();
            }
            self.catch_up();
            return Some(event);
        }
        if let Some((stream, change)) = self.streams.as_mut().and_then(|streams| streams.poll_change()) {
            return Some(AgentEvent::Stream(stream, change));
        }
        self.ended.take().map(|output| AgentEvent::Ended { output })
    }

    /// When to call [`Self::handle_timeout`], if nothing else happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.is_over {
            return None;
        }
        let may_send = self.exchange.has_room() && !self.exchange.is_paused();
        [
            self.exchange.poll_timeout(),
            self.exchange.paced_until(self.now).filter(|_| may_send && self.has_something_to_send()),
            self.greeting.deadline(),
            self.finishing.as_ref().map(|(until, _)| *until),
            self.streams.as_ref().and_then(|streams| streams.poll_timeout()),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn has_something_to_send(&self) -> bool {
        !self.words.is_empty() || !self.pending.is_empty() || self.streams.as_ref().is_some_and(|streams| !streams.is_drained())
    }

    /// The program runs or the port is connected: input is taken from now on. Before, it is refused, and the client
    /// has to send it again.
    pub fn ready(&mut self, now: Instant) {
        self.now = now;
        self.is_ready = true;
        self.catch_up();
    }

    /// Whether [`Self::output`] takes 64 KiB.
    pub fn has_room(&self) -> bool {
        !self.is_over && self.finishing.is_none() && self.pending.has_room()
    }

    /// Bytes of the program's output or of the port. Returns how many were taken.
    #[must_use = "what was not taken is not sent"]
    pub fn output(&mut self, bytes: &[u8]) -> usize {
        self.push(PayloadType::Output, bytes)
    }

    /// Bytes of a command's standard error, when its streams are separate.
    #[must_use = "what was not taken is not sent"]
    pub fn error_output(&mut self, bytes: &[u8]) -> usize {
        self.push(PayloadType::StdErr, bytes)
    }

    fn push(&mut self, payload_type: PayloadType, bytes: &[u8]) -> usize {
        if self.is_over || self.finishing.is_some() { 0 } else { self.pending.push(payload_type, bytes) }
    }

    /// How the command ended, when its streams are separate.
    pub fn exit_code(&mut self, code: i64) {
        self.pending.push_whole(PayloadType::ExitCode, exit_code_to_payload(code));
    }

    /// The client's key, opened by KMS, or why it did not open.
    pub fn key(&mut self, answer: Result<DataKey, String>, now: Instant) {
        self.now = now;
        let (greeting, effects) = std::mem::replace(&mut self.greeting, Greeting::Over).key(answer, &self.entropy, now);
        self.greeting = greeting;
        self.perform(effects);
    }

    /// A connection that the client opened could not be made.
    pub fn refuse(&mut self, stream: StreamId, now: Instant) {
        self.pending.push_whole(PayloadType::Flag, Flag::ConnectToPortError.to_payload());
        self.abandon(stream, now);
    }

    /// How many bytes [`Self::write`] takes for this connection.
    pub fn room(&self, stream: StreamId) -> usize {
        self.streams.as_ref().map_or(0, |streams| streams.room(stream))
    }

    /// Send bytes to a connection. Returns how many were taken.
    #[must_use = "what was not taken is not sent"]
    pub fn write(&mut self, stream: StreamId, bytes: &[u8]) -> usize {
        match &mut self.streams {
            Some(streams) if !self.is_over && self.finishing.is_none() => streams.write(stream, bytes),
            _ => 0,
        }
    }

    /// Take at most `limit` bytes that a connection received.
    pub fn read(&mut self, stream: StreamId, limit: usize, now: Instant) -> Reading {
        self.now = now;
        let Some(streams) = &mut self.streams else { return Reading::Ended };
        let reading = streams.read(stream, limit, now);
        self.catch_up();
        reading
    }

    /// The port closed a connection. What it sent still goes out; what comes for it is dropped, like the reference does.
    pub fn abandon(&mut self, stream: StreamId, now: Instant) {
        self.now = now;
        if let Some(streams) = &mut self.streams {
            streams.abandon(stream, now);
            self.catch_up();
        }
    }

    /// The program ended or cannot start: what it wrote still arrives, if that takes no longer than two seconds.
    pub fn finish(&mut self, output: &str, now: Instant) {
        self.now = now;
        if !self.is_over && self.finishing.is_none() {
            self.finishing = Some((now + LONGEST_DRAIN, output.to_owned()));
            self.advance_finish();
        }
    }

    fn advance_finish(&mut self) {
        let is_drained = !self.has_something_to_send() && self.exchange.outbox().is_empty();
        if let Some((_, output)) = self.finishing.take_if(|(until, _)| is_drained || *until <= self.now) {
            self.states.push_back("Terminating");
            self.end(output);
        }
    }

    /// The connection to the gateway is lost; everything is kept.
    pub fn disconnected(&mut self) {
        self.exchange.disconnect();
    }

    /// There is another one.
    pub fn connected(&mut self, now: Instant) {
        self.exchange.reconnect(now);
    }

    /// Whether to go on reading the connection.
    pub fn wants_frames(&self) -> bool {
        match self.taker() {
            _ if self.is_over => true,
            Taker::Ready => true,
            Taker::Full if !self.options.reads_ahead => false,
            Taker::Full | Taker::Absent => !self.exchange.inbox().is_full(),
        }
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.exchange.counters()
    }
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent")
            .field("session_id", &self.options.session_id)
            .field("counters", &self.counters())
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
