//! The settings file while the dashboard runs: a saved change is noticed and read.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tokio::task::AbortHandle;

use crate::config::{Loaded, Origin, Problems};

/// Every so many of the times that somebody might look, somebody does: a look may cost a thread.
const EVERY: u8 = 2;

/// Which file is in its place: another number, length or time of its own is another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    /// Of the file that is there now; `None` if there is none, or not for a moment while an editor replaces it.
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        let changed = (metadata.mtime(), metadata.mtime_nsec());
        Some(Self { inode: metadata.ino(), length: metadata.len(), changed })
    }
}

/// A file that was not read before, and what it says.
pub type Read = (Stamp, Result<Box<Loaded>, Problems>);

/// The file, and how it was when it was read last.
pub struct SettingsFile {
    origin: Origin,
    read: Option<Stamp>,
    looking: Option<AbortHandle>,
    passed: u8,
}

impl SettingsFile {
    /// The file as it is now: it has just been read.
    pub fn new(origin: Origin) -> Self {
        let read = origin.path.as_deref().and_then(Stamp::of);
        Self { origin, read, looking: None, passed: 0 }
    }

    /// A look at the file, if one is due and the last one is over. It reports only a file that is not the one that was read.
    pub fn look(&mut self) -> Option<impl Future<Output = Option<Read>> + Send + use<>> {
        self.passed = (self.passed + 1) % EVERY;
        if self.passed != 0 || self.looking.as_ref().is_some_and(|look| !look.is_finished()) {
            return None;
        }
        let path = self.origin.path.clone()?;
        let (origin, read) = (self.origin.clone(), self.read);
        // A home on a network may make us wait.
        Some(async move {
            let looked = tokio::task::spawn_blocking(move || {
                let stamp = Stamp::of(&path).filter(|stamp| Some(*stamp) != read)?;
                Some((stamp, origin.read().map(Box::new)))
            });
            looked.await.ok()?
        })
    }

    /// This look is under way.
    pub fn is_looked_at(&mut self, look: AbortHandle) {
        self.looking = Some(look);
    }

    /// The file with this stamp has been read.
    pub fn has_read(&mut self, stamp: Stamp) {
        self.read = Some(stamp);
    }
}
