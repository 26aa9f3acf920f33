//! Connections through a port session: many at once, or one at a time.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::{Duration, Instant};

use ec2dash_ssm::{AgentEvent, End, Event, Failure, Pace, PortMode, Reading, StreamChange, StreamId};
use proptest::prelude::*;

use super::link::{Direction, Faults, Link, Play};

const MINUTES: Duration = Duration::from_secs(600);

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_connection_gets_its_own_bytes_back_over_a_lossy_link(
        seed in any::<u64>(),
        lengths in prop::collection::vec(0_usize..60_000, 1..12),
        faults in (0_u32..60, 0_u32..60, 0_u32..100, 0_usize..64),
    ) {
        let (drop_data, drop_acknowledgements, duplicate, reorder) = faults;
        let faults = Faults { drop_data, drop_acknowledgements, duplicate, reorder, flip: 0 };
        let mut ports = Ports::new(Link::new(Play::Multiplexed).seeded(seed).faulty(faults));
        let connections: Vec<_> = lengths.iter().map(|length| ports.connect_and_send(*length)).collect();

        ports.run_until(MINUTES, |locals| locals.values().all(|local| local.got.len() >= local.sent.len()));

        for connection in connections {
            prop_assert!(ports.local(connection).is_equal());
        }
    }
}

#[test]
fn fifty_connections_go_on_when_one_is_never_read() {
    let mut ports = Ports::new(Link::new(Play::Multiplexed));
    let stuck = ports.connect_and_send(8 << 20);
    ports.locals.borrow_mut().get_mut(&stuck).unwrap().reads = false;
    ports.run_until(Duration::from_secs(5), |_| false);
    let others: Vec<_> = (0..49).map(|_| ports.connect_and_send(200_000)).collect();

    ports.run_until(Duration::from_secs(15), |locals| {
        locals.iter().all(|(id, local)| *id == stuck || local.got.len() == local.sent.len())
    });

    for connection in others {
        assert!(ports.local(connection).is_equal(), "connection {connection}");
    }
    let is_stalled = ports.link.events.contains(&Event::Stream(stuck, StreamChange::Stalled));
    assert!(is_stalled, "8 MiB do not fit, so it was closed and says so");
}

#[test]
fn an_unread_connection_that_holds_up_nobody_is_left_alone() {
    let mut ports = Ports::new(Link::new(Play::Multiplexed));
    let unread = ports.connect_and_send(1 << 20);
    ports.locals.borrow_mut().get_mut(&unread).unwrap().reads = false;
    let other = ports.connect_and_send(1 << 20);
    ports.run_until(Duration::from_secs(60), |_| false);
    assert!(ports.local(other).is_equal());

    ports.locals.borrow_mut().get_mut(&unread).unwrap().reads = true;
    ports.run_until(Duration::from_secs(5), |locals| locals[&unread].got.len() == 1 << 20);

    assert!(ports.local(unread).is_equal());
}

#[test]
fn a_thousand_connections_one_after_another_all_work() {
    let mut ports = Ports::new(Link::new(Play::Multiplexed));
    for _ in 0..1_000 {
        let connection = ports.connect_and_send(100);
        ports.run_until(Duration::from_secs(5), |locals| locals[&connection].got.len() == 100);
        assert!(ports.local(connection).is_equal());
        ports.link.client.abandon(connection, ports.link.now);
        ports.locals.borrow_mut().remove(&connection);
    }
    ports.run_until(Duration::from_secs(1), |_| false);

    assert!(ports.servers.borrow().is_empty(), "the far side has forgotten them all");
}

#[test]
fn an_interactive_connection_is_not_held_up_by_a_bulk_one() {
    let mut ports = Ports::new(Link::new(Play::Multiplexed));
    ports.link.up.bytes_per_second = Some(4 << 20);
    ports.connect_and_send(16 << 20);
    ports.run_until(Duration::from_secs(1), |_| false);
    let asked = ports.link.now;

    let key = ports.connect_and_send(1);
    ports.run_until(Duration::from_secs(10), |locals| locals[&key].got.len() == 1);

    // A full window of a mebibyte is ahead of it on the wire, and no more.
    let took = ports.link.now - asked;
    assert!(took <= Duration::from_millis(400), "{took:?}");
}

#[test]
fn a_key_does_not_wait_behind_an_upload_into_a_slow_program() {
    for rate in [300_000, 1_000_000] {
        let mut ports = Ports::new(Link::with(Play::Multiplexed, |_, agent| agent.reads_ahead = false));
        ports.link.up.bytes_per_second = Some(20 << 20);
        let bulk = ports.connect_and_send(48 << 20);
        ports.sinks.borrow_mut().insert(bulk, Sink { rate, free_at: ports.link.now });
        ports.run_until(Duration::from_secs(2), |_| false);

        let mut longest = Duration::ZERO;
        for _ in 0..10 {
            ports.run_until(Duration::from_millis(900), |_| false);
            let asked = ports.link.now;
            let key = ports.connect_and_send(1);
            ports.run_until(Duration::from_secs(60), |locals| locals[&key].got.len() == 1);
            longest = longest.max(ports.link.now - asked);
        }

        let sunk = ports.received.borrow()[&bulk];
        let time = (ports.link.now - ports.link.start).as_secs_f64();
        assert!(sunk as f64 >= 0.95 * rate as f64 * time - 100_000.0, "the program is kept busy: {sunk} bytes in {time} s");
        assert!(longest <= Duration::from_millis(500), "{longest:?} at {rate}");
    }
}

#[test]
fn a_refused_connection_is_named_and_the_others_go_on() {
    let mut ports = Ports::new(Link::new(Play::Multiplexed));
    let first = ports.connect_and_send(50_000);
    ports.run_until(Duration::from_secs(5), |locals| locals[&first].got.len() == 50_000);
    *ports.refuses.borrow_mut() = true;

    let refused = ports.connect_and_send(10);
    ports.run_until(Duration::from_secs(5), |locals| locals[&refused].is_ended);
    *ports.refuses.borrow_mut() = false;
    let third = ports.connect_and_send(50_000);
    ports.run_until(Duration::from_secs(5), |locals| locals[&third].got.len() == 50_000);

    assert!(ports.link.events.contains(&Event::Stream(refused, StreamChange::Refused)));
    assert!(ports.local(first).is_equal() && ports.local(third).is_equal());
}

#[test]
fn a_half_closed_connection_still_gets_its_answer() {
    for play in [Play::Multiplexed, Play::OneByOne] {
        let mut ports = Ports::new(Link::new(play).latency(Duration::from_millis(300)));
        let connection = ports.connect_and_send(100_000);
        ports.finish(connection);

        ports.run_until(Duration::from_secs(60), |locals| locals[&connection].is_ended);

        assert!(ports.local(connection).is_equal(), "{play:?}");
        assert!(ports.local(connection).is_ended, "{play:?}");
    }
}

#[test]
fn a_half_closed_connection_outlives_a_lost_link_and_still_gets_all_of_its_answer() {
    for play in [Play::Multiplexed, Play::OneByOne] {
        let mut ports = Ports::new(Link::new(play).latency(Duration::from_millis(300)));
        let connection = ports.connect_and_send(200_000);
        ports.finish(connection);
        ports.run_until(MINUTES, |locals| !locals[&connection].got.is_empty());

        ports.link.cut();
        ports.link.run_for(Duration::from_secs(90));
        assert!(!ports.local(connection).is_equal(), "the outage came in the middle of the answer");
        ports.link.resume();
        ports.run_until(MINUTES, |locals| locals[&connection].is_ended);

        assert!(ports.local(connection).is_equal(), "{play:?}");
    }
}

#[test]
fn each_byte_value_alone_passes_a_connection_as_it_is() {
    for play in [Play::Multiplexed, Play::OneByOne] {
        let mut ports = Ports::new(Link::new(play));
        let connection = ports.connect_and_send(0);
        for _ in 0..100 {
            for byte in 0..=u8::MAX {
                ports.send(connection, &[byte]);
                ports.link.run_for(Duration::ZERO);
            }
        }

        ports.run_until(MINUTES, |locals| locals[&connection].got.len() == 25_600);

        assert!(ports.local(connection).is_equal(), "{play:?}");
    }
}

#[test]
fn an_old_agent_gets_one_connection_after_another() {
    let mut ports = Ports::new(Link::new(Play::OneByOne));
    assert_eq!(ports.link.client.session().unwrap().kind, ec2dash_ssm::SessionKind::Port(PortMode::OneByOne));
    for turn in 1..=5 {
        let connection = ports.connect_and_send(30_000);
        assert!(!ports.link.client.can_open());
        ports.run_until(Duration::from_secs(5), |locals| locals[&connection].got.len() == 30_000);
        assert!(ports.local(connection).is_equal());

        ports.link.client.abandon(connection, ports.link.now);
        ports.run_until(Duration::from_secs(5), |_| false);

        let disconnects = ports.link.agent_events.iter().filter(|event| **event == AgentEvent::Disconnect).count();
        assert_eq!(disconnects, turn);
        assert!(ports.link.events.contains(&Event::Stream(connection, StreamChange::Released)));
        assert!(ports.link.client.can_open());
    }
}

#[test]
fn what_a_server_says_first_reaches_the_first_connection() {
    let mut link = Link::new(Play::OneByOne);
    link.ready();
    link.print(b"220 hello\r\n");
    link.run_for(Duration::from_secs(5));

    let connection = link.client.open(link.now).unwrap();

    assert_eq!(link.client.read(connection, 100, link.now), Reading::Bytes(b"220 hello\r\n".to_vec()));
}

#[test]
fn an_old_multiplexing_agent_is_kept_alive_and_a_new_one_is_not() {
    for (version, keeps_alive) in [("3.1.1511.0", true), ("3.1.1512.0", false)] {
        let mut link = Link::with(Play::Multiplexed, |_, agent| agent.version = version.to_owned());
        link.ready();
        let before = link.client.counters().sent;

        link.run_for(Duration::from_secs(120));

        let sent = link.client.counters().sent - before;
        assert_eq!(sent, if keeps_alive { 12 } else { 0 }, "{version}");
        assert_eq!(link.agent_end(), None, "{version}");
    }
}

#[test]
fn a_client_that_claims_to_be_old_gets_what_old_clients_get() {
    for (version, mode) in [("1.1.69.0", PortMode::OneByOne), ("1.2.0.0", PortMode::Multiplexed)] {
        let mut link = Link::with(Play::Multiplexed, |options, _| options.client_version = version.to_owned());
        link.ready();

        let begun = AgentEvent::Begun { client_version: Some(version.to_owned()), mode: Some(mode) };
        assert_eq!(link.agent_events, [begun], "{version}");
        link.run_for(Duration::from_secs(31));
        // Such a client should keep the session alive and does not know it.
        assert_eq!(link.agent_end().is_some(), mode == PortMode::Multiplexed, "{version}");
    }
}

#[test]
fn an_agent_that_breaks_the_protocol_ends_the_session_in_words() {
    let mut link = Link::new(Play::Multiplexed);
    link.ready();
    link.tamper = Box::new(|direction, frame| {
        if direction == Direction::Down && frame.len() > 120 && frame[115] == 1 {
            let read = ec2dash_ssm::frame::Frame::parse(frame).unwrap();
            let payload = b"\x02nonsense";
            let digest = ec2dash_ssm::frame::Digest::of(payload);
            *frame = ec2dash_ssm::frame::Frame { payload, digest, ..read }.to_bytes();
        }
        true
    });
    let stream = link.client.open(link.now).unwrap();
    link.run_for(Duration::from_secs(1));
    assert_eq!(link.agent.write(stream, b"x"), 1);
    link.run_for(Duration::from_secs(1));

    let Some(End::Failed(failure @ Failure::Multiplexing(_))) = link.end() else { panic!("{:?}", link.end()) };
    assert_eq!(failure.to_string(), "the agent broke the protocol of multiplexed connections: a frame of version 2");
}

#[test]
fn what_a_connection_received_is_read_after_the_end_of_the_session() {
    let mut link = Link::new(Play::Multiplexed);
    link.ready();
    let stream = link.client.open(link.now).unwrap();
    link.run_for(Duration::from_secs(1));
    assert_eq!(link.agent.write(stream, b"last words"), 10);
    link.run_for(Duration::from_secs(1));

    link.close_by_gateway("");
    link.run_for(Duration::from_secs(1));

    assert!(matches!(link.end(), Some(End::Closed { .. })));
    assert_eq!(link.client.read(stream, 100, link.now), Reading::Bytes(b"last words".to_vec()));
    assert_eq!(link.client.read(stream, 100, link.now), Reading::Ended);
    assert_eq!(link.client.write(stream, b"x", link.now), 0);
    assert_eq!(link.client.open(link.now), None);
}

#[test]
fn leaving_a_tunnel_lets_its_connections_finish_what_they_wrote() {
    let mut ports = Ports::new(Link::with(Play::Multiplexed, |options, _| {
        options.pace = Pace::BytesPerSecond(std::num::NonZeroU64::new(200_000).unwrap());
    }));
    let connection = ports.connect_and_send(200_000);
    ports.link.run_for(Duration::ZERO);

    ports.link.client.close(ports.link.now);
    ports.run_until(Duration::from_secs(10), |_| false);

    assert_eq!(ports.link.end(), Some(&End::Left { undelivered: 0 }));
    assert_eq!(ports.received.borrow()[&connection], 200_000);
}

/// Local programs on one side, an echo server on the other.
struct Ports {
    link: Link,
    locals: Rc<RefCell<BTreeMap<StreamId, Local>>>,
    servers: Rc<RefCell<BTreeMap<StreamId, VecDeque<u8>>>>,
    received: Rc<RefCell<BTreeMap<StreamId, usize>>>,
    refuses: Rc<RefCell<bool>>,
    /// Connections whose server answers nothing and takes its time.
    sinks: Rc<RefCell<BTreeMap<StreamId, Sink>>>,
}

struct Sink {
    rate: u64,
    free_at: Instant,
}

struct Local {
    sent: Vec<u8>,
    to_send: VecDeque<u8>,
    got: Vec<u8>,
    reads: bool,
    finishes: bool,
    is_ended: bool,
}

impl Local {
    fn is_equal(&self) -> bool {
        self.sent == self.got
    }
}

impl Ports {
    fn new(mut link: Link) -> Self {
        link.ready();
        let mut ports = Self {
            link,
            locals: Rc::default(),
            servers: Rc::default(),
            received: Rc::default(),
            refuses: Rc::default(),
            sinks: Rc::default(),
        };
        let (locals, servers) = (ports.locals.clone(), ports.servers.clone());
        let (received, refuses, sinks) = (ports.received.clone(), ports.refuses.clone(), ports.sinks.clone());
        let mut seen = 0;
        ports.link.chores = Some(Box::new(move |link| {
            let mut is_busy = false;
            for (id, local) in locals.borrow_mut().iter_mut() {
                is_busy |= serve_local(link, *id, local);
            }
            while let Some(event) = link.agent_events.get(seen).cloned() {
                seen += 1;
                if let AgentEvent::Stream(id, StreamChange::Opened) = event {
                    if *refuses.borrow() {
                        link.agent.refuse(id, link.now);
                    } else {
                        servers.borrow_mut().insert(id, VecDeque::new());
                    }
                }
                is_busy = true;
            }
            link.wakes = sinks.borrow().values().map(|sink| sink.free_at).filter(|at| *at > link.now).min();
            servers.borrow_mut().retain(|id, backlog| {
                if let Some(sink) = sinks.borrow_mut().get_mut(id) {
                    is_busy |= serve_sink(link, *id, sink, &mut received.borrow_mut());
                    return true;
                }
                let (was_busy, stays) = serve_echo(link, *id, backlog, &mut received.borrow_mut());
                is_busy |= was_busy;
                stays
            });
            is_busy | serve_lone_echo(link)
        }));
        ports
    }

    fn connect_and_send(&mut self, length: usize) -> StreamId {
        let sent = self.link.noise(length);
        let id = self.link.client.open(self.link.now).unwrap();
        let to_send = sent.iter().copied().collect();
        let local = Local { sent, to_send, got: vec![], reads: true, finishes: false, is_ended: false };
        self.locals.borrow_mut().insert(id, local);
        id
    }

    fn send(&mut self, id: StreamId, bytes: &[u8]) {
        let mut locals = self.locals.borrow_mut();
        let local = locals.get_mut(&id).unwrap();
        local.sent.extend_from_slice(bytes);
        local.to_send.extend(bytes);
    }

    fn finish(&mut self, id: StreamId) {
        self.locals.borrow_mut().get_mut(&id).unwrap().finishes = true;
    }

    fn run_until(&mut self, limit: Duration, done: impl Fn(&BTreeMap<StreamId, Local>) -> bool) {
        let locals = self.locals.clone();
        self.link.run_until(limit, |_| done(&locals.borrow()));
    }

    fn local(&self, id: StreamId) -> std::cell::Ref<'_, Local> {
        std::cell::Ref::map(self.locals.borrow(), |locals| &locals[&id])
    }
}

fn serve_local(link: &mut Link, id: StreamId, local: &mut Local) -> bool {
    let mut is_busy = false;
    while !local.to_send.is_empty() {
        let taken = link.client.write(id, local.to_send.make_contiguous(), link.now);
        if taken == 0 {
            break;
        }
        local.to_send.drain(..taken);
        is_busy = true;
    }
    if local.to_send.is_empty() && std::mem::take(&mut local.finishes) {
        link.client.finish(id, link.now);
        is_busy = true;
    }
    while local.reads && !local.is_ended {
        match link.client.read(id, 16_384, link.now) {
            Reading::Bytes(bytes) => local.got.extend(bytes),
            Reading::Nothing => break,
            Reading::Ended => local.is_ended = true,
        }
        is_busy = true;
    }
    is_busy
}

/// Take what came, no faster than it goes down.
fn serve_sink(link: &mut Link, id: StreamId, sink: &mut Sink, received: &mut BTreeMap<StreamId, usize>) -> bool {
    let mut is_busy = false;
    while sink.free_at <= link.now
        && let Reading::Bytes(bytes) = link.agent.read(id, 16_384, link.now)
    {
        let takes = Duration::from_nanos(bytes.len() as u64 * 1_000_000_000 / sink.rate);
        sink.free_at = sink.free_at.max(link.now) + takes;
        *received.entry(id).or_default() += bytes.len();
        is_busy = true;
    }
    is_busy
}

/// Send back what came; a server whose client does not read stops reading too.
fn serve_echo(
    link: &mut Link,
    id: StreamId,
    backlog: &mut VecDeque<u8>,
    received: &mut BTreeMap<StreamId, usize>,
) -> (bool, bool) {
    let mut is_busy = false;
    loop {
        let written = link.agent.write(id, backlog.make_contiguous());
        backlog.drain(..written);
        is_busy |= written > 0;
        if !backlog.is_empty() {
            return (is_busy, true);
        }
        match link.agent.read(id, 16_384, link.now) {
            Reading::Bytes(bytes) => {
                *received.entry(id).or_default() += bytes.len();
                backlog.extend(bytes);
            }
            Reading::Nothing => return (is_busy, true),
            Reading::Ended => return (true, false),
        }
        is_busy = true;
    }
}

/// The echo of a session with one connection at a time, where the agent sees bare bytes.
fn serve_lone_echo(link: &mut Link) -> bool {
    let came = std::mem::take(&mut link.got_up);
    link.to_send_down.extend(&came);
    !came.is_empty()
}
