//! From an instance to here: into a folder beside the destination, and from there to where it belongs when all of it is whole.

use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::interval;

use super::complaints::complaints;
use super::{Carrier, PIECES};
use crate::cli::Failure;
use crate::files::archive::{Stage, Unpack};
use crate::files::{Copier, Destination, Event, Kind, Options, Side, Store, Trouble, What, has_hidden_name, own_name, target};
use crate::model::Untrusted;
use crate::session::archive::{Archive, Found, Heard, Said, Script};

/// A session in which nobody types ends after a while, however much it says.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);
/// What the content is called in the folder beside the destination.
const CONTENT: &str = "n";

/// The end of a stream.
struct Given {
    status: u8,
    /// Whether the stream came to its end as a tar.
    is_whole: bool,
    is_same: bool,
    complaints: Untrusted,
}

impl Carrier<'_> {
    /// Copy one source.
    pub async fn down(&self, from: &Path, to: &Path, is_for_several: bool) -> Result<(), Failure> {
        let (mut archive, _) = self.start(Script::Give).await?;
        archive.send_path(from.as_os_str().as_bytes()).await?;
        let (is_folder, whole) = match self.said(&mut archive).await? {
            Said::Failed(words) => return self.not_copied(Side::From, from, Trouble::complained(&words)).await,
            Said::Found { kind: Found::Folder, .. } if !self.options.is_recursive => {
                return self.not_copied(Side::From, from, Trouble::NotRecursive).await;
            }
            Said::Found { kind: kind @ (Found::Folder | Found::File), size, path } => {
                self.meter.foresee(size);
                (kind == Found::Folder, PathBuf::from(std::ffi::OsStr::from_bytes(&path)))
            }
            Said::Found { .. } => return self.not_copied(Side::From, from, Trouble::NotRegular).await,
            _ => return Err(self.garbled()),
        };
        let name = if has_hidden_name(from) { whole.file_name() } else { own_name(from) };
        let kind = Store::Here.facts(to, true).await.ok().map(|facts| facts.kind);
        let path = match target(name, is_folder, Destination { path: to, kind, is_for_several }) {
            Ok(path) => path,
            Err(trouble) => return self.not_copied(Side::To, to, trouble).await,
        };
        let beside = if kind == Some(Kind::Folder) { to } else { path.parent().unwrap_or(Path::new("")) };
        let stage = match Stage::make(beside) {
            Ok(stage) => Arc::new(stage),
            Err(error) => return self.not_copied(Side::To, &path, error.into()).await,
        };
        archive.send_line("go").await?;
        let only = if is_folder { None } else { from.file_name().map(PathBuf::from) };
        let given = match self.unpacked(&mut archive, from, &stage, only.clone()).await? {
            Ok(given) => given,
            Err(trouble) => {
                archive.session.end_at_once();
                let side = if trouble == Trouble::Garbled { Side::From } else { Side::To };
                return self.not_copied(side, if side == Side::To { &path } else { from }, trouble).await;
            }
        };
        self.leave(&archive).await;
        if !given.is_same {
            return self.not_copied(Side::From, from, Trouble::Garbled).await;
        }
        let content = stage.path().join(CONTENT);
        if !self.is_usable(from, &content, &given).await {
            return Ok(());
        }
        let content = only.map_or_else(|| content.clone(), |name| content.join(name));
        self.placed(from, &content, &path).await;
        Ok(())
    }

    /// Take the stream apart while it comes.
    async fn unpacked(
        &self,
        archive: &mut Archive,
        from: &Path,
        stage: &Arc<Stage>,
        only: Option<PathBuf>,
    ) -> Result<Result<Given, Trouble>, Failure> {
        let (pieces, coming) = mpsc::channel(PIECES);
        let (stage, meter, events, base) = (Arc::clone(stage), Arc::clone(&self.meter), self.events.clone(), from.to_owned());
        let mut unpacking = self.threads.spawn_blocking(move || {
            let stream = Stream { coming, piece: Vec::new(), at: 0 };
            let content = stage.path().join(CONTENT);
            std::fs::create_dir(&content)?;
            let tell = |name: &Path, what| {
                let path = base.join(name.strip_prefix(".").unwrap_or(name));
                let _ = events.blocking_send(Event { side: Side::From, path, what });
            };
            Unpack { stage: &content, only: only.as_deref(), meter: &meter }.read(stream, tell)
        });
        let mut hash = Sha256::new();
        let mut alive = interval(SIGN_OF_LIFE);
        let given = loop {
            let heard = tokio::select! {
                heard = self.heard(archive) => heard?,
                _ = alive.tick() => {
                    archive.send_line("").await?;
                    continue;
                }
            };
            match heard {
                Heard::Data(bytes) => {
                    hash.update(&bytes);
                    if pieces.send(bytes).await.is_err() {
                        // Whoever takes it apart has ended before its end: at a fault, or behind the last file.
                        if let Err(trouble) = (&mut unpacking).await.unwrap_or(Err(Trouble::Lost)) {
                            return Ok(Err(garbled_if_lost(trouble)));
                        }
                        return Ok(Err(Trouble::Garbled));
                    }
                }
                Heard::Said(Said::Given { status, hash: told, complaints }) => {
                    let is_same = told == hex(&hash.finalize());
                    break Given { status, is_whole: true, is_same, complaints };
                }
                Heard::Said(Said::Failed(words)) => return Ok(Err(Trouble::complained(&words))),
                Heard::Said(_) => return Err(self.garbled()),
            }
        };
        drop(pieces);
        match unpacking.await.unwrap_or(Err(Trouble::Lost)) {
            Ok(()) => Ok(Ok(given)),
            // tar could not begin, or broke off, and says why.
            Err(Trouble::Lost) if given.status != 0 => Ok(Ok(Given { is_whole: false, ..given })),
            Err(trouble) => Ok(Err(garbled_if_lost(trouble))),
        }
    }

    /// Tell what tar complained of. A file that it could not read whole is taken out; one that cannot be told leaves nothing to use.
    async fn is_usable(&self, from: &Path, content: &Path, given: &Given) -> bool {
        let complaints = complaints(&given.complaints);
        if complaints.is_empty() && given.status != 0 {
            self.failed(Side::From, from, Trouble::Refused(format!("tar: {}", given.status).into())).await;
            return false;
        }
        for complaint in complaints {
            let path = complaint.path.as_deref();
            let shown = path.map_or_else(|| from.to_owned(), |path| from.join(path));
            let is_changed = complaint.trouble == Trouble::Changed;
            self.failed(Side::From, &shown, complaint.trouble).await;
            if is_changed && path.is_none_or(|path| taken_out(content, path).is_err()) {
                return false;
            }
        }
        if !given.is_whole && given.status > 2 {
            self.failed(Side::From, from, Trouble::Refused(format!("tar: {}", given.status).into())).await;
        }
        given.is_whole
    }

    /// Copy what has come to where it belongs.
    async fn placed(&self, from: &Path, content: &Path, to: &Path) {
        let options = Options { is_recursive: true, keeps: self.options.keeps, ..Options::default() };
        let (events, mut told) = mpsc::channel::<Event>(PIECES);
        let copier = Copier::new(Store::Here, Store::Here, options, Arc::default(), events);
        let copying = async move {
            let outcome = copier.copy(content, to).await;
            drop(copier);
            outcome
        };
        let telling = async {
            while let Some(mut event) = told.recv().await {
                if let Ok(rest) = event.path.strip_prefix(content) {
                    event.path = if rest.as_os_str().is_empty() { from.to_owned() } else { from.join(rest) };
                }
                let is_told = matches!(event.what, What::LeadsOut(_) | What::Sparse { .. });
                if !is_told {
                    let _ = self.events.send(event).await;
                }
            }
        };
        // An error that ends all is told as the file's that it ended at.
        let (_, ()) = tokio::join!(copying, telling);
    }
}

/// Take a file out of what has come, by the name that the instance tells: through no link. A folder that changed has lost nothing.
fn taken_out(content: &Path, name: &Path) -> io::Result<()> {
    let mut at = content.to_owned();
    let mut parts = name.components().peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let is_folder = std::fs::symlink_metadata(&at)?.is_dir();
        match (is_folder, parts.peek().is_some()) {
            (true, true) => {}
            (true, false) => return Ok(()),
            (false, false) => return std::fs::remove_file(&at),
            (false, true) => return Err(io::ErrorKind::NotADirectory.into()),
        }
    }
    // All of it: the folder that was asked for.
    Ok(())
}

fn garbled_if_lost(trouble: Trouble) -> Trouble {
    if trouble == Trouble::Lost { Trouble::Garbled } else { trouble }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A stream that comes in pieces, for who waits in a thread.
struct Stream {
    coming: mpsc::Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            let Some(piece) = self.coming.blocking_recv() else { return Ok(0) };
            (self.piece, self.at) = (piece, 0);
        }
        let read = self.piece.get(self.at..).unwrap_or_default().read(into)?;
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_is_taken_out_through_a_link() {
        let place = tempfile::tempdir().unwrap();
        let content = place.path().join("content");
        fs::create_dir_all(content.join("in")).unwrap();
        fs::create_dir(place.path().join("mine")).unwrap();
        fs::write(place.path().join("mine/key"), "").unwrap();
        fs::write(content.join("in/log"), "").unwrap();
        symlink(place.path().join("mine"), content.join("link")).unwrap();
        let take = |name: &str| taken_out(&content, Path::new(name));

        assert!(take("link/key").is_err() && place.path().join("mine/key").exists());
        assert!(take("in").is_ok() && content.join("in/log").exists());
        assert!(take("in/log").is_ok() && !content.join("in/log").exists());
        assert!(take("in/none").is_err() && take("in/log/x").is_err());
    }
}
