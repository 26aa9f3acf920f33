//! A place that keeps files: this computer, or what answers by SFTP or in a shell. The one surface that copying works with.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, ReadDir};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use futures_util::future::join_all;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps};
use tokio_util::task::TaskTracker;

use super::facts::of_mode;
use super::name::entry_name;
use super::sftp::{Attributes, Handle, Sftp};
use super::shell::{Listed, Shell};
use super::windows::served_path;
use super::{Facts, Kind, Trouble};

/// Names that are told at a time here; OpenSSH tells as many.
const BATCH: usize = 100;

/// A place that keeps files.
#[derive(Debug, Clone)]
pub enum Store {
    /// This computer.
    Here,
    /// An instance, by SFTP.
    There(Arc<Sessions<Sftp>>),
    /// An instance, by a shell.
    Shell(Arc<Sessions<Shell>>),
}

/// The sessions that lead to one instance: names go by the first, contents by all in turn.
#[derive(Debug)]
pub struct Sessions<T> {
    first: T,
    others: Vec<T>,
    next: AtomicUsize,
}

impl<T> Sessions<T> {
    /// Those that lead to one instance.
    pub fn new(first: T, others: Vec<T>) -> Arc<Self> {
        Arc::new(Self { first, others, next: AtomicUsize::new(0) })
    }

    /// Which one is next.
    pub fn next(&self) -> &T {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % (self.others.len() + 1);
        turn.checked_sub(1).and_then(|other| self.others.get(other)).unwrap_or(&self.first)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// A folder that is being read.
#[derive(Debug)]
pub enum Listing {
    /// Of this computer.
    Here(Option<ReadDir>),
    /// Of an instance.
    There(Sftp, Handle),
    /// Of an instance that has told all of it.
    Told(Option<Vec<Listed>>),
}

/// The threads of this program that wait for disks: who asked for one may be gone, and it does what it was asked for all the same.
static THREADS: LazyLock<TaskTracker> = LazyLock::new(|| {
    let threads = TaskTracker::new();
    // That more come is no reason to wait on when there is none.
    threads.close();
    threads
});

/// In a thread that may wait for a disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Trouble> {
    // It ends early only when all of the program does.
    THREADS.spawn_blocking(work).await.map_err(|_| Trouble::Lost)?.map_err(Trouble::from)
}

/// What the system of this computer says of a file.
pub(super) fn told(metadata: &fs::Metadata) -> Facts {
    let (kind, mode) = of_mode(metadata.mode());
    Facts {
        kind,
        size: metadata.size(),
        mode,
        changed: (metadata.mtime(), u32::try_from(metadata.mtime_nsec()).unwrap_or(0)),
        accessed: metadata.atime(),
        taken: Some(metadata.blocks() * 512),
    }
}

impl Store {
    /// What one session leads to.
    pub fn there(first: Sftp, others: Vec<Sftp>) -> Self {
        Self::There(Sessions::new(first, others))
    }

    /// What one shell leads to.
    pub fn shell(first: Shell, others: Vec<Shell>) -> Self {
        Self::Shell(Sessions::new(first, others))
    }

    /// Whether a shell answers for it: it tells hashes where a server of files has only contents.
    pub fn is_shell(&self) -> bool {
        matches!(self, Self::Shell(_))
    }

    /// Whether it is on Windows: no modes, no case of letters in names, and other paths.
    pub fn is_windows(&self) -> bool {
        matches!(self, Self::There(sessions) if sessions.first.is_windows())
    }

    /// Whether it is this computer.
    pub fn is_here(&self) -> bool {
        matches!(self, Self::Here)
    }

    /// Wait until all is done that was asked of it so far, by whoever.
    pub async fn settled(&self) {
        // Each session answers in the order in which it is asked; what it says of this does not matter.
        let top = Path::new(".");
        match self {
            Self::Here => THREADS.wait().await,
            Self::There(sessions) => drop(join_all(sessions.all().map(|sftp| sftp.whole_path(top))).await),
            Self::Shell(shells) => drop(join_all(shells.all().map(|shell| shell.whole_path(top))).await),
        }
    }

    /// What is there; a link is followed, or is told as what it is.
    pub async fn facts(&self, path: &Path, follows: bool) -> Result<Facts, Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                let look = move || if follows { fs::metadata(here(&path)) } else { fs::symlink_metadata(here(&path)) };
                blocking(look).await.map(|metadata| told(&metadata))
            }
            Self::There(sessions) => sessions.first.attributes(path, follows).await.map(Facts::from),
            Self::Shell(shells) => shells.first.facts(path, follows).await,
        }
    }

    /// Begin to read a folder.
    pub async fn list(&self, path: &Path) -> Result<Listing, Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                blocking(move || fs::read_dir(here(&path))).await.map(|folder| Listing::Here(Some(folder)))
            }
            Self::There(sessions) => {
                let sftp = sessions.first.clone();
                let handle = sftp.open_folder(path).await?;
                Ok(Listing::There(sftp, handle))
            }
            Self::Shell(shells) => Ok(Listing::Told(Some(shells.first.names(path).await?))),
        }
    }

    /// Make a folder; that it is there already is told as any other refusal.
    pub async fn make_folder(&self, path: &Path, mode: u32) -> Result<(), Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                blocking(move || DirBuilder::new().mode(mode).create(path)).await
            }
            Self::There(sessions) => sessions.first.make_folder(path, mode).await,
            Self::Shell(shells) => shells.first.make_folder(path, mode).await,
        }
    }

    /// Where a link leads.
    pub async fn read_link(&self, path: &Path) -> Result<OsString, Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                blocking(move || fs::read_link(path)).await.map(PathBuf::into_os_string)
            }
            Self::There(sessions) => sessions.first.read_link(path).await.map(OsString::from_vec),
            Self::Shell(shells) => shells.first.read_link(path).await,
        }
    }

    /// Make a link.
    pub async fn make_link(&self, path: &Path, to: &OsStr) -> Result<(), Trouble> {
        match self {
            Self::Here => {
                let (path, to) = (path.to_owned(), to.to_owned());
                blocking(move || std::os::unix::fs::symlink(to, path)).await
            }
            Self::There(sessions) => sessions.first.make_link(path, Path::new(to)).await,
            Self::Shell(shells) => shells.first.make_link(path, to).await,
        }
    }

    /// Set modes and times of what is there, a folder as a rule.
    pub async fn set(&self, path: &Path, mode: Option<u32>, times: Option<&Facts>) -> Result<(), Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                let times = times.map(stamps);
                blocking(move || {
                    if let Some(times) = times {
                        rustix::fs::utimensat(CWD, here(&path), &times, AtFlags::SYMLINK_NOFOLLOW)?;
                    }
                    mode.map_or(Ok(()), |mode| fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)))
                })
                .await
            }
            Self::There(sessions) => {
                let attributes = Attributes { size: None, mode, times: times.map(seconds) };
                sessions.first.set_attributes(path, attributes).await
            }
            Self::Shell(shells) => shells.first.set(path, None, mode, times).await,
        }
    }

    /// Give it another name, in place of what has it.
    pub async fn replace(&self, from: &Path, to: &Path) -> Result<(), Trouble> {
        match self {
            Self::Here => {
                let (from, to) = (from.to_owned(), to.to_owned());
                blocking(move || fs::rename(from, to)).await
            }
            Self::There(sessions) => sessions.first.replace(from, to).await,
            Self::Shell(shells) => shells.first.replace(from, to).await,
        }
    }

    /// Remove a file or a link.
    pub async fn remove(&self, path: &Path) -> Result<(), Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                blocking(move || fs::remove_file(path)).await
            }
            Self::There(sessions) => sessions.first.remove(path).await,
            Self::Shell(shells) => shells.first.remove(path).await,
        }
    }

    /// Remove an empty folder.
    pub async fn remove_folder(&self, path: &Path) -> Result<(), Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                blocking(move || fs::remove_dir(path)).await
            }
            Self::There(sessions) => sessions.first.remove_folder(path).await,
            Self::Shell(shells) => shells.first.remove_folder(path).await,
        }
    }

    /// Remove what lies below a folder, in this order; what stays is told.
    pub async fn remove_all(&self, folder: &Path, all: &[(PathBuf, Kind)]) -> Result<Vec<(PathBuf, Trouble)>, Trouble> {
        if let Self::Shell(shells) = self {
            let below = |(path, kind): &(PathBuf, Kind)| Some((path.strip_prefix(folder).ok()?.to_owned(), *kind));
            let below: Vec<_> = all.iter().filter_map(below).collect();
            let kept = shells.first.remove_all(folder, &below).await?;
            return Ok(kept.into_iter().map(|(path, trouble)| (folder.join(path), trouble)).collect());
        }
        let mut kept = Vec::new();
        for (path, kind) in all {
            let removed = if *kind == Kind::Folder { self.remove_folder(path).await } else { self.remove(path).await };
            match removed {
                Err(trouble) if trouble.is_the_connection() => return Err(trouble),
                Err(trouble) => kept.push((path.clone(), trouble)),
                Ok(()) => {}
            }
        }
        Ok(kept)
    }

    /// The whole path of what is there.
    pub async fn whole_path(&self, path: &Path) -> Result<PathBuf, Trouble> {
        match self {
            Self::Here => {
                let path = path.to_owned();
                blocking(move || fs::canonicalize(here(&path))).await
            }
            Self::There(sessions) => Ok(OsString::from_vec(sessions.first.whole_path(path).await?).into()),
            Self::Shell(shells) => shells.first.whole_path(path).await,
        }
    }

    /// The same path without a `~`: on an instance no shell stands between, so nobody else says whose home that is.
    pub async fn expanded(&self, path: &Path) -> Result<PathBuf, Trouble> {
        let served;
        let path = if self.is_windows() {
            served = served_path(path);
            &served
        } else {
            path
        };
        let bytes = path.as_os_str().as_bytes();
        if self.is_here() || !bytes.starts_with(b"~") {
            return Ok(path.to_owned());
        }
        if let Self::There(sessions) = self
            && let Some(expanded) = sessions.first.expanded(path).await?
        {
            return Ok(OsString::from_vec(expanded).into());
        }
        // Where a login begins is its home.
        let in_home = bytes.strip_prefix(b"~/").or((bytes == b"~").then_some(b""));
        Ok(in_home.map_or_else(|| path.to_owned(), |rest| OsStr::from_bytes(rest).into()))
    }

    /// The same refusal, or that there is no room, if that is why: SFTP has no word for it.
    pub async fn explained(&self, trouble: Trouble, beside: &Path, wanted: u64) -> Trouble {
        let (Self::There(sessions), Trouble::Refused(_)) = (self, &trouble) else { return trouble };
        let folder = beside.parent().unwrap_or(Path::new("."));
        match sessions.first.free(folder).await {
            Some(free) if free < wanted => Trouble::Full,
            _ => trouble,
        }
    }
}

impl Listing {
    /// The next names; none at the end. What is no name, or cannot be looked at, is told in its place.
    pub async fn next(&mut self, path: &Path) -> Result<Option<Vec<Listed>>, Trouble> {
        match self {
            Self::Here(folder) => {
                let Some(mut reading) = folder.take() else { return Ok(None) };
                let (reading, batch) = blocking(move || {
                    let entries = reading.by_ref().take(BATCH);
                    let listed = entries.map(|entry| {
                        let entry = entry?;
                        Ok((entry.file_name(), told(&entry.metadata()?)))
                    });
                    let batch: Vec<Listed> = listed.map(|listed: std::io::Result<_>| listed.map_err(Trouble::from)).collect();
                    Ok((reading, batch))
                })
                .await?;
                if batch.is_empty() {
                    return Ok(None);
                }
                *folder = Some(reading);
                Ok(Some(batch))
            }
            Self::There(sftp, handle) => {
                let Some(names) = sftp.list(handle).await? else {
                    // That it is closed nobody waits for.
                    drop(sftp.close(handle));
                    return Ok(None);
                };
                let mut batch = Vec::with_capacity(names.len());
                for entry in names.into_iter().filter(|entry| !matches!(entry.name.as_slice(), b"." | b"..")) {
                    batch.push(match (entry_name(entry.name), entry.attributes.mode) {
                        (Ok(name), Some(_)) => Ok((name, entry.attributes.into())),
                        // A server that tells only names.
                        (Ok(name), None) => match sftp.attributes(&path.join(&name), false).await {
                            Ok(attributes) => Ok((name, attributes.into())),
                            Err(trouble) => Err(trouble),
                        },
                        (Err(trouble), _) => Err(trouble),
                    });
                }
                Ok(Some(batch))
            }
            Self::Told(names) => Ok(names.take()),
        }
    }
}

/// A path of this computer: nothing is the folder we are in.
pub(super) fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// Times as SFTP has them.
pub(super) fn seconds(facts: &Facts) -> (u32, u32) {
    let whole = |seconds: i64| u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    (whole(facts.accessed), whole(facts.changed.0))
}

/// Times as this system has them.
pub(super) fn stamps(facts: &Facts) -> Timestamps {
    Timestamps {
        last_access: Timespec { tv_sec: facts.accessed, tv_nsec: 0 },
        last_modification: Timespec { tv_sec: facts.changed.0, tv_nsec: facts.changed.1.into() },
    }
}
