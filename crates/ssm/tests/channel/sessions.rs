//! How sessions begin, and what they carry besides bytes.

use std::time::Duration;

use ec2dash_ssm::{AgentEvent, CLIENT_VERSION, End, Event, Expected, Failure, Pace, PortMode, SessionKind, Size, Step};

use super::link::{Direction, Link, Play, message_type};

#[test]
fn a_shell_begins_with_its_first_output_and_no_handshake() {
    let mut link = Link::new(Play::Shell);
    link.print(b"$ ");

    link.run_until_equal(Duration::from_secs(5));

    assert!(matches!(&link.events[0], Event::Ready(session) if session.kind == SessionKind::Shell && !session.is_encrypted));
}

#[test]
fn nothing_is_sent_before_the_session_has_begun_and_nothing_typed_is_lost() {
    let mut link = Link::with(Play::Shell, |options, _| options.size = Some(Size::USUAL));
    link.type_in(b"typed ahead\r");
    link.run_for(Duration::from_secs(3));
    assert_eq!(link.client.counters().sent, 0);

    link.print(b"$ ");
    link.run_until_equal(Duration::from_secs(5));

    assert_eq!(link.sizes, [Size::USUAL]);
    assert_eq!(link.client.counters().resent, 0);
}

#[test]
fn a_port_session_tells_both_ends_what_they_are() {
    let mut link = Link::new(Play::Multiplexed);

    link.ready();

    let session = link.client.session().unwrap();
    assert_eq!(session.kind, SessionKind::Port(PortMode::Multiplexed));
    assert_eq!(session.agent_version.as_ref().unwrap().as_str(), "3.3.987.0");
    assert_eq!(session.properties["portNumber"].as_str(), "22");
    let begun = AgentEvent::Begun { client_version: Some(CLIENT_VERSION.to_owned()), mode: Some(PortMode::Multiplexed) };
    assert_eq!(link.agent_events, [begun]);
}

#[test]
fn a_notice_for_the_user_is_no_output() {
    let mut link = Link::with(Play::Ssh, |_, agent| agent.notice = "be careful\x1b[2J".to_owned());
    link.print(b"SSH-2.0-x\r\n");

    link.run_until_equal(Duration::from_secs(5));

    let notice = link.client.session().unwrap().notice.clone();
    assert_eq!(notice.unwrap().as_str(), "be careful\x1b[2J");
}

#[test]
fn a_message_refused_before_the_pty_exists_is_sent_again_and_later_ones_wait_behind_it() {
    let mut link = Link::with(Play::Shell, |options, _| options.size = Some(Size { columns: 100, rows: 30 }));
    link.starts = false;
    link.print(b"$ ");
    link.type_in(b"ls\r");
    link.run_for(Duration::from_millis(500));
    assert!(link.sizes.is_empty() && link.got_up.is_empty());

    link.agent.ready(link.now);
    link.run_until_equal(Duration::from_secs(2));

    assert_eq!(link.sizes, [Size { columns: 100, rows: 30 }]);
    assert!(link.client.counters().resent >= 1);
    assert!(link.agent.counters().refused >= 1);
}

#[test]
fn a_storm_of_sizes_is_at_most_ten_a_second_and_ends_right() {
    let mut link = Link::with(Play::Shell, |options, _| options.size = Some(Size::USUAL));
    link.print(b"$ ");
    link.ready();

    for columns in 1..=1_000 {
        link.client.resize(Size { columns, rows: 24 });
        link.run_for(Duration::from_millis(1));
    }
    link.run_for(Duration::from_secs(1));

    assert!(link.sizes.len() <= 12, "{} sizes", link.sizes.len());
    assert_eq!(link.sizes.last(), Some(&Size { columns: 1_000, rows: 24 }));
    assert_eq!(link.client.poll_timeout(), None, "nothing wakes an idle channel");
}

#[test]
fn a_redraw_changes_the_size_and_changes_it_back() {
    let mut link = Link::with(Play::Shell, |options, _| options.size = Some(Size::USUAL));
    link.print(b"$ ");
    link.ready();
    link.run_for(Duration::from_secs(1));

    link.client.redraw();
    link.run_for(Duration::from_secs(1));

    assert_eq!(link.sizes, [Size::USUAL, Size { columns: 80, rows: 23 }, Size::USUAL]);
}

#[test]
fn the_two_streams_of_a_command_stay_apart_and_its_exit_code_comes_through() {
    for code in [0, 1, 42, 255, -1] {
        let mut link = Link::new(Play::Command);
        link.ready();
        assert_eq!(link.agent.output(b"out"), 3);
        assert_eq!(link.agent.error_output(b"err"), 3);
        link.agent.exit_code(code);
        link.agent.finish("", link.now);

        link.run_for(Duration::from_secs(1));

        assert_eq!(link.got_down, b"out");
        assert_eq!(link.events[1..], [Event::ErrorOutput(b"err".to_vec()), Event::ExitCode(code)]);
        assert_eq!(link.agent_end(), Some(""));
    }
}

#[test]
fn an_agent_that_says_nothing_is_given_up_after_20_seconds() {
    let mut link = Link::new(Play::Shell);
    link.tamper = Box::new(|direction, _| direction == Direction::Up);
    link.run_for(Duration::from_secs(19));
    assert_eq!(link.end(), None);

    link.run_for(Duration::from_secs(1));

    assert_eq!(link.end(), Some(&End::Failed(Failure::NoAnswer)));
}

#[test]
fn time_without_a_connection_is_not_the_agents_silence() {
    let mut link = Link::new(Play::Shell);
    link.cut();
    link.run_for(Duration::from_secs(100));
    link.resume();
    link.run_for(Duration::from_secs(19));
    assert_eq!(link.end(), None);

    link.print(b"$ ");
    link.run_until_equal(Duration::from_secs(5));
}

#[test]
fn a_handshake_that_stops_is_given_up_after_30_seconds() {
    let mut link = Link::new(Play::Ssh);
    link.tamper = Box::new(|direction, frame| direction == Direction::Down || message_type(frame) == "acknowledge");

    link.run_for(Duration::from_secs(31));

    let timed_out = Failure::HandshakeTimedOut { step: Step::Completion };
    assert_eq!(link.end(), Some(&End::Failed(timed_out)));
    assert_eq!(
        link.agent_end(),
        Some(
            "Encountered error while initiating handshake. Handshake timed out. Please ensure that you have the latest \
             version of the session manager plugin."
        ),
        "the agent waits 15 s"
    );
}

#[test]
fn another_kind_of_session_than_expected_is_refused_and_the_agent_learns_why() {
    let mut link = Link::with(Play::Ssh, |options, _| options.expected = Expected::Terminal);

    link.run_for(Duration::from_secs(1));

    assert!(matches!(link.end(), Some(End::Failed(Failure::UnexpectedSession { .. }))));
    let words = link.agent_end().unwrap();
    assert!(words.ends_with("Failed to process action SessionType: Unexpected session type Port"), "{words}");
}

#[test]
fn an_unknown_session_type_is_refused_and_the_agent_learns_why() {
    let mut link = Link::with(Play::Ssh, |_, agent| agent.session_type = "Foo".to_owned());

    link.run_for(Duration::from_secs(1));

    assert!(matches!(link.end(), Some(End::Failed(Failure::UnknownSessionType { .. }))));
    assert!(link.agent_end().unwrap().contains("Unknown session type Foo"));
}

#[test]
fn a_late_client_answers_a_repeated_handshake_request_once() {
    let mut link = Link::new(Play::Ssh).latency(Duration::from_millis(600));
    link.print(b"hello");
    link.type_in(b"hello");

    link.run_until_equal(Duration::from_secs(20));

    let ready = link.events.iter().filter(|event| matches!(event, Event::Ready(_))).count();
    assert_eq!(ready, 1);
    assert!(link.client.counters().duplicates > 0, "the agent did repeat itself");
}

#[test]
fn a_paced_agent_sends_a_message_each_millisecond() {
    let mut link = Link::with(Play::Ssh, |_, agent| agent.pace = Pace::After(Duration::from_millis(1)));
    link.print_noise(1024 * 1000);

    link.run_until_equal(Duration::from_secs(5));

    let took = link.now - link.start;
    assert!((1_000..1_100).contains(&took.as_millis()), "{took:?}");
}

#[test]
fn a_rate_limit_is_kept() {
    let rate = std::num::NonZeroU64::new(100_000).unwrap();
    let mut link = Link::with(Play::Ssh, |options, _| options.pace = Pace::BytesPerSecond(rate));
    link.type_noise(500_000);

    link.run_until_equal(Duration::from_secs(20));

    let took = link.now - link.start;
    assert!((4_900..5_200).contains(&took.as_millis()), "{took:?}");
}
