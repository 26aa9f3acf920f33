//! Bytes that are no message, or none that an honest peer would send.

use std::time::{Duration, Instant};

use ec2dash_ssm::frame::{Digest, Frame};
use ec2dash_ssm::{End, Failure, MESSAGE_LIMIT, Malformed, hostile};
use uuid::Uuid;

use super::inputs::throw;
use super::link::{Direction, Link, Play};

#[test]
fn malformed_messages_change_nothing_and_the_session_goes_on() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    let good = output(99, b"never delivered").to_bytes();
    let mut bad: Vec<Vec<u8>> = (0..=120).map(|length| good[..length].to_vec()).collect();
    for header_length in [0_u32, 115, 117, 0xffff_fffc, 0xffff_ffff] {
        let mut bytes = good.clone();
        bytes[..4].copy_from_slice(&header_length.to_be_bytes());
        bad.push(bytes);
    }
    for payload_length in [0_u32, 14, 16, u32::MAX] {
        let mut bytes = good.clone();
        bytes[116..120].copy_from_slice(&payload_length.to_be_bytes());
        bad.push(bytes);
    }
    for filler in [0, b' ', 0xff] {
        let mut bytes = good.clone();
        bytes[4..36].fill(filler);
        bad.push(bytes);
    }
    bad.push(Frame { sequence: -1, ..output(0, b"x") }.to_bytes());
    bad.push(Frame { sequence: i64::MIN, ..output(0, b"x") }.to_bytes());
    bad.push(Frame { created_millis: 0, ..output(0, b"x") }.to_bytes());
    bad.push(Frame { message_type: "acknowledge", ..output(0, b"not JSON") }.to_bytes());
    bad.push(b"{\"text\":\"where binary is due\"}".to_vec());
    bad.push(vec![0; MESSAGE_LIMIT + 1]);

    for bytes in &bad {
        assert!(link.client.handle_frame(bytes, link.now).is_err(), "{bytes:.40?}");
        assert!(link.agent.handle_frame(bytes, link.now).is_err(), "{bytes:.40?}");
    }

    assert_eq!(link.client.counters().malformed, bad.len() as u64);
    still_works(&mut link);
}

#[test]
fn strange_messages_are_ignored_and_not_acknowledged() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    let strange = [
        Frame { message_type: "a_type_from_the_future", ..output(0, b"x") },
        Frame { message_type: "input_stream_data", ..output(0, b"x") },
        Frame { message_type: "agent_session_state", ..output(0, b"{}") },
        output(i64::MAX, b"x"),
        output(1_000_000_000, b"x"),
    ];

    for frame in &strange {
        link.client.handle_frame(&frame.to_bytes(), link.now).unwrap();
    }

    assert_eq!(link.client.poll_transmit(link.now), None);
    let counters = link.client.counters();
    assert_eq!((counters.ignored, counters.refused), (4, 2), "one state message came from the agent itself");
    still_works(&mut link);
}

#[test]
fn acknowledgements_of_what_was_never_sent_are_harmless() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    for sequence in [1_u64, 99, i64::MAX as u64, u64::MAX] {
        let payload = format!("{{\"AcknowledgedMessageSequenceNumber\":{sequence}}}");
        let frame = Frame { message_type: "acknowledge", ..output(0, payload.as_bytes()) };
        let _ = link.client.handle_frame(&frame.to_bytes(), link.now);
    }

    still_works(&mut link);
}

#[test]
fn a_message_of_one_mebibyte_passes_and_a_larger_one_is_named() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    let payload = link.noise(MESSAGE_LIMIT);

    for length in [1, 1_024, 65_536, MESSAGE_LIMIT - 120] {
        let sequence = i64::try_from(link.client.counters().received).unwrap();
        link.client.handle_frame(&output(sequence, &payload[..length]).to_bytes(), link.now).unwrap();
        link.sent_down.extend_from_slice(&payload[..length]);
    }
    link.run_for(Duration::ZERO);
    assert!(link.is_equal());

    for length in [MESSAGE_LIMIT - 119, 64 << 20] {
        let payload = vec![7; length];
        let refused = link.client.handle_frame(&output(50, &payload).to_bytes(), link.now).unwrap_err();
        assert_eq!(refused, Malformed::TooLarge { length: length + 120 });
        assert!(refused.to_string().starts_with("message too large"));
    }
}

#[test]
fn a_message_that_never_arrives_whole_ends_the_session_in_words() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.tamper = Box::new(|direction, frame| {
        if direction == Direction::Down && frame[119] > 0 && frame.len() == 125 {
            frame[121] ^= 1;
        }
        true
    });
    link.print(b"hello");

    link.run_for(Duration::from_secs(20));

    let Some(End::Failed(failure)) = link.end() else { panic!("{:?}", link.end()) };
    assert_eq!(*failure, Failure::Integrity { sequence: 2 });
    assert_eq!(failure.to_string(), "message 2 arrives damaged each time");
    assert!(link.got_down.is_empty());
}

#[test]
fn early_messages_are_kept_only_up_to_a_limit() {
    let mut link = Link::new(Play::Ssh);
    link.ready();
    link.run_for(Duration::from_secs(1));
    let payload = vec![7; 100_000];
    let next = i64::try_from(link.client.counters().received).unwrap();

    for ahead in 1..1_000 {
        let frame = output(next + ahead, &payload).to_bytes();
        link.client.handle_frame(&frame, link.now).unwrap();
        while link.client.poll_transmit(link.now).is_some() {}
    }

    let counters = link.client.counters();
    assert!(counters.early * 100_000 <= 17 << 20, "{counters:?}");
    assert_eq!(counters.early + counters.refused, 999);
}

fn still_works(link: &mut Link) {
    link.type_in(b"still here");
    link.print(b"still here");
    link.run_until_equal(Duration::from_secs(5));
}

fn output(sequence: i64, payload: &[u8]) -> Frame<'_> {
    Frame {
        message_type: "output_stream_data",
        schema_version: 1,
        created_millis: 1_700_000_000_000,
        sequence,
        flags: 0,
        id: Uuid::from_u128(1),
        digest: Digest::of(payload),
        payload_type: 1,
        payload,
    }
}

#[test]
fn any_bytes_are_a_message_or_none() {
    throw(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/frame"), hostile::frame);
}

#[test]
fn any_bytes_are_a_document_of_the_handshake_or_none() {
    throw(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/handshake"), hostile::handshake);
}

#[test]
fn any_bytes_are_a_multiplexed_stream_or_none() {
    let now = Instant::now();
    throw(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/smux"), |bytes| hostile::smux(bytes, now));
}

#[test]
fn any_bytes_are_a_conversation_that_ends_or_goes_on() {
    let now = Instant::now();
    throw(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/channel"), |bytes| hostile::channel(bytes, now));
}
