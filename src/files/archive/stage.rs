//! A folder of our own beside a destination: what comes stands there until all of it is known to be whole.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::process::{Pid, test_kill_process};

use crate::files::part::is_any_part;

/// What its name begins with; the number of its process follows.
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
        let path = folder.join(format!("{BEGIN}{}{END}", std::process::id()));
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
        let process = name
            .to_str()
            .filter(|_| is_any_part(&name))
            .and_then(|name| name.strip_prefix(BEGIN)?.strip_suffix(END)?.parse().ok().and_then(Pid::from_raw));
        if process.is_some_and(|process| test_kill_process(process).is_err()) && entry.file_type().is_ok_and(|kind| kind.is_dir())
        {
            let _ = remove_all(&entry.path());
        }
    }
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
