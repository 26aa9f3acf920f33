//! One message of the data channel as bytes (docs/session-manager-protocol.md 3).

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

/// The far side is not connected.
pub const PAUSE: &str = "pause_publication";
/// The far side is connected again.
pub const START: &str = "start_publication";
/// Everything before the payload's length; the value of the first field.
pub const HEADER_LENGTH: usize = 116;
/// The largest message we read, header included (section 2.2).
pub const MESSAGE_LIMIT: usize = 1 << 20;

const TYPE: std::ops::Range<usize> = 4..36;

/// The fields of one message, not yet understood.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What kind of message, without its padding.
    pub message_type: &'a str,
    /// 1 so far.
    pub schema_version: u32,
    /// Milliseconds since 1970.
    pub created_millis: u64,
    /// Counted from 0 in each direction for stream messages, 0 for others.
    pub sequence: i64,
    /// Written like the reference does, never acted on.
    pub flags: u64,
    /// The sender's name for this message.
    pub id: Uuid,
    /// SHA-256 of the payload, as the sender stated it.
    pub digest: Digest,
    /// What kind of payload, 0 when the type has none.
    pub payload_type: u32,
    /// The payload as carried, that is encrypted if it is.
    pub payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Read one message. Only its own bytes are borrowed; nothing is allocated.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        if bytes.len() > MESSAGE_LIMIT {
            return Err(Malformed::TooLarge { length: bytes.len() });
        }
        Self::parse_whole(bytes).or_else(|malformed| Self::parse_bare(bytes).ok_or(malformed))
    }

    fn parse_whole(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader { bytes };
        let header_length = u32::from_be_bytes(reader.array()?);
        // The length of the payload stands right behind the header, wherever a longer header of a later version ends.
        let length_at = usize::try_from(header_length).unwrap_or(usize::MAX);
        if length_at < HEADER_LENGTH || length_at > bytes.len().saturating_sub(4) {
            return Err(if bytes.len() < HEADER_LENGTH + 4 {
                Malformed::TooShort { length: bytes.len() }
            } else {
                Malformed::HeaderLength { stated: header_length }
            });
        }
        let (length, payload) = bytes[length_at..].split_first_chunk::<4>().ok_or(Malformed::TooShort { length: bytes.len() })?;
        let stated = u32::from_be_bytes(*length);
        if usize::try_from(stated).ok() != Some(payload.len()) {
            return Err(Malformed::PayloadLength { stated, present: payload.len() });
        }
        let frame = Self {
            message_type: message_type(reader.array::<32>().map(|_| &bytes[TYPE])?)?,
            schema_version: u32::from_be_bytes(reader.array()?),
            created_millis: u64::from_be_bytes(reader.array()?),
            sequence: i64::from_be_bytes(reader.array()?),
            flags: u64::from_be_bytes(reader.array()?),
            id: exchange_halves(reader.array()?),
            digest: Digest(reader.array()?),
            payload_type: u32::from_be_bytes(reader.array()?),
            payload,
        };
        match frame.created_millis {
            0 => Err(Malformed::NoDate),
            _ => Ok(frame),
        }
    }

    /// The gateway's two switches may come with nothing but a type (section 3).
    fn parse_bare(bytes: &'a [u8]) -> Option<Self> {
        let message_type = message_type(bytes.get(TYPE)?).ok()?;
        matches!(message_type, PAUSE | START).then(|| Self {
            message_type,
            schema_version: 1,
            created_millis: 0,
            sequence: 0,
            flags: 0,
            id: Uuid::nil(),
            digest: Digest::of(&[]),
            payload_type: 0,
            payload: &[],
        })
    }

    /// The bytes of this message. A type longer than its field is cut.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LENGTH + 4 + self.payload.len());
        bytes.extend_from_slice(&116_u32.to_be_bytes());
        let name = self.message_type.as_bytes();
        bytes.extend_from_slice(&name[..name.len().min(TYPE.len())]);
        bytes.resize(TYPE.end, b' ');
        bytes.extend_from_slice(&self.schema_version.to_be_bytes());
        bytes.extend_from_slice(&self.created_millis.to_be_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.flags.to_be_bytes());
        let (first, second) = self.id.as_bytes().split_at(8);
        bytes.extend_from_slice(second);
        bytes.extend_from_slice(first);
        bytes.extend_from_slice(&self.digest.0);
        bytes.extend_from_slice(&self.payload_type.to_be_bytes());
        bytes.extend_from_slice(&u32::try_from(self.payload.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(self.payload);
        bytes
    }

    /// Whether the payload arrived as it was sent. An empty one has nothing to compare.
    pub fn is_intact(&self) -> bool {
        self.payload.is_empty() || self.digest == Digest::of(self.payload)
    }
}

impl std::fmt::Debug for Frame<'_> {
    /// Without the payload: passwords are among it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("message_type", &self.message_type)
            .field("sequence", &self.sequence)
            .field("payload_type", &self.payload_type)
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .finish_non_exhaustive()
    }
}

/// A SHA-256 sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The sum of `payload`.
    pub fn of(payload: &[u8]) -> Self {
        let mut sum = [0; 32];
        sum.copy_from_slice(digest(&SHA256, payload).as_ref());
        Self(sum)
    }
}

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Above [`MESSAGE_LIMIT`]; no such message exists, so the session should end.
    #[error("message too large: {length} bytes, at most {MESSAGE_LIMIT} are accepted")]
    TooLarge {
        /// Bytes in the message.
        length: usize,
    },
    /// Not even a header.
    #[error("message too short: {length} bytes")]
    TooShort {
        /// Bytes in the message.
        length: usize,
    },
    /// The header cannot be that long.
    #[error("message with a header length of {stated}")]
    HeaderLength {
        /// What the message says.
        stated: u32,
    },
    /// More or fewer bytes than stated.
    #[error("message states {stated} bytes of payload and has {present}")]
    PayloadLength {
        /// What the message says.
        stated: u32,
        /// What is there.
        present: usize,
    },
    /// The type is empty or no text.
    #[error("message without a readable type")]
    NoType,
    /// The date is 0.
    #[error("message without a date")]
    NoDate,
    /// Stream messages count from 0.
    #[error("stream message with sequence number {stated}")]
    Sequence {
        /// What the message says.
        stated: i64,
    },
    /// A JSON payload is none, or is too large.
    #[error("message of type {message_type} with an unreadable document")]
    Document {
        /// Which type of ours.
        message_type: &'static str,
    },
}

impl Malformed {
    /// Stable and documented.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "ssm-message-too-large",
            _ => "ssm-malformed-message",
        }
    }
}

fn message_type(field: &[u8]) -> Result<&str, Malformed> {
    // Most of the field is padding.
    let length = field.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    let text = std::str::from_utf8(field.get(..length).unwrap_or_default()).map_err(|_| Malformed::NoType)?;
    let name = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    if name.is_empty() { Err(Malformed::NoType) } else { Ok(name) }
}

/// An id travels with its second half first.
fn exchange_halves(carried: [u8; 16]) -> Uuid {
    let mut bytes = carried;
    bytes.rotate_left(8);
    Uuid::from_bytes(bytes)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (array, rest) = self.bytes.split_first_chunk::<N>().ok_or(Malformed::TooShort { length: self.bytes.len() })?;
        self.bytes = rest;
        Ok(*array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let frame = sample(b"ls");

        assert_eq!(Frame::parse(&frame.to_bytes()), Ok(frame));
        assert!(frame.is_intact());
    }

    #[test]
    fn every_length_below_the_header_is_refused() {
        let bytes = sample(b"").to_bytes();

        for length in 0..120 {
            assert_eq!(Frame::parse(&bytes[..length]), Err(Malformed::TooShort { length }), "{length} bytes");
        }
    }

    #[test]
    fn nonsense_header_lengths_are_refused() {
        for stated in [0_u32, 1, 115, 123, 0x7fff_ffff, 0xffff_fffc, 0xffff_ffff] {
            let mut bytes = sample(b"ls").to_bytes();
            bytes[..4].copy_from_slice(&stated.to_be_bytes());

            assert_eq!(Frame::parse(&bytes), Err(Malformed::HeaderLength { stated }), "{stated}");
        }
    }

    #[test]
    fn a_header_of_117_moves_the_payload_length() {
        let mut bytes = sample(b"ls").to_bytes();
        bytes[3] = 117;

        assert!(matches!(Frame::parse(&bytes), Err(Malformed::PayloadLength { present: 1, .. })));
        bytes.insert(116, 0);
        assert_eq!(Frame::parse(&bytes).map(|frame| frame.payload), Ok(b"ls".as_slice()));
    }

    #[test]
    fn a_payload_shorter_or_longer_than_stated_is_refused() {
        let bytes = sample(b"ls").to_bytes();
        let mut longer = bytes.clone();
        longer.push(b'x');

        assert_eq!(Frame::parse(&longer), Err(Malformed::PayloadLength { stated: 2, present: 3 }));
        assert_eq!(Frame::parse(&bytes[..121]), Err(Malformed::PayloadLength { stated: 2, present: 1 }));
        assert_eq!(Frame::parse(&bytes[..120]), Err(Malformed::PayloadLength { stated: 2, present: 0 }));
    }

    #[test]
    fn a_type_that_is_empty_or_no_text_is_refused() {
        for filler in [b' ', 0, 0xff] {
            let mut bytes = sample(b"ls").to_bytes();
            bytes[TYPE].fill(filler);

            assert_eq!(Frame::parse(&bytes), Err(Malformed::NoType));
        }
    }

    #[test]
    fn a_type_may_be_padded_with_nuls() {
        let mut bytes = sample(b"ls").to_bytes();
        bytes[TYPE][17..].fill(0);

        assert_eq!(Frame::parse(&bytes).map(|frame| frame.message_type), Ok("input_stream_data"));
    }

    #[test]
    fn a_message_without_a_date_is_refused() {
        let frame = Frame { created_millis: 0, ..sample(b"ls") };

        assert_eq!(Frame::parse(&frame.to_bytes()), Err(Malformed::NoDate));
    }

    #[test]
    fn one_mebibyte_is_accepted_and_one_byte_more_is_not() {
        let payload = vec![b'x'; MESSAGE_LIMIT - 119];
        let largest = sample(&payload[..MESSAGE_LIMIT - 120]).to_bytes();
        let larger = sample(&payload).to_bytes();

        assert_eq!(Frame::parse(&largest).map(|frame| frame.payload.len()), Ok(MESSAGE_LIMIT - 120));
        assert_eq!(Frame::parse(&larger), Err(Malformed::TooLarge { length: MESSAGE_LIMIT + 1 }));
    }

    #[test]
    fn a_flipped_payload_is_not_intact() {
        let mut bytes = sample(b"ls").to_bytes();
        bytes[120] ^= 1;

        assert_eq!(Frame::parse(&bytes).map(|frame| frame.is_intact()), Ok(false));
    }

    #[test]
    fn the_gateways_switches_need_no_header() {
        let mut bytes = vec![0; 36];
        bytes[TYPE][..17].copy_from_slice(b"start_publication");

        assert_eq!(Frame::parse(&bytes).map(|frame| frame.message_type), Ok("start_publication"));
    }

    fn sample(payload: &[u8]) -> Frame<'_> {
        Frame {
            message_type: "input_stream_data",
            schema_version: 1,
            created_millis: 1_700_000_000_123,
            sequence: 0,
            flags: 0,
            id: Uuid::from_u128(0x0a1b_2c3d_4e5f_4061_8273_8495_a6b7_c8d9),
            digest: Digest::of(payload),
            payload_type: 1,
            payload,
        }
    }
}
