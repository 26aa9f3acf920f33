//! A data channel as bad as asked for: what is carried still arrives, and what cannot be repaired is told.

use std::time::{Duration, Instant};

use ec2dash_sim::{Habits, Options, Sim};
use ec2dash_ssm::{Event, Expected, Failure, Reading, Step};
use tokio_tungstenite::tungstenite::Message;

use super::client::{Access, Client, WEB, connect, demo, ssm, start};
use super::encrypted::{encrypted, give_key};
use super::ports::echo;

const FORWARD: &str = "AWS-StartPortForwardingSession";

#[tokio::test]
async fn everything_arrives_over_a_link_that_drops_doubles_reorders_and_damages() {
    let faults = ["drop:5%:3", "drop-acks:5%:3", "duplicate:10%:3", "reorder:64:3", "flip:1%:3"];
    let faults = faults.map(|fault| format!("ssmmessages:*={fault}").parse().unwrap()).to_vec();
    let agents = Habits { payload: 16_384, ..Habits::default() };
    let sim = Sim::start(Options { faults, agents, ..Options::default() }).await.unwrap();
    let mut client = forward(&sim).await;
    let bytes = noise(1_500_000);

    let back = through(&sim, &mut client, &bytes).await;

    assert!(back == bytes);
    let counters = client.channel.counters();
    assert!(counters.duplicates > 0 && counters.damaged > 0 && counters.resent > 0 && counters.early > 0, "{counters:?}");
}

#[tokio::test]
async fn a_session_outlives_connections_that_close_and_break() {
    for fault in ["ssmmessages:Down=close:300kB", "ssmmessages:Up=reset:300kB", "ssmmessages:*=close:200ms"] {
        let sim = demo(&[fault]).await;
        let mut client = forward(&sim).await;
        let bytes = noise(2_000_000);

        let back = through(&sim, &mut client, &bytes).await;

        assert!(back == bytes, "{fault}");
        let resumed = sim.calls().iter().filter(|call| call.action == "ssm:ResumeSession").count();
        assert!(resumed >= 2 || fault.ends_with("ms"), "{fault}: {resumed}");
    }
}

#[tokio::test]
async fn the_gateway_closes_with_code_1000_and_bye() {
    let sim = demo(&["ssmmessages:Down=close:100ms"]).await;
    let mut socket = connect(&start(&sim, WEB, None, &[]).await).await.unwrap();

    let frame = loop {
        if let Message::Close(frame) = futures_util::StreamExt::next(&mut socket).await.unwrap().unwrap() {
            break frame.unwrap();
        }
    };

    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (1000, "Bye"));
}

#[tokio::test]
async fn a_stalled_connection_stays_open_and_says_nothing_until_it_is_replaced() {
    let sim = demo(&["ssmmessages:*=stall:500ms@1"]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    client.type_in("echo is'-'back\r");

    let until = Instant::now() + Duration::from_secs(1);
    client.until("a second", |_| Instant::now() > until).await;
    assert!(client.socket.is_some() && !client.has_shown("is-back"), "{client:?}");

    client.lose();
    client.resume(&sim).await;
    client.until_shown("is-back").await;
}

#[tokio::test]
async fn a_pause_is_told_and_ends() {
    let sim = demo(&["ssmmessages:Down=pause:1s"]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until("the pause", |client| client.channel.is_paused()).await;

    client.type_in("echo is'-'back\r");
    client.until("the end of the pause", |client| !client.channel.is_paused()).await;

    client.until_shown("is-back").await;
}

#[tokio::test]
async fn a_slow_line_is_slow_both_ways() {
    let sim = demo(&["ssmmessages:Up=delay:200ms", "ssmmessages:Down=delay:300ms"]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;

    let typed = Instant::now();
    client.type_in("echo is'-'here\r");
    client.until_shown("is-here").await;

    assert!(typed.elapsed() >= Duration::from_millis(500), "{:?}", typed.elapsed());
}

#[tokio::test]
async fn a_resume_is_refused_in_every_way() {
    let faults = ["ssm:ResumeSession=no-token@1", "ssm:ResumeSession=error:DoesNotExistException@2", "ssm:ResumeSession=deny@3"];
    let sim = demo(&faults).await;
    let access = start(&sim, WEB, None, &[]).await;
    let resume = || ssm(&sim).resume_session().session_id(&access.id).send();

    let without = resume().await.unwrap();
    let unknown = resume().await.unwrap_err().into_service_error();
    let denied = resume().await.unwrap_err().into_service_error();

    assert_eq!((without.session_id.as_deref(), without.token_value, without.stream_url), (Some(&*access.id), None, None));
    assert!(unknown.is_does_not_exist_exception());
    assert_eq!(denied.meta().code(), Some("AccessDeniedException"));
    Client::open(WEB, &access, Expected::Terminal).await.until_shown("$ ").await;
}

#[tokio::test]
async fn a_session_that_moved_is_found_at_its_new_url_alone() {
    let sim = demo(&["ssm:ResumeSession=other-url"]).await;
    let access = start(&sim, WEB, None, &[]).await;
    let resumed = ssm(&sim).resume_session().session_id(&access.id).send().await.unwrap();
    let moved = Access { id: access.id.clone(), token: resumed.token_value.unwrap(), url: resumed.stream_url.unwrap() };
    assert_ne!(moved.url, access.url);

    let mut old = connect(&Access { url: access.url, ..moved.clone() }).await.unwrap();
    let next = futures_util::StreamExt::next(&mut old).await;
    assert!(matches!(next, None | Some(Ok(Message::Close(_)) | Err(_))), "{next:?}");

    Client::open(WEB, &moved, Expected::Terminal).await.until_shown("$ ").await;
}

#[tokio::test]
async fn an_agent_with_another_key_is_found_out() {
    let sim = encrypted(&["kms:Decrypt=corrupt"]).await;
    let mut client = Client::shell(&sim, WEB).await;

    give_key(&sim, &mut client, |_| {}).await;
    client.until_ended().await;

    assert_eq!(client.end, Some(ec2dash_ssm::End::Failed(Failure::WrongKey)));
}

#[tokio::test]
async fn a_lost_kind_of_message_is_missed_and_the_handshake_stops_there() {
    let sim = demo(&["ssmmessages:Down=lose:HandshakeComplete"]).await;
    let port = echo().await.to_string();
    let access = start(&sim, WEB, Some(FORWARD), &[("portNumber", &port)]).await;
    let mut client = Client::open(WEB, &access, Expected::Port).await;
    client.until("an answer to the handshake", |client| client.channel.counters().sent == 1).await;

    client.channel.handle_timeout(Instant::now() + Duration::from_secs(31));
    client.until_ended().await;

    let timed_out = Failure::HandshakeTimedOut { step: Step::Completion };
    assert_eq!(client.end, Some(ec2dash_ssm::End::Failed(timed_out)));
}

async fn forward(sim: &Sim) -> Client {
    let port = echo().await.to_string();
    let mut client = Client::open(WEB, &start(sim, WEB, Some(FORWARD), &[("portNumber", &port)]).await, Expected::Port).await;
    let limit = Instant::now() + Duration::from_secs(20);
    while !client.events.iter().any(|event| matches!(event, Event::Ready(_))) {
        assert!(Instant::now() < limit && client.end.is_none(), "{client:?}");
        client.step(sim).await;
    }
    client
}

/// What a connection brings back of `bytes`, however often the session has to be resumed.
async fn through(sim: &Sim, client: &mut Client, bytes: &[u8]) -> Vec<u8> {
    let stream = client.channel.open(Instant::now()).unwrap();
    let (mut sent, mut back) = (0, Vec::new());
    let limit = Instant::now() + Duration::from_secs(60);
    while back.len() < bytes.len() {
        assert!(Instant::now() < limit, "{} of {} bytes; {client:?}", back.len(), bytes.len());
        sent += client.channel.write(stream, &bytes[sent..], Instant::now());
        client.step(sim).await;
        while let Reading::Bytes(bytes) = client.channel.read(stream, 65_536, Instant::now()) {
            back.extend(bytes);
        }
    }
    back
}

fn noise(length: u32) -> Vec<u8> {
    (0..length).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}
