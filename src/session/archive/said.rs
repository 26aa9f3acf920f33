//! What a script says by itself, word by word.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::Untrusted;

/// What a path names there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// Something else.
    Other,
    /// Nothing.
    Nothing,
}

/// What a script says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It listens, if it lacks no program.
    Ready {
        /// What new files there lack of the mode that is asked for.
        umask: u32,
        /// The programs that it lacks.
        missing: Vec<String>,
    },
    /// What is there.
    Found {
        /// What it is.
        kind: Found,
        /// About so many bytes.
        size: u64,
        /// Its whole path, if that was asked for.
        path: Vec<u8>,
    },
    /// The stream may come.
    Go,
    /// All of a stream has come from there.
    Given {
        /// What tar ended with.
        status: u8,
        /// The SHA-256 of the stream, in hex.
        hash: String,
        /// What tar complained of.
        complaints: Untrusted,
    },
    /// A stream was taken there.
    Taken(Outcome, Untrusted),
    /// It could not begin, in the words of the system there.
    Failed(Untrusted),
    /// The answer to a question, behind the data that belong to it.
    Answered(Vec<String>),
    /// The same, where the system there says no, in its words.
    Refused(Untrusted),
}

/// What became of a stream that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was whole, and what is in it has its name but for what was complained of.
    Placed,
    /// It is not what was sent.
    OtherHash,
    /// tar ended with this.
    Status(u8),
}

impl Said {
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(line).ok()?.split(' ').filter(|word| !word.is_empty());
        let said = match words.next()? {
            "ready" => {
                let umask = u32::from_str_radix(words.next()?, 8).ok()?;
                Self::Ready { umask: umask & 0o777, missing: words.by_ref().map(str::to_owned).collect() }
            }
            "found" => {
                let kind = match words.next()? {
                    "d" => Found::Folder,
                    "f" => Found::File,
                    "o" => Found::Other,
                    "n" => Found::Nothing,
                    _ => return None,
                };
                let size = words.next()?.parse().ok()?;
                Self::Found { kind, size, path: bytes(words.next())? }
            }
            "go" => Self::Go,
            "given" => {
                let status = words.next()?.parse().ok()?;
                Self::Given { status, hash: words.next()?.to_owned(), complaints: text(words.next())? }
            }
            "taken" => {
                let outcome = match words.next()? {
                    "0" => Outcome::Placed,
                    "hash" => Outcome::OtherHash,
                    status => Outcome::Status(status.parse().ok()?),
                };
                Self::Taken(outcome, text(words.next())?)
            }
            "failed" => Self::Failed(text(words.next())?),
            "ok" => Self::Answered(words.by_ref().map(str::to_owned).collect()),
            "no" => Self::Refused(text(words.next())?),
            _ => return None,
        };
        words.next().is_none().then_some(said)
    }
}

/// A word of base64; none is an empty one.
fn bytes(word: Option<&str>) -> Option<Vec<u8>> {
    STANDARD.decode(word.unwrap_or_default()).ok()
}

fn text(word: Option<&str>) -> Option<Untrusted> {
    bytes(word).map(|bytes| String::from_utf8_lossy(&bytes).into_owned().into())
}
