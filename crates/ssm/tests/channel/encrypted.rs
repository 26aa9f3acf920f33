//! A session under a KMS key: whole, or refused in words, and never in clear text.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use ec2dash_ssm::frame::{Digest, Frame};
use ec2dash_ssm::handshake::Challenge;
use ec2dash_ssm::{AgentEvent, Cipher, DataKey, End, Event, Failure, FreshKey, Step};

use super::link::{Direction, Link, Play};

const OUTPUT: u32 = 1;
const COMPLETE: u32 = 7;
const CHALLENGE: u32 = 8;
const PROOF: u32 = 9;

#[test]
fn an_encrypted_session_carries_bytes_and_no_clear_text() {
    let mut link = Link::new(Play::EncryptedShell);
    let seen = watch(&mut link);
    link.print(b"the secret of the far side");
    link.type_in(b"the secret of the near side");

    link.run_until_equal(Duration::from_secs(5));

    let session = link.client.session().unwrap();
    assert!(session.is_encrypted);
    assert_eq!(session.notice.as_ref().unwrap().as_str(), "This session is encrypted using AWS KMS.");
    assert!(!contains(&seen.borrow(), b"secret"));
}

#[test]
fn both_ends_ask_kms_with_the_same_context() {
    let mut link = Link::new(Play::EncryptedShell);
    link.ready();

    let asked = link.events.iter().find_map(|event| match event {
        Event::KeyWanted(request) => Some(request.context.clone()),
        _ => None,
    });
    let opened = link.agent_events.iter().find_map(|event| match event {
        AgentEvent::KeyToOpen(key) => Some((key.context.clone(), key.ciphertext.clone())),
        _ => None,
    });

    let (context, ciphertext) = opened.unwrap();
    assert_eq!(asked.unwrap(), context);
    assert_eq!(context["aws:ssm:RandomChallenge"], "MDEyMzQ1Njc4OWFiY2RlZg==");
    assert_eq!(ciphertext, b"sealed");
}

#[test]
fn a_wrong_key_is_refused_in_words_and_nothing_is_sent_in_clear_text() {
    let mut link = Link::new(Play::EncryptedShell);
    link.agent_key = vec![9; 64];
    let seen = watch(&mut link);
    link.type_in(b"the secret of the near side");
    link.print(b"the secret of the far side");

    link.run_for(Duration::from_secs(60));

    assert_eq!(link.end(), Some(&End::Failed(Failure::WrongKey)));
    assert_eq!(Failure::WrongKey.to_string(), "the agent does not have this session's key");
    assert!(!contains(&seen.borrow(), b"secret"));
    assert!(link.got_up.is_empty() && link.got_down.is_empty());
}

#[test]
fn no_key_is_refused_in_words_at_both_ends() {
    let mut link = Link::new(Play::EncryptedShell);
    link.reads = false;
    link.run_for(Duration::from_millis(50));
    assert!(matches!(link.client.poll_event(), Some(Event::KeyWanted(_))));

    link.client.key(Err("kms:GenerateDataKey on alias/session is denied".to_owned()), link.now);
    link.reads = true;
    link.run_for(Duration::from_secs(1));

    let Some(End::Failed(Failure::KeyRefused { reason })) = link.end() else { panic!("{:?}", link.end()) };
    assert_eq!(reason, "kms:GenerateDataKey on alias/session is denied");
    assert!(link.agent_end().unwrap().contains("Failed to process action KMSEncryption: kms:GenerateDataKey"));
}

#[test]
fn a_key_that_nobody_asked_for_changes_nothing() {
    let mut link = Link::new(Play::Shell);
    link.print(b"$ ");
    link.ready();
    let key = DataKey::new(&[7; 64]).unwrap();

    link.client.key(Ok(FreshKey { key, ciphertext: vec![7] }), link.now);
    link.type_in(b"ls\r");

    link.run_until_equal(Duration::from_secs(5));
}

#[test]
fn a_challenge_that_was_changed_on_its_way_is_refused() {
    let mut link = Link::new(Play::EncryptedShell);
    rewrite(&mut link, Direction::Down, CHALLENGE, |payload| {
        // Another letter of the base64, so the document still reads and the seal does not hold.
        payload[30] = if payload[30] == b'A' { b'B' } else { b'A' };
        true
    });

    link.run_for(Duration::from_secs(5));

    assert_eq!(link.end(), Some(&End::Failed(Failure::WrongKey)));
}

#[test]
fn a_proof_that_was_changed_on_its_way_is_refused_by_the_agent() {
    let mut link = Link::new(Play::EncryptedShell);
    rewrite(&mut link, Direction::Up, PROOF, |payload| {
        payload[30] = if payload[30] == b'A' { b'B' } else { b'A' };
        true
    });

    link.run_for(Duration::from_secs(5));

    let words = "Encountered error while initiating handshake. Encryption challenge does not match!";
    assert_eq!(link.agent_end(), Some(words));
    assert!(link.client.session().is_none());
}

#[test]
fn a_missing_challenge_is_refused() {
    let mut link = Link::new(Play::EncryptedShell);
    // The agent's challenge becomes the end of the handshake: the proof is skipped.
    link.tamper = Box::new(|direction, frame| {
        let read = Frame::parse(frame).unwrap();
        if direction == Direction::Down && read.payload_type == CHALLENGE {
            let payload = br#"{"HandshakeTimeToComplete":1,"CustomerMessage":""}"#;
            *frame = Frame { payload_type: COMPLETE, payload, digest: Digest::of(payload), ..read }.to_bytes();
        }
        true
    });

    link.run_for(Duration::from_secs(5));

    assert_eq!(link.end(), Some(&End::Failed(Failure::ChallengeSkipped)));
}

#[test]
fn each_missing_step_is_named_after_30_seconds() {
    for (payload_type, step) in [(CHALLENGE, Step::Challenge), (COMPLETE, Step::Completion)] {
        let mut link = Link::new(Play::EncryptedShell);
        rewrite(&mut link, Direction::Down, payload_type, |_| false);

        link.run_for(Duration::from_secs(40));

        assert_eq!(link.end(), Some(&End::Failed(Failure::HandshakeTimedOut { step })));
    }
    let mut link = Link::new(Play::EncryptedShell);
    link.reads = false;
    link.run_for(Duration::from_secs(40));
    link.reads = true;
    assert!(matches!(link.client.poll_event(), Some(Event::KeyWanted(_))));
    let timed_out = Failure::HandshakeTimedOut { step: Step::Key };
    assert_eq!(link.client.poll_event(), Some(Event::Ended(End::Failed(timed_out))));
}

#[test]
fn a_client_without_the_random_challenge_is_refused_by_an_agent_that_insists() {
    let mut link = Link::new(Play::EncryptedShell);
    rewrite(&mut link, Direction::Up, 6, |payload| {
        let text = String::from_utf8(payload.clone()).unwrap();
        *payload = text.replace(",\"ChallengeAcknowledgement\":true", "").into_bytes();
        true
    });

    link.run_for(Duration::from_secs(5));

    assert!(link.agent_end().unwrap().ends_with("client does not support required encryption context random challenge"));
}

#[test]
fn clear_text_in_an_encrypted_session_ends_it() {
    let mut link = Link::new(Play::EncryptedShell);
    link.ready();
    rewrite(&mut link, Direction::Down, OUTPUT, |payload| {
        *payload = b"rm -rf / # not sealed, and longer than any seal is".to_vec();
        true
    });
    link.print(b"hello");

    link.run_for(Duration::from_secs(10));

    assert!(matches!(link.end(), Some(End::Failed(Failure::Integrity { .. }))), "{:?}", link.end());
    assert!(link.got_down.is_empty());
}

#[test]
fn clear_text_that_came_before_the_key_ends_the_session_when_its_turn_comes() {
    let mut link = Link::new(Play::EncryptedShell);
    let payload = b"rm -rf / # not sealed";
    // The handshake takes messages 0 to 2; this one waits behind them.
    let early = Frame {
        message_type: "output_stream_data",
        schema_version: 1,
        created_millis: 1,
        sequence: 3,
        flags: 0,
        id: uuid::Uuid::nil(),
        digest: Digest::of(payload),
        payload_type: OUTPUT,
        payload,
    };
    link.client.handle_frame(&early.to_bytes(), link.now).unwrap();

    link.run_for(Duration::from_secs(10));

    assert_eq!(link.end(), Some(&End::Failed(Failure::ClearText)));
    assert!(link.got_down.is_empty());
}

#[test]
fn a_proof_of_other_bytes_is_refused_by_the_agent() {
    let mut link = Link::new(Play::EncryptedShell);
    let mut cipher = Cipher::client(&DataKey::new(&link.data_key).unwrap(), [9; 12]);
    rewrite(&mut link, Direction::Up, PROOF, move |payload| {
        *payload = Challenge { sealed: cipher.seal(&[7; 64]) }.to_payload();
        true
    });

    link.run_for(Duration::from_secs(5));

    assert!(link.agent_end().unwrap().ends_with("Encryption challenge does not match!"));
}

/// All payloads that are on the wire from now on.
fn watch(link: &mut Link) -> Rc<RefCell<Vec<u8>>> {
    let seen = Rc::new(RefCell::new(vec![]));
    let seeing = seen.clone();
    link.tamper = Box::new(move |_, frame| {
        seeing.borrow_mut().extend_from_slice(frame);
        true
    });
    seen
}

/// Change the payloads of one type, with a digest that fits; false swallows the message.
fn rewrite(link: &mut Link, towards: Direction, payload_type: u32, mut change: impl FnMut(&mut Vec<u8>) -> bool + 'static) {
    link.tamper = Box::new(move |direction, frame| {
        let read = Frame::parse(frame).unwrap();
        if direction != towards || read.payload_type != payload_type {
            return true;
        }
        let mut payload = read.payload.to_vec();
        let stays = change(&mut payload);
        *frame = Frame { payload: &payload, digest: Digest::of(&payload), ..read }.to_bytes();
        stays
    });
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
