//! Files of one piece, of which there may be many thousands: as few questions and as few turns as they can do with.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

use super::sftp::Data;
use super::shell::PIECE;
use super::store::{Store, blocking, here, stamps, told};
use super::stream::Sink;
use super::{Facts, Fault, Side, Trouble};

/// What every server gives and takes at once.
const SMALL: u64 = 32 * 1024;

/// The size up to which a file goes at once. A shell that is asked once more needs more time for that than for the content.
pub fn largest(from: &Store, to: &Store) -> u64 {
    if from.is_shell() || to.is_shell() { PIECE.into() } else { SMALL }
}

/// How a file is to look when it has its name.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// What it is made with; the system takes its umask off.
    pub made_with: u32,
    /// What it has in the end, if that is decided.
    pub mode: Option<u32>,
    /// The times of this one, if they are kept.
    pub times: Option<Facts>,
}

/// All of a file, and what it was like when it had been read.
pub async fn read(store: &Store, path: &Path, size: u64) -> Result<(Data, Facts), Trouble> {
    match store {
        Store::Here => {
            let path = path.to_owned();
            blocking(move || {
                let no_wait = OFlags::NONBLOCK.bits().cast_signed();
                let file = OpenOptions::new().read(true).custom_flags(no_wait).open(here(&path))?;
                let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
                (&file).take(size).read_to_end(&mut bytes)?;
                Ok((Data::from(bytes), told(&file.metadata()?)))
            })
            .await
        }
        Store::There(sessions) => {
            let sftp = sessions.next();
            let handle = sftp.open_to_read(path).await?;
            let length = u32::try_from(size).unwrap_or(u32::MAX).max(1);
            // All three at once, asked one after the other as they are first looked at.
            let (data, facts, closed) = tokio::join!(sftp.read(&handle, 0, length), sftp.file_attributes(&handle), async {
                sftp.close(&handle).done().await
            });
            closed?;
            Ok((data?.unwrap_or_else(|| Data::from(Vec::new())), facts?.into()))
        }
        Store::Shell(shells) => {
            let length = u32::try_from(size).unwrap_or(u32::MAX).max(1);
            shells.next().read(path, 0, length).await.map(|(bytes, facts)| (Data::from(bytes), facts))
        }
    }
}

/// Write all of a file as `part`, and give it its name.
pub async fn write(store: &Store, part: &Path, to: &Path, data: Data, look: Look) -> Result<(), Fault> {
    let fault = |trouble| Side::To.fault(trouble);
    match store {
        Store::Here => {
            let (part, to) = (part.to_owned(), to.to_owned());
            blocking(move || {
                let make = || OpenOptions::new().write(true).create_new(true).mode(look.made_with).open(&part);
                let file = match make() {
                    // An earlier copy may have left it.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        fs::remove_file(&part)?;
                        make()
                    }
                    made => made,
                }?;
                let kept = (|| -> io::Result<()> {
                    (&file).write_all(data.bytes())?;
                    look.mode.map_or(Ok(()), |mode| file.set_permissions(fs::Permissions::from_mode(mode)))?;
                    if let Some(times) = &look.times {
                        rustix::fs::futimens(&file, &stamps(times))?;
                    }
                    fs::rename(&part, &to)
                })();
                if kept.is_err() {
                    // The first failure is the one to tell.
                    let _ = fs::remove_file(&part);
                }
                kept
            })
            .await
            .map_err(fault)
        }
        Store::There(_) => {
            let sink = match Sink::create(store, part, look.made_with).await {
                Ok(sink) => sink,
                Err(trouble) if trouble.is_the_connection() => return Err(fault(trouble)),
                Err(trouble) => {
                    if store.remove(part).await.is_err() {
                        return Err(fault(trouble));
                    }
                    Sink::create(store, part, look.made_with).await.map_err(fault)?
                }
            };
            let is_empty = data.bytes().is_empty();
            let written = (!is_empty).then(|| sink.write(0, data));
            let finished = sink.finish(None, look.mode, look.times.as_ref());
            // The one is not waited for before the other is asked.
            let (written, finished) = tokio::join!(
                async {
                    match written {
                        Some(written) => written.await,
                        None => Ok(()),
                    }
                },
                finished
            );
            written.and(finished).map_err(fault)?;
            store.replace(part, to).await.map_err(fault)
        }
        Store::Shell(shells) => {
            let shell = shells.next();
            let mode = look.mode.unwrap_or_else(|| shell.made_mode(look.made_with));
            shell.put(part, to, data.bytes(), mode, look.times.as_ref()).await.map_err(fault)
        }
    }
}
