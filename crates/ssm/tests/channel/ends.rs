//! Every way out of a session.

use std::time::Duration;

use ec2dash_ssm::message::{CLOSED, unnumbered};
use ec2dash_ssm::{AgentEvent, End, Event, Failure};
use uuid::Uuid;

use super::link::{Direction, Faults, Link, Play, message_type};

#[test]
fn a_close_right_behind_a_mebibyte_leaves_none_of_it_unsaid() {
    for (play, reads) in [(Play::Shell, true), (Play::Shell, false), (Play::Ssh, false)] {
        let mut link = Link::new(play);
        link.print_noise(4 << 20);
        link.reads = reads || play == Play::Ssh;
        link.ready();
        link.reads = reads;
        link.run_for(Duration::from_secs(2));
        link.close_by_gateway("");
        link.run_for(Duration::from_secs(2));

        link.reads = true;
        link.run_for(Duration::from_secs(1));

        assert!(link.is_equal(), "{} of {} bytes", link.got_down.len(), link.sent_down.len());
        assert!(matches!(link.events.last(), Some(Event::Ended(End::Closed { is_complete: true, .. }))));
    }
}

#[test]
fn a_close_with_words_passes_them_on() {
    let mut link = Link::new(Play::Ssh);
    link.ready();

    link.close_by_gateway("Session timed out\x1b]0;due to inactivity");
    link.run_for(Duration::from_secs(1));

    let Some(End::Closed { output, is_complete: true }) = link.end() else { panic!("{:?}", link.end()) };
    assert_eq!(output.as_str(), "Session timed out\x1b]0;due to inactivity");
    assert_eq!(link.client.poll_timeout(), None);
    assert!(!link.client.has_room());
}

#[test]
fn nothing_new_is_sent_after_the_end() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    let typed = link.noise(100_000);
    assert_eq!(link.client.send(&typed, link.now), 100_000);
    let closed = unnumbered(CLOSED, Uuid::nil(), 1, b"{}");

    link.client.handle_frame(&closed, link.now).unwrap();

    assert_eq!(link.client.poll_transmit(link.now), None);
    assert_eq!(link.client.send(b"x", link.now), 0);
}

#[test]
fn a_close_that_cuts_output_off_says_so() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.down.faults = Faults { drop_data: 500, ..Faults::default() };
    link.print_noise(100_000);
    link.run_for(Duration::from_millis(6));

    link.close_by_gateway("");
    link.run_for(Duration::from_secs(1));

    assert!(matches!(link.end(), Some(End::Closed { is_complete: false, .. })), "{:?}", link.end());
}

#[test]
fn leaving_a_port_session_drains_it_and_tells_the_agent() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.up.bytes_per_second = Some(500_000);
    link.type_noise(200_000);
    link.run_for(Duration::ZERO);

    link.client.close(link.now);
    assert!(!link.client.has_room());
    link.run_for(Duration::from_secs(3));

    assert_eq!(link.got_up, link.sent_up);
    assert!(link.agent_events.contains(&AgentEvent::Terminate));
    assert_eq!(link.end(), Some(&End::Left { undelivered: 0 }));
}

#[test]
fn an_agent_too_old_for_the_flag_is_not_sent_it() {
    let mut link = Link::with(Play::Ssh, |_, agent| agent.version = "2.3.700.0".to_owned());
    link.ready();

    link.client.close(link.now);
    link.run_for(Duration::from_secs(3));

    assert!(!link.agent_events.contains(&AgentEvent::Terminate));
    assert_eq!(link.end(), Some(&End::Left { undelivered: 0 }));
}

#[test]
fn leaving_a_dead_session_takes_at_most_six_seconds_and_says_what_was_lost() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.tamper = Box::new(|_, _| false);
    link.type_in(b"nobody hears this");
    link.run_for(Duration::ZERO);
    let asked = link.now;

    link.client.close(link.now);
    link.run_until(Duration::from_secs(60), |link| link.end().is_some());

    assert_eq!(link.now - asked, Duration::from_secs(6));
    assert!(matches!(link.end(), Some(End::Left { undelivered }) if *undelivered > 0));
}

#[test]
fn leaving_without_a_connection_is_immediate() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.cut();

    link.client.close(link.now);
    link.run_for(Duration::ZERO);

    assert_eq!(link.end(), Some(&End::Left { undelivered: 0 }));
}

#[test]
fn an_instance_that_acknowledges_nothing_is_given_up_after_five_minutes() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.tamper = Box::new(|direction, frame| direction == Direction::Up || message_type(frame) != "acknowledge");
    link.type_in(b"is anybody there?");

    link.run_for(Duration::from_secs(299));
    assert_eq!(link.end(), None);
    link.run_for(Duration::from_secs(3));

    assert_eq!(link.end(), Some(&End::Failed(Failure::Unanswered)));
    assert!(link.client.counters().resent < 350, "about one a second: {:?}", link.client.counters());
}

#[test]
fn a_process_that_was_stopped_for_long_does_not_blame_the_instance() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    link.tamper = Box::new(|_, _| false);
    link.type_in(b"is anybody there?");
    link.run_for(Duration::from_millis(100));
    link.tamper = Box::new(|_, _| true);

    link.now += Duration::from_secs(600);
    link.run_until_equal(Duration::from_secs(2));

    assert_eq!(link.end(), None);
}

#[test]
fn time_without_a_connection_does_not_count_against_the_instance() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.cut();
    link.type_in(b"typed while away");
    link.run_for(Duration::from_secs(3_000));

    link.resume();
    link.run_until_equal(Duration::from_secs(2));

    assert_eq!(link.end(), None);
}

#[test]
fn a_program_that_ends_is_heard_to_the_end() {
    let mut link = Link::new(Play::Shell).faulty(Faults { drop_data: 100, ..Faults::default() });
    link.print(b"$ ");
    link.ready();
    link.print(b"logout\r\n");
    link.run_for(Duration::ZERO);

    link.agent.finish("", link.now);
    link.run_until(Duration::from_secs(3), |link| link.agent_end().is_some());
    link.close_by_gateway("");
    link.run_for(Duration::from_secs(1));

    assert!(link.is_equal());
    assert!(matches!(link.end(), Some(End::Closed { is_complete: true, .. })));
}
