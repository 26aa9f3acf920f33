//! What all ec2dash processes of this user hold open: each says so in a file that it locks, and a file that nobody locks says nothing.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::model::{Running, RunningKind, Untrusted};

/// Most bytes of a file.
const MOST_BYTES: u64 = 16 * 1024;
/// Most files that are looked at.
const MOST_FILES: usize = 500;

/// The next thing that this process holds.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Where the files are.
#[derive(Debug, Clone)]
pub struct Registry {
    directory: Option<PathBuf>,
}

/// Something that this process holds open, as long as this lives.
#[derive(Debug)]
pub struct Registered {
    path: PathBuf,
    /// Its lock goes with the process, however that ends.
    _locked: File,
}

impl Drop for Registered {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Registry {
    /// In the state directory; without one nobody knows of the others.
    pub fn new(state: Option<&Path>) -> Self {
        Self { directory: state.map(|state| state.join("running")) }
    }

    /// Say that this process holds something open. It is worth no failure: where it cannot be said, nobody knows.
    pub fn register(&self, running: &Running) -> Option<Registered> {
        self.write(running).ok()
    }

    /// What the processes that live hold open, the oldest first. What a dead one has left is taken away.
    pub fn list(&self) -> Vec<Running> {
        let own = self.directory.as_ref().filter(|directory| check_owner(directory).is_ok());
        let entries = own.and_then(|directory| fs::read_dir(directory).ok());
        let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
        let is_whole = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        let mut all: Vec<Running> = paths.filter(is_whole).take(MOST_FILES).filter_map(|path| read(&path)).collect();
        all.sort_by_key(|running| (running.began, running.process, running.number));
        all
    }

    /// Ask the process that holds it to end, as a `kill` would. Whether it is there to be asked.
    pub fn end(&self, running: &Running) -> bool {
        let Some(path) = self.directory.as_ref().map(|directory| directory.join(name(running))) else { return false };
        // While it is locked the number of the process is nobody else's.
        let is_held = read(&path).is_some_and(|held| held.process == running.process);
        let process = i32::try_from(running.process).ok().and_then(rustix::process::Pid::from_raw);
        process.filter(|_| is_held).is_some_and(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM).is_ok())
    }

    fn write(&self, running: &Running) -> io::Result<Registered> {
        let directory = self.directory.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let state = directory.parent().ok_or(io::ErrorKind::NotFound)?;
        for directory in [state, directory] {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
            check_owner(directory)?;
        }
        let path = directory.join(name(running));
        // Locked before anybody looks for it: a file without a lock is a dead one's.
        let fresh = path.with_extension("new");
        let _ = fs::remove_file(&fresh);
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(&fresh)?;
        let written = file.try_lock().map_err(io::Error::from).and_then(|()| {
            file.write_all(written(running).to_string().as_bytes())?;
            fs::rename(&fresh, &path)
        });
        if let Err(error) = written {
            let _ = fs::remove_file(&fresh);
            return Err(error);
        }
        Ok(Registered { path, _locked: file })
    }
}

/// What another user says of processes is nothing to go by, and what we hold is none of that user's business.
fn check_owner(directory: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(directory)?;
    match found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() {
        true => Ok(()),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

/// A number for the next thing that this process holds.
pub fn next_number() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The terminal of this process: `pts/3`; empty without one.
pub fn own_terminal() -> String {
    let name = rustix::termios::ttyname(io::stdin(), Vec::new()).unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    name.strip_prefix("/dev/").unwrap_or(&name).to_owned()
}

fn name(running: &Running) -> String {
    format!("{}-{}.json", running.process, running.number)
}

fn written(running: &Running) -> Value {
    json!({
        "process": running.process,
        "number": running.number,
        "kind": running.kind.word(),
        "target": running.target.raw(),
        "method": running.method.raw(),
        "from": running.from.raw(),
        "began": running.began.to_string(),
        "is_of_dashboard": running.is_of_dashboard,
    })
}

/// What a file says, if its process lives.
fn read(path: &Path) -> Option<Running> {
    let no_wait = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut file = File::options().read(true).custom_flags(no_wait).open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        Ok(()) => {
            let _ = fs::remove_file(path);
            return None;
        }
        Err(TryLockError::Error(_)) => return None,
    }
    let mut source = String::new();
    (&mut file).take(MOST_BYTES).read_to_string(&mut source).ok()?;
    let value: Value = serde_json::from_str(&source).ok()?;
    let text = |key: &str| value.get(key)?.as_str();
    let foreign = |key: &str| text(key).map(Untrusted::from);
    let kind = text("kind").and_then(|word| RunningKind::ALL.iter().find(|(own, _)| *own == word))?.1;
    Some(Running {
        process: value.get("process")?.as_u64()?.try_into().ok()?,
        number: value.get("number")?.as_u64()?,
        kind,
        target: foreign("target")?,
        method: foreign("method")?,
        from: foreign("from")?,
        began: text("began")?.parse().ok()?,
        is_of_dashboard: value.get("is_of_dashboard")?.as_bool()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(number: u64) -> Running {
        Running {
            process: std::process::id(),
            number,
            kind: RunningKind::Shell,
            target: "web-1".into(),
            method: "ssm".into(),
            from: "pts/3".into(),
            began: "2026-11-21T10:00:00Z".parse().unwrap(),
            is_of_dashboard: false,
        }
    }

    #[test]
    fn what_is_held_is_listed_and_what_a_dead_process_has_left_is_taken_away() {
        let home = tempfile::tempdir().unwrap();
        let registry = Registry::new(Some(home.path()));
        let held = registry.register(&running(1)).unwrap();
        let dropped = registry.register(&running(2)).unwrap();
        let left = home.path().join("running/4242-1.json");
        fs::write(&left, written(&running(3)).to_string()).unwrap();

        assert_eq!(registry.list(), [running(1), running(2)]);
        assert!(!left.exists(), "nobody holds it");
        drop(dropped);
        assert_eq!(registry.list(), [running(1)]);
        drop(held);
        assert_eq!(registry.list(), []);
        assert_eq!(fs::read_dir(home.path().join("running")).unwrap().count(), 0);
    }

    #[test]
    fn nothing_that_is_no_longer_held_is_asked_to_end_and_without_a_home_nobody_knows() {
        let home = tempfile::tempdir().unwrap();
        let registry = Registry::new(Some(home.path()));
        drop(registry.register(&running(1)));

        assert!(!registry.end(&running(1)), "or this test would be over");
        assert!(Registry::new(None).register(&running(1)).is_none());
        assert_eq!(Registry::new(None).list(), []);
    }
}
