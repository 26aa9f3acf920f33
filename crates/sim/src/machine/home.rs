//! The temporary homes of the simulated users.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A private directory with one home per instance and user, made when it is first needed.
#[derive(Debug)]
pub(crate) struct Homes {
    root: PathBuf,
}

impl Homes {
    pub(crate) fn temporary() -> io::Result<Self> {
        Self::create(&std::env::temp_dir().join(format!("ec2dash-homes-{}", uuid::Uuid::new_v4())))
    }

    /// Refuses a directory that is already there: somebody else may have put it there.
    pub(crate) fn create(root: &Path) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(root)?;
        Ok(Self { root: root.to_owned() })
    }

    pub(crate) fn of(&self, instance: &str, user: &str) -> io::Result<PathBuf> {
        let home = self.root.join(format!("{}-{}", plain(instance), plain(user)));
        match DirBuilder::new().mode(0o700).create(&home) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(home),
        }
    }

    /// The lines of a user's `authorized_keys`, as sshd reads them; none without the file.
    pub(crate) fn authorized_keys(&self, instance: &str, user: &str) -> Vec<String> {
        let file = self.of(instance, user).map(|home| home.join(".ssh/authorized_keys"));
        let text = file.and_then(fs::read_to_string).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// A file that has no name any more when this returns, so that nothing of it can stay. Whoever writes to it writes at its end.
    pub(crate) fn nameless_file(&self) -> io::Result<File> {
        let path = self.root.join(format!("overflow-{}", uuid::Uuid::new_v4()));
        let file = OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(&path)?;
        fs::remove_file(&path)?;
        Ok(file)
    }

    pub(crate) fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.root)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("cannot remove {}: {error}", self.root.display());
        }
    }
}

impl Drop for Homes {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Foreign text as a part of a path or a prompt: letters, digits and a little punctuation.
pub(crate) fn plain(text: &str) -> String {
    let keep = |c: char| {
        if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }
    };
    let name: String = text.chars().take(60).map(keep).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn homes_are_private_and_go_with_their_owner() {
        let homes = Homes::temporary().unwrap();
        let home = homes.of("i-0aaaaaaaaaaaaaaaa", "ec2-user").unwrap();
        let mode = fs::metadata(&home).unwrap().permissions().mode() & 0o777;
        let root = homes.root.clone();

        drop(homes);

        assert_eq!(mode, 0o700);
        assert!(!root.exists());
    }

    #[test]
    fn a_directory_that_is_already_there_is_refused() {
        let there = tempfile::tempdir().unwrap();

        let error = Homes::create(there.path()).unwrap_err();

        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(there.path().exists());
    }

    #[test]
    fn foreign_text_cannot_leave_the_directory_or_reach_a_shell() {
        assert_eq!(plain("../../etc"), "------etc");
        assert_eq!(plain("결제-api-1"), "결제-api-1");
        assert_eq!(plain("$(reboot)`x`\\"), "--reboot--x--");
    }
}
