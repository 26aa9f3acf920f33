//! The version of `ssh`, for as long as it is the same file.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::access::SshVersion;

/// An OpenSSH that was asked once is not asked again before each connection: starting it takes longer than all else that is ours there. A
/// script of that name may run another program tomorrow; until the end of this process it is taken for the one that it ran.
#[derive(Debug, Default)]
pub struct SshMemory(Mutex<Option<(State, SshVersion)>>);

/// Which file it is, and which state of it: whatever is done to a file, the system sets the time of its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    path: PathBuf,
    device: u64,
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl State {
    /// None: there is no such file to be seen.
    pub(super) fn of(program: &Path) -> Option<Self> {
        let found = program.metadata().ok()?;
        Some(Self {
            path: program.to_owned(),
            device: found.dev(),
            inode: found.ino(),
            size: found.len(),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }
}

impl SshMemory {
    /// The version of the program in this state, if it was kept.
    pub(super) fn version(&self, state: &State) -> Option<SshVersion> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(then, _)| then == state).map(|(_, version)| *version)
    }

    /// Keep what the program in this state said of itself.
    pub(super) fn keep(&self, state: State, version: SshVersion) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((state, version));
    }
}
