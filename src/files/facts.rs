//! What is known of a file before it is read.

use super::sftp::Attributes;

const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, a socket, a device: what has no content to copy.
    Special,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What it is.
    pub kind: Kind,
    /// In bytes.
    pub size: u64,
    /// Permissions, and the three bits above them.
    pub mode: u32,
    /// When it was last changed: seconds since 1970, and nanoseconds where they are told.
    pub changed: (i64, u32),
    /// When it was last read, in seconds.
    pub accessed: i64,
    /// The bytes that it takes where it lies, if that is told: fewer than its size where it has holes.
    pub taken: Option<u64>,
}

impl Facts {
    /// Whether nothing was written to it in between.
    pub fn is_same(&self, other: &Self) -> bool {
        self.size == other.size && self.changed == other.changed
    }

    /// Whether it has holes.
    pub fn is_sparse(&self) -> bool {
        self.kind == Kind::File && self.taken.is_some_and(|taken| taken < self.size)
    }
}

/// Kind and permissions of an `st_mode`.
pub fn of_mode(mode: u32) -> (Kind, u32) {
    let kind = match mode & KIND {
        REGULAR => Kind::File,
        FOLDER => Kind::Folder,
        LINK => Kind::Link,
        _ => Kind::Special,
    };
    (kind, mode & 0o7777)
}

impl From<Attributes> for Facts {
    fn from(told: Attributes) -> Self {
        // A server that tells no mode serves plain files.
        let (kind, mode) = told.mode.map_or((Kind::File, 0o644), of_mode);
        let (accessed, changed) = told.times.unwrap_or_default();
        Self { kind, size: told.size.unwrap_or(0), mode, changed: (changed.into(), 0), accessed: accessed.into(), taken: None }
    }
}
