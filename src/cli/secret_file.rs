//! A file for a secret: only its owner can read it, and nothing that is there is replaced without a yes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::model::Untrusted;

/// Where a secret may be written.
pub struct SecretFile {
    path: PathBuf,
    replaces: bool,
}

impl SecretFile {
    /// A file that is not there, or that somebody lets us replace.
    pub fn agreed(invocation: &Invocation, path: &Path) -> Result<Self, Failure> {
        let values = [("path", shown(path).into())];
        let replaces = fs::symlink_metadata(path).is_ok();
        if replaces {
            let question = || invocation.text.say_with("ask-replace-file", &values);
            let answer = invocation.terminal.may_ask.then(|| invocation.terminal.ask(&question())).flatten().unwrap_or_default();
            if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
                return Err(invocation.failure("file-exists", Exit::Failed, &values));
            }
        }
        Ok(Self { path: path.to_owned(), replaces })
    }

    /// Write the secret and a line end.
    pub fn write(&self, invocation: &Invocation, secret: &str) -> Result<(), Failure> {
        let written = if self.replaces { self.replace(secret) } else { fresh(&self.path, secret) };
        let values = |cause: String| [("path", shown(&self.path).into()), ("cause", cause.into())];
        written.map_err(|error| invocation.failure("file-unwritten", Exit::Failed, &values(error.to_string())))?;
        invocation.note(&invocation.text.say_with("note-secret-written", &values(String::new())));
        Ok(())
    }

    /// A link is replaced, not followed; what was there is whole until the new file is.
    fn replace(&self, secret: &str) -> io::Result<()> {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.ec2dash-new", std::process::id()));
        let beside = self.path.with_file_name(name);
        let replaced = fresh(&beside, secret).and_then(|()| fs::rename(&beside, &self.path));
        if replaced.is_err() {
            let _ = fs::remove_file(&beside);
        }
        replaced
    }
}

fn fresh(path: &Path, secret: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(secret.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

fn shown(path: &Path) -> String {
    Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200)
}
