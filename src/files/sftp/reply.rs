//! What an SFTP server answers, from bytes that anybody may have written.

use super::attributes::Attributes;
use super::fields::{Fields, Malformed};

/// Most names in one answer that are taken: OpenSSH tells a hundred at a time.
const MOST_NAMES: usize = 10_000;

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// The version, and the names of the extensions.
    Version(u32, Vec<Vec<u8>>),
    /// Done, or why not.
    Status(Status),
    /// What stands for an open file or folder.
    Handle(Vec<u8>),
    /// Bytes of a file.
    Data(Data),
    /// Names, with what they are.
    Names(Vec<Entry>),
    /// What a file is like.
    Attributes(Attributes),
    /// What an extension says.
    Extended(Vec<u8>),
}

/// How something went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// A number of the protocol.
    pub code: u32,
    /// The server's words, as bytes that somebody else wrote.
    pub words: Vec<u8>,
}

impl Status {
    /// Done.
    pub const OK: u32 = 0;
    /// Nothing more comes.
    pub const END: u32 = 1;
    /// No such file.
    pub const MISSING: u32 = 2;
    /// Permission denied.
    pub const DENIED: u32 = 3;
    /// Anything else.
    pub const FAILURE: u32 = 4;
    /// The server does not know the question.
    pub const UNSUPPORTED: u32 = 8;
}

/// Bytes of a file, where they came to lie.
#[derive(Debug, PartialEq, Eq)]
pub struct Data {
    packet: Vec<u8>,
    begin: usize,
}

impl Data {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.packet.get(self.begin..).unwrap_or_default()
    }

    /// The bytes alone.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.packet.drain(..self.begin);
        self.packet
    }
}

impl From<Vec<u8>> for Data {
    fn from(packet: Vec<u8>) -> Self {
        Self { packet, begin: 0 }
    }
}

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, as the server has it.
    pub name: Vec<u8>,
    /// What it is.
    pub attributes: Attributes,
}

impl Reply {
    /// Which question it answers, and the answer; of the first of all there is no number.
    pub fn parse(packet: Vec<u8>) -> Result<(u32, Self), Malformed> {
        let mut fields = Fields::of(&packet);
        let kind = fields.byte()?;
        let id = fields.number()?;
        let reply = match kind {
            2 => {
                let mut extensions = Vec::new();
                while !fields.is_empty() && extensions.len() < MOST_NAMES {
                    extensions.push(fields.text()?.to_vec());
                    fields.text()?;
                }
                Self::Version(id, extensions)
            }
            101 => {
                let code = fields.number()?;
                // An old server says no words.
                let words = if fields.is_empty() { Vec::new() } else { fields.text()?.to_vec() };
                Self::Status(Status { code, words })
            }
            102 => Self::Handle(fields.text()?.to_vec()),
            103 => {
                let length = fields.text()?.len();
                let begin = packet.len() - fields.rest().len() - length;
                let end = begin + length;
                let mut packet = packet;
                packet.truncate(end);
                return Ok((id, Self::Data(Data { packet, begin })));
            }
            104 => {
                let count = fields.number()?;
                let mut names = Vec::new();
                for _ in 0..count {
                    if names.len() == MOST_NAMES {
                        return Err(Malformed);
                    }
                    let name = fields.text()?.to_vec();
                    fields.text()?;
                    names.push(Entry { name, attributes: Attributes::read(&mut fields)? });
                }
                Self::Names(names)
            }
            105 => Self::Attributes(Attributes::read(&mut fields)?),
            201 => Self::Extended(fields.rest().to_vec()),
            _ => return Err(Malformed),
        };
        Ok((id, reply))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> Vec<u8> {
        [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
    }

    #[test]
    fn names_and_handles_are_bytes() {
        let mut packet = vec![104, 0, 0, 0, 7, 0, 0, 0, 1];
        packet.extend(text(b"\xff\n-rf"));
        packet.extend(text(b"-rw-r--r-- long"));
        packet.extend([0, 0, 0, 5]);
        packet.extend(9_u64.to_be_bytes());
        packet.extend(0o100_644_u32.to_be_bytes());

        let attributes = Attributes { size: Some(9), mode: Some(0o100_644), times: None };
        let entry = Entry { name: b"\xff\n-rf".to_vec(), attributes };
        assert_eq!(Reply::parse(packet), Ok((7, Reply::Names(vec![entry]))));
        assert_eq!(Reply::parse([&[102, 0, 0, 0, 1][..], &text(&[0, 0xff])].concat()), Ok((1, Reply::Handle(vec![0, 0xff]))));
    }

    #[test]
    fn a_count_that_the_answer_does_not_hold_is_refused() {
        assert_eq!(Reply::parse(vec![104, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff]), Err(Malformed));
        assert_eq!(Reply::parse(vec![103, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff, 1, 2]), Err(Malformed));
    }

    #[test]
    fn data_is_what_its_length_says() {
        let packet = [&[103, 0, 0, 0, 7][..], &text(b"abc"), b"beyond"].concat();
        let Ok((7, Reply::Data(data))) = Reply::parse(packet) else { panic!("no data") };
        assert_eq!(data.bytes(), b"abc");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(kind in 0..=255_u8, rest in prop::collection::vec(any::<u8>(), 0..200)) {
            let packet = [vec![kind], rest].concat();
            let length = packet.len();
            if let Ok((_, Reply::Data(data))) = Reply::parse(packet) {
                prop_assert!(data.bytes().len() < length);
            }
        }
    }
}
