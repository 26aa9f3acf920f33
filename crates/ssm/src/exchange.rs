//! Numbered messages both ways, acknowledged and repaired: what both ends have in common (docs/session-manager-protocol.md 4).

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::cipher::Cipher;
use super::clock::Clock;
use super::counters::Counters;
use super::entropy::{Entropy, Ids};
use super::flight::Flight;
use super::frame::{Digest, Frame, Malformed};
use super::inbox::{Arrived, Inbox, Place, Taker};
use super::message::{ACKNOWLEDGE, Acknowledgement, ChannelClosed, INPUT, Message, OUTPUT, StreamData, unnumbered};
use super::outbox::{Outbox, Repair, Window};
use super::pace::Pace;
use super::payload::PayloadType;
use super::rtt::{Bounds, Rtt};

/// A lost `start_publication` must not silence us for good.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Acknowledgements that wait for a way out; a caller that polls never comes near.
const MOST_ACKNOWLEDGEMENTS: usize = 20_000;
/// A link that flips a byte in a hundred messages does so three times in a row once in a million: 64 MiB would not
/// survive the three the document asks for. A key that does not fit never fits, so there three are plenty.
const MOST_DAMAGED: u8 = 10;
const MOST_UNOPENED: u8 = 3;
/// Different damaged messages to keep count of.
const MOST_STRIKES: usize = 1_024;
/// What comes was acknowledged long before, and hardly anything came in its turn since that happened last: acknowledgements
/// were lost, maybe many with a connection. A peer that repairs ten messages a second would go through them one by one before
/// it comes to what is missing; so the next ones are said again, twice as many each time that this does not help. Peers go by
/// the number alone and take no harm.
const HARDLY_ANY: u64 = 64;
const LEAST_REPEATED: usize = 50;
const MOST_REPEATED: usize = 1_000;
const REPEATED_EVERY: Duration = Duration::from_millis(100);
/// Acknowledgements to remember: as many as may be lost with a connection.
const MOST_REMEMBERED: usize = 10_000;
/// Give up on a message after so long on one connection and so many attempts; both, for a process may sleep.
const GIVE_UP_AFTER: Duration = Duration::from_secs(300);
const GIVE_UP_RESENDS: u32 = 60;

/// Which end of the channel we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Agent,
}

/// What differs between the two ends.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub role: Role,
    pub checks_digests: bool,
    pub repair: Repair,
    pub bounds: Bounds,
    pub window: Window,
    pub inbox: Window,
    pub pace: Pace,
}

/// Both directions of one channel.
#[derive(Debug)]
pub(crate) struct Exchange {
    rules: Rules,
    clock: Clock,
    ids: Ids,
    outbox: Outbox,
    inbox: Inbox,
    rtt: Rtt,
    /// Of ours as the client; an agent goes by its window alone.
    flight: Option<Flight>,
    cipher: Option<Cipher>,
    acknowledgements: VecDeque<(u64, Uuid)>,
    acknowledged: BTreeMap<u64, SentAcknowledgement>,
    connected_at: Instant,
    /// When one was last known to be lost, which message was expected then, and how many were said again.
    lost_at: Instant,
    lost_before: u64,
    repeats: usize,
    strikes: BTreeMap<u64, u8>,
    counters: Counters,
    is_connected: bool,
    paused_until: Option<Instant>,
    next_send: Option<Instant>,
}

/// An acknowledgement of ours.
#[derive(Debug)]
struct SentAcknowledgement {
    id: Uuid,
    at: Instant,
}

/// What a message was.
#[derive(Debug)]
pub(crate) enum Received<'a> {
    /// Done with, or to be ignored.
    Nothing,
    /// One of ours has arrived.
    Acknowledged(u64),
    /// Data, to be offered to [`Exchange::take`].
    Data(StreamData<'a>, Integrity),
    /// The session is over.
    Closed(ChannelClosed),
}

/// Whether the payload is what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integrity {
    Intact,
    Damaged,
}

/// What became of a message that was offered.
#[derive(Debug)]
pub(crate) enum Taken {
    /// Here it is, in its turn.
    Now(Arrived),
    /// Kept, refused or known.
    NotNow,
    /// It never arrives whole: the session cannot go on.
    Broken,
}

impl Exchange {
    pub(crate) fn new(rules: Rules, entropy: &Entropy, clock: Clock) -> Self {
        Self {
            outbox: Outbox::new(rules.window, rules.repair),
            inbox: Inbox::new(rules.inbox),
            rtt: Rtt::new(rules.bounds),
            flight: (rules.role == Role::Client).then(Flight::new),
            rules,
            ids: Ids::new(entropy),
            cipher: None,
            acknowledgements: VecDeque::new(),
            acknowledged: BTreeMap::new(),
            connected_at: clock.instant,
            lost_at: clock.instant,
            lost_before: 0,
            repeats: 0,
            clock,
            strikes: BTreeMap::new(),
            counters: Counters::default(),
            is_connected: true,
            paused_until: None,
            next_send: None,
        }
    }

    /// Understand one message.
    pub(crate) fn receive<'a>(&mut self, bytes: &'a [u8], now: Instant) -> Result<Received<'a>, Malformed> {
        let frame = Frame::parse(bytes).inspect_err(|_| self.counters.malformed += 1)?;
        let message = Message::read(&frame).inspect_err(|_| self.counters.malformed += 1)?;
        if message == Message::Pause {
            self.paused_until = Some(now + LONGEST_PAUSE);
            return Ok(Received::Nothing);
        }
        let integrity = match message {
            Message::Start => Integrity::Intact,
            _ if self.rules.checks_digests && !frame.is_intact() => Integrity::Damaged,
            _ => Integrity::Intact,
        };
        // Whoever speaks is there.
        self.paused_until = None;
        Ok(match (message, self.rules.role) {
            (Message::Output(data), Role::Client) | (Message::Input(data), Role::Agent) => Received::Data(data, integrity),
            (Message::Start, _) => Received::Nothing,
            (_, _) if integrity == Integrity::Damaged => {
                self.counters.damaged += 1;
                Received::Nothing
            }
            (Message::Acknowledge(acknowledgement), _) => self.acknowledged(acknowledgement.sequence, now),
            (Message::Closed(closed), _) => Received::Closed(closed),
            _ => {
                self.counters.ignored += 1;
                Received::Nothing
            }
        })
    }

    fn acknowledged(&mut self, sequence: u64, now: Instant) -> Received<'static> {
        let Some(arrival) = self.outbox.acknowledge(sequence, now) else {
            return Received::Nothing;
        };
        self.counters.acknowledged += 1;
        if let Some(flight) = &mut self.flight {
            flight.acknowledged(arrival.bytes, arrival.took, now);
        }
        if let Some(took) = arrival.took {
            self.rtt.sample(took);
        }
        Received::Acknowledged(sequence)
    }

    /// Take, keep or refuse a numbered message; what is not refused is acknowledged.
    pub(crate) fn take(&mut self, data: &StreamData<'_>, integrity: Integrity, taker: Taker, now: Instant) -> Taken {
        let place = self.inbox.place(data.sequence, taker);
        if place == Place::Nowhere || self.acknowledgements.len() >= MOST_ACKNOWLEDGEMENTS {
            self.counters.refused += 1;
            return Taken::NotNow;
        }
        if place == Place::Old {
            self.counters.duplicates += 1;
            self.acknowledgements.push_back((data.sequence, data.id));
            if self.rules.role == Role::Client {
                self.repeat_acknowledgements(data.sequence, now);
            }
            return Taken::NotNow;
        }
        if integrity == Integrity::Damaged {
            self.counters.damaged += 1;
            return self.strike(data.sequence, MOST_DAMAGED);
        }
        let Some(arrived) = self.open(data) else {
            self.counters.damaged += 1;
            return self.strike(data.sequence, MOST_UNOPENED);
        };
        self.counters.received += 1;
        self.strikes.remove(&data.sequence);
        self.acknowledgements.push_back((data.sequence, data.id));
        if self.rules.role == Role::Client {
            self.acknowledged.insert(data.sequence, SentAcknowledgement { id: data.id, at: now });
            if self.acknowledged.len() > MOST_REMEMBERED {
                self.acknowledged.pop_first();
            }
        }
        if place == Place::Later {
            self.counters.early += 1;
            self.inbox.keep(data.sequence, arrived);
            return Taken::NotNow;
        }
        self.inbox.advance();
        Taken::Now(arrived)
    }

    /// The far side's oldest is one that we have: if what we said of it was lost, say again what else may have been.
    fn repeat_acknowledgements(&mut self, oldest: u64, now: Instant) {
        // What is on its way, or has not left yet, is not lost.
        let (connected_at, patience) = (self.connected_at, self.rtt.timeout());
        let is_lost = |sent: &SentAcknowledgement| sent.at < connected_at || now.saturating_duration_since(sent.at) >= patience;
        // What is not remembered was said long ago.
        let was_lost = self.acknowledged.get(&oldest).is_none_or(is_lost);
        if let Some(said) = self.acknowledged.get_mut(&oldest) {
            said.at = now;
        }
        if !was_lost || now.saturating_duration_since(self.lost_at) < REPEATED_EVERY {
            return;
        }
        self.lost_at = now;
        let expected = self.inbox.expected();
        let came = expected - std::mem::replace(&mut self.lost_before, expected);
        if came >= HARDLY_ANY {
            self.repeats /= 2;
            return;
        }
        self.repeats = (self.repeats * 2).clamp(LEAST_REPEATED, MOST_REPEATED);
        let lost = self.acknowledged.range_mut(oldest + 1..).filter(|(_, said)| is_lost(said));
        for (sequence, said) in lost.take(self.repeats) {
            said.at = now;
            self.counters.repeated += 1;
            self.acknowledgements.push_back((*sequence, said.id));
        }
    }

    /// The next message in order that was kept; the caller asks while it is ready to take one.
    pub(crate) fn next(&mut self) -> Option<Arrived> {
        self.inbox.next()
    }

    fn open(&self, data: &StreamData<'_>) -> Option<Arrived> {
        let sealing = self.cipher.as_ref().filter(|_| match self.rules.role {
            Role::Client => data.payload_type.is_sealed(),
            Role::Agent => data.payload_type == PayloadType::Output,
        });
        let payload = match sealing {
            Some(cipher) => cipher.open(data.payload).ok()?,
            None => data.payload.to_vec(),
        };
        Some(Arrived { payload_type: data.payload_type, payload, was_sealed: sealing.is_some() })
    }

    fn strike(&mut self, sequence: u64, most: u8) -> Taken {
        if self.strikes.len() >= MOST_STRIKES && !self.strikes.contains_key(&sequence) {
            return Taken::NotNow;
        }
        let strikes = self.strikes.entry(sequence).or_default();
        *strikes += 1;
        if *strikes >= most { Taken::Broken } else { Taken::NotNow }
    }

    /// The next acknowledgement or repair to send.
    pub(crate) fn poll_repair(&mut self, now: Instant) -> Option<Vec<u8>> {
        if !self.is_connected {
            return None;
        }
        if let Some((sequence, id)) = self.acknowledgements.pop_front() {
            return Some(self.acknowledgement(sequence, id, now));
        }
        if self.paused_until.is_some() {
            return None;
        }
        let frame = self.outbox.poll_resend(now)?;
        self.counters.resent += 1;
        Some(frame)
    }

    fn acknowledgement(&mut self, sequence: u64, id: Uuid, now: Instant) -> Vec<u8> {
        let message_type = match self.rules.role {
            Role::Client => OUTPUT,
            Role::Agent => INPUT,
        };
        let mut buffer = Uuid::encode_buffer();
        let name = id.hyphenated().encode_lower(&mut buffer);
        let payload =
            Acknowledgement { message_type: message_type.into(), message_id: (&*name).into(), sequence, is_sequential: true }
                .to_payload();
        self.unnumbered(ACKNOWLEDGE, &payload, now)
    }

    /// A message that is not counted.
    pub(crate) fn unnumbered(&mut self, message_type: &str, payload: &[u8], now: Instant) -> Vec<u8> {
        unnumbered(message_type, self.ids.fresh(), self.clock.unix_millis_at(now), payload)
    }

    /// Whether a new message may be sent now.
    pub(crate) fn may_send(&self, now: Instant) -> bool {
        self.is_connected
            && self.has_room()
            && !(self.paused_until.is_some() && self.rules.role == Role::Agent)
            && self.next_send.is_none_or(|next_send| next_send <= now)
    }

    /// Whether one more message may be on its way.
    pub(crate) fn has_room(&self) -> bool {
        self.outbox.has_room() && self.flight.as_ref().is_none_or(|flight| self.outbox.bytes() < flight.most())
    }

    /// Number a message, keep it, and return its bytes to send.
    pub(crate) fn send(&mut self, payload_type: PayloadType, payload: &[u8], now: Instant) -> Vec<u8> {
        let sequence = self.outbox.next_sequence();
        let (message_type, flags) = match self.rules.role {
            Role::Client => (INPUT, 0),
            Role::Agent => (OUTPUT, u64::from(sequence == 0)),
        };
        let seals = match self.rules.role {
            Role::Client => payload_type == PayloadType::Output,
            Role::Agent => payload_type.is_sealed(),
        };
        let sealed = self.cipher.as_mut().filter(|_| seals).map(|cipher| cipher.seal(payload));
        let payload = sealed.as_deref().unwrap_or(payload);
        let frame = Frame {
            message_type,
            schema_version: 1,
            created_millis: self.clock.unix_millis_at(now),
            sequence: i64::try_from(sequence).unwrap_or(i64::MAX),
            flags,
            id: self.ids.fresh(),
            digest: Digest::of(payload),
            payload_type: payload_type.number(),
            payload,
        }
        .to_bytes();
        self.counters.sent += 1;
        self.next_send = self.rules.pace.next(self.next_send, payload.len(), now);
        let is_alone = self.outbox.is_empty();
        self.outbox.insert(frame.clone(), now, self.rtt.timeout());
        if let Some(flight) = &mut self.flight {
            flight.sent(is_alone, self.outbox.bytes(), now);
        }
        frame
    }

    /// When to call [`Self::handle_timeout`].
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        if !self.is_connected {
            return None;
        }
        match self.paused_until {
            Some(until) => Some(until).filter(|_| self.rules.role == Role::Client),
            None => self.outbox.check_at(),
        }
    }

    /// When the pace lets the next message go, if it holds it back.
    pub(crate) fn paced_until(&self, now: Instant) -> Option<Instant> {
        self.next_send.filter(|next_send| self.is_connected && self.has_room() && *next_send > now)
    }

    /// Look for something overdue.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if self.rules.role == Role::Client && self.paused_until.is_some_and(|until| until <= now) {
            self.paused_until = None;
        }
        if self.is_connected && self.paused_until.is_none() {
            self.outbox.check(now, self.rtt.timeout());
        }
    }

    /// Whether the far side has stopped acknowledging for good.
    pub(crate) fn is_unanswered(&self, now: Instant) -> bool {
        self.is_connected
            && self.outbox.oldest(now).is_some_and(|(resends, waited)| resends >= GIVE_UP_RESENDS && waited >= GIVE_UP_AFTER)
    }

    /// The connection is gone; everything is kept for the next one.
    pub(crate) fn disconnect(&mut self) {
        self.is_connected = false;
    }

    /// There is another connection.
    pub(crate) fn reconnect(&mut self, now: Instant) {
        self.is_connected = true;
        self.connected_at = now;
        self.lost_before = self.inbox.expected();
        self.paused_until = None;
        if self.rules.role == Role::Client {
            self.outbox.resend_all(now, self.rtt.timeout());
            self.flight = Some(Flight::new());
        }
    }

    /// Seal and open from now on.
    pub(crate) fn encrypt(&mut self, cipher: Cipher) {
        self.cipher = Some(cipher);
    }

    pub(crate) fn cipher(&mut self) -> Option<&mut Cipher> {
        self.cipher.as_mut()
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.is_connected
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.paused_until.is_some()
    }

    pub(crate) fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub(crate) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(crate) fn ignore(&mut self) {
        self.counters.ignored += 1;
    }

    pub(crate) fn counters(&self) -> Counters {
        Counters { round_trip: self.rtt.smoothed(), in_flight: self.outbox.bytes(), ..self.counters }
    }
}
