//! Port sessions: every byte through each of the three modes, and what happens when a port does not answer.

use std::time::{Duration, Instant};

use ec2dash_sim::Sim;
use ec2dash_ssm::{End, Event, Expected, PortMode, Reading, SessionKind, StreamChange, StreamId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::client::{Client, WEB, demo, start};
use crate::support::tools::ClosedPort;

const FORWARD: &str = "AWS-StartPortForwardingSession";
const REMOTE: &str = "AWS-StartPortForwardingSessionToRemoteHost";
/// The last agent without multiplexing, and the first with it; then with the keep-alive, and without.
const VERSIONS: [(&str, PortMode); 6] = [
    ("2.3.700.0", PortMode::OneByOne),
    ("3.0.196.0", PortMode::OneByOne),
    ("3.0.197.0", PortMode::Multiplexed),
    ("3.1.1511.0", PortMode::Multiplexed),
    ("3.1.1512.0", PortMode::Multiplexed),
    ("3.3.987.0", PortMode::Multiplexed),
];

#[tokio::test]
async fn the_agents_version_decides_how_connections_are_carried() {
    let sim = demo(&[]).await;
    let port = echo().await.to_string();
    for (version, mode) in VERSIONS {
        set_agent(&sim, version);

        let mut client = forward(&sim, FORWARD, &[("portNumber", &port)]).await;
        let bytes = every_byte();
        let back = through(&mut client, &bytes).await;

        assert_eq!(client.channel.session().unwrap().kind, SessionKind::Port(mode), "{version}");
        assert!(back == bytes, "{version}");
    }
}

#[tokio::test]
async fn the_ssh_document_reaches_the_instances_ssh_server() {
    let sim = demo(&[]).await;

    let mut client = forward(&sim, "AWS-StartSSHSession", &[]).await;

    client.until_shown("SSH-2.0-ec2dash-sim").await;
    assert_eq!(client.channel.session().unwrap().kind, SessionKind::Port(PortMode::Single));
    assert_eq!(client.channel.session().unwrap().properties["portNumber"].as_str(), "22");
}

#[tokio::test]
async fn every_byte_comes_back_through_a_single_connection_and_its_end_is_the_sessions() {
    let sim = demo(&[]).await;
    let port = echo().await.to_string();
    let mut client = forward(&sim, "AWS-StartSSHSession", &[("portNumber", &port)]).await;
    let bytes = every_byte();

    for byte in 0..=u8::MAX {
        assert_eq!(client.channel.send(&[byte], Instant::now()), 1);
        client.settle().await;
    }
    let mut sent = 256;
    while sent < bytes.len() {
        client.until("room", |client| client.channel.has_room()).await;
        sent += client.channel.send(&bytes[sent..], Instant::now());
    }
    client.until("the echo", |client| client.output.len() == bytes.len()).await;
    assert!(client.output == bytes);

    client.channel.close(Instant::now());
    client.until_ended().await;
    assert!(matches!(client.end, Some(End::Left { undelivered: 0 })), "{client:?}");
}

#[tokio::test]
async fn a_server_that_closes_ends_a_single_connection_with_all_it_said() {
    let sim = demo(&[]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(&vec![b'x'; 3_000_000]).await.unwrap();
    });

    let mut client = forward(&sim, "AWS-StartSSHSession", &[("portNumber", &port)]).await;
    client.until_ended().await;

    server.await.unwrap();
    assert_eq!(client.output.len(), 3_000_000);
    assert!(matches!(&client.end, Some(End::Closed { is_complete: true, .. })), "{client:?}");
}

#[tokio::test]
async fn a_refused_port_is_told_in_each_modes_way() {
    let sim = demo(&[]).await;
    let closed = ClosedPort::new();
    let nobody = closed.number().to_string();

    let mut single = forward_unready(&sim, "AWS-StartSSHSession", &[("portNumber", &nobody)]).await;
    single.until_ended().await;
    assert!(matches!(&single.end, Some(End::Closed { output, .. }) if output.as_str().is_empty()), "{single:?}");

    let mut many = forward(&sim, FORWARD, &[("portNumber", &nobody)]).await;
    let stream = many.channel.open(Instant::now()).unwrap();
    many.until("the refusal", |client| client.changes.contains(&(stream, StreamChange::Refused))).await;
    assert!(many.end.is_none(), "the session goes on");

    set_agent(&sim, "2.3.700.0");
    let mut old = forward_unready(&sim, FORWARD, &[("portNumber", &nobody)]).await;
    old.until_ended().await;
    let words = "Unable to connect to specified port: ";
    assert!(matches!(&old.end, Some(End::Closed { output, .. }) if output.as_str().starts_with(words)), "{old:?}");
}

#[tokio::test]
async fn nobody_is_behind_an_instance_and_neither_it_nor_its_metadata_may_be_asked_for() {
    let sim = demo(&[]).await;
    let port = echo().await.to_string();

    let mut away = forward(&sim, REMOTE, &[("host", "db.example.com"), ("portNumber", &port)]).await;
    let stream = away.channel.open(Instant::now()).unwrap();
    away.until("the refusal", |client| client.changes.contains(&(stream, StreamChange::Refused))).await;

    for (host, address) in [("169.254.169.254", "169.254.169.254"), ("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1")] {
        let mut refused = forward_unready(&sim, REMOTE, &[("host", host), ("portNumber", &port)]).await;
        refused.until_ended().await;

        let words = format!("Forwarding to IP address {address} is forbidden.");
        assert!(matches!(&refused.end, Some(End::Closed { output, .. }) if output.as_str() == words), "{refused:?}");
    }
}

#[tokio::test]
async fn one_connection_that_nobody_reads_does_not_hold_up_the_others() {
    let sim = demo(&[]).await;
    let port = echo().await.to_string();
    let mut client = forward(&sim, FORWARD, &[("portNumber", &port)]).await;
    let stuck = client.channel.open(Instant::now()).unwrap();
    for _ in 0..40 {
        let room = client.channel.room(stuck).min(50_000);
        let _ = client.channel.write(stuck, &vec![7; room], Instant::now());
        client.settle().await;
    }

    for _ in 0..20 {
        let back = through(&mut client, b"still here").await;
        assert_eq!(back, b"still here");
    }
}

#[tokio::test]
async fn one_connection_after_another_reaches_a_new_one_of_the_servers() {
    let sim = demo(&[]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    tokio::spawn(async move {
        for number in 0_u8.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 3];
            if stream.read_exact(&mut asked).await.is_ok() {
                stream.write_all(&[b'0' + number]).await.unwrap();
                let _ = stream.read(&mut asked).await;
            }
        }
    });
    set_agent(&sim, "3.0.196.0");
    let mut client = forward(&sim, FORWARD, &[("portNumber", &port)]).await;

    let mut answers = Vec::new();
    for _ in 0..3 {
        client.until("room for a connection", |client| client.channel.can_open()).await;
        let stream = client.channel.open(Instant::now()).unwrap();
        assert_eq!(client.channel.write(stream, b"who", Instant::now()), 3);
        answers.extend(read(&mut client, stream, 1).await);
        client.channel.abandon(stream, Instant::now());
        client.settle().await;
    }

    assert_eq!(answers, b"012");
}

#[tokio::test]
async fn parameters_that_do_not_fit_are_refused() {
    let sim = demo(&[]).await;
    let refused = |name: &'static str, value: &'static str| {
        let call =
            super::client::ssm(&sim).start_session().target(WEB).document_name(FORWARD).parameters(name, vec![value.to_owned()]);
        async move { call.send().await.unwrap_err().into_service_error().meta().code().map(str::to_owned) }
    };

    assert_eq!(refused("portNumber", "70000").await.as_deref(), Some("InvalidParameters"));
    assert_eq!(refused("localPort", "1").await.as_deref(), Some("InvalidParameters"));
}

async fn forward_unready(sim: &Sim, document: &str, parameters: &[(&str, &str)]) -> Client {
    Client::open(WEB, &start(sim, WEB, Some(document), parameters).await, Expected::Port).await
}

async fn forward(sim: &Sim, document: &str, parameters: &[(&str, &str)]) -> Client {
    let mut client = forward_unready(sim, document, parameters).await;
    client.until("the session", |client| client.events.iter().any(|event| matches!(event, Event::Ready(_)))).await;
    client
}

/// What a connection brings back of `bytes`.
async fn through(client: &mut Client, bytes: &[u8]) -> Vec<u8> {
    let stream = client.channel.open(Instant::now()).unwrap();
    let (mut sent, mut back) = (0, Vec::new());
    let limit = Instant::now() + Duration::from_secs(20);
    while back.len() < bytes.len() {
        assert!(Instant::now() < limit, "{} of {} bytes; {client:?}", back.len(), bytes.len());
        sent += client.channel.write(stream, &bytes[sent..], Instant::now());
        client.settle().await;
        take(client, stream, &mut back);
        tokio::task::yield_now().await;
    }
    client.channel.abandon(stream, Instant::now());
    client.settle().await;
    back
}

async fn read(client: &mut Client, stream: StreamId, length: usize) -> Vec<u8> {
    let mut back = Vec::new();
    client
        .until("an answer", |client| {
            take(client, stream, &mut back);
            back.len() >= length
        })
        .await;
    back
}

fn take(client: &mut Client, stream: StreamId, back: &mut Vec<u8>) {
    while let Reading::Bytes(bytes) = client.channel.read(stream, 65_536, Instant::now()) {
        back.extend(bytes);
    }
}

fn every_byte() -> Vec<u8> {
    (0..=u8::MAX).chain((0..700_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8)).collect()
}

fn set_agent(sim: &Sim, version: &str) {
    sim.edit(|fleet| fleet.instance_mut(WEB).unwrap().agent.as_mut().unwrap().version = version.to_owned());
}

/// A server that says everything again.
pub async fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reader, mut writer) = stream.into_split();
                let _ = tokio::io::copy(&mut reader, &mut writer).await;
            });
        }
    });
    port
}
