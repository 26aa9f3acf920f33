//! The configuration file on disk: whether it may be trusted, and what it says.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::parse::{Loaded, Refused, parse};
use super::{Finding, Problems};
use crate::model::Untrusted;

/// Most bytes of a file.
const MOST_BYTES: u64 = 1024 * 1024;
/// Permission bits that let group or others write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Whether the file must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The user named it.
    Required,
    /// It is the usual place, and may be empty.
    Optional,
}

/// Read the settings in `path`. `home` resolves `~`; it is an argument so that tests need no environment.
pub fn load(path: &Path, presence: Presence, home: Option<&Path>) -> Result<Loaded, Problems> {
    let problems = |findings| Problems { path: path.to_owned(), findings, read: Box::default() };
    let source = match read(path) {
        Ok(Some(source)) => source,
        Ok(None) if presence == Presence::Optional => return Ok(Loaded::default()),
        Ok(None) => return Err(problems(vec![Finding::of_file("config-not-found", Vec::new())])),
        Err(finding) => return Err(problems(vec![finding])),
    };
    parse(&source, home).map_err(|refused| {
        let Refused { findings, read } = *refused;
        Problems { path: path.to_owned(), findings, read: Box::new(read) }
    })
}

/// The text of the file, `None` if there is none. The checks are made on the open file, so that it cannot be exchanged in between.
fn read(path: &Path) -> Result<Option<String>, Finding> {
    let unreadable = |error: io::Error| Finding::of_file("config-unreadable", vec![("cause", error.to_string())]);
    // A pipe in the file's place must not make us wait for its writer.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let opened = std::os::unix::fs::OpenOptionsExt::custom_flags(File::options().read(true), flags).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    trust(path, &file.metadata().map_err(unreadable)?)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Finding::of_file("config-too-large", Vec::new()));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Finding::of_file("config-not-utf8", vec![("line", line.to_string())])
    })
}

/// The file names programs' arguments, keys and addresses: who may write it decides what runs as us.
fn trust(path: &Path, metadata: &std::fs::Metadata) -> Result<(), Finding> {
    if !metadata.is_file() {
        return Err(Finding::of_file("config-not-a-file", Vec::new()));
    }
    let us = rustix::process::geteuid().as_raw();
    let shown = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(200);
    if metadata.uid() != us && metadata.uid() != 0 {
        return Err(Finding::of_file("config-foreign-owner", vec![("path", shown), ("user", us.to_string())]));
    }
    if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(Finding::of_file("config-writable", vec![("path", shown)]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::text::Catalogue;

    fn refusal(bytes: &[u8], mode: u32) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let problems = load(&path, Presence::Optional, None).unwrap_err();
        problems.findings[0].text(&Catalogue::english())
    }

    #[test]
    fn a_file_that_others_may_write_is_refused_with_the_chmod() {
        assert!(refusal(b"", 0o664).contains("chmod go-w /"));
        assert!(refusal(b"", 0o602).contains("chmod go-w /"));
    }

    #[test]
    fn a_file_of_more_than_a_mebibyte_is_refused() {
        assert!(refusal(&vec![b'#'; 1024 * 1024 + 1], 0o600).contains("larger than 1 MiB"));
    }

    #[test]
    fn a_file_that_is_not_text_is_refused_with_the_line() {
        assert!(refusal(b"a = 1\n\xff", 0o600).contains("line 2"));
    }

    #[test]
    fn what_is_no_file_is_refused_without_waiting() {
        let directory = tempfile::tempdir().unwrap();

        let problems = load(directory.path(), Presence::Optional, None).unwrap_err();

        assert_eq!(problems.findings[0].code, "config-not-a-file");
    }

    #[test]
    fn only_the_usual_place_may_be_empty() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");

        assert_eq!(load(&path, Presence::Optional, None), Ok(Loaded::default()));
        assert_eq!(load(&path, Presence::Required, None).unwrap_err().findings[0].code, "config-not-found");
    }
}
