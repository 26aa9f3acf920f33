//! A folder of our own beside a destination: what comes stands there until all of it is known to be whole.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::process::{Pid, geteuid, test_kill_process};
use sha2::{Digest as _, Sha256};

use crate::files::part::is_any_part;

/// What its name begins with; the number of its process follows, what tells this computer's processes from others', and a random word.
const BEGIN: &str = ".ec2dash-";
const END: &str = ".ec2dash-part";

/// A folder of our own, which goes when this is dropped.
#[derive(Debug)]
pub struct Stage(PathBuf);

impl Stage {
    /// Make it in `folder`, and remove those of runs that were killed there.
    pub fn make(folder: &Path) -> io::Result<Self> {
        let folder = super::super::store::here(folder);
        remove_orphans(folder);
        let random = uuid::Uuid::new_v4().simple().to_string();
        let random = random.get(..8).unwrap_or_default();
        let path = folder.join(format!("{BEGIN}{}-{}-{random}{END}", std::process::id(), of_whose_processes()));
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next copy to there.
        let _ = remove_all(&self.0);
    }
}

/// Those whose process is no more.
fn remove_orphans(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().filter(|_| is_any_part(&name)).and_then(process_of);
        let is_own = || entry.metadata().is_ok_and(|facts| facts.is_dir() && facts.uid() == geteuid().as_raw());
        if process.is_some_and(|process| test_kill_process(process).is_err()) && is_own() {
            // Follows no link that somebody puts there meanwhile; what its modes keep from being removed stays.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The process of this computer that made the folder of this name.
fn process_of(name: &str) -> Option<Pid> {
    let mut words = name.strip_prefix(BEGIN)?.strip_suffix(END)?.split('-');
    let (process, whose) = (words.next()?.parse().ok()?, words.next()?);
    Pid::from_raw(process).filter(|_| whose == of_whose_processes())
}

/// Process numbers are those of one computer, or one container: what tells it from others that have the folder, too.
fn of_whose_processes() -> String {
    let machine = fs::read("/etc/machine-id").unwrap_or_default();
    let numbers = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(machine);
    hash.update(numbers.as_os_str().as_bytes());
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Folders may have come with modes that let nobody in.
fn remove_all(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(folder)?.flatten() {
        if entry.file_type()?.is_dir() {
            remove_all(&entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir(folder)
}
