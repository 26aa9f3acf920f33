//! A file that was made here, and is removed only as long as nothing else stands at its path.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A file in the file system, as it was when it was made.
#[derive(Debug)]
pub(super) struct OwnFile {
    path: PathBuf,
    /// Its device and its number there.
    number: Option<(u64, u64)>,
}

impl OwnFile {
    /// The file that was just made at `path`.
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), number: number(path) }
    }

    /// Where it was made.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Remove it, if it still stands there. What cannot be removed stays.
    pub(super) fn remove(&self) {
        if self.number.is_some() && number(&self.path) == self.number {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn number(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_file_that_was_made_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "ours").unwrap();
        let own = OwnFile::of(&path);
        // It still exists, so its number is nobody else's.
        fs::rename(&path, directory.path().join("aside")).unwrap();
        fs::write(&path, "theirs").unwrap();

        own.remove();
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");

        OwnFile::of(&path).remove();
        assert!(!path.exists());
    }
}
