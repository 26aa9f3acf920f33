//! What goes wrong on data channels: with the messages of one direction, or with the connection.

use std::fmt;
use std::time::Duration;

use super::reading::{duration, percent};
use ec2dash_ssm::payload::PayloadType;

/// From the client to the agent.
pub(crate) const UP: &str = "ssmmessages:Up";
/// From the agent to the client.
pub(crate) const DOWN: &str = "ssmmessages:Down";

/// The words, for messages.
pub(super) const KINDS: &str =
    "drop:5%, drop-acks:5%, duplicate:10%, reorder:64, flip:1%, lose:HandshakeComplete, close:2s, reset:1MB, stall:5s, pause:30s";

/// What happens to the messages of one direction, or to a connection. A share or a number may be followed by `:SEED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelFault {
    /// `drop:5%`: so many of a hundred data messages are lost.
    Drop(Chance),
    /// `drop-acks:5%`: so many of a hundred acknowledgements are lost.
    DropAcks(Chance),
    /// `duplicate:10%`: so many of a hundred messages come twice.
    Duplicate(Chance),
    /// `reorder:64`: messages overtake up to so many others.
    Reorder(Chance),
    /// `flip:1%`: one bit of the payload of so many of a hundred data messages is turned over.
    Flip(Chance),
    /// `lose:HandshakeComplete`: every message with this type of payload is lost.
    Lose(PayloadType),
    /// `close:2s` or `close:1MB`: the gateway says "Bye" after so long or so much.
    Close(After),
    /// `reset:2s` or `reset:1MB`: the connection breaks without a word.
    Reset(After),
    /// `stall:5s` or `stall:1MB`: from then on nothing is carried in this direction, and nothing is closed.
    Stall(After),
    /// `pause:30s`: one second after it opened, the gateway says that the far side is away, for so long.
    Pause(Duration),
}

/// A share in hundredths or a number of messages, and what makes its throws these and not others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// Thousandths, or messages.
    pub amount: u16,
    /// The same seed makes the same throws.
    pub seed: u64,
}

/// When something happens to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// So long after it opened.
    Time(Duration),
    /// When so many bytes were carried in this direction.
    Bytes(u64),
}

impl ChannelFault {
    /// Reads a word and its value; `None` if the word is none of ours.
    pub(super) fn read(word: &str, value: Option<&str>) -> Option<Result<Self, String>> {
        let example = KINDS.split(", ").find(|kind| kind.split(':').next() == Some(word))?;
        let Some(value) = value else { return Some(Err(format!("`{word}` needs a value, such as {example}"))) };
        Some(match word {
            "drop" => share(value).map(Self::Drop),
            "drop-acks" => share(value).map(Self::DropAcks),
            "duplicate" => share(value).map(Self::Duplicate),
            "flip" => share(value).map(Self::Flip),
            "reorder" => seeded(value, |text| {
                let number = text.parse().ok().filter(|number| (1..=1_000).contains(number));
                number.ok_or_else(|| format!("`{text}` is not a number of messages from 1 to 1000"))
            })
            .map(Self::Reorder),
            "lose" => payload_type(value).map(Self::Lose),
            "close" => after(value).map(Self::Close),
            "reset" => after(value).map(Self::Reset),
            "stall" => after(value).map(Self::Stall),
            _ => duration(value).map(Self::Pause),
        })
    }
}

fn share(value: &str) -> Result<Chance, String> {
    seeded(value, |text| match text.strip_suffix('%').and_then(|number| number.split_once('.')) {
        Some((whole, tenth)) if tenth.len() == 1 => {
            Ok(u16::from(percent(&format!("{whole}%"))?) * 10 + u16::from(percent(&format!("{tenth}%"))?))
        }
        _ => Ok(u16::from(percent(text)?) * 10),
    })
}

fn seeded(value: &str, amount: impl FnOnce(&str) -> Result<u16, String>) -> Result<Chance, String> {
    let (text, seed) = match value.split_once(':') {
        None => (value, 1),
        Some((text, seed)) => (text, seed.parse().map_err(|_| format!("`{seed}` is not a seed, which is a number"))?),
    };
    Ok(Chance { amount: amount(text)?, seed })
}

fn after(value: &str) -> Result<After, String> {
    let bytes = |unit: &str, size: u64| value.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(size);
    match bytes("MB", 1_000_000).or_else(|| bytes("kB", 1_000)) {
        Some(bytes) => Ok(After::Bytes(bytes)),
        None => {
            duration(value).map(After::Time).map_err(|_| format!("`{value}` is neither a time such as 2s nor a size such as 1MB"))
        }
    }
}

const PAYLOADS: [(&str, PayloadType); 10] = [
    ("Output", PayloadType::Output),
    ("Size", PayloadType::Size),
    ("HandshakeRequest", PayloadType::HandshakeRequest),
    ("HandshakeResponse", PayloadType::HandshakeResponse),
    ("HandshakeComplete", PayloadType::HandshakeComplete),
    ("EncChallengeRequest", PayloadType::ChallengeRequest),
    ("EncChallengeResponse", PayloadType::ChallengeResponse),
    ("Flag", PayloadType::Flag),
    ("StdErr", PayloadType::StdErr),
    ("ExitCode", PayloadType::ExitCode),
];

fn payload_type(value: &str) -> Result<PayloadType, String> {
    let found = PAYLOADS.iter().find(|(name, _)| *name == value).map(|(_, payload)| *payload);
    found.ok_or_else(|| {
        let names: Vec<_> = PAYLOADS.iter().map(|(name, _)| *name).collect();
        format!("`{value}` is not a type of payload; it is one of {}", names.join(", "))
    })
}

impl fmt::Display for ChannelFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drop(Chance { amount, seed }) => write!(f, "drop:{}:{seed}", Percent(*amount)),
            Self::DropAcks(Chance { amount, seed }) => write!(f, "drop-acks:{}:{seed}", Percent(*amount)),
            Self::Duplicate(Chance { amount, seed }) => write!(f, "duplicate:{}:{seed}", Percent(*amount)),
            Self::Reorder(Chance { amount, seed }) => write!(f, "reorder:{amount}:{seed}"),
            Self::Flip(Chance { amount, seed }) => write!(f, "flip:{}:{seed}", Percent(*amount)),
            Self::Lose(payload) => {
                let name = PAYLOADS.iter().find(|(_, known)| known == payload).map_or("Output", |(name, _)| name);
                write!(f, "lose:{name}")
            }
            Self::Close(after) => write!(f, "close:{after}"),
            Self::Reset(after) => write!(f, "reset:{after}"),
            Self::Stall(after) => write!(f, "stall:{after}"),
            Self::Pause(length) => write!(f, "pause:{}ms", length.as_millis()),
        }
    }
}

/// Thousandths as they are written.
struct Percent(u16);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}%", self.0 / 10),
            tenth => write!(f, "{}.{tenth}%", self.0 / 10),
        }
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(f, "{}ms", time.as_millis()),
            Self::Bytes(bytes) => write!(f, "{}kB", bytes / 1_000),
        }
    }
}
