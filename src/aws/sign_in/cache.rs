//! The directory of sign-ins that every AWS tool of this user shares, and how its files are read and replaced.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::io::Errno;
use sha1::{Digest as _, Sha1};
use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use crate::aws::Environment;

/// Larger than any token file.
const LARGEST: u64 = 256 * 1024;
/// Larger than any token that we write.
const RESERVED: usize = 32 * 1024;
/// How long a file is looked at again that seems to be written right now.
const HALF_WRITTEN: Duration = Duration::from_millis(100);
/// How often a lock that another process holds is asked for.
const PAUSE: Duration = Duration::from_millis(25);
/// How long a lock is waited for: its holder makes one call.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// `~/.aws/sso/cache`, or another of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::aws) struct Cache {
    directory: PathBuf,
}

/// A file's name without `.json`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::aws) struct FileName(String);

impl FileName {
    /// As the AWS CLI has it.
    pub(in crate::aws) fn of(key: &str) -> Self {
        Self(Sha1::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// What a file was like at a moment; another content has another stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::aws) struct Stamp {
    modified: Option<SystemTime>,
    inode: u64,
    length: u64,
}

/// What stands in a file.
pub(in crate::aws) enum Found<T> {
    /// There is none.
    Nothing,
    /// It cannot be read, or says nothing that we understand.
    Damaged,
    /// This.
    This(T),
}

impl Cache {
    /// Below the home directory; no variable moves it. `None` without a home.
    pub(in crate::aws) fn of(environment: &Environment) -> Option<Self> {
        environment.under_home(".aws/sso/cache").map(|directory| Self { directory })
    }

    /// `~/.aws/cli/cache`, where the AWS CLI keeps the credentials of roles.
    pub(in crate::aws) fn of_roles(environment: &Environment) -> Option<Self> {
        environment.under_home(".aws/cli/cache").map(|directory| Self { directory })
    }

    pub(in crate::aws) fn path(&self, name: &FileName) -> PathBuf {
        self.directory.join(format!("{}.json", name.0))
    }

    pub(in crate::aws) fn stamp(&self, name: &FileName) -> Option<Stamp> {
        let metadata = fs::metadata(self.path(name)).ok()?;
        Some(Stamp { modified: metadata.modified().ok(), inode: metadata.ino(), length: metadata.len() })
    }

    /// Whether others may read a file.
    pub(in crate::aws) fn is_seen_by_others(&self, name: &FileName) -> bool {
        fs::metadata(self.path(name)).is_ok_and(|metadata| metadata.mode() & 0o077 != 0)
    }

    /// Read a file and understand it. One that makes no sense may be half written: it is looked at once more.
    pub(in crate::aws) async fn read<T>(&self, name: &FileName, understand: impl Fn(&[u8]) -> Option<T>) -> Found<T> {
        match self.read_once(name).await.map(|bytes| understand(&bytes)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
            Ok(Some(understood)) => return Found::This(understood),
            _ => sleep(HALF_WRITTEN).await,
        }
        match self.read_once(name).await.map(|bytes| understand(&bytes)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Nothing,
            Ok(Some(understood)) => Found::This(understood),
            _ => Found::Damaged,
        }
    }

    /// Read a file that is worth no second look.
    pub(in crate::aws) async fn read_if_whole<T>(&self, name: &FileName, understand: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        understand(&self.read_once(name).await.ok()?)
    }

    async fn read_once(&self, name: &FileName) -> io::Result<Zeroizing<Vec<u8>>> {
        let path = self.path(name);
        blocking(move || {
            let file = OpenOptions::new().read(true).custom_flags(no_wait()).open(path)?;
            let metadata = file.metadata()?;
            if !metadata.is_file() || metadata.len() > LARGEST {
                return Err(io::ErrorKind::InvalidData.into());
            }
            // Room for all of it at once: what moves leaves copies behind.
            let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST as usize));
            file.take(LARGEST).read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .await
    }

    /// The right to replace a file, among all of us. `None`: it cannot be had here, or its holder takes too long; the work goes on
    /// without it.
    pub(in crate::aws) async fn lock(&self, name: &FileName) -> Option<File> {
        let directory = self.directory.clone();
        let path = self.directory.join(format!("{}.lock", name.0));
        let open = move || {
            create(&directory)?;
            OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).custom_flags(no_wait()).open(path)
        };
        let file = blocking(open).await.ok()?;
        let begun = Instant::now();
        while begun.elapsed() < LONGEST_WAIT {
            match file.try_lock() {
                Ok(()) => return Some(file),
                Err(fs::TryLockError::WouldBlock) => sleep(PAUSE).await,
                Err(fs::TryLockError::Error(_)) => return None,
            }
        }
        tracing::debug!("the lock of a sign-in is held by somebody else; going on without it");
        None
    }

    /// Put a whole file in the place of another, or of none.
    pub(in crate::aws) async fn write(&self, name: &FileName, bytes: Zeroizing<Vec<u8>>) -> io::Result<()> {
        let (directory, path) = (self.directory.clone(), self.path(name));
        blocking(move || {
            create(&directory)?;
            Draft::begin(&path)?.put(&bytes)
        })
        .await
    }

    /// Begin to replace a file before it is known with what: where this fails, nothing can be kept.
    pub(super) async fn draft(&self, name: &FileName) -> io::Result<Draft> {
        let (directory, path) = (self.directory.clone(), self.path(name));
        blocking(move || {
            create(&directory)?;
            let mut draft = Draft::begin(&path)?;
            draft.reserve()?;
            Ok(draft)
        })
        .await
    }

    /// Where all of them are.
    pub(in crate::aws) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(in crate::aws) async fn remove(&self, name: &FileName) -> io::Result<()> {
        let path = self.path(name);
        match blocking(move || fs::remove_file(path)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Every file of a token: other tools' too, told by its field.
    pub(in crate::aws) async fn all(&self) -> Vec<FileName> {
        let directory = self.directory.clone();
        let list = blocking(move || {
            let names = fs::read_dir(directory)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
            Ok(names.filter_map(|name| name.strip_suffix(".json").map(|stem| FileName(stem.to_owned()))).collect())
        });
        list.await.unwrap_or_default()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Private where we make it; one that is there is the AWS CLI's, and stays as it is.
fn create(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

/// A file that will take the place of another: written beside it, then renamed, so that whoever reads sees the old one or the new one.
/// A symbolic link stays, and its target is replaced. What is not put there is gone again.
pub(super) struct Draft {
    temporary: PathBuf,
    path: PathBuf,
    file: File,
    is_put: bool,
}

impl Draft {
    fn begin(path: &Path) -> io::Result<Self> {
        let path = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        let temporary = path.with_extension(format!("{}.new", std::process::id()));
        // What a killed process of the same number left behind.
        let _ = fs::remove_file(&temporary);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        let draft = Self { temporary, path, file, is_put: false };
        match OpenOptions::new().write(true).custom_flags(no_wait()).open(&draft.path) {
            // It lies on a disk of its own that nobody writes to, or may not be changed at all; a renaming would fail, too.
            Err(error) if matches!(error.raw_os_error().map(Errno::from_raw_os_error), Some(Errno::ROFS | Errno::PERM)) => {
                Err(error)
            }
            _ => Ok(draft),
        }
    }

    /// Take the room of the largest token there is: on a full disk that fails now, and not when there is something to be lost.
    fn reserve(&mut self) -> io::Result<()> {
        self.file.write_all(&[b' '; RESERVED])?;
        self.file.sync_all()
    }

    /// This is what it holds.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(bytes)?;
        self.file.set_len(bytes.len() as u64)?;
        self.file.sync_all()?;
        fs::rename(&self.temporary, &self.path)?;
        self.is_put = true;
        // The name, too, must last.
        let directory = self.path.parent().ok_or(io::ErrorKind::NotFound)?;
        File::open(directory)?.sync_all()
    }

    /// As [`Draft::put`], beside whatever else goes on.
    pub(super) async fn hold(mut self, bytes: Zeroizing<Vec<u8>>) -> io::Result<()> {
        blocking(move || self.put(&bytes)).await
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_put {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Nobody waits for a pipe that stands in a file's place.
fn no_wait() -> i32 {
    rustix::fs::OFlags::NONBLOCK.bits().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(home: &Path) -> Cache {
        Cache::of(&Environment::new([("HOME", home.to_str().unwrap())])).unwrap()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    fn text(bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        text.ends_with('}').then_some(text)
    }

    #[tokio::test]
    async fn a_file_is_ours_alone_whatever_it_was_and_nothing_is_left_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let (cache, name) = (cache(home.path()), FileName::of("corp"));
        assert!(matches!(cache.read(&name, text).await, Found::Nothing));

        cache.write(&name, Zeroizing::new(b"{1}".to_vec())).await.unwrap();
        let path = cache.path(&name);
        assert_eq!((mode(&path), mode(&cache.directory)), (0o600, 0o700));
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        assert!(cache.is_seen_by_others(&name));
        let before = cache.stamp(&name);
        let lock = cache.lock(&name).await;
        cache.write(&name, Zeroizing::new(b"{2}".to_vec())).await.unwrap();

        assert!(lock.is_some() && !cache.is_seen_by_others(&name));
        assert_ne!(cache.stamp(&name), before);
        assert!(matches!(cache.read(&name, text).await, Found::This(text) if text == "{2}"));
        let mut left: Vec<_> = fs::read_dir(&cache.directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [format!("{}.json", name.0).as_str(), format!("{}.lock", name.0).as_str()]);
    }

    #[tokio::test]
    async fn a_link_stays_and_leads_to_the_new_file() {
        let home = tempfile::tempdir().unwrap();
        let (cache, name) = (cache(home.path()), FileName::of("corp"));
        create(&cache.directory).unwrap();
        let elsewhere = home.path().join("elsewhere.json");
        fs::write(&elsewhere, "{old}").unwrap();
        std::os::unix::fs::symlink(&elsewhere, cache.path(&name)).unwrap();

        cache.write(&name, Zeroizing::new(b"{new}".to_vec())).await.unwrap();

        assert!(fs::symlink_metadata(cache.path(&name)).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), "{new}");
    }

    #[tokio::test]
    async fn a_half_written_file_is_read_again_and_one_that_stays_so_is_damaged() {
        let home = tempfile::tempdir().unwrap();
        let (cache, name) = (cache(home.path()), FileName::of("corp"));
        create(&cache.directory).unwrap();
        fs::write(cache.path(&name), "{hal").unwrap();
        let path = cache.path(&name);
        let reads = std::cell::Cell::new(0);
        let mended = |bytes: &[u8]| {
            // Whoever writes it is done between our looks.
            reads.set(reads.get() + 1);
            fs::write(&path, "{half}").unwrap();
            text(bytes)
        };

        assert!(matches!(cache.read(&name, mended).await, Found::This(text) if text == "{half}"));
        assert_eq!(reads.get(), 2);
        fs::write(cache.path(&name), "").unwrap();
        assert!(matches!(cache.read(&name, text).await, Found::Damaged));
        fs::remove_file(cache.path(&name)).unwrap();
        fs::create_dir(cache.path(&name)).unwrap();
        assert!(matches!(cache.read(&name, text).await, Found::Damaged));
    }

    #[tokio::test]
    async fn a_lock_is_one_holders_and_where_none_can_be_had_nobody_waits() {
        let home = tempfile::tempdir().unwrap();
        let (cache, name) = (cache(home.path()), FileName::of("corp"));
        let held = cache.lock(&name).await.unwrap();
        let waiting = tokio::spawn({
            let (cache, name) = (cache.clone(), name.clone());
            async move { cache.lock(&name).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(held);
        assert!(waiting.await.unwrap());

        let nowhere = Cache { directory: PathBuf::from("/proc/nowhere") };
        assert!(nowhere.lock(&name).await.is_none());
        assert!(nowhere.draft(&name).await.is_err());
        assert!(nowhere.write(&name, Zeroizing::new(Vec::new())).await.is_err());
    }

    #[tokio::test]
    async fn a_draft_changes_nothing_before_it_holds_something_and_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let (cache, name) = (cache(home.path()), FileName::of("corp"));
        cache.write(&name, Zeroizing::new(b"{old}".to_vec())).await.unwrap();
        let names = || fs::read_dir(&cache.directory).unwrap().count();

        drop(cache.draft(&name).await.unwrap());
        assert_eq!((names(), fs::read_to_string(cache.path(&name)).unwrap().as_str()), (1, "{old}"));
        let draft = cache.draft(&name).await.unwrap();
        assert_eq!(names(), 2, "its room is taken");
        draft.hold(Zeroizing::new(b"{new}".to_vec())).await.unwrap();

        assert_eq!((names(), fs::read_to_string(cache.path(&name)).unwrap().as_str()), (1, "{new}"));
        assert_eq!(mode(&cache.path(&name)), 0o600);
    }
}
