//! Where a fuzzer throws bytes at us; each function panics when a promise is broken.

use std::time::{Duration, Instant};

use super::frame::Frame;
use super::handshake::{Challenge, HandshakeComplete, HandshakeRequest, HandshakeResponse};
use super::message::Message;
use super::streams::smux::RECEIVE_BUDGET;
use super::streams::{Habits, Mux, Side, StreamChange};
use super::{Channel, Clock, Entropy, Event, Expected, FreshKey, Options};

/// Any bytes as one message: it reads or it does not, and what reads is written back the same.
pub fn frame(bytes: &[u8]) {
    let Ok(frame) = Frame::parse(bytes) else { return };
    let _ = frame.is_intact();
    let _ = Message::read(&frame);
    if frame.created_millis == 0 {
        return;
    }
    let written = frame.to_bytes();
    assert_eq!(Frame::parse(&written), Ok(frame), "what was read is written back the same");
}

/// Any bytes as each document of the handshake: what reads is written back the same.
pub fn handshake(bytes: &[u8]) {
    if let Ok(request) = HandshakeRequest::from_payload(bytes)
        && let Ok(again) = HandshakeRequest::from_payload(&request.to_payload())
    {
        assert_eq!(again, request);
    }
    if let Ok(response) = HandshakeResponse::from_payload(bytes)
        && let Ok(again) = HandshakeResponse::from_payload(&response.to_payload())
    {
        assert_eq!(again, response);
    }
    if let Ok(complete) = HandshakeComplete::from_payload(bytes)
        && let Ok(again) = HandshakeComplete::from_payload(&complete.to_payload())
    {
        assert_eq!(again, complete);
    }
    if let Ok(challenge) = Challenge::from_payload(bytes) {
        assert_eq!(Challenge::from_payload(&challenge.to_payload()), Ok(challenge));
    }
}

/// Any bytes as the stream of a multiplexed session, for both sides, however it is cut.
pub fn smux(bytes: &[u8], now: Instant) {
    for side in [Side::Opening, Side::Accepting] {
        let mut mux = Mux::new(Habits { side, keeps_alive: true, stalled_after: Some(Duration::from_secs(1)) }, now);
        let _ = mux.open(now);
        let cut = usize::from(bytes.first().copied().unwrap_or_default()).max(1);
        for chunk in bytes.chunks(cut) {
            if mux.receive(chunk, now).is_err() {
                break;
            }
            while let Some((stream, change)) = mux.poll_change() {
                match change {
                    StreamChange::Readable => drop(mux.read(stream, 7, now)),
                    _ => drop(mux.write(stream, b"x")),
                }
            }
        }
        assert!(mux.wants_input() || bytes.len() >= RECEIVE_BUDGET, "what is held is what came");
        let _ = mux.handle_timeout(now + Duration::from_secs(10));
        while mux.next_payload(1_024).is_some() {}
    }
}

/// Any bytes as a conversation: each message behind its length in two bytes, and the caller answering as it should.
pub fn channel(bytes: &[u8], start: Instant) {
    let clock = Clock { instant: start, unix_millis: 1_700_000_000_000 };
    let mut channel = Channel::new(Options::new("alice-1", "i-1", Expected::Any), Entropy::new([7; 32]), clock);
    let (mut rest, mut now) = (bytes, start);
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (message, after) = after.split_at(usize::from(u16::from_be_bytes(*length)).min(after.len()));
        rest = after;
        now += Duration::from_millis(10);
        let _ = channel.handle_frame(message, now);
        while let Some(event) = channel.poll_event() {
            match event {
                Event::KeyWanted(_) => {
                    let key = super::DataKey::new(&[7; 64]).expect("sixty-four bytes are a key");
                    channel.key(Ok(FreshKey { key, ciphertext: vec![7] }), now);
                }
                Event::Ready(_) => {
                    let _ = channel.open(now);
                    let _ = channel.send(b"x", now);
                }
                Event::Stream(stream, _) => drop(channel.read(stream, 1_024, now)),
                _ => {}
            }
        }
        while channel.poll_transmit(now).is_some() {}
        if let Some(wake) = channel.poll_timeout() {
            channel.handle_timeout(wake.min(now + Duration::from_millis(500)));
        }
    }
}
