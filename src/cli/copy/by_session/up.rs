//! From here to an instance: into a folder beside the destination there, and from there to where it belongs when its hash is the right one.

use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::down::hex;
use super::{Carrier, PIECES};
use crate::cli::Failure;
use crate::files::archive::{Pack, Packed};
use crate::files::{Destination, Event, Kind, Side, Store, Trouble, has_hidden_name, own_name, target};
use crate::session::Session;
use crate::session::archive::{Encoder, Found, Heard, Outcome, Said, Script};

/// Bytes that are handed on at a time.
const PIECE: usize = 48 * 1024;
/// Longest time for an instance to take away what has come of a stream that broke off.
const UNTIL_TAKEN_AWAY: Duration = Duration::from_secs(20);
/// What stands in place of the hash of such a stream.
const NO_HASH: &str = "broken-off";

impl Carrier<'_> {
    /// Copy one source.
    pub async fn up(&self, from: &Path, to: &Path, is_for_several: bool) -> Result<(), Failure> {
        let facts = match Store::Here.facts(from, true).await {
            Ok(facts) => facts,
            Err(trouble) => return self.not_copied(Side::From, from, trouble).await,
        };
        let is_folder = match facts.kind {
            Kind::Folder if !self.options.is_recursive => {
                return self.not_copied(Side::From, from, Trouble::NotRecursive).await;
            }
            Kind::Special | Kind::Link => return self.not_copied(Side::From, from, Trouble::NotRegular).await,
            kind => kind == Kind::Folder,
        };
        let whole = if has_hidden_name(from) { Store::Here.whole_path(from).await.ok() } else { None };
        let name = whole.as_deref().map_or_else(|| own_name(from), Path::file_name);
        let (mut archive, umask) = self.start(Script::Take).await?;
        archive.send_path(to.as_os_str().as_bytes()).await?;
        let kind = match self.said(&mut archive).await? {
            Said::Found { kind, .. } => match kind {
                Found::Folder => Some(Kind::Folder),
                Found::File => Some(Kind::File),
                Found::Other => Some(Kind::Special),
                Found::Nothing => None,
            },
            Said::Failed(words) => return self.not_copied(Side::To, to, Trouble::complained(&words)).await,
            _ => return Err(self.garbled()),
        };
        // Where a login begins is a folder that has no name.
        let path = match target(name, is_folder, Destination { path: to, kind, is_for_several }) {
            Ok(path) => path,
            Err(trouble) => return self.not_copied(Side::To, to, trouble).await,
        };
        archive.send_path(path.as_os_str().as_bytes()).await?;
        let wanted = if self.options.keeps { format!("po {:o}", facts.mode & 0o7777) } else { "pmo".to_owned() };
        archive.send_line(&wanted).await?;
        match self.said(&mut archive).await? {
            Said::Go => {}
            Said::Failed(words) => return self.not_copied(Side::To, &path, Trouble::complained(&words)).await,
            _ => return Err(self.garbled()),
        }
        let (pieces, coming) = mpsc::channel(PIECES);
        let packing = self.packing(from, umask, pieces);
        let heard = tokio::select! {
            // Whoever takes it may end before the end of the stream: there is no room.
            heard = archive.ear.next(&archive.session) => heard,
            sent = sent(&archive.session, coming, packing) => {
                // That the session takes nothing more is told by what is heard of it.
                if let Ok(Err((path, trouble))) = sent && trouble != Trouble::Lost {
                    // The script takes away what has come, and says so; one that is cut off may not come to that.
                    let _ = timeout(UNTIL_TAKEN_AWAY, archive.ear.next(&archive.session)).await;
                    archive.session.end_at_once();
                    return self.not_copied(Side::From, &path, trouble).await;
                }
                archive.ear.next(&archive.session).await
            }
        };
        let (outcome, words) = match heard {
            Ok(Some(Heard::Said(Said::Taken(outcome, words)))) => (outcome, words),
            Ok(None) => return Err(self.over(&archive).await),
            _ => return Err(self.garbled()),
        };
        self.leave(&archive).await;
        match outcome {
            Outcome::OtherHash => self.failed(Side::To, &path, Trouble::Garbled).await,
            Outcome::Status(_) => {
                let first = words.raw().lines().next().unwrap_or_default();
                self.failed(Side::To, &path, Trouble::complained(&first.into())).await;
            }
            Outcome::Placed => {
                for line in words.raw().lines().filter(|line| !line.trim().is_empty()) {
                    self.failed(Side::To, &path, Trouble::complained(&line.into())).await;
                }
            }
        }
        Ok(())
    }

    /// Make the stream, in a thread that waits for disks.
    fn packing(&self, from: &Path, umask: u32, pieces: mpsc::Sender<Vec<u8>>) -> Packing {
        let (from, keeps, meter, events) = (from.to_owned(), self.options.keeps, Arc::clone(&self.meter), self.events.clone());
        self.threads.spawn_blocking(move || {
            let tell = |path: &Path, what| {
                let _ = events.blocking_send(Event { side: Side::From, path: path.to_owned(), what });
            };
            let out = BufWriter::with_capacity(PIECE, Stream(pieces));
            Pack { keeps, umask, meter: &meter }.write(&from, out, tell)
        })
    }
}

type Packing = tokio::task::JoinHandle<Packed>;

/// Send the stream as it is made, and its end if it came to one.
async fn sent(session: &Session, mut coming: mpsc::Receiver<Vec<u8>>, packing: Packing) -> io::Result<Packed> {
    let (mut encoder, mut hash) = (Encoder::default(), Sha256::new());
    while let Some(piece) = coming.recv().await {
        hash.update(&piece);
        session.send(encoder.take(&piece).as_bytes()).await?;
    }
    let packed = packing.await.unwrap_or_else(|_| Err((PathBuf::new(), Trouble::Lost)));
    // A stream that broke off has an end, too, and no hash that could be its own.
    let hash = if packed.is_ok() { hex(&hash.finalize()) } else { NO_HASH.to_owned() };
    session.send(encoder.end(&hash).as_bytes()).await?;
    Ok(packed)
}

/// A stream that goes in pieces, for who waits in a thread.
struct Stream(mpsc::Sender<Vec<u8>>);

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.blocking_send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
