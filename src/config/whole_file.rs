//! Files that are whole at every moment, whoever reads them and whatever is killed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How often a lock that another program holds is asked for, and how long in between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);
/// A pipe in a file's place is not waited for.
pub(super) const NO_WAIT: i32 = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();

/// The lock is gone when the file is closed. A stopped program may hold it for ever: we give up after two seconds.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = lock_file(path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, "another program holds the lock"))
}

/// Put `bytes` in the file's place at once: whoever reads sees the old file or the new one, also after a crash. The lock is held.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    // One name for all who hold the lock: what a killed run has left goes with the next write.
    let fresh = path.with_added_extension("new");
    let _ = fs::remove_file(&fresh);
    let written = File::options().write(true).create_new(true).mode(0o600).open(&fresh).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&fresh, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&fresh);
        return replaced;
    }
    // The new file is in its place. Not every file system lets a directory be synchronised; then the old file may be back after a crash.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
    Ok(())
}

/// The same lock, taken at once or not at all; `None`: another program holds it.
pub fn lock_now(path: &Path) -> io::Result<Option<File>> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

fn lock_file(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).mode(0o600).custom_flags(NO_WAIT).open(path)
}
