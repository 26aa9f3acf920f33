//! How much of a copy there is and how much is done, counted by whoever does it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts up, from several tasks.
#[derive(Debug, Default)]
pub struct Meter {
    files: AtomicU64,
    files_done: AtomicU64,
    bytes: AtomicU64,
    bytes_done: AtomicU64,
    foreseen: AtomicU64,
}

/// What a meter shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that were found so far.
    pub files: u64,
    /// Files that are there.
    pub files_done: u64,
    /// Bytes of the files that were found so far, or that were foreseen.
    pub bytes: u64,
    /// Bytes that are there.
    pub bytes_done: u64,
}

impl Meter {
    /// A file was found.
    pub fn found(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// About so many bytes more will be found, where that is told before.
    pub fn foresee(&self, bytes: u64) {
        self.foreseen.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes are there, or were there before.
    pub fn passed(&self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A file has its name.
    pub fn done(&self) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
    }

    /// What it shows.
    pub fn tally(&self) -> Tally {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Tally {
            files: read(&self.files),
            files_done: read(&self.files_done),
            bytes: read(&self.bytes).max(read(&self.foreseen)),
            bytes_done: read(&self.bytes_done),
        }
    }
}
