//! What runs that were killed have left behind, and its removal at the next start.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;

use super::left_child;
use super::run_directory::{LOCK, Places, is_our_name};

/// A directory without a process id in its lock may be one that is just being made.
const BEING_MADE: Duration = Duration::from_secs(60);

/// Remove the directories of runs that are no more, and end the programs they ran; the number of those removed.
///
/// Only directories that are ours by name and owner are touched, and symbolic links are not followed.
pub fn sweep(places: &Places, now: SystemTime) -> usize {
    let mut removed = 0;
    for place in places.paths() {
        let Ok(entries) = fs::read_dir(place) else { continue };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(is_our_name) && is_dead(&entry.path(), now) {
                left_child::end(&entry.path());
                match fs::remove_dir_all(entry.path()) {
                    Ok(()) => removed += 1,
                    Err(error) => tracing::warn!("cannot remove {}: {error}", entry.path().display()),
                }
            }
        }
    }
    removed
}

fn is_dead(directory: &Path, now: SystemTime) -> bool {
    let Ok(found) = fs::symlink_metadata(directory) else { return false };
    if !found.is_dir() || found.uid() != rustix::process::geteuid().as_raw() {
        return false;
    }
    match lock_holder(&directory.join(LOCK)) {
        Ok(Holder::Alive) => false,
        Ok(Holder::Dead) => true,
        Ok(Holder::Unnamed) => is_old(&found, now),
        Err(error) if error.kind() == io::ErrorKind::NotFound => is_old(&found, now),
        Err(_) => false,
    }
}

enum Holder {
    Alive,
    Dead,
    Unnamed,
}

fn lock_holder(lock: &Path) -> io::Result<Holder> {
    let no_follow = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).map_err(io::Error::other)?;
    let file: File = OpenOptions::new().read(true).custom_flags(no_follow).open(lock)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Holder::Alive),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut id = String::new();
    file.take(32).read_to_string(&mut id)?;
    Ok(if id.ends_with('\n') { Holder::Dead } else { Holder::Unnamed })
}

fn is_old(found: &Metadata, now: SystemTime) -> bool {
    found.modified().is_ok_and(|made| now.duration_since(made).is_ok_and(|age| age > BEING_MADE))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::ssh::RunDirectory;

    /// This one alone: what others leave in `/tmp` meanwhile is not counted.
    fn places(root: &TempDir) -> Places {
        Places::only(root.path())
    }

    /// What `kill -9` leaves: everything but the lock.
    fn killed(root: &TempDir) -> PathBuf {
        let run = RunDirectory::create(&places(root)).unwrap();
        let path = root.path().join("ec2dash-run-000000000000");
        fs::create_dir(&path).unwrap();
        fs::copy(run.path().join(LOCK), path.join(LOCK)).unwrap();
        fs::write(path.join("agent-01234567"), "").unwrap();
        path
    }

    #[test]
    fn a_killed_runs_directory_goes_and_a_living_runs_stays() {
        let root = tempfile::tempdir().unwrap();
        let living = RunDirectory::create(&places(&root)).unwrap();
        let dead = killed(&root);

        let removed = sweep(&places(&root), SystemTime::now());

        assert_eq!(removed, 1);
        assert!(!dead.exists());
        assert!(living.path().join(LOCK).exists());
    }

    #[test]
    fn a_directory_that_is_just_being_made_is_left_alone_for_a_minute() {
        let root = tempfile::tempdir().unwrap();
        let young = root.path().join("ec2dash-run-0123456789ab");
        fs::create_dir(&young).unwrap();

        assert_eq!(sweep(&places(&root), SystemTime::now()), 0);
        fs::write(young.join(LOCK), "").unwrap();
        assert_eq!(sweep(&places(&root), SystemTime::now()), 0);
        assert_eq!(sweep(&places(&root), SystemTime::now() + Duration::from_secs(120)), 1);
    }

    #[test]
    fn links_and_other_names_are_not_touched() {
        let root = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join(LOCK), "1\n").unwrap();
        fs::write(elsewhere.path().join("precious"), "").unwrap();
        symlink(elsewhere.path(), root.path().join("ec2dash-run-aaaaaaaaaaaa")).unwrap();
        for name in ["ec2dash-run-", "ec2dash-run-000000000000x", "ec2dash-run-ZZZZZZZZZZZZ", "other"] {
            fs::create_dir(root.path().join(name)).unwrap();
            fs::write(root.path().join(name).join(LOCK), "1\n").unwrap();
        }

        let removed = sweep(&places(&root), SystemTime::now() + Duration::from_secs(3600));

        assert_eq!(removed, 0);
        assert!(elsewhere.path().join("precious").exists());
    }

    #[test]
    fn a_link_inside_a_dead_directory_is_removed_and_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("precious"), "").unwrap();
        symlink(elsewhere.path(), killed(&root).join("link")).unwrap();

        let removed = sweep(&places(&root), SystemTime::now());

        assert_eq!(removed, 1);
        assert!(elsewhere.path().join("precious").exists());
    }

    #[test]
    fn a_lock_that_is_a_link_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("ec2dash-run-aaaaaaaaaaaa");
        fs::create_dir(&directory).unwrap();
        let elsewhere = root.path().join("id");
        fs::write(&elsewhere, "1\n").unwrap();
        symlink(&elsewhere, directory.join(LOCK)).unwrap();

        assert_eq!(sweep(&places(&root), SystemTime::now() + Duration::from_secs(3600)), 0);
    }
}
