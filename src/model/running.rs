//! A session or a tunnel of one of this user's ec2dash processes.

use jiff::Timestamp;

use super::Untrusted;

/// What a process says of something that it holds open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The process.
    pub process: u32,
    /// Which of the things that the process holds.
    pub number: u64,
    /// What it is.
    pub kind: RunningKind,
    /// The instance: its name, or its id.
    pub target: Untrusted,
    /// The way in.
    pub method: Untrusted,
    /// The terminal, or where it listens.
    pub from: Untrusted,
    /// Since when.
    pub began: Timestamp,
    /// Whether the process is a dashboard, which holds more than this.
    pub is_of_dashboard: bool,
}

/// What is held open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunningKind {
    /// Somebody's terminal on an instance.
    Shell,
    /// A port of this computer that leads there.
    Tunnel,
    /// A connection for ssh's `ProxyCommand`.
    Proxy,
}

impl RunningKind {
    /// All of them, by the word that stands for each in a file.
    pub const ALL: [(&'static str, Self); 3] = [("shell", Self::Shell), ("tunnel", Self::Tunnel), ("proxy", Self::Proxy)];

    /// The word that stands for it in a file, and in the key of its words.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}
