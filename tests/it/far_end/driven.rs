//! The driver against the simulated cloud: encrypted shells, and ports over links as bad as asked for.

use std::time::Duration;

use ec2dash::aws::{self, Cloud, Environment, SessionRequest};
use ec2dash::model::{AllowedPrograms, Fact};
use ec2dash::session::{Incoming, Reason, Session, SessionEnd, SessionOptions};
use ec2dash_sim::{Habits, Options, Sim};
use ec2dash_ssm::{Expected, PortMode, SessionKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::client::{WEB, demo};
use super::encrypted::encrypted;
use super::ports::echo;

const SEOUL: &str = "ap-northeast-2";
const LONG: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_under_a_kms_key_opens_and_says_that_it_is_encrypted() {
    let sim = encrypted(&[]).await;
    let session = shell(&sim).await.unwrap();

    session.send(b"echo $((6*7))\r").await.unwrap();

    shows(&session, "42").await;
    assert!(session.about().is_encrypted);
    session.end();
    assert!(matches!(timeout(LONG, session.ended()).await.unwrap().reason, Reason::Left { undelivered: 0 }));
    assert_eq!(calls(&sim, "ssm:TerminateSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_key_is_told_and_nothing_is_sent_in_the_clear() {
    for (fault, action) in [("kms:GenerateDataKey=deny", Some("kms:GenerateDataKey")), ("kms:Decrypt=deny", None)] {
        let sim = encrypted(&[fault]).await;

        let ending = shell(&sim).await.unwrap_err();

        match action {
            Some(wanted) => {
                let Some(aws::Error::Denied { action, .. }) = ending.reason.aws() else { panic!("{ending:?}") };
                assert_eq!(*action, wanted);
            }
            None => assert!(matches!(&ending.reason, Reason::Closed { words, .. } if !words.is_empty()), "{ending:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_share_a_session_and_a_closed_port_refuses_its_own_alone() {
    let sim = demo(&[]).await;
    let session = forward(&sim, echo().await).await;
    assert_eq!(session.about().kind, SessionKind::Port(PortMode::Multiplexed));
    let bytes = noise(300_000);

    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let stream = session.open_stream().await.unwrap();
        let bytes = bytes.clone();
        tasks.spawn(async move { through(stream, &bytes).await == bytes });
    }
    let all = timeout(LONG, tasks.join_all()).await.unwrap();
    assert_eq!(all, [true; 8]);

    let closed = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let session = forward(&sim, closed).await;
    let mut stream = session.open_stream().await.unwrap();
    let refused = timeout(LONG, stream.read_u8()).await.unwrap().unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(stream.was_refused());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_whole_over_a_link_that_drops_doubles_reorders_damages_and_closes() {
    let faults = ["*=drop:5%:3", "*=drop-acks:5%:3", "*=duplicate:10%:3", "*=reorder:64:3", "*=flip:2%:3", "*=close:1MB"];
    let faults = faults.map(|fault| format!("ssmmessages:{fault}").parse().unwrap()).to_vec();
    // Larger payloads: the agent repairs ten messages a second, however large.
    let agents = Habits { payload: 16_384, ..Habits::default() };
    let sim = Sim::start(Options { faults, agents, ..Options::default() }).await.unwrap();
    let session = forward(&sim, echo().await).await;
    let bytes = noise(8 << 20);

    let back = timeout(LONG, through(session.open_stream().await.unwrap(), &bytes)).await.unwrap();

    assert!(back == bytes, "bytes differ");
    let (here, there) = (session.counters(), sim.sessions()[0].counters);
    assert!(here.duplicates > 0 && here.damaged + there.damaged > 0 && here.resent > 0, "{here:?} {there:?}");
    assert!(calls(&sim, "ssm:ResumeSession") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_whole_over_connections_whose_gateway_keeps_nothing() {
    let faults = ["*=close:300kB", "*=delay:5ms"].map(|fault| format!("ssmmessages:{fault}").parse().unwrap()).to_vec();
    let agents: Habits = "payload=16384,window=16,gateway=forgets".parse().unwrap();
    let sim = Sim::start(Options { faults, agents, ..Options::default() }).await.unwrap();
    let session = forward(&sim, echo().await).await;
    let bytes = noise(1_500_000);

    let back = timeout(LONG, through(session.open_stream().await.unwrap(), &bytes)).await.unwrap();

    assert!(back == bytes, "bytes differ");
    assert!(calls(&sim, "ssm:ResumeSession") > 2 && sim.sessions()[0].counters.resent > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_before_the_shell_is_there_is_refused_and_sent_again() {
    let agents: Habits = "ready-after=300ms".parse().unwrap();
    let sim = Sim::start(Options { agents, ..Options::default() }).await.unwrap();
    let session = shell(&sim).await.unwrap();

    for line in ["echo $((6*7))\r", "echo $((6*8))\r", "echo $((6*9))\r"] {
        session.send(line.as_bytes()).await.unwrap();
    }

    shows(&session, "54").await;
    assert!(session.counters().resent > 0, "{:?}", session.counters());
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_and_the_agents_channel_are_read() {
    let sim = encrypted(&[]).await;
    let cloud = cloud(&sim).await;
    let region = SEOUL.parse().unwrap();

    assert!(cloud.session_preferences(&region).await.unwrap().key.is_some());
    assert!(cloud.is_connected(&region, &WEB.parse().unwrap()).await.unwrap());
    let rows = cloud.find(&region, &"batch-worker-1".parse().unwrap()).await.unwrap();
    assert!(matches!(rows[0].ssm, Fact::Pending));
    assert!(!cloud.is_connected(&region, &rows[0].id).await.unwrap());
}

async fn cloud(sim: &Sim) -> Cloud {
    let options = aws::Options {
        profile: None,
        region: None,
        timeout: Duration::from_secs(15),
        version: "0",
        programs: AllowedPrograms::default(),
        roles: Default::default(),
        sessions: Default::default(),
    };
    Cloud::open_in(&options, Environment::new(sim.environment())).await.unwrap()
}

async fn shell(sim: &Sim) -> Result<Session, Box<SessionEnd>> {
    let request = SessionRequest::shell(WEB.parse().unwrap());
    Session::start(&cloud(sim).await, SessionOptions::new(SEOUL.parse().unwrap(), request, Expected::Terminal)).await
}

async fn forward(sim: &Sim, port: u16) -> Session {
    let request = SessionRequest {
        document: Some("AWS-StartPortForwardingSession"),
        parameters: [("portNumber", vec![port.to_string()])].into(),
        ..SessionRequest::shell(WEB.parse().unwrap())
    };
    let options = SessionOptions::new(SEOUL.parse().unwrap(), request, Expected::Port);
    Session::start(&cloud(sim).await, options).await.unwrap()
}

/// Send bytes through a connection and take their echo.
async fn through(stream: ec2dash::session::Stream, bytes: &[u8]) -> Vec<u8> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let send = async {
        writer.write_all(bytes).await.unwrap();
    };
    let receive = async {
        let mut back = vec![0; bytes.len()];
        reader.read_exact(&mut back).await.unwrap();
        back
    };
    tokio::join!(send, receive).1
}

async fn shows(session: &Session, wanted: &str) {
    let mut shown = String::new();
    while !shown.contains(wanted) {
        match timeout(LONG, session.next()).await.expect("nothing came") {
            Some(Incoming::Output(bytes)) => shown.push_str(&String::from_utf8_lossy(&bytes)),
            other => panic!("{other:?} after {shown:?}"),
        }
    }
}

fn calls(sim: &Sim, action: &str) -> usize {
    sim.calls().iter().filter(|call| call.action == action).count()
}

fn noise(length: u32) -> Vec<u8> {
    (0..length).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}
