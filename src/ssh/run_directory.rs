//! The private directory of one run, for sockets and public keys.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::left_child;

/// A socket's path has at most this many bytes: macOS has room for 104 and a zero.
const SOCKET_PATH_LIMIT: usize = 103;
/// The longest name of ours in it.
const LONGEST_NAME: usize = "/agent-01234567".len();

pub(super) const LOCK: &str = "lock";
const NAME: &str = "ec2dash-run-";
const TAG_LENGTH: usize = 12;

/// Where such directories may be made, the best place first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places(Vec<Place>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// A directory of ours for all runs, inside one that is the user's alone.
    Ours(PathBuf),
    /// A directory that others write to as well.
    Shared(PathBuf),
}

impl Places {
    /// `$XDG_RUNTIME_DIR/ec2dash`, else `$TMPDIR`, else `/tmp`.
    ///
    /// Paths that are relative, too long for a socket or in need of quotes in an ssh option are passed over.
    pub fn from_environment(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let runtime = variable("XDG_RUNTIME_DIR").map(|path| Place::Ours(Path::new(&path).join("ec2dash")));
        let temporary = variable("TMPDIR").map(|path| Place::Shared(path.into()));
        let last = Place::Shared("/tmp".into());
        let places = runtime.into_iter().chain(temporary).chain([last]);
        Self(places.filter(|place| is_fit(place.path())).collect())
    }

    /// Shared with others, and no other place.
    #[cfg(test)]
    pub(super) fn only(path: &Path) -> Self {
        Self(vec![Place::Shared(path.to_owned())])
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(Place::path)
    }
}

impl Place {
    fn path(&self) -> &Path {
        match self {
            Self::Ours(path) | Self::Shared(path) => path,
        }
    }
}

fn is_fit(place: &Path) -> bool {
    let bytes = place.as_os_str().as_bytes();
    let is_plain = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._+-".contains(byte));
    let length = bytes.len() + 1 + NAME.len() + TAG_LENGTH + LONGEST_NAME;
    place.is_absolute() && is_plain && length <= SOCKET_PATH_LIMIT
}

/// A directory that nobody else can enter. It goes when this is dropped; after a `SIGKILL`, with [`super::sweep`].
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    /// Held locked for life, which tells other runs that this one is alive.
    _lock: File,
}

impl RunDirectory {
    /// Make one in the first place that is ours to use. What is already there is never taken over or followed.
    pub fn create(places: &Places) -> io::Result<Self> {
        let mut outcome = Err(io::ErrorKind::NotFound.into());
        for place in &places.0 {
            outcome = Self::create_in(place);
            match &outcome {
                Ok(_) => break,
                Err(error) => tracing::debug!("cannot use {}: {error}", place.path().display()),
            }
        }
        outcome
    }

    /// Where sockets and public keys may be put.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Put the public half of a key into a file of its own, for ssh's `IdentityFile`.
    pub fn write_public_key(&self, line: &str) -> io::Result<PathBuf> {
        let path = self.path.join("named-key.pub");
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        writeln!(file, "{line}")?;
        Ok(path)
    }

    /// Note the program this run has in the foreground, so that the next start can end it if we are killed.
    pub fn note_child(&self, id: u32) {
        left_child::note(&self.path, id);
    }

    fn create_in(place: &Place) -> io::Result<Self> {
        if let Place::Ours(directory) = place {
            make_ours(directory)?;
        }
        let tag = Uuid::new_v4().simple().to_string();
        let path = place.path().join(format!("{NAME}{}", &tag[..TAG_LENGTH]));
        make_private(&path)?;
        let lock = lock(&path).inspect_err(|_| {
            let _ = fs::remove_dir_all(&path);
        })?;
        Ok(Self { path, _lock: lock })
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("cannot remove {}: {error}", self.path.display());
        }
    }
}

/// Whether a directory of a run would have this name.
pub(super) fn is_our_name(name: &str) -> bool {
    name.strip_prefix(NAME)
        .is_some_and(|tag| tag.len() == TAG_LENGTH && tag.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

fn make_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// The directory for all runs may be there from an earlier one. Anything else in its place is refused.
fn make_ours(path: &Path) -> io::Result<()> {
    match make_private(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        outcome => return outcome,
    }
    let found = fs::symlink_metadata(path)?;
    let is_private = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0;
    if is_private { Ok(()) } else { Err(io::Error::new(io::ErrorKind::PermissionDenied, "not a private directory of ours")) }
}

/// The process id is written after the lock is held: a readable id without a lock is a run that was killed.
fn lock(directory: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(directory.join(LOCK))?;
    file.lock()?; // a sweeping run may hold it for a moment
    writeln!(file, "{}", std::process::id())?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn places(runtime: Option<&Path>, temporary: &Path) -> Places {
        Places::from_environment(|name| match name {
            "XDG_RUNTIME_DIR" => runtime.map(Into::into),
            "TMPDIR" => Some(temporary.into()),
            _ => None,
        })
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn it_is_private_and_goes_with_the_run() {
        let root = tempfile::tempdir().unwrap();
        let run = RunDirectory::create(&places(Some(root.path()), root.path())).unwrap();
        let path = run.path().to_owned();

        assert_eq!(path.parent().unwrap(), root.path().join("ec2dash"));
        assert_eq!([mode(&path), mode(path.parent().unwrap()), mode(&path.join(LOCK))], [0o700, 0o700, 0o600]);
        assert!(path.as_os_str().len() + LONGEST_NAME <= SOCKET_PATH_LIMIT);

        drop(run);
        assert!(!path.exists());
    }

    #[test]
    fn a_pre_made_link_or_open_directory_is_refused_and_the_next_place_used() {
        let root = tempfile::tempdir().unwrap();
        let temporary = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let ours = root.path().join("ec2dash");

        symlink(elsewhere.path(), &ours).unwrap();
        let linked = RunDirectory::create(&places(Some(root.path()), temporary.path())).unwrap();
        fs::remove_file(&ours).unwrap();
        fs::create_dir(&ours).unwrap();
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o777)).unwrap();
        let open = RunDirectory::create(&places(Some(root.path()), temporary.path())).unwrap();

        for run in [linked, open] {
            assert_eq!(run.path().parent().unwrap(), temporary.path());
        }
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        assert_eq!(fs::read_dir(&ours).unwrap().count(), 0);
    }

    #[test]
    fn places_that_a_socket_or_an_ssh_option_could_not_name_are_passed_over() {
        let long = PathBuf::from(format!("/{}", "x".repeat(80)));
        for unfit in [Path::new("relative"), Path::new("/with space"), Path::new("/100%h"), Path::new("/한글"), &long] {
            assert_eq!(places(Some(unfit), unfit), Places(vec![Place::Shared("/tmp".into())]), "{}", unfit.display());
        }
    }

    #[test]
    fn nothing_that_can_be_used_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let missing = root.path().join("missing");

        assert!(RunDirectory::create(&Places(vec![Place::Shared(missing.clone()), Place::Ours(missing.join("x"))])).is_err());
    }
}
