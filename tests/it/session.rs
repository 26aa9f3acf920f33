//! Sessions over real sockets: what the driver does when the connection, the token, the key or the account will not.

use std::time::Duration;

use ec2dash::aws::{self, SessionRequest};
use ec2dash::session::{Incoming, LinkError, LinkState, Reason, Session, SessionEnd, SessionOptions, settled};
use ec2dash_ssm::{Expected, Failure, Size};
use tokio::time::timeout;

use crate::support::gateway::{Gateway, REGION, sealed};
use crate::support::waiting::wait_for;

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn what_is_sent_comes_back_and_leaving_terminates_once() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    let every: Vec<u8> = (0..=255).cycle().take(256 * 400).collect();

    let echoed = echo(&session, &every).await;
    session.end();
    let ending = timeout(LONG, session.ended()).await.unwrap();

    assert!(echoed == every, "bytes differ");
    assert_eq!(ending.reason, Reason::Left { undelivered: 0 });
    assert_eq!((gateway.calls("startsession"), gateway.calls("terminatesession")), (1, 1));
    assert_eq!(gateway.signed(), [true]);
    assert_eq!(session.counters().resent, 0);
}

#[tokio::test]
async fn the_far_sides_end_is_told_in_its_words_and_terminates_nothing() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();

    gateway.finish("idle for 20 minutes\u{1b}[2J");
    let ending = timeout(LONG, session.ended()).await.unwrap();

    let Reason::Closed { words, is_complete: true } = &ending.reason else { panic!("{ending:?}") };
    assert_eq!(words.shown(), "idle for 20 minutes·[2J");
    assert_eq!(ending.reason.code(), "session-ended-by-service");
    assert_eq!(session.next().await.map(text), Some("$ ".to_owned()));
    assert_eq!(session.next().await, None);
    drop(session);
    settled().await;
    assert_eq!(gateway.calls("terminatesession"), 0);
}

#[tokio::test]
async fn a_dropped_session_is_terminated_all_the_same() {
    let gateway = Gateway::start().await;

    drop(start(&gateway).await.unwrap());
    wait_for(|| gateway.calls("terminatesession") == 1).await;
}

#[tokio::test]
async fn a_start_that_is_given_up_leaves_no_session() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.stalled = true);

    let given_up = timeout(Duration::from_millis(700), start(&gateway)).await;

    assert!(given_up.is_err());
    wait_for(|| gateway.calls("terminatesession") == 1).await;
    assert_eq!(gateway.calls("startsession"), 1);
}

#[tokio::test]
async fn bytes_stay_whole_when_the_gateway_says_bye_again_and_again() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.bye_after = Some(Duration::from_millis(100)));
    let session = start(&gateway).await.unwrap();
    let bytes = pattern(6_000_000);

    let echoed = echo(&session, &bytes).await;

    assert!(echoed == bytes, "bytes differ");
    assert!(gateway.connections() > 2, "{}", gateway.connections());
    assert_eq!(gateway.calls("resumesession") + 1, gateway.connections());
    assert_eq!(gateway.calls("startsession"), 1);
}

#[tokio::test]
async fn bytes_stay_whole_over_twenty_resets() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.reset_after = Some(180));
    let session = start(&gateway).await.unwrap();
    let bytes = pattern(2_000_000);

    let echoed = echo(&session, &bytes).await;

    assert!(echoed == bytes, "bytes differ");
    assert!(gateway.connections() > 20, "{}", gateway.connections());
}

#[tokio::test]
async fn a_half_open_link_is_noticed_and_resumed() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    assert_eq!(echo(&session, b"a").await, b"a");
    let mut link = session.link();

    gateway.fault(|faults| faults.stalled = true);
    // How soon is told in virtual time, under the code.
    timeout(LONG, link.wait_for(|link| matches!(link, LinkState::Silent { .. }))).await.unwrap().unwrap();
    timeout(LONG, link.wait_for(|link| matches!(link, LinkState::Lost { .. }))).await.unwrap().unwrap();
    gateway.fault(|faults| faults.stalled = false);

    assert_eq!(echo(&session, b"still there").await, b"still there");
    assert_eq!(*link.borrow_and_update(), LinkState::Up);
}

#[tokio::test]
async fn input_while_the_agent_is_dead_is_told_as_silence_and_does_not_keep_who_leaves() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    gateway.fault(|faults| faults.deaf_agent = true);
    session.send(b"hello?").await.unwrap();

    let mut link = session.link();
    timeout(LONG, link.wait_for(|link| matches!(link, LinkState::Silent { .. }))).await.unwrap().unwrap();
    session.end_at_once();
    let ending = timeout(LONG, session.ended()).await.unwrap();

    assert!(matches!(ending.reason, Reason::Left { undelivered: 6.. }), "{ending:?}");
    assert_eq!(gateway.calls("terminatesession"), 1);
}

#[tokio::test]
async fn refused_resumes_are_tried_again_and_what_was_typed_meanwhile_arrives() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    gateway.fault(|faults| {
        faults.resume_fails = true;
        faults.bye_after = Some(Duration::ZERO);
    });
    wait_for(|| gateway.calls("resumesession") >= 4).await;
    assert!(matches!(&*session.link().borrow(), LinkState::Lost { last: Some(LinkError::Aws(_)), .. }));
    session.send(b"typed while away").await.unwrap();

    gateway.fault(|faults| {
        faults.resume_fails = false;
        faults.bye_after = None;
    });

    assert_eq!(receive(&session, 16).await, b"typed while away");
}

#[tokio::test]
async fn the_budget_is_time_and_its_end_terminates() {
    let gateway = Gateway::start().await;
    let options = SessionOptions { reconnect: Duration::from_secs(2), ..options() };
    let session = Session::start(&gateway.cloud().await, options).await.unwrap();
    gateway.fault(|faults| {
        faults.resume_fails = true;
        faults.bye_after = Some(Duration::ZERO);
    });

    let ending = timeout(LONG, session.ended()).await.unwrap();

    let Reason::NotResumed { last: Some(LinkError::Aws(_)), tried } = ending.reason else { panic!("{ending:?}") };
    assert!((Duration::from_secs(2)..Duration::from_secs(4)).contains(&tried), "{tried:?}");
    assert_eq!(gateway.calls("terminatesession"), 1);
}

#[tokio::test]
async fn a_resume_that_cannot_be_ends_at_once_in_its_own_words() {
    type Change = fn(&mut crate::support::gateway::Faults);
    let cases: [(Change, &str, usize, usize); 3] = [
        (|faults| faults.resume_times_out = true, "session-timed-out", 1, 0),
        (|faults| faults.session_gone = true, "session-terminated", 1, 0),
        (|faults| faults.resume_denied = true, "session-resume-denied", 2, 1),
    ];
    for (change, code, resumes, terminations) in cases {
        let gateway = Gateway::start().await;
        let session = start(&gateway).await.unwrap();
        gateway.fault(|faults| {
            change(faults);
            faults.bye_after = Some(Duration::ZERO);
        });

        let ending = timeout(Duration::from_secs(10), session.ended()).await.unwrap();

        assert_eq!(ending.reason.code(), code);
        assert_eq!((gateway.calls("resumesession"), gateway.calls("terminatesession")), (resumes, terminations), "{code}");
    }
}

#[tokio::test]
async fn leaving_while_away_waits_for_no_connection() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    gateway.fault(|faults| {
        faults.resume_fails = true;
        faults.bye_after = Some(Duration::ZERO);
    });
    wait_for(|| gateway.calls("resumesession") >= 3).await;

    session.end_at_once();
    let ending = timeout(LONG, session.ended()).await.unwrap();

    assert!(matches!(ending.reason, Reason::Left { .. }), "{ending:?}");
}

#[tokio::test]
async fn a_token_that_opens_nothing_is_tried_once_more_with_a_new_session() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.drop_openings = 1);
    assert!(start(&gateway).await.is_ok());
    assert_eq!((gateway.calls("startsession"), gateway.calls("resumesession")), (2, 0));

    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.drop_openings = 2);
    assert_eq!(start(&gateway).await.unwrap_err().reason, Reason::NotOpened);
    assert_eq!((gateway.calls("startsession"), gateway.calls("terminatesession")), (2, 2));
}

#[tokio::test]
async fn a_gateway_that_wants_no_signature_gets_none_and_that_is_remembered() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.refuse_signed = true);
    let session = start(&gateway).await.unwrap();
    gateway.fault(|faults| faults.bye_after = Some(Duration::ZERO));
    wait_for(|| gateway.connections() >= 2).await;
    gateway.fault(|faults| faults.bye_after = None);

    assert_eq!(echo(&session, b"x").await, b"x");
    assert!(gateway.signed().iter().all(|signed| !signed));
}

#[tokio::test]
async fn refused_both_ways_is_forbidden_and_leaves_no_session() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| (faults.refuse_signed, faults.refuse_unsigned) = (true, true));

    let ending = start(&gateway).await.unwrap_err();

    assert!(matches!(&ending.reason, Reason::NotLinked(LinkError::Forbidden { .. })), "{ending:?}");
    assert_eq!(gateway.calls("terminatesession"), 1);
}

#[tokio::test]
async fn a_token_goes_nowhere_else() {
    for elsewhere in ["ws://192.0.2.1:80", "wss://evil.example", "wss://jane@127.0.0.1:1"] {
        let gateway = Gateway::start().await;
        gateway.fault(|faults| faults.stream_url = Some(elsewhere.to_owned()));

        let ending = start(&gateway).await.unwrap_err();

        assert!(matches!(&ending.reason, Reason::NotLinked(LinkError::Unsafe(_))), "{ending:?}");
    }
}

#[tokio::test]
async fn a_refused_start_says_why() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.start_fails = Some(("TargetNotConnected", "i-0123456789abcdef0 is not connected.")));

    let ending = start(&gateway).await.unwrap_err();

    assert!(matches!(&ending.reason, Reason::NotStarted(aws::Error::NotConnected { .. })), "{ending:?}");
    assert_eq!((gateway.calls("startsession"), gateway.calls("terminatesession")), (1, 0));
}

#[tokio::test]
async fn a_denied_termination_is_no_failure() {
    let gateway = Gateway::start().await;
    gateway.fault(|faults| faults.terminate_denied = true);
    let session = start(&gateway).await.unwrap();

    session.end();

    assert_eq!(timeout(LONG, session.ended()).await.unwrap().reason, Reason::Left { undelivered: 0 });
}

#[tokio::test]
async fn a_sealed_session_carries_bytes_and_says_that_it_is_sealed() {
    let gateway = Gateway::with(sealed()).await;
    let session = start(&gateway).await.unwrap();

    assert!(session.about().is_encrypted);
    assert_eq!(echo(&session, b"secret").await, b"secret");
    assert_eq!(gateway.calls("generatedatakey"), 1);
}

#[tokio::test]
async fn without_the_right_key_there_is_no_session() {
    let gateway = Gateway::with(sealed()).await;
    gateway.fault(|faults| faults.key_denied = true);
    let ending = start(&gateway).await.unwrap_err();
    let Reason::Failed { failure: Failure::KeyRefused { .. }, key: Some(aws::Error::Denied { action, .. }) } = &ending.reason
    else {
        panic!("{ending:?}")
    };
    assert_eq!(*action, "kms:GenerateDataKey");

    let gateway = Gateway::with(sealed()).await;
    gateway.fault(|faults| faults.wrong_key = true);
    let ending = start(&gateway).await.unwrap_err();
    assert!(matches!(ending.reason, Reason::Failed { failure: Failure::WrongKey, .. }), "{ending:?}");
}

#[tokio::test]
async fn a_caller_who_does_not_read_makes_the_far_side_wait_and_loses_nothing() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    let bytes = pattern(40_000_000);
    gateway.say(&bytes);

    tokio::time::sleep(Duration::from_secs(3)).await;
    let received = receive(&session, bytes.len()).await;

    assert!(received == bytes, "bytes differ");
}

#[tokio::test]
async fn what_comes_while_leaving_is_kept_within_a_bound_and_the_end_still_comes() {
    let gateway = Gateway::start().await;
    let session = start(&gateway).await.unwrap();
    // What was typed must arrive first, and nobody says that it does.
    gateway.fault(|faults| faults.deaf_agent = true);
    session.send(b"x").await.unwrap();
    gateway.say(&pattern(40_000_000));

    session.end();
    timeout(LONG, session.ended()).await.expect("it did not end");

    let mut kept = 0;
    while let Some(incoming) = session.next().await {
        kept += if let Incoming::Output(bytes) = incoming { bytes.len() } else { 0 };
    }
    assert!(session.has_dropped());
    assert!(kept < 400_000, "{kept} bytes are kept");
}

#[tokio::test]
async fn a_message_larger_than_any_ends_the_session_in_words_and_nothing_is_tried_again() {
    for length in [(1 << 20) + 1, (1 << 20) + 4_096, 64 << 20] {
        let gateway = Gateway::start().await;
        let session = start(&gateway).await.unwrap();

        gateway.fault(|faults| faults.oversize = Some(length));
        let ending = timeout(LONG, session.ended()).await.expect("it did not end");

        assert_eq!((ending.reason.code(), ending.code()), ("ssm-message-too-large", 255), "{length} bytes: {ending:?}");
        assert_eq!((gateway.connections(), gateway.calls("terminatesession")), (1, 1), "{length} bytes");
    }
}

#[tokio::test]
async fn sizes_arrive_and_a_redraw_is_another_size_and_back() {
    let gateway = Gateway::start().await;
    let size = |columns, rows| Size { columns, rows };
    let session = Session::start(&gateway.cloud().await, SessionOptions { size: Some(size(80, 24)), ..options() }).await.unwrap();
    wait_for(|| gateway.sizes() == [size(80, 24)]).await;

    for columns in 81..=120 {
        session.resize(size(columns, 24));
    }
    wait_for(|| gateway.sizes().last() == Some(&size(120, 24))).await;
    assert!(gateway.sizes().len() <= 4, "{:?}", gateway.sizes());
    session.redraw();
    wait_for(|| gateway.sizes().ends_with(&[size(120, 23), size(120, 24)])).await;
}

fn options() -> SessionOptions {
    let request = SessionRequest::shell("i-0123456789abcdef0".parse().unwrap());
    SessionOptions::new(REGION.parse().unwrap(), request, Expected::Terminal)
}

async fn start(gateway: &Gateway) -> Result<Session, Box<SessionEnd>> {
    Session::start(&gateway.cloud().await, options()).await
}

/// Send bytes and take their echo, behind the prompt.
async fn echo(session: &Session, bytes: &[u8]) -> Vec<u8> {
    let (sent, received) = tokio::join!(session.send(bytes), receive(session, bytes.len()));
    sent.unwrap();
    received
}

/// So many bytes, without prompts.
async fn receive(session: &Session, length: usize) -> Vec<u8> {
    let mut received = Vec::new();
    while received.len() < length {
        let told = || format!("nothing came after {} bytes: {:?}", received.len(), session.counters());
        match timeout(LONG, session.next()).await.unwrap_or_else(|_| panic!("{}", told())) {
            Some(Incoming::Output(bytes)) if bytes == b"$ " => {}
            Some(Incoming::Output(bytes)) => received.extend(bytes),
            other => panic!("{other:?} after {} bytes", received.len()),
        }
    }
    received
}

fn text(incoming: Incoming) -> String {
    match incoming {
        Incoming::Output(bytes) => String::from_utf8(bytes).unwrap(),
        other => format!("{other:?}"),
    }
}

/// Bytes that tell when one is missing or twice.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
}
