//! Shells over a data channel, from their first word to their end.

use std::time::{Duration, Instant};

use ec2dash_sim::Sim;
use ec2dash_ssm::{End, Size};

use super::client::{Client, WEB, config, demo, ssm};

#[tokio::test]
async fn a_shell_opens_echoes_and_exits() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;

    client.until_shown("$ ").await;
    client.type_in("echo $((6 * 7)) $USER $TERM\r");
    client.until_shown("42 ssm-user xterm-256color").await;
    client.type_in("exit 3\r");
    client.until_ended().await;

    assert!(matches!(&client.end, Some(End::Closed { output, is_complete: true }) if output.as_str().is_empty()), "{client:?}");
    assert!(client.has_shown("Nothing here is on AWS"));
    assert_eq!(states(&sim, "History").await, [(client.id.clone(), "Terminated".to_owned())]);
    assert_eq!(states(&sim, "Active").await, []);
}

#[tokio::test]
async fn the_shell_has_the_size_of_the_clients_terminal() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;

    client.channel.resize(Size { columns: 133, rows: 47 });
    client.type_in("sleep 0.3; stty size\r");

    client.until_shown("47 133").await;
}

#[tokio::test]
async fn ctrl_c_reaches_what_runs_in_the_shell() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    client.type_in("echo started; sleep 600 || echo 'stop'ped\r");
    client.until_shown("started\r\n").await;

    client.type_in("\x03");
    client.type_in("echo still'-'here\r");

    client.until_shown("still-here").await;
}

#[tokio::test]
async fn a_lost_connection_is_resumed_with_everything_that_was_said_meanwhile() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    client.type_in("sleep 0.3; seq 1 5000; echo 'do'ne\r");
    client.until_shown("seq 1 5000").await;

    client.lose();
    let gone = [(client.id.clone(), "Disconnected".to_owned())];
    while states(&sim, "Active").await != gone {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    client.resume(&sim).await;
    client.until_shown("done").await;

    let shown = String::from_utf8_lossy(&client.output).into_owned();
    let numbers: Vec<u32> = shown.lines().filter_map(|line| line.trim().parse().ok()).collect();
    assert_eq!(numbers, (1..=5000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_client_that_cuts_the_line_in_the_middle_of_output_loses_nothing() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    client.type_in("seq 1 100000; echo 'do'ne\r");

    for _ in 0..5 {
        let had = client.output.len();
        // On a busy computer the rest may have come at once.
        client.until("some output", |client| client.output.len() > had + 20_000 || client.output.ends_with(b"$ ")).await;
        client.lose();
        client.resume(&sim).await;
    }
    client.until_shown("done").await;

    let shown = String::from_utf8_lossy(&client.output).into_owned();
    let numbers: Vec<u32> = shown.lines().filter_map(|line| line.trim().parse().ok()).collect();
    assert_eq!(numbers, (1..=100_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn terminating_a_session_ends_what_runs_in_it() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    client.type_in("sleep 6173 & echo 'pid='$!\r");
    client.until("a pid", |client| pid(client).is_some()).await;
    let pid = pid(&client).unwrap();
    assert!(is_alive(pid));

    ssm(&sim).terminate_session().session_id(&client.id).send().await.unwrap();
    client.until_ended().await;

    assert!(matches!(client.end, Some(End::Closed { .. })), "{client:?}");
    gone(pid).await;
    let again = ssm(&sim).resume_session().session_id(&client.id).send().await.unwrap_err();
    assert!(again.as_service_error().unwrap().is_does_not_exist_exception());
    ssm(&sim).terminate_session().session_id(&client.id).send().await.unwrap();
}

#[tokio::test]
async fn nothing_is_left_of_a_session_when_the_cloud_is_gone() {
    for is_dropped in [true, false] {
        let sim = demo(&[]).await;
        let directory = sim.directory().to_owned();
        let mut client = Client::shell(&sim, WEB).await;
        client.until_shown("$ ").await;
        client.type_in("trap '' HUP; sleep 6174 & echo 'pid='$!\r");
        client.until("a pid", |client| pid(client).is_some()).await;
        let pid = pid(&client).unwrap();

        if is_dropped {
            drop(sim);
        } else {
            sim.stop().await;
        }

        gone(pid).await;
        assert!(!directory.exists());
    }
}

#[tokio::test]
async fn output_waits_for_a_client_that_does_not_read() {
    let sim = demo(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    client.type_in("stty -echo; head -c 10000000 /dev/zero | tr '\\0' '#'; echo; echo 'do'ne\r");
    client.settle().await;

    tokio::time::sleep(Duration::from_secs(2)).await;
    client.until_shown("done").await;

    assert_eq!(client.output.iter().filter(|byte| **byte == b'#').count(), 10_000_000 + 1);
}

#[tokio::test]
async fn an_instance_whose_agent_is_silent_or_unknown_is_not_connected() {
    let sim = demo(&[]).await;
    let lost = sim.fleet().instances().find(|instance| instance.name() == "mail-1").unwrap().id.clone();
    let status = |target: &str| {
        let call = ssm(&sim).get_connection_status().target(target);
        async move { call.send().await.unwrap().status.unwrap().as_str().to_owned() }
    };

    for target in [lost.as_str(), "i-0000000000000000f"] {
        let error = ssm(&sim).start_session().target(target).send().await.unwrap_err();
        let error = error.as_service_error().unwrap();
        assert!(error.is_target_not_connected());
        assert_eq!(error.meta().message(), Some(format!("{target} is not connected.").as_str()));
        assert_eq!(status(target).await, "notconnected");
    }
    assert_eq!(status(WEB).await, "connected");
}

#[tokio::test]
async fn an_unknown_document_and_a_missing_permission_are_refused() {
    let sim = demo(&["ssm:StartSession=deny@2"]).await;

    let unknown = ssm(&sim).start_session().target(WEB).document_name("Nonsense").send().await.unwrap_err();
    let denied = ssm(&sim).start_session().target(WEB).send().await.unwrap_err();

    assert!(unknown.as_service_error().unwrap().is_invalid_document());
    let denied = denied.into_service_error();
    assert_eq!(denied.meta().code(), Some("AccessDeniedException"));
    let words = format!(
        "is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:ap-northeast-2:210987654321:instance/{WEB}"
    );
    assert!(denied.meta().message().unwrap().contains(&words), "{denied:?}");
}

#[tokio::test]
async fn sessions_are_listed_newest_first_in_pages() {
    let sim = demo(&[]).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(ssm(&sim).start_session().target(WEB).send().await.unwrap().session_id.unwrap());
    }
    ids.reverse();
    assert!(ids.iter().all(|id| id.starts_with("jiwoo-") && id.len() <= 96), "{ids:?}");

    let mut pages = aws_sdk_ssm::Client::new(&config(&sim))
        .describe_sessions()
        .state(aws_sdk_ssm::types::SessionState::Active)
        .into_paginator()
        .page_size(2)
        .send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(page.unwrap().sessions.unwrap().into_iter().map(|session| session.session_id.unwrap()));
    }

    assert_eq!(listed, ids);
}

async fn states(sim: &Sim, state: &str) -> Vec<(String, String)> {
    let listed = ssm(sim).describe_sessions().state(state.into()).send().await.unwrap();
    let sessions = listed.sessions.unwrap_or_default().into_iter();
    sessions.map(|session| (session.session_id.unwrap(), session.status.unwrap().as_str().to_owned())).collect()
}

fn pid(client: &Client) -> Option<i32> {
    let shown = String::from_utf8_lossy(&client.output).into_owned();
    shown.lines().find_map(|line| line.trim().strip_prefix("pid=")?.parse().ok())
}

fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

async fn gone(pid: i32) {
    let limit = Instant::now() + Duration::from_secs(5);
    while is_alive(pid) {
        assert!(Instant::now() < limit, "{pid} still runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
