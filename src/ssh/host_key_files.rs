//! Which files of host keys ssh is given for a login: what cannot be written is still read, what cannot be read ends the matter.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{KnownHost, KnownHosts};
use crate::model::{HostKey, HostKeyOrigin, InstanceId};

/// The files for one login. ssh reads all of them and writes to the first.
///
/// To ssh a file that it cannot read is an empty one, so that it would take whatever key it is shown.
#[derive(Debug)]
pub struct HostKeyFiles {
    ours: Option<KnownHosts>,
    paths: Vec<PathBuf>,
    are_kept: bool,
}

impl HostKeyFiles {
    /// Those of the state directory, if there is one. New keys that cannot be kept there go to `spare`, a directory that goes with the
    /// session. An error: there are keys, and they cannot be read.
    pub fn find(state: Option<&Path>, spare: &Path) -> io::Result<Self> {
        let for_now = KnownHosts::new(spare).path();
        let Some(ours) = state.map(KnownHosts::new) else {
            return Ok(Self { ours: None, paths: vec![for_now], are_kept: false });
        };
        let is_there = ours.is_there()?;
        match ours.prepare() {
            Ok(()) => Ok(Self { paths: vec![ours.path()], ours: Some(ours), are_kept: true }),
            Err(error) => {
                tracing::warn!("cannot write {}: {error}", ours.path().display());
                let known = is_there.then(|| ours.path());
                Ok(Self { paths: [for_now].into_iter().chain(known).collect(), ours: Some(ours), are_kept: false })
            }
        }
    }

    /// For ssh's `UserKnownHostsFile`.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Whether a new key is there at the next login.
    pub fn are_kept(&self) -> bool {
        self.are_kept
    }

    /// The keys of one instance.
    pub fn of_instance(&self, id: &InstanceId) -> Vec<KnownHost> {
        let listed = self.ours.as_ref().map(KnownHosts::list);
        let all = listed.transpose().unwrap_or_else(|error| {
            tracing::debug!("the host keys cannot be listed: {error}");
            None
        });
        all.unwrap_or_default().into_iter().filter(|host| host.id == *id).collect()
    }

    /// Keep keys that were checked for the next login, if they can be kept.
    pub fn keep(&self, id: &InstanceId, keys: &[HostKey], origin: HostKeyOrigin, now: SystemTime) {
        let Some(ours) = self.ours.as_ref().filter(|_| self.are_kept) else { return };
        if let Err(error) = ours.keep(id, keys, origin, now) {
            tracing::warn!("checked host keys are not kept: {error}");
        }
    }

    /// Remember `now` as the time at which new keys were first seen. To be called after a login.
    pub fn note(&self, now: SystemTime) {
        let Some(ours) = self.ours.as_ref().filter(|_| self.are_kept) else { return };
        if let Err(error) = ours.note(now) {
            tracing::debug!("first sight of host keys is not noted: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    const KEY: &str = "i-0123456789abcdef0 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I\n";

    struct Rooms {
        root: tempfile::TempDir,
    }

    impl Rooms {
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            for name in ["state", "spare"] {
                fs::create_dir(root.path().join(name)).unwrap();
            }
            Self { root }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.root.path().join(name)
        }

        fn files(&self) -> io::Result<HostKeyFiles> {
            HostKeyFiles::find(Some(&self.path("state")), &self.path("spare"))
        }
    }

    fn known(files: &HostKeyFiles) -> usize {
        files.of_instance(&"i-0123456789abcdef0".parse().unwrap()).len()
    }

    #[test]
    fn a_file_that_can_be_written_is_the_only_one() {
        let rooms = Rooms::new();
        fs::write(rooms.path("state/known_hosts"), KEY).unwrap();

        let files = rooms.files().unwrap();

        assert_eq!((files.paths(), files.are_kept(), known(&files)), (&[rooms.path("state/known_hosts")][..], true, 1));
    }

    #[test]
    fn a_file_that_cannot_be_written_is_still_read() {
        let rooms = Rooms::new();
        fs::write(rooms.path("dotfiles"), KEY).unwrap();
        symlink(rooms.path("dotfiles"), rooms.path("state/known_hosts")).unwrap();

        let files = rooms.files().unwrap();

        assert_eq!(files.paths(), [rooms.path("spare/known_hosts"), rooms.path("state/known_hosts")]);
        assert_eq!((files.are_kept(), known(&files)), (false, 1));
        files.note(SystemTime::now());
        assert!(!rooms.path("state/known_hosts.seen").exists());
    }

    #[test]
    fn a_directory_that_is_not_ours_alone_is_read_and_never_written() {
        let rooms = Rooms::new();
        fs::write(rooms.path("state/known_hosts"), KEY).unwrap();
        symlink(rooms.path("state"), rooms.path("link")).unwrap();

        let files = HostKeyFiles::find(Some(&rooms.path("link")), &rooms.path("spare")).unwrap();

        assert_eq!(files.paths(), [rooms.path("spare/known_hosts"), rooms.path("link/known_hosts")]);
        assert_eq!((files.are_kept(), known(&files)), (false, 1));
    }

    #[test]
    fn keys_that_cannot_be_read_are_an_error_and_never_none() {
        let dangling = |path: &Path| symlink("/no/such/file", path).unwrap();
        let directory = |path: &Path| fs::create_dir(path).unwrap();
        let socket = |path: &Path| drop(std::os::unix::net::UnixListener::bind(path).unwrap());
        let pipe = |path: &Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        let circle = |path: &Path| symlink(path, path).unwrap();
        for make in [&dangling as &dyn Fn(&Path), &directory, &socket, &pipe, &circle] {
            let rooms = Rooms::new();
            make(&rooms.path("state/known_hosts"));

            assert!(rooms.files().is_err());
        }
    }

    #[test]
    fn without_a_place_for_them_keys_go_with_the_session() {
        let rooms = Rooms::new();
        fs::write(rooms.path("file"), "").unwrap();

        for state in [None, Some(rooms.path("file/ec2dash"))] {
            let files = HostKeyFiles::find(state.as_deref(), &rooms.path("spare")).unwrap();

            assert_eq!((files.paths(), files.are_kept()), (&[rooms.path("spare/known_hosts")][..], false), "{state:?}");
        }
    }
}
