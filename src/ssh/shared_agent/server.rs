//! The agent itself: one process for each user, which ends when nobody has needed it for a while.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use rustix::fs::OFlags;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::codec::{Framed, LinesCodec};

use super::place::AgentPlace;
use super::words::{ASKED, HeldFor, LONGEST_LINE, READY, Report, STOPPING, Wish};
use crate::config;
use crate::model::InstanceId;
use crate::ssh::EphemeralKey;
use crate::ssh::agent::{self, Agent, is_ours};

/// Programs that are served at the same time.
const MOST_TALKS: usize = 4_096;
/// How long a program may take for its wish.
const WISH_LIMIT: Duration = Duration::from_secs(10);

/// An agent that listens. Dropped, it forgets every key and takes its sockets away.
#[derive(Debug)]
pub struct SharedAgent {
    place: AgentPlace,
    listener: UnixListener,
    /// Held for life: there is one agent in a place.
    _lock: File,
}

impl SharedAgent {
    /// Listen in `place`; none if an agent is there already.
    pub fn begin(place: &AgentPlace) -> io::Result<Option<Self>> {
        config::create(place.directory())?;
        let no_link = OFlags::NOFOLLOW.bits().cast_signed();
        let lock = OpenOptions::new().write(true).create(true).mode(0o600).custom_flags(no_link).open(place.lock())?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        remove_leftovers(place)?;
        let listener = UnixListener::bind(place.control())?;
        fs::set_permissions(place.control(), Permissions::from_mode(0o600))?;
        Ok(Some(Self { place: place.clone(), listener, _lock: lock }))
    }

    /// Serve until somebody says stop, or nobody has been there for `idle`.
    pub async fn serve(self, idle: Duration) {
        let keys = Arc::new(Keys { place: self.place.clone(), held: Mutex::default() });
        let (stop, mut stopping) = mpsc::channel(1);
        let mut talks = JoinSet::new();
        let mut alone_since = Instant::now();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if talks.len() < MOST_TALKS => match accepted {
                    Ok((stream, _)) if is_ours(&stream) => {
                        let (keys, stop) = (Arc::clone(&keys), stop.clone());
                        talks.spawn(async move {
                            if let Err(error) = talk(stream, &keys, &stop).await {
                                tracing::debug!("a talk with a program ended: {error}");
                            }
                        });
                    }
                    Ok(_) => tracing::warn!("another user tried our agent"),
                    Err(error) => {
                        tracing::debug!("cannot take a connection to our agent: {error}");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                Some(_) = talks.join_next() => alone_since = Instant::now(),
                Some(()) = stopping.recv() => return,
                () = sleep_until(alone_since + idle), if talks.is_empty() => return,
            }
        }
    }
}

impl Drop for SharedAgent {
    fn drop(&mut self) {
        // Before the lock goes: who finds no socket starts another agent.
        let _ = fs::remove_file(self.place.control());
    }
}

/// The lock is ours, so sockets in the directory are those of an agent that was killed.
fn remove_leftovers(place: &AgentPlace) -> io::Result<()> {
    for entry in fs::read_dir(place.directory())? {
        let entry = entry?;
        let is_instance = entry.file_name().to_str().is_some_and(|name| name.parse::<InstanceId>().is_ok());
        if is_instance || entry.path() == place.control() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// All keys.
struct Keys {
    place: AgentPlace,
    held: Mutex<BTreeMap<InstanceId, Held>>,
}

/// The key of one instance, as long as a connection to it is open.
struct Held {
    _agent: Agent,
    line: String,
    parts: Parts,
    count: usize,
}

/// The connections that use a key: each is told when ssh asks for it, and answers when it may be used.
type Parts = Arc<Mutex<BTreeMap<u64, mpsc::Sender<oneshot::Sender<()>>>>>;

/// One connection's share in a key.
struct Share<'k> {
    keys: &'k Keys,
    id: InstanceId,
    number: u64,
    line: String,
    asks: mpsc::Receiver<oneshot::Sender<()>>,
}

impl Keys {
    fn held(&self) -> MutexGuard<'_, BTreeMap<InstanceId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A share in the key of `id`, which is made if nobody has one.
    fn share(&self, id: &InstanceId, number: u64) -> io::Result<Share<'_>> {
        let (sender, asks) = mpsc::channel(1);
        let mut held = self.held();
        if !held.contains_key(id) {
            let key = EphemeralKey::generate()?;
            let (line, parts) = (key.public_line().to_owned(), Parts::default());
            let told = Arc::clone(&parts);
            let agent = agent::serve_at(self.place.socket(id), key, move || all_ready(Arc::clone(&told)))?;
            held.insert(id.clone(), Held { _agent: agent, line, parts, count: 0 });
        }
        let own = held.get_mut(id).ok_or(io::ErrorKind::NotFound)?;
        own.count += 1;
        own.parts.lock().unwrap_or_else(PoisonError::into_inner).insert(number, sender);
        Ok(Share { keys: self, id: id.clone(), number, line: own.line.clone(), asks })
    }

    fn report(&self) -> Report {
        let keys = self.held().iter().map(|(id, held)| HeldFor { id: id.to_string(), connections: held.count }).collect();
        Report { process: std::process::id(), keys }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut held = self.keys.held();
        let Some(own) = held.get_mut(&self.id) else { return };
        own.parts.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
        own.count -= 1;
        if own.count == 0 {
            held.remove(&self.id);
        }
    }
}

/// Whether the key was pushed long ago only whoever pushed it knows.
async fn all_ready(parts: Parts) {
    let senders: Vec<_> = parts.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
    let ready = senders.into_iter().map(|sender| async move {
        let (done, ready) = oneshot::channel();
        // Who is gone has nothing to say.
        if sender.send(done).await.is_ok() {
            let _ = ready.await;
        }
    });
    join_all(ready).await;
}

async fn talk(stream: UnixStream, keys: &Keys, stop: &mpsc::Sender<()>) -> io::Result<()> {
    let mut lines = Framed::new(stream, LinesCodec::new_with_max_length(LONGEST_LINE));
    let Ok(Some(line)) = timeout(WISH_LIMIT, lines.next()).await else { return Ok(()) };
    let line = line.map_err(io::Error::other)?;
    match Wish::read(&line) {
        Some(Wish::Key(id)) => lend(&mut lines, keys, &id).await,
        Some(Wish::Status) => {
            let report = serde_json::to_string(&keys.report()).map_err(io::Error::other)?;
            lines.send(report).await.map_err(io::Error::other)
        }
        Some(Wish::Stop) => {
            lines.send(STOPPING).await.map_err(io::Error::other)?;
            // Nobody listens any more: it ends already.
            let _ = stop.send(()).await;
            Ok(())
        }
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Give a share in a key for as long as the program talks to us.
async fn lend(lines: &mut Framed<UnixStream, LinesCodec>, keys: &Keys, id: &InstanceId) -> io::Result<()> {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let mut share = keys.share(id, NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))?;
    lines.send(share.line.clone()).await.map_err(io::Error::other)?;
    let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
    loop {
        tokio::select! {
            Some(ask) = share.asks.recv() => {
                waiting.push(ask);
                lines.send(ASKED).await.map_err(io::Error::other)?;
            }
            line = lines.next() => match line {
                Some(Ok(line)) if line == READY => waiting.drain(..).for_each(|ask| _ = ask.send(())),
                Some(Ok(_)) => return Err(io::ErrorKind::InvalidData.into()),
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests;
