//! Whom the ssh of a block logs in, as it tells us itself: `ssh other@web-1` is no wish that a `ProxyCommand` could be told without a
//! shell reading it.
//!
//! ssh starts our proxy and, once it is connected, our answer to `KnownHostsCommand`, which it runs without a shell. Both are its children,
//! so a note that bears its process number is for the one and from the other.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::io::Errno;
use rustix::process::{Pid, getppid, test_kill_process};

use crate::access::Login;
use crate::config;
use crate::model::InstanceId;

/// A note that is younger may be another computer's, whose processes are not seen here.
const IN_USE: Duration = Duration::from_secs(60 * 60);

/// The note from one child of an ssh to the other. Dropped, it is gone.
#[derive(Debug)]
pub struct BlockLogin {
    path: PathBuf,
}

impl BlockLogin {
    /// For the proxy: what the ssh that started us is going to tell, below the state directory; none if that ssh is gone.
    pub fn awaited(state: &Path, id: &InstanceId) -> Option<Self> {
        let path = path(state, id)?;
        sweep(&directory(state), SystemTime::now());
        // Of an earlier ssh with this number, whose proxy was killed.
        let _ = fs::remove_file(&path);
        Some(Self { path })
    }

    /// Whom it logs in, if it has said so.
    pub fn told(&self) -> Option<Login> {
        // It is ours, and whoever wrote it has checked it; a name is checked again where it is read.
        fs::read_to_string(&self.path).ok()?.parse().ok()
    }

    /// Tell the proxy.
    pub(super) fn tell(state: &Path, id: &InstanceId, user: &Login) -> io::Result<()> {
        let Some(path) = path(state, id) else { return Ok(()) };
        config::create(state)?;
        config::create(&directory(state))?;
        let new = path.with_extension(format!("{}.new", std::process::id()));
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(user.as_str().as_bytes())?;
        fs::rename(&new, path)
    }
}

impl Drop for BlockLogin {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Where the children of one ssh find what it said of one instance; none if it is gone.
fn path(state: &Path, id: &InstanceId) -> Option<PathBuf> {
    let ssh = getppid()?.as_raw_nonzero();
    Some(directory(state).join(format!("{id}.{ssh}")))
}

/// Remove the notes of those that are no more: a proxy that was killed leaves its own.
fn sweep(directory: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let is_old = || {
            let written = entry.metadata().and_then(|found| found.modified()).ok()?;
            Some(now.duration_since(written).ok()? > IN_USE)
        };
        if entry.file_name().to_str().and_then(writer).is_some_and(is_gone) && is_old().unwrap_or(false) {
            // Somebody else may be sweeping, too.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whose note a name is: `i-….123` is of the ssh 123, and `i-….124.new` is being written by 124.
fn writer(name: &str) -> Option<Pid> {
    let (id, number) = name.strip_suffix(".new").unwrap_or(name).split_once('.')?;
    id.parse::<InstanceId>().ok()?;
    Pid::from_raw(number.parse().ok()?)
}

fn is_gone(process: Pid) -> bool {
    test_kill_process(process) == Err(Errno::SRCH)
}

fn directory(state: &Path) -> PathBuf {
    state.join("logins")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_child_tells_the_other_reads_until_it_ends() {
        let state = tempfile::tempdir().unwrap();
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let other: InstanceId = "i-0123456789abcdef1".parse().unwrap();
        let note = BlockLogin::awaited(state.path(), &id).unwrap();
        assert_eq!(note.told(), None);

        BlockLogin::tell(state.path(), &id, &"deploy".parse().unwrap()).unwrap();

        assert_eq!(note.told(), Some("deploy".parse().unwrap()));
        assert_eq!(BlockLogin::awaited(state.path(), &other).unwrap().told(), None);
        drop(note);
        assert_eq!(fs::read_dir(directory(state.path())).unwrap().count(), 0);
    }

    #[test]
    fn notes_of_those_that_are_no_more_go_and_no_others() {
        let state = tempfile::tempdir().unwrap();
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let gone = child.id();
        child.wait().unwrap();
        let directory = directory(state.path());
        fs::create_dir(&directory).unwrap();
        let own = std::process::id();
        let mut stay = vec![format!("{id}.{own}"), format!("{id}.{own}.new"), "other".to_owned(), format!("other.{gone}")];
        for name in stay.iter().cloned().chain([format!("{id}.{gone}"), format!("{id}.{gone}.new")]) {
            fs::write(directory.join(name), "deploy").unwrap();
        }

        sweep(&directory, SystemTime::now());
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 6);
        sweep(&directory, SystemTime::now() + IN_USE * 2);

        let mut left: Vec<String> =
            fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        stay.sort();
        assert_eq!(left, stay);
    }

    #[test]
    fn what_is_no_login_name_is_none() {
        let state = tempfile::tempdir().unwrap();
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let note = BlockLogin::awaited(state.path(), &id).unwrap();
        fs::create_dir(directory(state.path())).unwrap();

        for bad in ["", "-oProxyCommand=x", "a b", "$(id)", "a\n"] {
            fs::write(&note.path, bad).unwrap();
            assert_eq!(note.told(), None, "{bad:?}");
        }
    }
}
