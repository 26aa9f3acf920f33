//! Every byte vector of the protocol, read and written: they come from the reference's own code.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher::{Cipher, DataKey};
use super::frame::{Digest, Frame};
use super::handshake::{
    Action, ActionStatus, Challenge, HandshakeComplete, HandshakeRequest, HandshakeResponse, ProcessedAction, SealedKey,
};
use super::message::{Acknowledgement, ChannelClosed, INPUT, Message, OUTPUT, SessionState};
use super::opening::Opening;
use super::payload::{Flag, PayloadType, Size, exit_code_from_payload, exit_code_to_payload};
use super::streams::StreamId;
use super::streams::smux::frame as smux;

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/ssm-vectors.json"));
/// The version of the client that wrote them, which stays in their bytes.
const VECTORS_VERSION: &str = "1.2.650.0";

#[test]
fn every_message_is_read_into_its_fields() {
    for vector in messages() {
        assert_eq!(Frame::parse(&vector.bytes), Ok(vector.frame()), "{}", vector.name);
        assert!(vector.frame().is_intact(), "{}", vector.name);
    }
}

#[test]
fn every_message_is_written_from_its_fields() {
    for vector in messages() {
        assert_eq!(vector.frame().to_bytes(), vector.bytes, "{}", vector.name);
    }
}

#[test]
fn every_payload_is_read_into_its_meaning_and_written_from_it() {
    let vectors = messages();
    assert_eq!(vectors.len(), 31);

    for vector in &vectors {
        let frame = vector.frame();
        let (read, written) = match Message::read(&frame).unwrap() {
            Message::Acknowledge(acknowledgement) => {
                let expected = acknowledgement_of(&vector.name);
                (format!("{acknowledgement:?}") == format!("{expected:?}"), expected.to_payload())
            }
            Message::Closed(closed) => {
                let expected =
                    close(if vector.name == "channel_closed_output" { "Session timed out due to inactivity" } else { "" });
                (closed == expected, expected.to_payload())
            }
            Message::State(state) => {
                let expected = SessionState {
                    schema_version: 1,
                    session_state: "Connected".to_owned(),
                    session_id: "alice-0123456789abcdef0".to_owned(),
                };
                (state == expected, expected.to_payload())
            }
            Message::Pause => (vector.name == "pause_publication", vec![]),
            Message::Start => (vector.name == "start_publication", vec![]),
            Message::Input(data) | Message::Output(data) => stream_data(&vector.name, data.payload_type, data.payload),
            Message::Unknown => (false, vec![]),
        };

        assert!(read, "{} is read", vector.name);
        assert_eq!(written, vector.payload, "{} is written", vector.name);
    }
}

#[test]
fn sealed_payloads_open_and_are_sealed_the_same() {
    for (name, seals_as_client) in [("aes_gcm_client_to_agent", true), ("aes_gcm_agent_to_client", false)] {
        let vector = other(name);
        let input = |field: &str| vector["inputs"][field].as_str().unwrap();
        let key = DataKey::new(&hex(input("data_key_hex"))).unwrap();
        let nonce = hex(input("nonce_hex")).try_into().unwrap();
        let (client, agent) = (Cipher::client(&key, nonce), Cipher::agent(&key, nonce));
        let (mut sealing, opening) = if seals_as_client { (client, agent) } else { (agent, client) };
        let sealed = hex(vector["hex"].as_str().unwrap());

        assert_eq!(opening.open(&sealed).unwrap(), input("plaintext_utf8").as_bytes(), "{name} opens");
        assert_eq!(sealing.seal(input("plaintext_utf8").as_bytes()), sealed, "{name} is sealed");
    }
}

#[test]
fn the_challenge_of_the_vectors_opens_and_is_answered_byte_for_byte() {
    let key: Vec<u8> = (0..64).collect();
    let key = DataKey::new(&key).unwrap();
    let nonce = hex("101112131415161718191a1b").try_into().unwrap();
    let mut client = Cipher::client(&key, nonce);
    let request = payload_of("enc_challenge_request");
    let challenge: Vec<u8> = (0x40..0x80).collect();

    let opened = client.open(&Challenge::from_payload(&request).unwrap().sealed).unwrap();
    let answer = Challenge { sealed: client.seal(&opened) }.to_payload();

    assert_eq!(opened, challenge);
    assert_eq!(answer, payload_of("enc_challenge_response"));
}

#[test]
fn the_opening_text_is_read_and_written() {
    let vector = other("open_data_channel_text_frame");
    let input = |field: &str| vector["inputs"][field].as_str().unwrap().to_owned();
    let opening = Opening {
        request_id: Uuid::parse_str(&input("RequestId")).unwrap(),
        token: Zeroizing::new(input("TokenValue")),
        client_id: Uuid::parse_str(&input("ClientId")).unwrap(),
        client_version: input("ClientVersion"),
    };

    assert_eq!(opening.to_text().as_bytes(), hex(vector["hex"].as_str().unwrap()));
    assert_eq!(Opening::from_text(vector["text"].as_str().unwrap()), Some(opening));
}

#[test]
fn every_smux_frame_is_written_and_read() {
    let (three, five) = (StreamId(3), StreamId(5));
    for (name, bytes, read) in [
        ("smux_syn_first_stream", smux::syn(three).to_vec(), "Some(Syn(StreamId(3)))"),
        ("smux_syn_second_stream", smux::syn(five).to_vec(), "Some(Syn(StreamId(5)))"),
        ("smux_psh_hello", [&smux::psh(three, 5)[..], b"hello"].concat(), "Some(Data(StreamId(3), [104, 101, 108, 108, 111]))"),
        ("smux_psh_max_header", smux::psh(five, 32_768).to_vec(), "None"),
        ("smux_psh_rest", [&smux::psh(five, 3)[..], &[0xab; 3]].concat(), "Some(Data(StreamId(5), [171, 171, 171]))"),
        ("smux_fin_first_stream", smux::fin(three).to_vec(), "Some(Fin(StreamId(3)))"),
        ("smux_nop_keepalive", smux::nop().to_vec(), "Some(Nop)"),
    ] {
        let vector = hex(other(name)["hex"].as_str().unwrap());

        assert_eq!(bytes, vector, "{name} is written");
        let piece = smux::Decoder::default().next(&mut &vector[..]).unwrap();
        assert_eq!(format!("{piece:?}"), read, "{name} is read");
    }
    assert_eq!(parsed()["other"].as_array().unwrap().len(), 10);
}

/// Whether the payload means what its name says, and the payload written from that meaning.
fn stream_data(name: &str, payload_type: PayloadType, payload: &[u8]) -> (bool, Vec<u8>) {
    match payload_type {
        PayloadType::Output | PayloadType::StdErr => (true, payload.to_vec()),
        PayloadType::Size => (Size::from_payload(payload) == Some(Size::USUAL), Size { columns: 80, rows: 24 }.to_payload()),
        PayloadType::Flag => {
            let flag = match name {
                "flag_disconnect_to_port" => Flag::DisconnectToPort,
                "flag_terminate_session" => Flag::TerminateSession,
                _ => Flag::ConnectToPortError,
            };
            (Flag::from_payload(payload) == Some(flag), flag.to_payload())
        }
        PayloadType::ExitCode => (exit_code_from_payload(payload) == 7, exit_code_to_payload(7)),
        PayloadType::HandshakeRequest => {
            let expected = request(name);
            // The reference writes maps in the order of their keys, and so do we.
            (HandshakeRequest::from_payload(payload) == Ok(expected.clone()), expected.to_payload())
        }
        PayloadType::HandshakeResponse => {
            let expected = response(name);
            (HandshakeResponse::from_payload(payload) == Ok(expected.clone()), expected.to_payload())
        }
        PayloadType::HandshakeComplete => {
            let expected = if name == "handshake_complete" {
                HandshakeComplete { time_to_complete: 123_456_789, customer_message: String::new() }
            } else {
                let customer_message = "This session is encrypted using AWS KMS.".to_owned();
                HandshakeComplete { time_to_complete: 1_000_000_000, customer_message }
            };
            (HandshakeComplete::from_payload(payload) == Ok(expected.clone()), expected.to_payload())
        }
        PayloadType::ChallengeRequest | PayloadType::ChallengeResponse => {
            let challenge = Challenge::from_payload(payload).unwrap();
            (challenge.sealed.len() == 64 + 28, challenge.to_payload())
        }
        PayloadType::Error | PayloadType::Parameter | PayloadType::Unknown(_) => (false, vec![]),
    }
}

fn request(name: &str) -> HandshakeRequest {
    let session = |session_type: &str, properties: &[(&str, &str)]| Action::SessionType {
        session_type: session_type.to_owned(),
        properties: (!properties.is_empty()).then(|| {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            BTreeMap::from_iter(properties.iter().map(own))
        }),
    };
    let actions = match name {
        "handshake_request_port" => {
            vec![session("Port", &[("localPortNumber", "0"), ("portNumber", "8080"), ("type", "LocalPortForwarding")])]
        }
        "handshake_request_ssh" => vec![session("Port", &[("portNumber", "22")])],
        _ => vec![
            session("Standard_Stream", &[]),
            Action::KmsEncryption {
                key_id: "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555".to_owned(),
                challenge: Some("MDEyMzQ1Njc4OWFiY2RlZg==".to_owned()),
            },
        ],
    };
    HandshakeRequest { agent_version: "3.3.987.0".to_owned(), actions }
}

fn response(name: &str) -> HandshakeResponse {
    let session = ProcessedAction {
        action_type: "SessionType".to_owned(),
        status: ActionStatus::Success,
        result: None,
        error: String::new(),
    };
    let mut response =
        HandshakeResponse { client_version: VECTORS_VERSION.to_owned(), actions: vec![session.clone()], errors: vec![] };
    match name {
        "handshake_response_kms" => response.actions.push(ProcessedAction {
            action_type: "KMSEncryption".to_owned(),
            result: Some(SealedKey { ciphertext: vec![1, 2, 3, 4], challenge_acknowledged: None }),
            ..session
        }),
        "handshake_response_failed" => {
            response.actions[0].status = ActionStatus::Failed;
            response.actions[0].error = "Failed to process action SessionType: Unknown session type Foo".to_owned();
            response.errors = vec!["Unknown session type Foo".to_owned()];
        }
        _ => {}
    }
    response
}

fn acknowledgement_of(name: &str) -> Acknowledgement<'static> {
    let (message_type, message_id, sequence) = match name {
        "acknowledge_of_output_42" => (OUTPUT, "0a1b2c3d-4e5f-4061-8273-8495a6b7c8d9", 42),
        _ => (INPUT, "00112233-4455-4677-8899-aabbccddee04", 1),
    };
    Acknowledgement { message_type: message_type.into(), message_id: message_id.into(), sequence, is_sequential: true }
}

fn close(output: &str) -> ChannelClosed {
    ChannelClosed {
        message_id: "00112233-4455-4677-8899-aabbccddee12".to_owned(),
        created_date: "1700000000141".to_owned(),
        destination_id: "i-0123456789abcdef0".to_owned(),
        session_id: "alice-0123456789abcdef0".to_owned(),
        message_type: "channel_closed".to_owned(),
        schema_version: 1,
        output: output.to_owned(),
    }
}

/// One serialized message with its inputs.
struct Vector {
    name: String,
    fields: Value,
    payload: Vec<u8>,
    bytes: Vec<u8>,
}

impl Vector {
    fn frame(&self) -> Frame<'_> {
        let number = |field: &str| self.fields[field].as_u64().unwrap();
        Frame {
            message_type: self.fields["message_type"].as_str().unwrap(),
            schema_version: number("schema_version").try_into().unwrap(),
            created_millis: number("created_date_ms"),
            sequence: self.fields["sequence_number"].as_i64().unwrap(),
            flags: number("flags"),
            id: Uuid::parse_str(self.fields["message_id"].as_str().unwrap()).unwrap(),
            digest: Digest::of(&self.payload),
            payload_type: number("payload_type").try_into().unwrap(),
            payload: &self.payload,
        }
    }
}

fn messages() -> Vec<Vector> {
    let parsed = parsed();
    let vectors = parsed["messages"].as_array().unwrap();
    vectors
        .iter()
        .map(|fields| Vector {
            name: fields["name"].as_str().unwrap().to_owned(),
            payload: hex(fields["payload_hex"].as_str().unwrap()),
            bytes: hex(fields["hex"].as_str().unwrap()),
            fields: fields.clone(),
        })
        .collect()
}

fn payload_of(name: &str) -> Vec<u8> {
    messages().into_iter().find(|vector| vector.name == name).unwrap().payload
}

fn other(name: &str) -> Value {
    let parsed = parsed();
    let vectors = parsed["other"].as_array().unwrap();
    vectors.iter().find(|vector| vector["name"] == name).unwrap().clone()
}

fn parsed() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
