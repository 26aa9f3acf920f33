//! An open file, here or there: one that is read in pieces, one that is written in pieces.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::OFlags;

use super::sftp::{Attributes, Data, Handle, Sftp};
use super::shell::{self, PIECE, Shell};
use super::store::{Store, blocking, here, seconds, stamps, told};
use super::{Facts, Sessions, Trouble};

/// A file that is read.
#[derive(Debug)]
pub enum Source {
    /// Of this computer.
    Here(Arc<File>),
    /// Of an instance: open in every session, so that its pieces come by all of them.
    There(Vec<(Sftp, Handle)>, AtomicUsize),
    /// Of an instance, by shells that open it for each piece.
    Shell(Arc<Sessions<Shell>>, PathBuf),
}

/// A file that is written.
#[derive(Debug)]
pub enum Sink {
    /// Of this computer.
    Here(Arc<File>),
    /// Of an instance.
    There(Sftp, Handle),
    /// Of an instance, by a shell; and the mode that it gets if no other is wanted.
    Shell(Shell, PathBuf, u32),
}

impl Source {
    /// Open what is there. A file that fits into one piece is opened in one session only.
    pub async fn open(store: &Store, path: &Path, size: u64) -> Result<Self, Trouble> {
        match store {
            Store::Here => {
                let path = path.to_owned();
                let file = blocking(move || {
                    // What became a pipe in between must not be waited for.
                    let no_wait = OFlags::NONBLOCK.bits().cast_signed();
                    OpenOptions::new().read(true).custom_flags(no_wait).open(here(&path))
                })
                .await?;
                Ok(Self::Here(Arc::new(file)))
            }
            Store::There(sessions) => {
                let mut open = Vec::new();
                if size <= u64::from(sessions.next().piece()) {
                    let sftp = sessions.next().clone();
                    let handle = sftp.open_to_read(path).await?;
                    open.push((sftp, handle));
                } else {
                    for sftp in sessions.all() {
                        open.push((sftp.clone(), sftp.open_to_read(path).await?));
                    }
                }
                Ok(Self::There(open, AtomicUsize::new(0)))
            }
            Store::Shell(shells) => Ok(Self::Shell(Arc::clone(shells), path.to_owned())),
        }
    }

    /// Most bytes of a piece.
    pub fn piece(&self) -> Option<u32> {
        match self {
            Self::Here(_) => None,
            Self::There(open, _) => open.iter().map(|(sftp, _)| sftp.piece()).min(),
            Self::Shell(..) => Some(PIECE),
        }
    }

    /// The `length` bytes from `at` on, or what there is of them.
    pub async fn read(&self, at: u64, length: u32) -> Result<Data, Trouble> {
        match self {
            Self::Here(file) => {
                let file = Arc::clone(file);
                let read = move || {
                    let mut bytes = vec![0; length as usize];
                    let mut filled = 0;
                    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
                        match file.read_at(rest, at + filled as u64) {
                            Ok(0) => break,
                            Ok(count) => filled += count,
                            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                            Err(error) => return Err(error),
                        }
                    }
                    bytes.truncate(filled);
                    Ok(bytes)
                };
                blocking(read).await.map(Data::from)
            }
            Self::There(open, next) => {
                let turn = next.fetch_add(1, Ordering::Relaxed) % open.len().max(1);
                let (sftp, handle) = open.get(turn).ok_or(Trouble::Lost)?;
                let Some(first) = sftp.read(handle, at, length).await? else { return Ok(Data::from(Vec::new())) };
                if first.bytes().len() == length as usize {
                    return Ok(first);
                }
                // A server may give less than it was asked for.
                let mut bytes = first.into_bytes();
                while bytes.len() < length as usize {
                    let rest = length - u32::try_from(bytes.len()).unwrap_or(length);
                    let Some(more) = sftp.read(handle, at + bytes.len() as u64, rest).await? else { break };
                    bytes.extend_from_slice(more.bytes());
                }
                Ok(Data::from(bytes))
            }
            Self::Shell(shells, path) => shells.next().read(path, at, length).await.map(|(bytes, _)| Data::from(bytes)),
        }
    }

    /// Close it, and tell what it is like now.
    pub async fn close(self) -> Result<Facts, Trouble> {
        match self {
            Self::Here(file) => blocking(move || file.metadata()).await.map(|metadata| told(&metadata)),
            Self::There(open, _) => {
                let (sftp, handle) = open.first().ok_or(Trouble::Lost)?;
                let facts = sftp.file_attributes(handle).await.map(Facts::from);
                for (sftp, handle) in &open {
                    // That it is closed nobody waits for.
                    drop(sftp.close(handle));
                }
                facts
            }
            Self::Shell(shells, path) => shells.next().facts(&path, true).await,
        }
    }
}

impl Sink {
    /// Make a file that must not be there yet.
    pub async fn create(store: &Store, path: &Path, mode: u32) -> Result<Self, Trouble> {
        match store {
            Store::Here => {
                let path = path.to_owned();
                let file = blocking(move || OpenOptions::new().write(true).create_new(true).mode(mode).open(path)).await?;
                Ok(Self::Here(Arc::new(file)))
            }
            Store::There(sessions) => {
                let sftp = sessions.next().clone();
                let handle = sftp.create(path, mode).await?;
                Ok(Self::There(sftp, handle))
            }
            Store::Shell(shells) => {
                let shell = shells.next().clone();
                shell.create(path).await?;
                Ok(Self::Shell(shell.clone(), path.to_owned(), shell.made_mode(mode)))
            }
        }
    }

    /// Open a file that is there, and that was made with this mode, to go on behind so many bytes; a link is not followed.
    pub async fn reopen(store: &Store, path: &Path, mode: u32, begin: u64) -> Result<Self, Trouble> {
        match store {
            Store::Here => {
                let path = path.to_owned();
                let no_link = OFlags::NOFOLLOW.bits().cast_signed();
                let file = blocking(move || OpenOptions::new().write(true).custom_flags(no_link).open(path)).await?;
                Ok(Self::Here(Arc::new(file)))
            }
            Store::There(sessions) => {
                let sftp = sessions.next().clone();
                let handle = sftp.open_to_write(path).await?;
                Ok(Self::There(sftp, handle))
            }
            Store::Shell(shells) => {
                let shell = shells.next().clone();
                shell.set(path, Some(begin), None, None).await?;
                let mode = shell.made_mode(mode);
                Ok(Self::Shell(shell, path.to_owned(), mode))
            }
        }
    }

    /// Most bytes of a piece.
    pub fn piece(&self) -> Option<u32> {
        match self {
            Self::Here(_) => None,
            Self::There(sftp, _) => Some(sftp.piece()),
            Self::Shell(..) => Some(PIECE),
        }
    }

    /// Write bytes there. What is returned is the rest of the work: on an instance they are under way already, so that pieces arrive in
    /// the order in which they were written.
    pub fn write(&self, at: u64, data: Data) -> impl Future<Output = Result<(), Trouble>> + Send + 'static {
        enum Work {
            Here(Arc<File>, Data),
            There(super::sftp::Pending),
            Shell(shell::Pending),
        }
        let work = match self {
            Self::Here(file) => Work::Here(Arc::clone(file), data),
            Self::There(sftp, handle) => Work::There(sftp.write(handle, at, data.into_bytes())),
            Self::Shell(shell, path, _) => Work::Shell(shell.write(path, at, data.bytes())),
        };
        async move {
            match work {
                Work::Here(file, data) => blocking(move || file.write_all_at(data.bytes(), at)).await,
                Work::There(pending) => pending.done().await,
                Work::Shell(pending) => pending.done().await.map(drop),
            }
        }
    }

    /// Give it its size, its mode and its times, as far as they are wanted, and close it.
    pub async fn finish(self, size: Option<u64>, mode: Option<u32>, times: Option<&Facts>) -> Result<(), Trouble> {
        match self {
            Self::Here(file) => {
                let times = times.map(stamps);
                blocking(move || {
                    size.map_or(Ok(()), |size| file.set_len(size))?;
                    mode.map_or(Ok(()), |mode| file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode)))?;
                    times.map_or(Ok(()), |times| Ok(rustix::fs::futimens(&*file, &times)?))
                })
                .await
            }
            Self::There(sftp, handle) => {
                let attributes = Attributes { size, mode, times: times.map(seconds) };
                let set = (attributes != Attributes::default()).then(|| sftp.set_file_attributes(&handle, attributes));
                let closed = sftp.close(&handle);
                if let Some(set) = set {
                    set.done().await?;
                }
                closed.done().await
            }
            Self::Shell(shell, path, made) => shell.set(&path, size, mode.or(Some(made)), times).await,
        }
    }
}
