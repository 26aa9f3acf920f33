//! Frames of smux version 1 as bytes (docs/session-manager-protocol.md 7.3).

use super::Broken;
use crate::streams::StreamId;

const VERSION: u8 = 1;
const SYN: u8 = 0;
const FIN: u8 = 1;
const PSH: u8 = 2;
const NOP: u8 = 3;

pub(super) const HEADER_LENGTH: usize = 8;

/// A stream begins.
pub(crate) fn syn(stream: StreamId) -> [u8; HEADER_LENGTH] {
    header(SYN, 0, stream)
}

/// A stream ends, both ways.
pub(crate) fn fin(stream: StreamId) -> [u8; HEADER_LENGTH] {
    header(FIN, 0, stream)
}

/// The header in front of `length` bytes of data.
pub(crate) fn psh(stream: StreamId, length: u16) -> [u8; HEADER_LENGTH] {
    header(PSH, length, stream)
}

/// "I am still here."
pub(crate) fn nop() -> [u8; HEADER_LENGTH] {
    header(NOP, 0, StreamId(0))
}

fn header(command: u8, length: u16, stream: StreamId) -> [u8; HEADER_LENGTH] {
    let (length, stream) = (length.to_le_bytes(), stream.0.to_le_bytes());
    [VERSION, command, length[0], length[1], stream[0], stream[1], stream[2], stream[3]]
}

/// Part of a frame; data comes in the pieces it arrives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Syn(StreamId),
    Fin(StreamId),
    Data(StreamId, &'a [u8]),
    Nop,
}

/// Finds frames in a stream of bytes, however it is cut. Keeps no more than a header.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    header: [u8; HEADER_LENGTH],
    filled: usize,
    /// Whose data comes next, and how much is still to come.
    data: Option<(StreamId, usize)>,
}

impl Decoder {
    /// The next piece at the start of `bytes`, which is moved past it. `None`: all was used.
    pub(crate) fn next<'a>(&mut self, bytes: &mut &'a [u8]) -> Result<Option<Piece<'a>>, Broken> {
        if let Some((stream, missing)) = self.data {
            let (piece, rest) = bytes.split_at(missing.min(bytes.len()));
            *bytes = rest;
            self.data = (piece.len() < missing).then(|| (stream, missing - piece.len()));
            return Ok((!piece.is_empty()).then_some(Piece::Data(stream, piece)));
        }
        let (part, rest) = bytes.split_at((HEADER_LENGTH - self.filled).min(bytes.len()));
        *bytes = rest;
        self.header[self.filled..self.filled + part.len()].copy_from_slice(part);
        self.filled += part.len();
        if self.filled < HEADER_LENGTH {
            return Ok(None);
        }
        self.filled = 0;
        let [version, command, low, high, id @ ..] = self.header;
        if version != VERSION {
            return Err(Broken::Version(version));
        }
        let stream = StreamId(u32::from_le_bytes(id));
        match command {
            SYN => Ok(Some(Piece::Syn(stream))),
            FIN => Ok(Some(Piece::Fin(stream))),
            NOP => Ok(Some(Piece::Nop)),
            PSH => {
                let length = usize::from(u16::from_le_bytes([low, high]));
                self.data = (length > 0).then_some((stream, length));
                if length == 0 { Ok(Some(Piece::Nop)) } else { self.next(bytes) }
            }
            _ => Err(Broken::Command(command)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_however_the_bytes_are_cut() {
        let stream = [&syn(StreamId(3))[..], &psh(StreamId(3), 5), b"hello", &nop(), &fin(StreamId(3))].concat();

        for size in 1..=stream.len() {
            let (mut decoder, mut frames, mut data) = (Decoder::default(), vec![], vec![]);
            for mut bytes in stream.chunks(size) {
                while let Some(piece) = decoder.next(&mut bytes).unwrap() {
                    match piece {
                        Piece::Data(_, piece) => data.extend_from_slice(piece),
                        other => frames.push(format!("{other:?}")),
                    }
                }
            }

            assert_eq!(data, b"hello", "cut at {size}");
            assert_eq!(frames, ["Syn(StreamId(3))", "Nop", "Fin(StreamId(3))"], "cut at {size}");
        }
    }

    #[test]
    fn the_longest_frame_is_read() {
        let bytes = [&psh(StreamId(5), u16::MAX)[..], &vec![7; 65_535]].concat();

        let piece = Decoder::default().next(&mut &bytes[..]);

        assert!(matches!(piece, Ok(Some(Piece::Data(StreamId(5), data))) if data.len() == 65_535));
    }

    #[test]
    fn another_version_or_command_breaks_the_session() {
        for (bytes, broken) in [
            ([2, 0, 0, 0, 3, 0, 0, 0], Broken::Version(2)),
            ([0, 0, 0, 0, 3, 0, 0, 0], Broken::Version(0)),
            ([1, 4, 0, 0, 3, 0, 0, 0], Broken::Command(4)),
        ] {
            assert_eq!(Decoder::default().next(&mut &bytes[..]), Err(broken));
        }
    }

    #[test]
    fn an_empty_frame_of_data_is_no_end() {
        let bytes = [&psh(StreamId(3), 0)[..], &psh(StreamId(3), 1), b"x"].concat();
        let mut rest = &bytes[..];
        let mut decoder = Decoder::default();

        assert_eq!(decoder.next(&mut rest), Ok(Some(Piece::Nop)));
        assert_eq!(decoder.next(&mut rest), Ok(Some(Piece::Data(StreamId(3), b"x"))));
        assert_eq!(decoder.next(&mut rest), Ok(None));
    }
}
