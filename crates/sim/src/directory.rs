//! The private directory of a simulation: AWS files, config and keys for the programs that use it.
//!
//! The program makes the directory of a run in much the same way (`ssh::run_directory`, `ssh::leftovers`). It has to do without this
//! crate, and this crate without it; a third crate for what the two have in common, a locked 0700 directory, would be more to read
//! than the repetition.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;
use uuid::Uuid;

const PREFIX: &str = "ec2dash-sim-";
/// A directory has this name until its lock is held, so that another start does not take it for a leftover.
const NEW_PREFIX: &str = ".new-ec2dash-sim-";
const LOCK: &str = "lock";
/// How often, and after which pause, it is tried to remove a directory that is in use.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(5);

/// A fresh 0700 directory that goes when this is dropped.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// Held as long as we live: its lock tells others that the directory is in use.
    _lock: File,
}

impl Directory {
    /// Makes one under `parent`, or where the user keeps such things, after removing what killed runs left there.
    pub fn new(parent: Option<&Path>) -> io::Result<Self> {
        let parent = parent.map_or_else(usual_parent, Path::to_path_buf);
        remove_leftovers(&parent);
        let unique = Uuid::new_v4().simple().to_string();
        let new = parent.join(format!("{NEW_PREFIX}{unique}"));
        DirBuilder::new().mode(0o700).create(&new)?;
        let mut lock = private_file(&new.join(LOCK))?;
        lock.try_lock().map_err(io::Error::from)?;
        writeln!(lock, "{}", std::process::id())?;
        let path = parent.join(format!("{PREFIX}{unique}"));
        fs::rename(&new, &path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a new 0600 file.
    pub(super) fn write(&self, name: &str, content: &str) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        private_file(&path)?.write_all(content.as_bytes())?;
        Ok(path)
    }

    /// Makes a 0700 directory inside.
    pub(super) fn make(&self, name: &str) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(self.path.join(name))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // Who uses it may be in the middle of a write, and put a new file beside what is being removed.
        for _ in 0..TRIES {
            if fs::remove_dir_all(&self.path).is_ok_and(|()| !self.path.exists()) {
                return;
            }
            thread::sleep(PAUSE);
        }
        // Nobody is left to tell; the next start removes what could not be removed now.
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn usual_parent() -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    runtime.filter(|path| path.is_absolute() && path.is_dir()).unwrap_or_else(std::env::temp_dir)
}

/// Removes the directories whose process is gone: ours by name and owner, real directories, and not locked.
fn remove_leftovers(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let is_leftover = (starts_with(&name, PREFIX) && is_unlocked(&path))
            || (starts_with(&name, NEW_PREFIX) && is_older_than(&path, Duration::from_secs(60)));
        if is_leftover && is_own_directory(&path) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

fn starts_with(name: &OsStr, prefix: &str) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(prefix))
}

fn is_own_directory(path: &Path) -> bool {
    let owner = rustix::process::geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == owner)
}

fn is_unlocked(path: &Path) -> bool {
    if !is_own_directory(path) {
        return false;
    }
    let no_follow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    match OpenOptions::new().read(true).custom_flags(no_follow).open(path.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn is_older_than(path: &Path, age: Duration) -> bool {
    let changed = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
    changed.is_ok_and(|changed| SystemTime::now().duration_since(changed).is_ok_and(|since| since > age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_directory_and_its_files_are_private_and_go_with_it() {
        let parent = tempfile::tempdir().unwrap();
        let directory = Directory::new(Some(parent.path())).unwrap();
        directory.make("keys").unwrap();
        let file = directory.write("keys/team", "x").unwrap();
        let path = directory.path().to_path_buf();

        assert_eq!((mode(&path), mode(&path.join("keys")), mode(&file)), (0o700, 0o700, 0o600));
        drop(directory);

        assert!(!path.exists());
    }

    #[test]
    fn it_goes_while_somebody_still_writes_in_it() {
        for round in 0..20 {
            let parent = tempfile::tempdir().unwrap();
            let directory = Directory::new(Some(parent.path())).unwrap();
            directory.make("state").unwrap();
            let path = directory.path().to_path_buf();
            let (begun, is_begun) = std::sync::mpsc::channel();

            thread::scope(|scope| {
                scope.spawn(|| {
                    for number in 0..2_000 {
                        let _ = fs::write(path.join(format!("state/{number}")), "");
                        let _ = begun.send(());
                    }
                });
                is_begun.recv().unwrap();
                drop(directory);
            });

            assert!(!path.exists(), "round {round}");
        }
    }

    #[test]
    fn a_start_removes_what_a_killed_run_left_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let path = |name: &str| parent.path().join(name);
        let alive = Directory::new(Some(parent.path())).unwrap();
        fs::create_dir_all(path("ec2dash-sim-dead/keys")).unwrap();
        fs::write(path("ec2dash-sim-dead/lock"), "1").unwrap();
        fs::write(path("ec2dash-sim-dead/keys/team"), "secret").unwrap();
        fs::create_dir(path("elsewhere")).unwrap();
        fs::write(path("elsewhere/file"), "").unwrap();
        std::os::unix::fs::symlink(path("elsewhere"), path("ec2dash-sim-link")).unwrap();
        std::os::unix::fs::symlink(path("elsewhere"), path("ec2dash-sim-dead/link")).unwrap();
        fs::create_dir(path("other-program")).unwrap();

        let next = Directory::new(Some(parent.path())).unwrap();

        assert!(!path("ec2dash-sim-dead").exists());
        assert!(alive.path().exists() && next.path().exists() && path("other-program").exists());
        assert!(path("elsewhere/file").exists() && path("ec2dash-sim-link").exists());
    }
}
