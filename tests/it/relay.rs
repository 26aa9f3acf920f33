//! What stays when one way of a relay has ended: whose silence it is, and what is said of it.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use ec2dash::aws::SessionRequest;
use ec2dash::session::relay::relay;
use ec2dash::session::{LinkState, Session, SessionOptions};
use ec2dash_ssm::Expected;
use tokio::io::{AsyncReadExt, duplex};
use tokio::time::{sleep, timeout};

use crate::support::gateway::{Gateway, REGION};

const LONG: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(300);

/// A session that echoes.
async fn session(gateway: &Gateway) -> Session {
    let request = SessionRequest::shell("i-0123456789abcdef0".parse().unwrap());
    Session::start(&gateway.cloud().await, SessionOptions::new(REGION.parse().unwrap(), request, Expected::Terminal))
        .await
        .unwrap()
}

#[tokio::test]
async fn the_time_of_a_lost_link_is_no_silence_of_the_far_sides() {
    let gateway = Gateway::start().await;
    let session = session(&gateway).await;
    let mut link = session.link();
    gateway.fault(|faults| (faults.resume_fails, faults.bye_after) = (true, Some(Duration::ZERO)));
    timeout(LONG, link.wait_for(|link| matches!(link, LinkState::Lost { .. }))).await.unwrap().unwrap();
    let (mut shown, output) = duplex(1 << 20);
    let mut relaying = pin!(relay(&session, &b"question"[..], output, pending(), PAUSE));

    let waited = timeout(PAUSE * 5, &mut relaying).await;
    assert!(waited.is_err(), "it left while nothing could come: {waited:?}");
    gateway.fault(|faults| (faults.resume_fails, faults.bye_after) = (false, None));
    let relayed = timeout(LONG, relaying).await.unwrap();

    let mut text = String::new();
    shown.read_to_string(&mut text).await.unwrap();
    assert!(text.ends_with("question"), "{text:?}");
    assert!(relayed.was_silent, "it has not closed, which is to be said: {relayed:?}");
}

#[tokio::test]
async fn the_time_in_which_the_output_is_not_taken_is_no_silence_of_the_far_sides() {
    let gateway = Gateway::start().await;
    let session = session(&gateway).await;
    let sent = vec![b'x'; 2 << 20];
    let (mut shown, output) = duplex(1024);
    let slow_reader = async {
        let mut text = vec![0; 100];
        shown.read_exact(&mut text).await.unwrap();
        sleep(PAUSE * 8).await;
        shown.read_to_end(&mut text).await.unwrap();
        text
    };

    let both = async { tokio::join!(relay(&session, &sent[..], output, pending(), PAUSE), slow_reader) };
    let (relayed, text) = timeout(LONG, both).await.unwrap();

    assert!(relayed.output.is_none(), "{:?}", relayed.output);
    assert_eq!(text.iter().filter(|byte| **byte == b'x').count(), sent.len());
}
