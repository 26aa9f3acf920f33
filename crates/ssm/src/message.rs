//! What the messages of the data channel mean (docs/session-manager-protocol.md 3.1).

use std::borrow::Cow;

use serde::Serialize;
use uuid::Uuid;

use super::frame::{Digest, Frame, Malformed};
pub use super::frame::{PAUSE, START};
use super::json::Document;
use super::payload::PayloadType;

/// Client to agent, numbered.
pub const INPUT: &str = "input_stream_data";
/// Agent to client, numbered.
pub const OUTPUT: &str = "output_stream_data";
/// "I have your message."
pub const ACKNOWLEDGE: &str = "acknowledge";
/// The session is over.
pub const CLOSED: &str = "channel_closed";
/// What the agent tells the service.
pub const STATE: &str = "agent_session_state";

/// The flags of messages that are no stream data; nobody acts on them.
const UNNUMBERED_FLAGS: u64 = 3;
/// How much is kept of an end that is no document, in bytes.
const LONGEST_WORDS: usize = 1024;

/// One message, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message<'a> {
    /// From the client, to be acknowledged.
    Input(StreamData<'a>),
    /// From the agent, to be acknowledged.
    Output(StreamData<'a>),
    /// One of ours has arrived.
    Acknowledge(Acknowledgement<'a>),
    /// The session is over.
    Closed(ChannelClosed),
    /// The far side is not connected.
    Pause,
    /// The far side is connected again.
    Start,
    /// What the agent tells the service; a client never sees it.
    State(SessionState),
    /// A type nobody has told us about: to be ignored, not acknowledged.
    Unknown,
}

/// A numbered message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StreamData<'a> {
    /// Counted from 0 in each direction.
    pub sequence: u64,
    /// The sender's name for it.
    pub id: Uuid,
    /// What the payload is.
    pub payload_type: PayloadType,
    /// The payload as carried.
    pub payload: &'a [u8],
}

impl<'a> Message<'a> {
    /// Understand the fields of one message. The digest is not looked at.
    pub fn read(frame: &Frame<'a>) -> Result<Self, Malformed> {
        Ok(match frame.message_type {
            INPUT => Self::Input(StreamData::read(frame)?),
            OUTPUT => Self::Output(StreamData::read(frame)?),
            ACKNOWLEDGE => Self::Acknowledge(Acknowledgement::read(frame.payload)?),
            CLOSED => Self::Closed(ChannelClosed::read(frame.payload)),
            PAUSE => Self::Pause,
            START => Self::Start,
            STATE => Self::State(SessionState::read(frame.payload)?),
            _ => Self::Unknown,
        })
    }
}

impl<'a> StreamData<'a> {
    fn read(frame: &Frame<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            sequence: u64::try_from(frame.sequence).map_err(|_| Malformed::Sequence { stated: frame.sequence })?,
            id: frame.id,
            payload_type: PayloadType::from_number(frame.payload_type),
            payload: frame.payload,
        })
    }
}

impl std::fmt::Debug for StreamData<'_> {
    /// Without the payload: passwords are among it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {} of {} bytes", self.payload_type, self.sequence, self.payload.len())
    }
}

/// A message that is not counted: acknowledgements, states, and the gateway's own.
pub fn unnumbered(message_type: &str, id: Uuid, created_millis: u64, payload: &[u8]) -> Vec<u8> {
    Frame {
        message_type,
        schema_version: 1,
        created_millis,
        sequence: 0,
        flags: UNNUMBERED_FLAGS,
        id,
        digest: Digest::of(payload),
        payload_type: 0,
        payload,
    }
    .to_bytes()
}

/// "I have your message." Receivers go by the sequence number alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acknowledgement<'a> {
    /// [`INPUT`] or [`OUTPUT`].
    #[serde(rename = "AcknowledgedMessageType")]
    pub message_type: Cow<'a, str>,
    /// The name of the message.
    #[serde(rename = "AcknowledgedMessageId")]
    pub message_id: Cow<'a, str>,
    /// Its number.
    #[serde(rename = "AcknowledgedMessageSequenceNumber")]
    pub sequence: u64,
    /// Always true.
    #[serde(rename = "IsSequentialMessage")]
    pub is_sequential: bool,
}

impl<'a> Acknowledgement<'a> {
    /// The payload that says so.
    pub fn to_payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are valid JSON")
    }

    /// As the reference writes it, to the byte; anything else is for the reader of JSON.
    fn read_usual(payload: &'a [u8]) -> Option<Self> {
        fn text<'a>(rest: &mut &'a [u8], name: &[u8]) -> Option<&'a str> {
            *rest = rest.strip_prefix(name)?;
            let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '))?;
            let (text, after) = rest.split_at(length);
            *rest = after;
            std::str::from_utf8(text).ok()
        }
        let mut rest = payload;
        let message_type = text(&mut rest, br#"{"AcknowledgedMessageType":""#)?;
        let message_id = text(&mut rest, br#"","AcknowledgedMessageId":""#)?;
        rest = rest.strip_prefix(br#"","AcknowledgedMessageSequenceNumber":"#)?;
        let length = rest.iter().position(|byte| !byte.is_ascii_digit())?;
        let (digits, after) = rest.split_at(length);
        let sequence = match digits {
            [b'0', _, ..] => return None,
            digits => std::str::from_utf8(digits).ok()?.parse().ok()?,
        };
        let is_sequential = match after {
            br#","IsSequentialMessage":true}"# => true,
            br#","IsSequentialMessage":false}"# => false,
            _ => return None,
        };
        Some(Self { message_type: message_type.into(), message_id: message_id.into(), sequence, is_sequential })
    }

    fn read(payload: &'a [u8]) -> Result<Self, Malformed> {
        // One comes for every message we send: those written like the reference's are read without a detour.
        if let Some(acknowledgement) = Self::read_usual(payload) {
            return Ok(acknowledgement);
        }
        let malformed = Malformed::Document { message_type: ACKNOWLEDGE };
        let document = Document::parse(payload).map_err(|_| malformed)?;
        Ok(Self {
            message_type: document.text("AcknowledgedMessageType").map_err(|_| malformed)?.into(),
            message_id: document.text("AcknowledgedMessageId").map_err(|_| malformed)?.into(),
            sequence: document
                .integer("AcknowledgedMessageSequenceNumber")
                .ok()
                .and_then(|number| u64::try_from(number).ok())
                .ok_or(malformed)?,
            is_sequential: document.truth("IsSequentialMessage").map_err(|_| malformed)?,
        })
    }
}

/// The gateway's last word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChannelClosed {
    /// The gateway's name for it.
    pub message_id: String,
    /// A number in a text.
    pub created_date: String,
    /// The instance.
    pub destination_id: String,
    /// The session.
    pub session_id: String,
    /// [`CLOSED`].
    pub message_type: String,
    /// 1.
    pub schema_version: i64,
    /// Why, in the far side's words; empty at a normal end. Foreign text.
    pub output: String,
}

impl ChannelClosed {
    /// The payload that says so, for whoever plays the gateway.
    pub fn to_payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are valid JSON")
    }

    /// Fields of the wrong kind are taken for missing, and a payload that is no document for the far side's words: the end of a session
    /// must not fail to read.
    fn read(payload: &[u8]) -> Self {
        if payload.is_empty() {
            return Self::default();
        }
        let Ok(document) = Document::parse(payload) else {
            let words = payload.get(..payload.len().min(LONGEST_WORDS)).unwrap_or_default();
            return Self { output: String::from_utf8_lossy(words).into_owned(), ..Self::default() };
        };
        let text = |field| document.text(field).unwrap_or_default();
        Self {
            message_id: text("MessageId"),
            created_date: text("CreatedDate"),
            destination_id: text("DestinationId"),
            session_id: text("SessionId"),
            message_type: text("MessageType"),
            schema_version: document.integer("SchemaVersion").unwrap_or_default(),
            output: text("Output"),
        }
    }
}

/// What the agent tells the service about its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SessionState {
    /// 1.
    pub schema_version: i64,
    /// `Connected` or `Terminating`.
    pub session_state: String,
    /// The session.
    pub session_id: String,
}

impl SessionState {
    /// The payload that says so.
    pub fn to_payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are valid JSON")
    }

    fn read(payload: &[u8]) -> Result<Self, Malformed> {
        let malformed = Malformed::Document { message_type: STATE };
        let document = Document::parse(payload).map_err(|_| malformed)?;
        Ok(Self {
            schema_version: document.integer("SchemaVersion").map_err(|_| malformed)?,
            session_state: document.text("SessionState").map_err(|_| malformed)?,
            session_id: document.text("SessionId").map_err(|_| malformed)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_reads_in_any_case() {
        let payload = br#"{"acknowledgedmessagesequencenumber":42,"Other":[]}"#;

        assert_eq!(Acknowledgement::read(payload).map(|acknowledgement| acknowledgement.sequence), Ok(42));
    }

    #[test]
    fn an_acknowledgement_reads_alike_with_and_without_a_detour() {
        let usual = |sequence: u64, is_sequential| {
            let written = Acknowledgement {
                message_type: OUTPUT.into(),
                message_id: "0a1b2c3d-4e5f-4061-8273-8495a6b7c8d9".into(),
                sequence,
                is_sequential,
            };
            String::from_utf8(written.to_payload()).unwrap()
        };
        for sequence in [0, 7, 42, u64::from(u32::MAX) + 1, i64::MAX as u64] {
            for text in [usual(sequence, true), usual(sequence, false)] {
                let quick = Acknowledgement::read_usual(text.as_bytes()).unwrap();

                assert_eq!(quick.to_payload(), text.as_bytes());
                // A space sends it the long way.
                let slow = text.replace("{", "{ ");
                assert_eq!(Acknowledgement::read_usual(slow.as_bytes()), None);
                assert_eq!(Acknowledgement::read(slow.as_bytes()), Ok(quick));
            }
        }
        let text = usual(42, true);
        for (part, other) in [
            ("output", r"o\u0075tput"),
            (":42", ":042"),
            (":42", ":-42"),
            (":42", ":99999999999999999999999"),
            (":42", ":"),
            ("true", "maybe"),
            ("}", ""),
            ("}", "} "),
            ("0a1b", "0a\u{1}b"),
        ] {
            let other = text.replacen(part, other, 1);
            assert_eq!(Acknowledgement::read_usual(other.as_bytes()), None, "{other}");
        }
        for length in 0..text.len() {
            assert_eq!(Acknowledgement::read_usual(&text.as_bytes()[..length]), None);
        }
    }

    #[test]
    fn an_acknowledgement_of_a_negative_number_is_malformed() {
        let payload = br#"{"AcknowledgedMessageSequenceNumber":-1}"#;

        assert_eq!(Acknowledgement::read(payload), Err(Malformed::Document { message_type: ACKNOWLEDGE }));
    }

    #[test]
    fn a_negative_sequence_number_is_malformed() {
        let frame = Frame { sequence: -1, ..frame(OUTPUT, b"x") };

        assert_eq!(Message::read(&frame), Err(Malformed::Sequence { stated: -1 }));
    }

    #[test]
    fn an_unknown_type_is_no_error() {
        assert_eq!(Message::read(&frame("job_offer", b"x")), Ok(Message::Unknown));
    }

    #[test]
    fn a_close_with_strange_fields_still_closes() {
        let message = Message::read(&frame(CLOSED, br#"{"SchemaVersion":"one","output":"bye"}"#)).unwrap();

        assert!(matches!(message, Message::Closed(ChannelClosed { output, .. }) if output == "bye"));
    }

    #[test]
    fn a_close_that_is_no_document_closes_with_its_words() {
        let long = [b'x'; 70_000];
        for (payload, words) in [(&b"going down"[..], "going down"), (&long, "xxx"), (b"\xff", "\u{fffd}")] {
            let message = Message::read(&frame(CLOSED, payload)).unwrap();

            let Message::Closed(closed) = message else { panic!("{message:?}") };
            assert!(closed.output.starts_with(words) && closed.output.len() <= 1024, "{closed:?}");
        }
    }

    fn frame<'a>(message_type: &'a str, payload: &'a [u8]) -> Frame<'a> {
        Frame {
            message_type,
            schema_version: 1,
            created_millis: 1,
            sequence: 0,
            flags: 0,
            id: Uuid::nil(),
            digest: Digest::of(payload),
            payload_type: 1,
            payload,
        }
    }
}
