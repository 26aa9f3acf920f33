//! What our programs and the agent say to each other: lines, on a socket that only the user can open.

use serde::{Deserialize, Serialize};

use crate::model::InstanceId;

/// Longest line that is read.
pub(super) const LONGEST_LINE: usize = 64 * 1024;
/// ssh wants to know its keys now: whoever has pushed one makes sure that it still counts.
pub(super) const ASKED: &str = "asked";
/// It does.
pub(super) const READY: &str = "ready";
/// The agent ends.
pub(super) const STOPPING: &str = "stopping";

/// What a program wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// A key for this instance, as long as it talks.
    Key(InstanceId),
    /// What is held.
    Status,
    /// That it ends.
    Stop,
}

impl Wish {
    pub(super) fn line(&self) -> String {
        match self {
            Self::Key(id) => format!("key {id}"),
            Self::Status => "status".to_owned(),
            Self::Stop => "stop".to_owned(),
        }
    }

    pub(super) fn read(line: &str) -> Option<Self> {
        match line.split_once(' ') {
            Some(("key", id)) => id.parse().ok().map(Self::Key),
            None if line == "status" => Some(Self::Status),
            None if line == "stop" => Some(Self::Stop),
            _ => None,
        }
    }
}

/// What the agent says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) process: u32,
    pub(super) keys: Vec<HeldFor>,
}

/// A key that is held, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFor {
    /// The instance's id.
    pub id: String,
    /// How many connections use it.
    pub connections: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_as_they_are_written_and_nothing_else_is_one() {
        let id = "i-0123456789abcdef0".parse().unwrap();
        for wish in [Wish::Key(id), Wish::Status, Wish::Stop] {
            assert_eq!(Wish::read(&wish.line()), Some(wish));
        }
        for line in ["", "key", "key ../control", "key i-0123456789abcdef0 more", "stop now", "STATUS"] {
            assert_eq!(Wish::read(line), None, "{line}");
        }
    }
}
