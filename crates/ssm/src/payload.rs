//! What the payloads of stream messages are (docs/session-manager-protocol.md 3.2).

use serde::Serialize;

use super::json::{Document, Unreadable};

/// What kind of payload a stream message carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadType {
    /// Bytes of a terminal or a port.
    Output,
    /// Reserved; shown like [`PayloadType::StdErr`].
    Error,
    /// A [`Size`].
    Size,
    /// Unused.
    Parameter,
    /// A [`HandshakeRequest`](super::handshake::HandshakeRequest).
    HandshakeRequest,
    /// A [`HandshakeResponse`](super::handshake::HandshakeResponse).
    HandshakeResponse,
    /// A [`HandshakeComplete`](super::handshake::HandshakeComplete).
    HandshakeComplete,
    /// A [`Challenge`](super::handshake::Challenge) of the agent's.
    ChallengeRequest,
    /// The [`Challenge`](super::handshake::Challenge) sent back.
    ChallengeResponse,
    /// A [`Flag`].
    Flag,
    /// Bytes of a command's standard error.
    StdErr,
    /// How a command ended.
    ExitCode,
    /// A number nobody has told us about.
    Unknown(u32),
}

impl PayloadType {
    /// The type that goes by `number`.
    pub fn from_number(number: u32) -> Self {
        match number {
            1 => Self::Output,
            2 => Self::Error,
            3 => Self::Size,
            4 => Self::Parameter,
            5 => Self::HandshakeRequest,
            6 => Self::HandshakeResponse,
            7 => Self::HandshakeComplete,
            8 => Self::ChallengeRequest,
            9 => Self::ChallengeResponse,
            10 => Self::Flag,
            11 => Self::StdErr,
            12 => Self::ExitCode,
            other => Self::Unknown(other),
        }
    }

    /// The number this type goes by.
    pub fn number(self) -> u32 {
        match self {
            Self::Output => 1,
            Self::Error => 2,
            Self::Size => 3,
            Self::Parameter => 4,
            Self::HandshakeRequest => 5,
            Self::HandshakeResponse => 6,
            Self::HandshakeComplete => 7,
            Self::ChallengeRequest => 8,
            Self::ChallengeResponse => 9,
            Self::Flag => 10,
            Self::StdErr => 11,
            Self::ExitCode => 12,
            Self::Unknown(other) => other,
        }
    }

    /// Whether an encrypted session seals payloads of this type (section 5.4).
    pub(crate) fn is_sealed(self) -> bool {
        matches!(self, Self::Output | Self::StdErr | Self::ExitCode)
    }
}

/// The size of a terminal in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Width.
    #[serde(rename = "cols")]
    pub columns: u16,
    /// Height.
    pub rows: u16,
}

impl Size {
    /// What to assume when there is no terminal (section 6.1).
    pub const USUAL: Self = Self { columns: 80, rows: 24 };

    /// The payload that states this size.
    pub fn to_payload(self) -> Vec<u8> {
        serde_json::to_vec(&self).expect("two numbers are valid JSON")
    }

    /// The size that `payload` states, if it states one that a terminal can have.
    pub fn from_payload(payload: &[u8]) -> Option<Self> {
        let read = |field| -> Result<u16, Unreadable> {
            u16::try_from(Document::parse(payload)?.integer(field)?).map_err(|_| Unreadable)
        };
        Some(Self { columns: read("cols").ok()?, rows: read("rows").ok()? })
    }
}

/// A notice between the two ends of a port session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Client: the local connection ended, close yours.
    DisconnectToPort,
    /// Client: end the session.
    TerminateSession,
    /// Agent: a connection to the port failed.
    ConnectToPortError,
}

impl Flag {
    /// The payload that states this flag.
    pub fn to_payload(self) -> Vec<u8> {
        let number: u32 = match self {
            Self::DisconnectToPort => 1,
            Self::TerminateSession => 2,
            Self::ConnectToPortError => 3,
        };
        number.to_be_bytes().to_vec()
    }

    /// The flag that `payload` states, if it is one we know.
    pub fn from_payload(payload: &[u8]) -> Option<Self> {
        match u32::from_be_bytes(payload.try_into().ok()?) {
            1 => Some(Self::DisconnectToPort),
            2 => Some(Self::TerminateSession),
            3 => Some(Self::ConnectToPortError),
            _ => None,
        }
    }
}

const EXIT_CODE: &str = "EXIT_CODE: ";

/// The payload that states how a command ended.
pub fn exit_code_to_payload(code: i64) -> Vec<u8> {
    format!("{EXIT_CODE}{code}").into_bytes()
}

/// How a command ended; 255 when the far side's words for it are none that we know (section 6.4).
pub fn exit_code_from_payload(payload: &[u8]) -> i64 {
    std::str::from_utf8(payload)
        .ok()
        .and_then(|text| text.trim().strip_prefix(EXIT_CODE.trim_end()))
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_payload_type_keeps_its_number() {
        for number in (0..=13).chain([u32::MAX]) {
            assert_eq!(PayloadType::from_number(number).number(), number);
        }
    }

    #[test]
    fn a_size_reads_back_and_bounds_are_sixteen_bits() {
        let size = Size { columns: 65_535, rows: 0 };

        assert_eq!(Size::from_payload(&size.to_payload()), Some(size));
        for text in [r#"{"cols":65536,"rows":1}"#, r#"{"cols":-1,"rows":1}"#, r#"{"cols":"1","rows":1}"#, "x"] {
            assert_eq!(Size::from_payload(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn flags_read_back_and_others_are_none() {
        for flag in [Flag::DisconnectToPort, Flag::TerminateSession, Flag::ConnectToPortError] {
            assert_eq!(Flag::from_payload(&flag.to_payload()), Some(flag));
        }
        for payload in [&b""[..], &[0, 0, 0], &[0, 0, 0, 4], &[0, 0, 0, 0, 1]] {
            assert_eq!(Flag::from_payload(payload), None);
        }
    }

    #[test]
    fn an_exit_code_that_does_not_read_is_255() {
        for (text, code) in [
            ("EXIT_CODE: 0", 0),
            ("EXIT_CODE: 7", 7),
            ("EXIT_CODE: 255\n", 255),
            ("EXIT_CODE:42", 42),
            ("EXIT_CODE: -1", -1),
            ("EXIT_CODE: 3221225477", 3_221_225_477),
            ("EXIT_CODE: seven", 255),
            ("7", 255),
            ("", 255),
        ] {
            assert_eq!(exit_code_from_payload(text.as_bytes()), code, "{text}");
        }
        assert_eq!(exit_code_from_payload(&exit_code_to_payload(42)), 42);
        assert_eq!(exit_code_from_payload(&[0xff]), 255);
    }
}
