//! The parts that stand beside their targets while files are copied: what has to be put away when somebody leaves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A part with less in it is not worth going on with.
const WORTH_KEEPING: u64 = 64 * 1024;

/// The parts of files under way, and how many bytes of each are there.
#[derive(Debug, Default)]
pub struct Parts(Mutex<BTreeMap<PathBuf, u64>>);

impl Parts {
    fn all(&self) -> MutexGuard<'_, BTreeMap<PathBuf, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One is begun, or gone on with at `bytes`.
    pub fn begin(&self, path: &Path, bytes: u64) {
        self.all().insert(path.to_owned(), bytes);
    }

    /// A folder is begun that has this mark in it.
    pub fn begin_folder(&self, mark: &Path) {
        self.begin(mark, u64::MAX);
    }

    /// More of it is there.
    pub fn grow(&self, path: &Path, bytes: u64) {
        if let Some(there) = self.all().get_mut(path) {
            *there = there.saturating_add(bytes);
        }
    }

    /// It is called otherwise now.
    pub fn rename(&self, from: &Path, to: &Path) {
        let mut all = self.all();
        if let Some(bytes) = all.remove(from) {
            all.insert(to.to_owned(), bytes);
        }
    }

    /// It is no more: it has its name, or was removed.
    pub fn end(&self, path: &Path) {
        self.all().remove(path);
    }

    /// Those that are left, and whether each is worth keeping.
    pub fn left(&self) -> Vec<(PathBuf, bool)> {
        self.all().iter().map(|(path, bytes)| (path.clone(), *bytes >= WORTH_KEEPING)).collect()
    }
}
