//! A session as its user holds it.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use tokio::sync::watch;

use super::clock::now;
use super::end::SessionEnd;
use super::incoming::Incoming;
use super::shared::{Departure, LinkState, Shared};
use super::stream::Stream;
use ec2dash_ssm::{Counters, Size};

/// A session that has begun. Dropping it leaves at once; the session is then terminated in the account by a task of its own, which
/// [`settled`](super::settled) waits for.
pub struct Session {
    id: String,
    about: ec2dash_ssm::Session,
    begun: Instant,
    shared: Arc<Shared>,
}

impl Session {
    pub(super) fn new(id: String, about: ec2dash_ssm::Session, begun: Instant, shared: Arc<Shared>) -> Self {
        Self { id, about, begun, shared }
    }

    /// The session's id; opaque.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the far side says it is.
    pub fn about(&self) -> &ec2dash_ssm::Session {
        &self.about
    }

    /// When the far side said its first word.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// The connection under it, now and as it changes.
    pub fn link(&self) -> watch::Receiver<LinkState> {
        self.shared.link.subscribe()
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.shared.lock().channel.counters()
    }

    /// The next thing that came; `None` when nothing more comes, then ask [`Self::ended`]. For one caller at a time; while nobody
    /// asks, the far side waits. Safe to drop half-done.
    pub async fn next(&self) -> Option<Incoming> {
        poll_fn(|cx| {
            let mut state = self.shared.lock();
            if let Some(incoming) = state.pop() {
                drop(state);
                self.shared.stir();
                return Poll::Ready(Some(incoming));
            }
            if state.is_over {
                return Poll::Ready(None);
            }
            state.reader = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// What comes next, if it is output and there already.
    pub fn next_output(&self) -> Option<Vec<u8>> {
        let bytes = self.shared.lock().pop_output();
        if bytes.is_some() {
            self.shared.stir();
        }
        bytes
    }

    /// Send bytes unchanged, all of them; waits while there is no room, also for the time of a broken connection. Fails when the
    /// session is over. What was taken before the future is dropped is sent.
    pub async fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let taken = self.send_some(rest).await?;
            rest = rest.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// Send some of the bytes, at least one; returns how many. Safe to drop half-done.
    pub async fn send_some(&self, bytes: &[u8]) -> io::Result<usize> {
        poll_fn(|cx| {
            let mut state = self.shared.lock();
            if state.is_over || state.departure != Departure::No {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            let taken = state.channel.send(bytes, now());
            if taken > 0 || bytes.is_empty() {
                drop(state);
                self.shared.stir();
                return Poll::Ready(Ok(taken));
            }
            remember(&mut state.writers, cx);
            Poll::Pending
        })
        .await
    }

    /// Tell the far side the size of the terminal: at most ten times a second, the last one always.
    pub fn resize(&self, size: Size) {
        self.shared.lock().channel.resize(size);
        self.shared.stir();
    }

    /// Make remote programs draw everything again.
    pub fn redraw(&self) {
        self.shared.lock().channel.redraw();
        self.shared.stir();
    }

    /// Open a connection through a port session with many of them, or with one at a time: then this waits until it is free. A
    /// connection that the far side refuses is told at the first read, as `ConnectionRefused`. Safe to drop half-done.
    pub async fn open_stream(&self) -> io::Result<Stream> {
        let id = poll_fn(|cx| {
            let mut state = self.shared.lock();
            if state.is_over || state.departure != Departure::No {
                return Poll::Ready(Err(io::Error::from(io::ErrorKind::NotConnected)));
            }
            match state.channel.open(now()) {
                Some(id) => {
                    state.streams.insert(id, super::shared::StreamState::default());
                    Poll::Ready(Ok(id))
                }
                None => {
                    remember(&mut state.openers, cx);
                    drop(state);
                    // That somebody waits may shorten the wait.
                    self.shared.stir();
                    Poll::Pending
                }
            }
        })
        .await?;
        self.shared.stir();
        Ok(Stream::new(id, Arc::clone(&self.shared)))
    }

    /// Whether it takes nothing more: it is over, or about to be.
    pub fn is_leaving(&self) -> bool {
        let state = self.shared.lock();
        state.is_over || state.departure != Departure::No || state.channel.is_over()
    }

    /// Whether our own link stands.
    pub(super) fn is_linked(&self) -> bool {
        *self.shared.link.borrow() == LinkState::Up
    }

    /// Whether the far side can be heard now: the link stands, and the instance is connected to the gateway.
    pub fn can_be_answered(&self) -> bool {
        self.is_linked() && !self.shared.lock().channel.is_paused()
    }

    /// Whether more came while we were leaving than anybody took: the rest is gone.
    pub fn has_dropped(&self) -> bool {
        self.shared.lock().has_dropped
    }

    /// Leave in good order: what was sent arrives first, within seconds.
    pub fn end(&self) {
        self.shared.leave(Departure::Orderly);
    }

    /// Leave now: the far side may be dead.
    pub fn end_at_once(&self) {
        self.shared.leave(Departure::AtOnce);
    }

    /// How it ended, once it has, and has been put away in the account. Does not end it. Safe to drop half-done.
    pub async fn ended(&self) -> SessionEnd {
        let mut ending = self.shared.ending.subscribe();
        let told = ending.wait_for(Option::is_some).await;
        let told = told.ok().and_then(|ending| ending.as_deref().cloned());
        told.expect("the sender lives in the state that this holds")
    }
}

/// Whoever asks again and again is woken once.
fn remember(waiting: &mut Vec<Waker>, cx: &Context<'_>) {
    if !waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
        waiting.push(cx.waker().clone());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.shared.leave(Departure::AtOnce);
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("about", &self.about).finish_non_exhaustive()
    }
}
