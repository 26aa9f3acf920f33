//! Two ends of a data channel over a link in virtual time, as bad as asked for.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use ec2dash_ssm::message::{CLOSED, ChannelClosed, unnumbered};
use ec2dash_ssm::{
    Agent, AgentEvent, AgentOptions, Channel, Clock, DataKey, Encryption, End, Entropy, Event, Expected, FreshKey, Options, Size,
};
use uuid::Uuid;

/// What goes wrong on the way, in thousandths.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    pub drop_data: u32,
    pub drop_acknowledgements: u32,
    pub duplicate: u32,
    /// Messages that one may be moved ahead of others by.
    pub reorder: usize,
    pub flip: u32,
}

/// One direction.
#[derive(Debug)]
pub struct Wire {
    pub faults: Faults,
    pub latency: Duration,
    pub bytes_per_second: Option<u64>,
    pub dropped: u64,
    free_at: Instant,
    frames: VecDeque<(Instant, Vec<u8>)>,
}

/// A client and an agent, and what each said.
pub struct Link {
    pub client: Channel,
    pub agent: Agent,
    pub up: Wire,
    pub down: Wire,
    pub start: Instant,
    pub now: Instant,
    random: Random,
    /// Whether the client's user takes what comes.
    pub reads: bool,
    /// Whether the agent's program is started as soon as it may be.
    pub starts: bool,
    pub data_key: Vec<u8>,
    pub agent_key: Vec<u8>,
    pub sent_up: Vec<u8>,
    pub sent_down: Vec<u8>,
    pub got_up: Vec<u8>,
    pub got_down: Vec<u8>,
    pub to_send_up: VecDeque<u8>,
    pub to_send_down: VecDeque<u8>,
    pub events: Vec<Event>,
    pub agent_events: Vec<AgentEvent>,
    pub sizes: Vec<Size>,
    /// When something last arrived up there and down here.
    pub progressed: [Instant; 2],
    /// In either direction.
    pub longest_stall: Duration,
    /// Look at, change or swallow a message that leaves.
    pub tamper: Tamper,
    /// What else there is to do at each moment; says whether it did something.
    pub chores: Option<Chores>,
    /// The agent's program sends back what comes, and takes no more while that waits.
    pub echoes: bool,
    /// When there is next something to do by itself.
    pub wakes: Option<Instant>,
}

type Tamper = Box<dyn FnMut(Direction, &mut Vec<u8>) -> bool>;
type Chores = Box<dyn FnMut(&mut Link) -> bool>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// What kind of session to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Play {
    Shell,
    EncryptedShell,
    Command,
    Ssh,
    OneByOne,
    Multiplexed,
}

impl Link {
    pub fn new(play: Play) -> Self {
        Self::with(play, |_, _| {})
    }

    pub fn with(play: Play, change: impl FnOnce(&mut Options, &mut AgentOptions)) -> Self {
        let (expected, session_type) = match play {
            Play::Shell | Play::EncryptedShell => (Expected::Terminal, "Standard_Stream"),
            Play::Command => (Expected::Command, "NonInteractiveCommands"),
            Play::Ssh | Play::OneByOne | Play::Multiplexed => (Expected::Port, "Port"),
        };
        let mut options = Options::new("alice-1", "i-1", expected);
        let mut agent_options = AgentOptions::new("alice-1", "i-1", session_type);
        // A flipped byte passes the reference's agent; here it must be caught at both ends.
        agent_options.checks_digests = true;
        if session_type == "Port" {
            agent_options.properties.insert("portNumber".to_owned(), "22".to_owned());
        }
        if matches!(play, Play::OneByOne | Play::Multiplexed) {
            agent_options.properties.insert("type".to_owned(), "LocalPortForwarding".to_owned());
        }
        if play == Play::OneByOne {
            agent_options.version = "2.3.750.0".to_owned();
        }
        if play == Play::EncryptedShell {
            agent_options.encryption = Some(Encryption {
                key_id: "alias/session".to_owned(),
                challenge: Some("MDEyMzQ1Njc4OWFiY2RlZg==".to_owned()),
                requires_challenge: true,
            });
        }
        change(&mut options, &mut agent_options);
        let start = Instant::now();
        let clock = Clock { instant: start, unix_millis: 1_700_000_000_000 };
        Self {
            client: Channel::new(options, Entropy::new([1; 32]), clock),
            agent: Agent::new(agent_options, Entropy::new([2; 32]), clock),
            up: Wire::new(start),
            down: Wire::new(start),
            start,
            now: start,
            random: Random(0x9e37_79b9_7f4a_7c15),
            reads: true,
            starts: true,
            data_key: (0..64).collect(),
            agent_key: (0..64).collect(),
            sent_up: vec![],
            sent_down: vec![],
            got_up: vec![],
            got_down: vec![],
            to_send_up: VecDeque::new(),
            to_send_down: VecDeque::new(),
            events: vec![],
            agent_events: vec![],
            sizes: vec![],
            progressed: [start; 2],
            longest_stall: Duration::ZERO,
            tamper: Box::new(|_, _| true),
            chores: None,
            echoes: false,
            wakes: None,
        }
    }

    pub fn seeded(mut self, seed: u64) -> Self {
        self.random = Random::new(seed);
        self
    }

    pub fn faulty(mut self, faults: Faults) -> Self {
        self.up.faults = faults;
        self.down.faults = faults;
        self
    }

    pub fn latency(mut self, latency: Duration) -> Self {
        self.up.latency = latency;
        self.down.latency = latency;
        self
    }

    /// Bytes for the client to send, as fast as it takes them.
    pub fn type_in(&mut self, bytes: &[u8]) {
        self.sent_up.extend_from_slice(bytes);
        self.to_send_up.extend(bytes);
    }

    /// Bytes for the agent to send.
    pub fn print(&mut self, bytes: &[u8]) {
        self.sent_down.extend_from_slice(bytes);
        self.to_send_down.extend(bytes);
    }

    /// So many bytes of noise for the agent to send.
    pub fn print_noise(&mut self, length: usize) {
        let bytes = self.noise(length);
        self.print(&bytes);
    }

    /// So many bytes of noise for the client to send.
    pub fn type_noise(&mut self, length: usize) {
        let bytes = self.noise(length);
        self.type_in(&bytes);
    }

    pub fn noise(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        for chunk in bytes.chunks_mut(8) {
            let random = self.random.next().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
        bytes
    }

    pub fn is_equal(&self) -> bool {
        self.got_up == self.sent_up && self.got_down == self.sent_down
    }

    /// Let time pass until everything sent has come, or `limit` is over.
    pub fn run_until_equal(&mut self, limit: Duration) {
        self.run_until(limit, |link| link.got_up.len() >= link.sent_up.len() && link.got_down.len() >= link.sent_down.len());
        assert!(
            self.is_equal(),
            "up {} of {}, down {} of {}, ended {:?}, client {:?}, agent {:?}",
            self.got_up.len(),
            self.sent_up.len(),
            self.got_down.len(),
            self.sent_down.len(),
            self.end(),
            self.client.counters(),
            self.agent.counters(),
        );
    }

    /// Let time pass until `done`, or `limit` is over.
    pub fn run_until(&mut self, limit: Duration, mut done: impl FnMut(&mut Self) -> bool) {
        let until = self.now + limit;
        self.progressed = [self.now; 2];
        loop {
            self.settle();
            if done(self) {
                return;
            }
            let Some(next) = self.next_moment().filter(|next| *next <= until) else {
                self.now = until;
                self.settle();
                return;
            };
            self.now = self.now.max(next);
        }
    }

    pub fn run_for(&mut self, time: Duration) {
        self.run_until(time, |_| false);
    }

    pub fn ready(&mut self) -> &mut Self {
        self.run_until(Duration::from_secs(10), |link| link.client.session().is_some());
        assert!(self.client.session().is_some());
        self
    }

    pub fn end(&self) -> Option<&End> {
        self.events.iter().find_map(|event| match event {
            Event::Ended(end) => Some(end),
            _ => None,
        })
    }

    /// What is on its way is lost with the connection.
    pub fn cut(&mut self) {
        self.up.frames.clear();
        self.down.frames.clear();
        self.client.disconnected(self.now);
    }

    pub fn resume(&mut self) {
        self.client.connected(self.now);
    }

    fn settle(&mut self) {
        loop {
            let mut is_busy = self.feed();
            is_busy |= self.transmit();
            is_busy |= self.arrive();
            is_busy |= self.take();
            if let Some(mut chores) = self.chores.take() {
                is_busy |= chores(self);
                self.chores = Some(chores);
            }
            if self.client.poll_timeout().is_some_and(|wake| wake <= self.now) {
                self.client.handle_timeout(self.now);
                is_busy = true;
            }
            if self.agent.poll_timeout().is_some_and(|wake| wake <= self.now) {
                self.agent.handle_timeout(self.now);
                is_busy = true;
            }
            if !is_busy {
                return;
            }
        }
    }

    fn next_moment(&self) -> Option<Instant> {
        let wires = [&self.up, &self.down].into_iter().filter_map(|wire| wire.frames.front().map(|(at, _)| *at));
        let ends = self.client.poll_timeout().into_iter().chain(self.agent.poll_timeout());
        wires.chain(ends).chain(self.wakes).filter(|at| *at > self.now).min()
    }

    fn feed(&mut self) -> bool {
        let mut is_busy = false;
        while !self.to_send_up.is_empty() && self.client.has_room() {
            let chunk: Vec<u8> = self.to_send_up.iter().take(65_536).copied().collect();
            let taken = self.client.send(&chunk, self.now);
            self.to_send_up.drain(..taken);
            is_busy |= taken > 0;
        }
        while !self.to_send_down.is_empty() && self.agent.has_room() && self.client.session().is_some() | self.speaks() {
            let chunk: Vec<u8> = self.to_send_down.iter().take(65_536).copied().collect();
            let taken = self.agent.output(&chunk);
            self.to_send_down.drain(..taken);
            is_busy |= taken > 0;
        }
        is_busy
    }

    /// Without a handshake the agent's output is what begins a session.
    fn speaks(&self) -> bool {
        self.agent_events.iter().any(|event| matches!(event, AgentEvent::Begun { .. }))
    }

    fn transmit(&mut self) -> bool {
        let mut is_busy = false;
        while let Some(mut frame) = self.client.poll_transmit(self.now) {
            is_busy = true;
            if (self.tamper)(Direction::Up, &mut frame) {
                self.up.carry(frame, self.now, &mut self.random);
            }
        }
        while let Some(mut frame) = self.agent.poll_transmit(self.now) {
            is_busy = true;
            if (self.tamper)(Direction::Down, &mut frame) {
                self.down.carry(frame, self.now, &mut self.random);
            }
        }
        is_busy
    }

    fn arrive(&mut self) -> bool {
        let mut is_busy = false;
        while self.agent.wants_frames()
            && let Some(frame) = self.up.arrived(self.now)
        {
            is_busy = true;
            let _ = self.agent.handle_frame(&frame, self.now);
        }
        while self.client.wants_frames()
            && let Some(frame) = self.down.arrived(self.now)
        {
            is_busy = true;
            let _ = self.client.handle_frame(&frame, self.now);
        }
        is_busy
    }

    fn take(&mut self) -> bool {
        let mut is_busy = false;
        while self.reads
            && let Some(event) = self.client.poll_event()
        {
            is_busy = true;
            match event {
                Event::Output(bytes) => {
                    self.got_down.extend(bytes);
                    self.note_progress(Direction::Down);
                }
                Event::KeyWanted(request) => {
                    self.events.push(Event::KeyWanted(request));
                    let key = DataKey::new(&self.data_key).unwrap();
                    self.client.key(Ok(FreshKey { key, ciphertext: b"sealed".to_vec() }), self.now);
                }
                other => self.events.push(other),
            }
        }
        while !(self.echoes && self.to_send_down.len() > 65_536)
            && let Some(event) = self.agent.poll_event()
        {
            is_busy = true;
            match event {
                AgentEvent::Input(bytes) if self.echoes => {
                    self.to_send_down.extend(bytes);
                    self.note_progress(Direction::Up);
                }
                AgentEvent::Input(bytes) => {
                    self.got_up.extend(bytes);
                    self.note_progress(Direction::Up);
                }
                AgentEvent::Resized(size) => self.sizes.push(size),
                AgentEvent::KeyToOpen(key) => {
                    self.agent_events.push(AgentEvent::KeyToOpen(key));
                    self.agent.key(Ok(DataKey::new(&self.agent_key).unwrap()), self.now);
                }
                AgentEvent::Begun { client_version, mode } => {
                    if self.starts {
                        self.agent.ready(self.now);
                    }
                    self.agent_events.push(AgentEvent::Begun { client_version, mode });
                }
                other => self.agent_events.push(other),
            }
        }
        is_busy
    }

    fn note_progress(&mut self, direction: Direction) {
        let progressed = &mut self.progressed[direction as usize];
        self.longest_stall = self.longest_stall.max(self.now - *progressed);
        *progressed = self.now;
    }

    /// The agent's last words, once it has spoken them.
    pub fn agent_end(&self) -> Option<&str> {
        self.agent_events.iter().find_map(|event| match event {
            AgentEvent::Ended { output } => Some(output.as_str()),
            _ => None,
        })
    }

    /// The gateway closes the channel, behind everything that is on its way to the client.
    pub fn close_by_gateway(&mut self, output: &str) {
        let closed = ChannelClosed { output: output.to_owned(), ..ChannelClosed::default() };
        let frame = unnumbered(CLOSED, Uuid::from_u128(7), 1, &closed.to_payload());
        self.down.inject(frame, self.now);
    }
}

impl Wire {
    fn new(now: Instant) -> Self {
        Self {
            faults: Faults::default(),
            latency: Duration::from_millis(5),
            bytes_per_second: None,
            dropped: 0,
            free_at: now,
            frames: VecDeque::new(),
        }
    }

    /// Take a message, and whatever goes wrong with it.
    fn carry(&mut self, mut frame: Vec<u8>, now: Instant, random: &mut Random) {
        let faults = self.faults;
        let kind = message_type(&frame);
        let dropped = match kind {
            "acknowledge" => faults.drop_acknowledgements,
            "input_stream_data" | "output_stream_data" => faults.drop_data,
            _ => 0,
        };
        if random.happens(dropped) {
            self.dropped += 1;
            return;
        }
        if frame.len() > 120 && random.happens(faults.flip) {
            let at = 120 + random.below(frame.len() - 120);
            frame[at] ^= 1 << random.below(8);
            self.dropped += 1;
        }
        if random.happens(faults.duplicate) {
            self.enqueue(frame.clone(), now, random);
        }
        self.enqueue(frame, now, random);
    }

    fn enqueue(&mut self, frame: Vec<u8>, now: Instant, random: &mut Random) {
        let leaves = match self.bytes_per_second {
            Some(rate) => {
                let takes = Duration::from_nanos(frame.len() as u64 * 1_000_000_000 / rate);
                self.free_at = self.free_at.max(now) + takes;
                self.free_at
            }
            None => now,
        };
        let ahead = random.below(self.faults.reorder.min(self.frames.len()) + 1);
        let at = self.frames.len() - ahead;
        // What is moved ahead arrives with what it overtook.
        let arrives = self.frames.get(at).map_or(leaves + self.latency, |(arrives, _)| *arrives);
        self.frames.insert(at, (arrives, frame));
    }

    pub fn arrived(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.frames.front().filter(|(at, _)| *at <= now)?;
        self.frames.pop_front().map(|(_, frame)| frame)
    }

    /// Put a message on the wire that neither end sent.
    pub fn inject(&mut self, frame: Vec<u8>, now: Instant) {
        self.frames.push_back((now + self.latency, frame));
    }
}

pub fn message_type(frame: &[u8]) -> &str {
    std::str::from_utf8(&frame[4..36]).unwrap().trim_end()
}

/// A small generator of our own: the same numbers for the same seed, on every machine.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % limit.max(1)
    }

    fn happens(&mut self, thousandths: u32) -> bool {
        thousandths > 0 && self.below(1_000) < thousandths as usize
    }
}
