//! What the account's preferences make of sessions: limits, users, and the document that says so.

use std::time::{Duration, Instant};

use ec2dash_sim::{Preferences, Sim};
use ec2dash_ssm::{End, Size};

use super::client::{Client, WEB, demo, ssm};

#[tokio::test]
async fn an_idle_session_ends_and_cannot_be_resumed() {
    let sim = with(Preferences { idle: Some(Duration::from_millis(600)), ..Preferences::default() }).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    let began = Instant::now();
    for columns in 100..105 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        client.channel.resize(Size { columns, rows: 24 });
        client.settle().await;
    }
    assert!(client.end.is_none(), "sizes keep a session alive");

    client.until_ended().await;

    assert!(began.elapsed() >= Duration::from_millis(1_500), "{:?}", began.elapsed());
    assert!(matches!(client.end, Some(End::Closed { .. })), "{client:?}");
    let resumed = ssm(&sim).resume_session().session_id(&client.id).send().await.unwrap();
    assert_eq!((resumed.session_id, resumed.token_value), (Some(client.id.clone()), None));
}

#[tokio::test]
async fn the_longest_duration_ends_a_busy_session() {
    let sim = with(Preferences { longest: Some(Duration::from_millis(700)), ..Preferences::default() }).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;
    client.type_in("while :; do echo busy; sleep 0.05; done\r");

    client.until_ended().await;

    assert!(client.has_shown("busy"));
}

#[tokio::test]
async fn preferences_choose_the_user_and_what_is_typed() {
    let profile = "export GREETING=good-morning".to_owned();
    let sim = with(Preferences { run_as: Some("ec2-user".to_owned()), shell_profile: profile, ..Preferences::default() }).await;
    let mut client = Client::shell(&sim, WEB).await;
    client.until_shown("$ ").await;

    client.type_in("echo $USER-$GREETING\r");

    client.until_shown("ec2-user-good-morning").await;
}

#[tokio::test]
async fn run_as_without_a_user_is_refused_in_the_agents_words() {
    let sim = with(Preferences { run_as: Some(String::new()), ..Preferences::default() }).await;
    let mut client = Client::shell(&sim, WEB).await;

    client.until_ended().await;

    assert!(matches!(&client.end, Some(End::Closed { output, .. }) if output.as_str() == "please set the RunAs default user"));
}

#[tokio::test]
async fn preferences_are_a_document_that_can_be_read_and_named() {
    let sim = with(Preferences { s3_bucket: "haneul-logs".to_owned(), ..Preferences::default() }).await;
    let name = "SSM-SessionManagerRunShell";

    let document = ssm(&sim).get_document().name(name).send().await.unwrap();
    let started = ssm(&sim).start_session().target(WEB).document_name(name).send().await;

    let content: serde_json::Value = serde_json::from_str(document.content().unwrap()).unwrap();
    assert_eq!((&content["inputs"]["s3BucketName"], &content["sessionType"]), (&"haneul-logs".into(), &"Standard_Stream".into()));
    assert!(started.is_ok());
}

async fn with(preferences: Preferences) -> Sim {
    let sim = demo(&[]).await;
    sim.edit(|fleet| fleet.accounts[0].session_preferences = Some(preferences));
    sim
}
