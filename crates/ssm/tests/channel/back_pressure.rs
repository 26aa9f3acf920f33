//! Buffers have a size; when one is full the other side waits, and nothing is dropped.

use std::time::Duration;

use ec2dash_ssm::message::{PAUSE, START, unnumbered};
use ec2dash_ssm::{Pace, Window};
use uuid::Uuid;

use super::link::{Direction, Link, Play, message_type};

const MINUTES: Duration = Duration::from_secs(600);
/// What the reference's agent may have out: more than we keep.
const REFERENCE: Window = Window { messages: 100_000, bytes: 128 << 20 };

#[test]
fn a_user_who_stops_reading_stops_the_far_side() {
    let mut link = to_reference(Play::Ssh, 32 * 1024);
    link.ready();
    link.reads = false;
    link.print_noise(64 << 20);
    link.run_for(Duration::from_secs(30));
    assert!(!link.client.wants_frames());
    let held = link.client.counters().received * 32 * 1024;
    assert!(held <= 20 << 20, "{held} bytes held");

    link.reads = true;
    link.run_until_equal(MINUTES);
}

#[test]
fn a_user_who_stops_reading_a_while_costs_no_bytes_even_when_the_caller_reads_on() {
    // A caller that ignores `wants_frames`: what does not fit is refused and comes again.
    let mut link = to_reference(Play::Shell, 64 * 1024);
    link.print(b"$ ");
    link.ready();
    link.run_for(Duration::from_secs(1));
    link.reads = false;
    link.print_noise(24 << 20);
    link.chores = Some(Box::new(|link| {
        let mut is_busy = false;
        while let Some(frame) = link.down.arrived(link.now) {
            is_busy = true;
            link.client.handle_frame(&frame, link.now).unwrap();
        }
        is_busy
    }));
    link.run_for(Duration::from_secs(2));
    assert!(link.client.counters().refused > 0);

    link.reads = true;
    link.run_until_equal(MINUTES);
}

#[test]
fn all_that_an_agent_has_out_behind_a_lost_message_is_kept() {
    let mut link = to_reference(Play::Ssh, 1024);
    link.ready();
    let mut is_lost = false;
    link.tamper = Box::new(move |direction, frame| {
        let loses = direction == Direction::Down && !is_lost && message_type(frame) == "output_stream_data";
        is_lost |= loses;
        !loses
    });
    link.print_noise(14_000 * 1_024);

    link.run_until_equal(Duration::from_secs(5));

    let counters = link.client.counters();
    assert!(counters.early > 13_900 && counters.refused == 0, "{counters:?}");
}

#[test]
fn bulk_both_ways_over_a_lossy_link_does_not_come_to_a_crawl() {
    // The reference's agent: it may have a hundred thousand messages out, sleeps after each, and reads nothing while it writes.
    let mut link = Link::with(Play::Ssh, |_, agent| {
        agent.window = REFERENCE;
        agent.pace = Pace::After(Duration::from_millis(1));
        agent.reads_ahead = false;
    })
    .seeded(3);
    link.ready();
    (link.up.faults.drop_data, link.down.faults.drop_data) = (2, 2);
    let typed = link.noise(20 << 20);
    link.type_in(&typed);
    // An echo: what came goes back, and while that waits nothing more is taken.
    link.echoes = true;

    link.run_until(MINUTES, |link| link.got_down.len() == typed.len());

    assert!(link.got_down == typed, "{:?} {:?}", link.client.counters(), link.agent.counters());
    let time = link.now - link.start;
    assert!(time <= Duration::from_secs(40), "twenty seconds' worth took {time:?}");
}

#[test]
fn an_instance_that_stops_acknowledging_stops_what_is_typed() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.tamper = Box::new(|direction, frame| direction == Direction::Up || message_type(frame) != "acknowledge");
    link.type_noise(8 << 20);

    link.run_for(Duration::from_secs(30));
    let waiting = link.to_send_up.len();
    assert!(waiting >= (8 << 20) - (1 << 20) - (256 << 10) - 1_024, "{waiting} bytes not yet taken");
    assert!(link.client.counters().resent < 40, "the oldest alone is tried: {:?}", link.client.counters());

    link.tamper = Box::new(|_, _| true);
    link.run_until_equal(MINUTES);
}

#[test]
fn a_paused_session_repeats_nothing_and_goes_on_when_it_starts_again() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    link.tamper = Box::new(|_, _| false);
    let pause = unnumbered(PAUSE, Uuid::nil(), 1, b"");
    link.down.inject(pause, link.now);
    link.run_for(Duration::from_millis(10));
    assert!(link.client.is_paused());
    link.type_noise(100_000);
    link.run_for(Duration::from_secs(20));
    assert_eq!(link.client.counters().resent, 0);

    link.tamper = Box::new(|_, _| true);
    let start = unnumbered(START, Uuid::nil(), 1, b"");
    link.down.inject(start, link.now);
    link.run_until_equal(Duration::from_secs(20));

    assert!(!link.client.is_paused());
}

#[test]
fn a_lost_start_does_not_silence_a_session_for_good() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    link.tamper = Box::new(|_, _| false);
    let pause = unnumbered(PAUSE, Uuid::nil(), 1, b"");
    link.down.inject(pause, link.now);
    link.type_in(b"hello");
    link.run_for(Duration::from_secs(1));
    link.tamper = Box::new(|_, _| true);

    link.run_until_equal(Duration::from_secs(32));
}

#[test]
fn a_paused_agent_sends_nothing_until_it_hears_something() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    let pause = unnumbered(PAUSE, Uuid::nil(), 1, b"");
    link.up.inject(pause, link.now);
    link.run_for(Duration::from_millis(10));
    let before = link.agent.counters().sent;
    link.print(b"hello");
    link.run_for(Duration::from_secs(60));
    assert_eq!(link.agent.counters().sent, before);

    link.type_in(b"x");
    link.run_until_equal(Duration::from_secs(1));
}

/// A link to an agent that may have as much out as the reference's, in messages of so many bytes.
fn to_reference(play: Play, payload: usize) -> Link {
    Link::with(play, |_, agent| (agent.window, agent.payload) = (REFERENCE, payload))
}
