//! The file of blocks: ours by its first line, written as a whole or not at all.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::model::Untrusted;

/// How every file of ours begins. Another line here would make strangers of those that are there.
pub(super) const FIRST_LINE: &str =
    "# Written by ec2dash ssh-config, and written anew as a whole: what is changed here is lost.\n";
/// Most bytes of a file that is compared: a thousand times what ten thousand instances take.
const MOST_BYTES: u64 = 1 << 34;

/// A file that is ours to write.
#[derive(Debug)]
pub(super) struct OwnFile {
    path: PathBuf,
    content: Option<Vec<u8>>,
}

impl OwnFile {
    /// The one at `path`, behind a link the one that it leads to; none if another's is there.
    pub(super) fn find(path: &Path) -> io::Result<Option<Self>> {
        let path = resolved(path)?;
        let mut file = match File::options().read(true).custom_flags(no_wait()).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(Self { path, content: None })),
            Err(error) => return Err(error),
        };
        if !file.metadata()?.is_file() {
            return Ok(None);
        }
        let mut start = vec![0; FIRST_LINE.len()];
        let is_ours = file.read_exact(&mut start).is_ok() && start == FIRST_LINE.as_bytes();
        if !is_ours {
            return Ok(None);
        }
        file.take(MOST_BYTES).read_to_end(&mut start)?;
        Ok(Some(Self { path, content: Some(start) }))
    }

    /// The one at `path`, whatever is there.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: resolved(path).unwrap_or_else(|_| path.to_owned()), content: None }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// Write it, for nobody else to read; whether it was another one before.
    pub(super) fn write(&self, text: &[u8]) -> io::Result<bool> {
        if self.content.as_deref() == Some(text) {
            fs::set_permissions(&self.path, Permissions::from_mode(0o600))?;
            return Ok(false);
        }
        replace(&self.path, text, 0o600)?;
        Ok(true)
    }
}

/// The old file or the new one, never half of either.
pub(super) fn replace(path: &Path, text: &[u8], mode: u32) -> io::Result<()> {
    let (folder, name) = (path.parent(), path.file_name());
    let (Some(folder), Some(name)) = (folder, name) else { return Err(io::ErrorKind::InvalidInput.into()) };
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(".ec2dash-new");
    let new = folder.join(beside);
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error), // else: of a killed run
        _ => {}
    }
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
        // Whatever the umask is.
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&new, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written?;
    File::open(folder)?.sync_all()
}

/// Where a link leads; the file itself need not be there.
pub(super) fn resolved(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_symlink() => fs::canonicalize(&path),
        _ => Ok(path),
    }
}

/// A pipe in its place is not waited for.
pub(super) fn no_wait() -> i32 {
    rustix::fs::OFlags::NONBLOCK.bits().cast_signed()
}

/// A path in a sentence.
pub(super) fn shown(path: &Path) -> String {
    Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200)
}

/// One line for each block that would come (`+`), go (`-`) or change (`~`).
pub(super) fn differences(old: &[u8], new: &[u8]) -> Vec<String> {
    let (old_text, new_text) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let (before, after) = (blocks(&old_text), blocks(&new_text));
    let mut lines: Vec<String> = Vec::new();
    for (id, block) in &after {
        match before.get(id) {
            None => lines.push(format!("+ {}", names(block))),
            Some(own) if own != block => lines.push(format!("~ {}", names(block))),
            Some(_) => {}
        }
    }
    lines.extend(before.iter().filter(|(id, _)| !after.contains_key(*id)).map(|(_, block)| format!("- {}", names(block))));
    lines
}

fn blocks(text: &str) -> BTreeMap<&str, &str> {
    text.split("\nHost ").skip(1).map(|block| (block.split([' ', '\n']).next().unwrap_or_default(), block)).collect()
}

fn names(block: &str) -> String {
    Untrusted::from(block.lines().next().unwrap_or_default()).shown_in(400)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, symlink};

    use super::*;

    fn text(body: &str) -> Vec<u8> {
        format!("{FIRST_LINE}{body}").into_bytes()
    }

    #[test]
    fn a_file_is_written_for_us_alone_and_again_only_if_it_is_another() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("hosts");

        assert!(OwnFile::find(&path).unwrap().unwrap().write(&text("one")).unwrap());
        let first = fs::metadata(&path).unwrap();
        assert_eq!(first.mode() & 0o777, 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        assert!(!OwnFile::find(&path).unwrap().unwrap().write(&text("one")).unwrap());
        let again = fs::metadata(&path).unwrap();
        assert_eq!((again.ino(), again.mode() & 0o777), (first.ino(), 0o600));
        assert!(OwnFile::find(&path).unwrap().unwrap().write(&text("two")).unwrap());

        assert_eq!(fs::read(&path).unwrap(), text("two"));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn another_ones_file_is_not_ours_and_a_link_leads_to_what_is_behind_it() {
        let home = tempfile::tempdir().unwrap();
        let [theirs, pipe, link] = ["theirs", "pipe", "link"].map(|name| home.path().join(name));
        let long = "Host *\n".repeat(50);
        for content in ["", &long, &FIRST_LINE[..20]] {
            fs::write(&theirs, content).unwrap();
            assert!(OwnFile::find(&theirs).unwrap().is_none(), "{content:?}");
        }
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(OwnFile::find(&pipe).unwrap().is_none());
        assert!(OwnFile::find(home.path()).unwrap().is_none());

        fs::write(home.path().join("real"), text("")).unwrap();
        symlink(home.path().join("real"), &link).unwrap();
        OwnFile::find(&link).unwrap().unwrap().write(&text("new")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(home.path().join("real")).unwrap(), text("new"));
    }

    #[test]
    fn differences_name_what_comes_goes_and_changes() {
        let old = text("\nHost i-a web\n  User x\n\nHost i-b\n  User x\n\nHost i-c db\n  User x\n");
        let new = text("\nHost i-a web\n  User y\n\nHost i-c db\n  User x\n\nHost i-d d\n  User x\n");

        assert_eq!(differences(&old, &new), ["~ i-a web", "+ i-d d", "- i-b"]);
        assert_eq!(differences(&old, &old), [""; 0]);
    }
}
