//! What many connections over one stream of bytes owe each other.

use super::*;

#[test]
fn the_first_stream_is_three_and_the_next_five() {
    let mut pair = Pair::new();

    let (first, second) = (pair.client.open(pair.now).unwrap(), pair.client.open(pair.now).unwrap());

    assert_eq!((first, second), (StreamId(3), StreamId(5)));
    assert_eq!(bytes_of(&mut pair.client), [1, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]);
}

#[test]
fn bytes_go_both_ways_and_the_end_follows_them() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.client.write(stream, b"question");
    pair.settle();
    assert_eq!(pair.server.poll_change(), Some((stream, StreamChange::Opened)));
    assert_eq!(pair.server.read(stream, 100, pair.now), Reading::Bytes(b"question".to_vec()));

    pair.server.write(stream, b"answer");
    pair.server.abandon(stream, pair.now);
    pair.settle();

    pair.assert_answered(stream);
}

#[test]
fn a_half_close_holds_the_fin_until_the_answer_is_over() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.client.write(stream, b"question");
    pair.client.finish(stream, pair.now);
    pair.settle();
    assert_eq!(pair.client.write(stream, b"more"), 0);
    pair.wait(29);
    pair.server.write(stream, b"answer");
    pair.settle();
    pair.wait(29);
    assert!(bytes_of(&mut pair.client).is_empty(), "every piece of an answer extends the wait");

    pair.server.abandon(stream, pair.now);
    pair.settle();

    pair.assert_answered(stream);
}

#[test]
fn a_half_close_without_an_answer_ends_after_30_seconds() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.client.finish(stream, pair.now);
    pair.settle();

    pair.wait(30);

    assert_eq!(bytes_of(&mut pair.client), frame::fin(stream));
    assert!(pair.client.is_cut(stream), "whoever waits for the answer must not take this for the far side's end");
    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Ended);
}

#[test]
fn an_answer_that_stops_is_given_up_and_that_is_no_clean_end() {
    let mut pair = Pair::new();
    let stream = pair.client.open(pair.now).unwrap();
    pair.client.write(stream, b"question");
    pair.client.finish(stream, pair.now);
    pair.settle();
    pair.server.write(stream, b"half an ans");
    pair.settle();
    pair.wait(20);
    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Bytes(b"half an ans".to_vec()));

    pair.wait(10);

    assert_eq!(bytes_of(&mut pair.client), frame::fin(stream));
    assert!(pair.client.is_cut(stream));
}

#[test]
fn the_wait_for_an_answer_does_not_begin_before_the_last_byte_has_arrived() {
    let mut pair = Pair::new();
    let stream = pair.client.open(pair.now).unwrap();
    pair.client.write(stream, &[7; 2_000]);
    pair.client.finish(stream, pair.now);
    // Frames do not align with messages.
    for sequence in 0..3 {
        assert!(pair.client.next_payload(1_000).is_some());
        pair.client.sent(sequence);
    }
    assert_eq!(pair.client.next_payload(1_000), None);

    for oldest in 0..3 {
        pair.client.acknowledged(oldest, pair.now);
        pair.wait(40);
        assert_eq!(pair.client.poll_timeout(), None, "{oldest} of 3 have arrived");
    }
    pair.client.acknowledged(3, pair.now);

    assert_eq!(pair.client.poll_timeout(), Some(pair.now + Duration::from_secs(30)));
}

#[test]
fn nobody_is_given_up_for_the_time_in_which_no_answer_can_come() {
    let mut pair = Pair::new();
    let stream = pair.client.open(pair.now).unwrap();
    pair.client.write(stream, b"question");
    pair.client.finish(stream, pair.now);
    pair.settle();
    pair.wait(10);

    pair.client.set_answerable(false, pair.now);
    pair.wait(3_600);
    pair.client.set_answerable(true, pair.now);
    pair.wait(29);
    assert!(!pair.client.is_cut(stream));
    pair.wait(1);

    assert!(pair.client.is_cut(stream));
}

#[test]
fn an_answer_that_the_local_program_is_slow_to_take_is_not_given_up() {
    let mut pair = Pair::new();
    let stream = pair.client.open(pair.now).unwrap();
    pair.client.finish(stream, pair.now);
    pair.settle();
    pair.client.receive(&[&frame::psh(stream, 4)[..], b"half"].concat(), pair.now).unwrap();

    pair.wait(40);
    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Bytes(b"half".to_vec()));
    pair.client.receive(&[&frame::psh(stream, 4)[..], b"rest", &frame::fin(stream)].concat(), pair.now).unwrap();

    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Bytes(b"rest".to_vec()));
    assert!(!pair.client.is_cut(stream));
    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Ended);
}

#[test]
fn fin_goes_behind_its_own_data_and_ahead_of_others() {
    let mut pair = Pair::new();
    let (bulk, short) = (pair.client.open(pair.now).unwrap(), pair.client.open(pair.now).unwrap());
    bytes_of(&mut pair.client);
    pair.client.write(bulk, &[7; 100_000]);
    pair.client.write(short, b"x");
    pair.client.abandon(short, pair.now);

    let order = frames_of(&mut pair.client);

    assert_eq!(order[..4], ["PSH 3 8192", "PSH 5 1", "FIN 5", "PSH 3 8192"]);
}

#[test]
fn connections_take_turns() {
    let mut pair = Pair::new();
    let streams: Vec<_> = (0..3).map(|_| pair.client.open(pair.now).unwrap()).collect();
    bytes_of(&mut pair.client);
    for stream in &streams {
        pair.client.write(*stream, &[7; 20_000]);
    }

    assert_eq!(
        frames_of(&mut pair.client),
        [
            "PSH 3 8192",
            "PSH 5 8192",
            "PSH 7 8192",
            "PSH 3 8192",
            "PSH 5 8192",
            "PSH 7 8192",
            "PSH 3 3616",
            "PSH 5 3616",
            "PSH 7 3616",
        ]
    );
}

#[test]
fn a_write_is_cut_at_the_budget_and_room_is_announced() {
    let (mut pair, stream) = Pair::with_a_stream();

    assert_eq!(pair.client.write(stream, &vec![7; 1 << 20]), STREAM_SEND_BUDGET);
    assert_eq!(pair.client.write(stream, b"x"), 0);

    pair.settle();
    assert_eq!(pair.client.poll_change(), Some((stream, StreamChange::Writable)));
    assert_eq!(pair.client.poll_change(), None);
    assert_eq!(pair.client.room(stream), STREAM_SEND_BUDGET);
}

#[test]
fn all_queues_together_have_a_budget_and_its_room_is_announced_to_all() {
    let mut pair = Pair::new();
    let streams: Vec<_> = (0..20).map(|_| pair.client.open(pair.now).unwrap()).collect();

    let taken: usize = streams.iter().map(|stream| pair.client.write(*stream, &vec![7; 1 << 20])).sum();

    assert_eq!(taken, SEND_BUDGET);
    while pair.client.next_frame(&mut vec![]) {}
    let told: BTreeSet<_> = std::iter::from_fn(|| pair.client.poll_change()).map(|(stream, _)| stream).collect();
    assert_eq!(told.len(), 20);
}

#[test]
fn whoever_waits_is_told_when_the_far_side_ends_a_connection_with_much_to_send() {
    let mut pair = Pair::new();
    let streams: Vec<_> = (0..17).map(|_| pair.client.open(pair.now).unwrap()).collect();
    bytes_of(&mut pair.client);
    for stream in &streams {
        pair.client.write(*stream, &vec![7; STREAM_SEND_BUDGET]);
    }
    let (waiting, writing) = streams.split_last().unwrap();
    assert_eq!(pair.client.room(*waiting), 0);
    while pair.client.poll_change().is_some() {}

    // Each of them takes a quarter of a mebibyte out of the common budget at once.
    let told = writing.iter().any(|stream| {
        pair.client.receive(&frame::fin(*stream), pair.now).unwrap();
        std::iter::from_fn(|| pair.client.poll_change()).any(|change| change == (*waiting, StreamChange::Writable))
    });

    assert!(told);
}

#[test]
fn nothing_more_is_wanted_beyond_the_receive_budget_until_somebody_reads() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.fill(stream);
    assert!(!pair.client.wants_input());

    let reading = pair.client.read(stream, 100_000, pair.now);

    assert!(matches!(reading, Reading::Bytes(bytes) if bytes.len() == 100_000));
    assert!(pair.client.wants_input());
}

#[test]
fn a_connection_nobody_reads_is_closed_once_it_holds_up_others() {
    let mut pair = Pair::new();
    let (stuck, other) = (pair.client.open(pair.now).unwrap(), pair.client.open(pair.now).unwrap());
    pair.fill(stuck);
    pair.client.write(other, b"x");
    bytes_of(&mut pair.client);
    while pair.client.poll_change().is_some() {}

    pair.wait(9);
    assert!(!pair.client.wants_input());
    pair.wait(1);

    assert_eq!(pair.client.poll_change(), Some((stuck, StreamChange::Stalled)));
    assert!(pair.client.wants_input());
    assert_eq!(bytes_of(&mut pair.client), frame::fin(stuck));
    assert_eq!(pair.client.read(stuck, 100, pair.now), Reading::Ended);
}

#[test]
fn a_lone_connection_may_stay_unread_for_ever() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.fill(stream);

    pair.wait(3_600);

    assert_eq!(pair.client.poll_change(), Some((stream, StreamChange::Readable)));
    assert_eq!(pair.client.poll_change(), None);

    pair.client.open(pair.now).unwrap();
    pair.wait(9);
    assert_eq!(pair.client.poll_change(), None, "it holds up another only since now");
    pair.wait(1);
    assert_eq!(pair.client.poll_change(), Some((stream, StreamChange::Stalled)));
}

#[test]
fn many_connections_with_little_each_do_not_hold_up_others_for_ever() {
    let mut pair = Pair::new();
    let streams: Vec<_> = (0..80).map(|_| pair.client.open(pair.now).unwrap()).collect();
    for stream in &streams {
        pair.client.receive(&[&frame::psh(*stream, 60_000)[..], &vec![7; 60_000]].concat(), pair.now).unwrap();
    }
    assert!(!pair.client.wants_input());
    while pair.client.poll_change().is_some() {}

    pair.wait(10);

    assert!(std::iter::from_fn(|| pair.client.poll_change()).any(|(_, change)| change == StreamChange::Stalled));
}

#[test]
fn data_after_our_fin_is_dropped_and_fin_for_unknown_streams_is_ignored() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.client.abandon(stream, pair.now);

    let late = [&frame::psh(stream, 4)[..], b"late", &frame::fin(stream), &frame::fin(StreamId(99))].concat();
    pair.client.receive(&late, pair.now).unwrap();

    assert_eq!(pair.client.poll_change(), None);
    assert_eq!(pair.client.inbound, 0);
}

#[test]
fn a_refused_connection_is_the_one_that_ends_without_a_byte() {
    let mut pair = Pair::new();
    let (busy, refused) = (pair.client.open(pair.now).unwrap(), pair.client.open(pair.now).unwrap());
    pair.client.receive(&[&frame::psh(busy, 1)[..], b"x"].concat(), pair.now).unwrap();
    pair.client.refused();

    pair.client.receive(&[frame::fin(busy), frame::fin(refused)].concat(), pair.now).unwrap();

    let changes: Vec<_> = std::iter::from_fn(|| pair.client.poll_change()).collect();
    assert_eq!(changes, [(busy, StreamChange::Readable), (refused, StreamChange::Refused), (refused, StreamChange::Readable)]);
}

#[test]
fn an_agent_that_opens_a_stream_is_ignored_and_a_known_stream_is_not_opened_twice() {
    let mut pair = Pair::new();
    pair.client.receive(&frame::syn(StreamId(4)), pair.now).unwrap();
    assert_eq!(pair.client.poll_change(), None);

    pair.server.receive(&[frame::syn(StreamId(3)), frame::syn(StreamId(3))].concat(), pair.now).unwrap();

    assert_eq!(pair.server.poll_change(), Some((StreamId(3), StreamChange::Opened)));
    assert_eq!(pair.server.poll_change(), None);
}

#[test]
fn a_crowd_of_streams_is_answered_with_fin() {
    let mut pair = Pair::new();
    for number in 0..=MOST_STREAMS as u32 {
        pair.server.receive(&frame::syn(StreamId(3 + 2 * number)), pair.now).unwrap();
    }

    assert_eq!(bytes_of(&mut pair.server), frame::fin(StreamId(3 + 2 * MOST_STREAMS as u32)));
}

#[test]
fn keep_alive_is_sent_every_ten_seconds_only_where_it_is_wanted() {
    let now = Instant::now();
    for (keeps_alive, expected) in [(true, frame::nop().to_vec()), (false, vec![])] {
        let mut mux = Mux::new(Habits { keeps_alive, ..OPENING }, now);

        mux.handle_timeout(now + Duration::from_secs(10)).unwrap();

        assert_eq!(bytes_of(&mut mux), expected);
    }
}

#[test]
fn an_accepting_side_with_keep_alive_gives_up_after_30_silent_seconds() {
    let now = Instant::now();
    let mut mux = Mux::new(Habits { keeps_alive: true, ..ACCEPTING }, now);
    mux.receive(&frame::nop(), now + Duration::from_secs(10)).unwrap();

    assert_eq!(mux.handle_timeout(now + Duration::from_secs(39)), Ok(()));
    assert_eq!(mux.handle_timeout(now + Duration::from_secs(40)), Err(Broken::Silent));
}

#[test]
fn at_the_end_of_the_session_what_came_is_still_read() {
    let (mut pair, stream) = Pair::with_a_stream();
    pair.client.receive(&[&frame::psh(stream, 4)[..], b"last"].concat(), pair.now).unwrap();

    pair.client.remote_gone();

    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Bytes(b"last".to_vec()));
    assert_eq!(pair.client.read(stream, 100, pair.now), Reading::Ended);
    assert!(pair.client.is_drained());
}

#[test]
fn a_thousand_connections_one_after_another_leave_nothing_behind() {
    let mut pair = Pair::new();
    for _ in 0..1_000 {
        let stream = pair.client.open(pair.now).unwrap();
        pair.client.write(stream, b"question");
        pair.settle();
        pair.server.read(stream, 100, pair.now);
        pair.server.write(stream, b"answer");
        pair.settle();
        pair.client.read(stream, 100, pair.now);
        pair.client.abandon(stream, pair.now);
        pair.settle();
        assert_eq!(pair.server.read(stream, 100, pair.now), Reading::Ended);
        pair.settle();
        while pair.client.poll_change().or_else(|| pair.server.poll_change()).is_some() {}
    }

    assert!(pair.is_forgotten());
}

const OPENING: Habits = Habits { side: Side::Opening, keeps_alive: false, stalled_after: Some(Duration::from_secs(10)) };
const ACCEPTING: Habits = Habits { side: Side::Accepting, keeps_alive: false, stalled_after: None };

/// Two ends joined by a perfect wire.
struct Pair {
    client: Mux,
    server: Mux,
    /// Messages of the client's.
    sent: u64,
    now: Instant,
}

impl Pair {
    fn new() -> Self {
        let now = Instant::now();
        Self { client: Mux::new(OPENING, now), server: Mux::new(ACCEPTING, now), sent: 0, now }
    }

    fn with_a_stream() -> (Self, StreamId) {
        let mut pair = Self::new();
        let stream = pair.client.open(pair.now).unwrap();
        (pair, stream)
    }

    /// The client gets more on a stream than all of them may hold.
    fn fill(&mut self, stream: StreamId) {
        let data = [&frame::psh(stream, 65_535)[..], &vec![7; 65_535]].concat();
        for _ in 0..65 {
            self.client.receive(&data, self.now).unwrap();
        }
    }

    /// The client reads the answer and its end, and nothing is left of the stream.
    #[track_caller]
    fn assert_answered(&mut self, stream: StreamId) {
        assert_eq!(self.client.read(stream, 100, self.now), Reading::Bytes(b"answer".to_vec()));
        assert_eq!(self.client.read(stream, 100, self.now), Reading::Ended);
        assert!(self.is_forgotten());
    }

    fn settle(&mut self) {
        loop {
            let (up, down) = (bytes_of(&mut self.client), bytes_of(&mut self.server));
            if up.is_empty() && down.is_empty() {
                return;
            }
            self.server.receive(&up, self.now).unwrap();
            self.client.sent(self.sent);
            self.sent += 1;
            self.client.acknowledged(self.sent, self.now);
            self.client.receive(&down, self.now).unwrap();
        }
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.client.handle_timeout(self.now).unwrap();
    }

    fn is_forgotten(&self) -> bool {
        [&self.client, &self.server].iter().all(|mux| {
            mux.streams.is_empty() && mux.inbound == 0 && mux.outbound == 0 && mux.turns.is_empty() && mux.is_drained()
        })
    }
}

fn bytes_of(mux: &mut Mux) -> Vec<u8> {
    mux.next_payload(usize::MAX).unwrap_or_default()
}

fn frames_of(mux: &mut Mux) -> Vec<String> {
    let mut frames = vec![];
    loop {
        let mut bytes = vec![];
        if !mux.next_frame(&mut bytes) {
            return frames;
        }
        let name = ["SYN", "FIN", "PSH", "NOP"][usize::from(bytes[1])];
        let length = u16::from_le_bytes([bytes[2], bytes[3]]);
        let id = u32::from_le_bytes(bytes[4..8].try_into().unwrap());
        frames.push(if length > 0 { format!("{name} {id} {length}") } else { format!("{name} {id}") });
    }
}
