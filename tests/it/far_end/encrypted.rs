//! Sessions under a KMS key, from GenerateDataKey to the challenge, and what a refusal says.

use std::time::Instant;

use aws_sdk_kms::primitives::Blob;
use ec2dash_sim::fleet::KmsKey;
use ec2dash_sim::{Preferences, Sim};
use ec2dash_ssm::{DATA_KEY_LENGTH, DataKey, End, Event, FreshKey, KeyRequest};

use super::client::{Client, WEB, config, demo};

#[tokio::test]
async fn a_shell_under_a_kms_key_works_and_says_so() {
    let sim = encrypted(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;

    give_key(&sim, &mut client, |_| {}).await;
    client.until_shown("$ ").await;
    client.type_in("echo $((6 * 7))\r");
    client.until_shown("42").await;

    let session = client.channel.session().unwrap();
    assert!(session.is_encrypted);
    assert_eq!(session.notice.as_ref().unwrap().as_str(), "This session is encrypted using AWS KMS.");
}

#[tokio::test]
async fn a_key_for_another_session_is_refused_in_words() {
    let sim = encrypted(&[]).await;
    let mut client = Client::shell(&sim, WEB).await;

    give_key(&sim, &mut client, |request| {
        request.context.insert("aws:ssm:SessionId".to_owned(), "another".to_owned());
    })
    .await;
    client.until_ended().await;

    assert!(ended_with(&client, "InvalidCiphertextException"), "{client:?}");
    assert!(client.output.is_empty());
}

#[tokio::test]
async fn an_instance_that_may_not_decrypt_ends_the_session_in_words() {
    let sim = encrypted(&["kms:Decrypt=deny"]).await;
    let mut client = Client::shell(&sim, WEB).await;

    give_key(&sim, &mut client, |_| {}).await;
    client.until_ended().await;

    assert!(ended_with(&client, "AccessDeniedException"), "{client:?}");
}

#[tokio::test]
async fn kms_keeps_a_data_key_to_its_context_and_knows_its_keys() {
    let sim = encrypted(&[]).await;
    let kms = aws_sdk_kms::Client::new(&config(&sim));
    let made =
        kms.generate_data_key().key_id("alias/sessions").number_of_bytes(64).encryption_context("a", "b").send().await.unwrap();
    let blob = made.ciphertext_blob.unwrap();

    let opened = kms.decrypt().ciphertext_blob(blob.clone()).encryption_context("a", "b").send().await.unwrap();
    let other = kms.decrypt().ciphertext_blob(blob).encryption_context("a", "c").send().await.unwrap_err();
    let damaged = kms.decrypt().ciphertext_blob(Blob::new([1; 80])).send().await.unwrap_err();
    let described = kms.describe_key().key_id("alias/sessions").send().await.unwrap().key_metadata.unwrap();
    let unknown = kms.describe_key().key_id("alias/none").send().await.unwrap_err();
    sim.edit(|fleet| fleet.accounts[0].kms_keys[0].is_enabled = false);
    let disabled = kms.generate_data_key().key_id(described.arn().unwrap()).number_of_bytes(64).send().await.unwrap_err();

    assert_eq!(opened.plaintext, made.plaintext);
    assert!(other.into_service_error().is_invalid_ciphertext_exception());
    assert!(damaged.into_service_error().is_invalid_ciphertext_exception());
    assert_eq!(made.key_id, described.arn);
    assert!(unknown.into_service_error().is_not_found_exception());
    assert!(disabled.into_service_error().is_disabled_exception());
}

pub async fn encrypted(faults: &[&str]) -> Sim {
    let sim = demo(faults).await;
    sim.edit(|fleet| {
        let account = &mut fleet.accounts[0];
        let id = "0d5b4a9e-6a0f-4f3c-9d7e-2f1f5a3c9b10".to_owned();
        account.kms_keys = vec![KmsKey { alias: "alias/sessions".to_owned(), id, is_enabled: true }];
        account.session_preferences = Some(Preferences { kms_key: Some("alias/sessions".to_owned()), ..Preferences::default() });
    });
    sim
}

/// Ask KMS as the channel wants it, or as changed.
pub async fn give_key(sim: &Sim, client: &mut Client, change: impl FnOnce(&mut KeyRequest)) {
    client.until("the wish for a key", |client| matches!(client.events.as_slice(), [Event::KeyWanted(_)])).await;
    let Some(Event::KeyWanted(mut request)) = client.events.pop() else { unreachable!() };
    change(&mut request);
    let kms = aws_sdk_kms::Client::new(&config(sim));
    let made = kms
        .generate_data_key()
        .key_id(request.key_id.as_str())
        .number_of_bytes(i32::try_from(DATA_KEY_LENGTH).unwrap())
        .set_encryption_context(Some(request.context.into_iter().collect()))
        .send()
        .await
        .unwrap();
    let key = DataKey::new(made.plaintext.unwrap().as_ref()).unwrap();
    let ciphertext = made.ciphertext_blob.unwrap().into_inner();
    client.channel.key(Ok(FreshKey { key, ciphertext }), Instant::now());
}

fn ended_with(client: &Client, words: &str) -> bool {
    matches!(&client.end, Some(End::Closed { output, .. }) if output.as_str().contains(words))
}
