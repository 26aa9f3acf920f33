//! What sessions cost: nothing while nothing happens, and nothing once they are gone.

use std::time::{Duration, Instant};

use ec2dash_sim::SessionEnd;
use ec2dash_ssm::{Event, Expected, Reading, StreamChange};

use super::client::{Client, WEB, demo, start};
use super::ports::echo;

#[tokio::test]
async fn a_session_that_waits_uses_no_processor() {
    let sim = demo(&["ssmmessages:*=delay:100ms@3", "ssmmessages:*=stall:100ms@4", "ssmmessages:Down=pause:10s@5"]).await;
    let mut idle = Client::shell(&sim, WEB).await;
    idle.until_shown("$ ").await;
    let mut unread = Client::shell(&sim, WEB).await;
    unread.until_shown("$ ").await;
    unread.type_in("cat /dev/zero | tr '\\0' '#'\r");
    unread.settle().await;
    let mut bad = Vec::new();
    for _ in 0..3 {
        let mut client = Client::shell(&sim, WEB).await;
        client.until("the first word", |client| !client.output.is_empty()).await;
        client.type_in("cat /dev/zero | tr '\\0' '#'\r");
        client.settle().await;
        bad.push(client);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;

    let before = processor_time();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let used = processor_time() - before;

    // An agent whose client does not acknowledge sends its oldest message again, as the real one does.
    assert!(used < Duration::from_millis(200), "{used:?} of two seconds");
}

#[tokio::test]
async fn many_connections_leave_nothing_behind() {
    let sim = demo(&[]).await;
    let port = echo().await.to_string();
    let access = start(&sim, WEB, Some("AWS-StartPortForwardingSession"), &[("portNumber", &port)]).await;
    let mut client = Client::open(WEB, &access, Expected::Port).await;
    client.until("the session", |client| client.events.iter().any(|event| matches!(event, Event::Ready(_)))).await;
    let before = descriptors();

    for round in 0..6_u8 {
        let streams: Vec<_> = (0..50).map(|_| client.channel.open(Instant::now()).unwrap()).collect();
        for stream in &streams {
            assert_eq!(client.channel.write(*stream, &[round; 100], Instant::now()), 100);
        }
        for stream in &streams {
            let mut back = Vec::new();
            client
                .until("the echo", |client| {
                    while let Reading::Bytes(bytes) = client.channel.read(*stream, 65_536, Instant::now()) {
                        back.extend(bytes);
                    }
                    back.len() == 100
                })
                .await;
            client.channel.abandon(*stream, Instant::now());
        }
    }

    let limit = Instant::now() + Duration::from_secs(10);
    while descriptors() > before {
        assert!(Instant::now() < limit, "{} descriptors, {before} before", descriptors());
        client.settle().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!client.changes.iter().any(|(_, change)| *change == StreamChange::Refused), "{client:?}");
}

#[tokio::test]
async fn a_healthy_link_repeats_nothing_and_ended_sessions_are_reported() {
    let sim = demo(&[]).await;
    let before = descriptors();
    for _ in 0..5 {
        let mut client = Client::shell(&sim, WEB).await;
        client.until_shown("$ ").await;
        client.type_in("seq 1 1000; exit\r");
        client.until_ended().await;
        assert_eq!(client.channel.counters().duplicates, 0, "{client:?}");
    }

    let reports = sim.sessions();
    assert_eq!(reports.len(), 5);
    for report in reports {
        assert_eq!((report.connections, report.ended), (1, Some(SessionEnd::Terminated)), "{report:?}");
        assert_eq!((report.counters.duplicates, report.counters.damaged, report.counters.malformed), (0, 0, 0), "{report:?}");
    }
    let limit = Instant::now() + Duration::from_secs(10);
    while descriptors() > before {
        assert!(Instant::now() < limit, "{} descriptors, {before} before", descriptors());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// User and system time of this process, from the fourteenth and fifteenth field.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
