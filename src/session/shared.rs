//! What the task of a session and its handles share.
//!
//! One lock around the channel, never held while waiting: every handle reads and writes the channel's own bounded buffers, so
//! back-pressure reaches from the socket to each of them without queues in between.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;
use tokio::sync::watch;

use super::end::SessionEnd;
use super::incoming::Incoming;
use super::link::Lost;
use super::link_error::LinkError;
use crate::aws;
use ec2dash_ssm::{Channel, Event, KeyRequest, StreamChange, StreamId};

/// What waits for the caller beyond what the channel itself holds.
const MOST_WAITING: usize = 256 * 1024;

/// The connection under a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It stands.
    Up,
    /// It stands, and nobody has answered since then.
    Silent {
        /// Since when.
        since: Instant,
    },
    /// It broke; another one is being tried for.
    Lost {
        /// Since when.
        since: Instant,
        /// When this is given up.
        until: Instant,
        /// Why it broke.
        why: Lost,
        /// Why the last try failed.
        last: Option<LinkError>,
    },
}

/// Credentials that were only due to be renewed are taken anew sooner than this.
const RENEWAL: Duration = Duration::from_secs(1);

impl LinkState {
    /// What keeps another connection away that the network does not mend: the credentials, or a certificate.
    pub fn hindrance(&self) -> Option<&aws::Error> {
        let Self::Lost { since, last: Some(LinkError::Aws(error)), .. } = self else { return None };
        let is_about_credentials = error.is_about_credentials() || error.lacks_credentials();
        let is_one = is_about_credentials || matches!(error, aws::Error::Certificate { .. });
        (is_one && since.elapsed() >= RENEWAL).then_some(error)
    }
}

/// How the caller wants to leave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Departure {
    #[default]
    No,
    /// What was sent before shall arrive.
    Orderly,
    /// The far side may be dead.
    AtOnce,
}

/// One connection through a port session, as its handle waits on it.
#[derive(Debug, Default)]
pub(super) struct StreamState {
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
    pub(super) was_refused: bool,
    pub(super) was_stalled: bool,
    pub(super) has_ended: bool,
    /// The session ended before it did.
    pub(super) was_cut: bool,
}

pub(super) struct State {
    pub(super) channel: Channel,
    incoming: VecDeque<Incoming>,
    waiting: usize,
    pub(super) reader: Option<Waker>,
    pub(super) writers: Vec<Waker>,
    pub(super) openers: Vec<Waker>,
    pub(super) streams: BTreeMap<StreamId, StreamState>,
    pub(super) departure: Departure,
    /// Nothing more comes of the channel.
    pub(super) is_over: bool,
    /// More came while we were leaving than anybody took.
    pub(super) has_dropped: bool,
}

/// What the channel wants of the driver.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) key: Option<KeyRequest>,
    pub(super) session: Option<ec2dash_ssm::Session>,
    pub(super) end: Option<ec2dash_ssm::End>,
}

pub(super) struct Shared {
    state: Mutex<State>,
    /// The driver, for handles that did something.
    driver: AtomicWaker,
    pub(super) link: watch::Sender<LinkState>,
    pub(super) ending: watch::Sender<Option<Arc<SessionEnd>>>,
}

impl Shared {
    pub(super) fn new(channel: Channel) -> Self {
        let state = State {
            channel,
            incoming: VecDeque::new(),
            waiting: 0,
            reader: None,
            writers: Vec::new(),
            openers: Vec::new(),
            streams: BTreeMap::new(),
            departure: Departure::No,
            is_over: false,
            has_dropped: false,
        };
        Self {
            state: Mutex::new(state),
            driver: AtomicWaker::new(),
            link: watch::Sender::new(LinkState::Up),
            ending: watch::Sender::new(None),
        }
    }

    /// The state is whole at every moment, so a panic elsewhere does not spoil it.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on the driver's task is woken by [`Self::stir`].
    pub(super) fn attach(&self, cx: &Context<'_>) {
        self.driver.register(cx.waker());
    }

    /// A handle did something that the driver should see to.
    pub(super) fn stir(&self) {
        self.driver.wake();
    }

    /// Leave; a stronger request than before counts.
    pub(super) fn leave(&self, departure: Departure) {
        let mut state = self.lock();
        state.departure = state.departure.max(departure);
        drop(state);
        self.stir();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("link", &*self.link.borrow()).finish_non_exhaustive()
    }
}

impl State {
    /// Take over what the channel has to say, as long as there is room for it, and wake whoever waited for it.
    pub(super) fn pump(&mut self) -> Requests {
        let mut requests = Requests::default();
        // Whoever leaves takes no more, and must come to the end all the same.
        while self.waiting < MOST_WAITING || self.departure != Departure::No {
            let Some(event) = self.channel.poll_event() else { break };
            match event {
                Event::KeyWanted(request) => requests.key = Some(request),
                Event::Ready(session) => requests.session = Some(session),
                Event::Output(bytes) => self.push(Incoming::Output(bytes)),
                Event::ErrorOutput(bytes) => self.push(Incoming::ErrorOutput(bytes)),
                Event::ExitCode(code) => self.push(Incoming::ExitCode(code)),
                Event::ConnectRefused => self.push(Incoming::ConnectRefused),
                Event::Stream(id, change) => self.changed(id, change),
                Event::Ended(end) => requests.end = Some(end),
            }
        }
        if self.channel.has_room() {
            self.writers.drain(..).for_each(Waker::wake);
        }
        if self.channel.can_open() {
            self.openers.drain(..).for_each(Waker::wake);
        }
        requests
    }

    fn push(&mut self, incoming: Incoming) {
        let is_output = matches!(incoming, Incoming::Output(_) | Incoming::ErrorOutput(_));
        if is_output && self.waiting >= MOST_WAITING && self.departure != Departure::No {
            self.has_dropped = true;
            return;
        }
        self.waiting += incoming.length();
        self.incoming.push_back(incoming);
        self.reader.take().into_iter().for_each(Waker::wake);
    }

    /// What came first of what waits. Taking it may make room for more: stir the driver.
    pub(super) fn pop(&mut self) -> Option<Incoming> {
        let incoming = self.incoming.pop_front()?;
        self.waiting -= incoming.length();
        Some(incoming)
    }

    /// As [`Self::pop`], if it is output.
    pub(super) fn pop_output(&mut self) -> Option<Vec<u8>> {
        match self.incoming.front() {
            Some(Incoming::Output(_)) => match self.pop() {
                Some(Incoming::Output(bytes)) => Some(bytes),
                _ => None,
            },
            _ => None,
        }
    }

    fn changed(&mut self, id: StreamId, change: StreamChange) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        match change {
            StreamChange::Readable => stream.reader.take().into_iter().for_each(Waker::wake),
            StreamChange::Writable => stream.writer.take().into_iter().for_each(Waker::wake),
            StreamChange::Refused => stream.was_refused = true,
            StreamChange::Stalled => stream.was_stalled = true,
            StreamChange::Opened | StreamChange::Released => {}
        }
        if matches!(change, StreamChange::Refused | StreamChange::Stalled) {
            stream.reader.take().into_iter().chain(stream.writer.take()).for_each(Waker::wake);
        }
    }

    /// Nothing more comes: nobody shall wait for it.
    pub(super) fn finish(&mut self) {
        self.is_over = true;
        let of_streams = self.streams.values_mut().flat_map(|stream| [stream.reader.take(), stream.writer.take()]);
        let waiting = of_streams.flatten().chain(self.reader.take());
        waiting.chain(self.writers.drain(..)).chain(self.openers.drain(..)).for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MfaDevice;

    #[test]
    fn what_somebody_has_to_give_first_is_a_hindrance_once_it_lasts() {
        let lost = |seconds, error| {
            let since = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
            let why = Lost::Closed { code: 1000 };
            LinkState::Lost { since, until: since, why, last: Some(LinkError::Aws(error)) }
        };
        let device = MfaDevice { profile: "ops".into(), serial: "device".into() };
        let code = || aws::Error::MfaNeeded { device: device.clone(), is_kept: true };

        assert_eq!(lost(5, code()).hindrance(), Some(&code()));
        assert_eq!(lost(0, code()).hindrance(), None, "it is only due to be renewed");
        assert_eq!(lost(5, aws::Error::Throttled { action: "ssm:ResumeSession" }).hindrance(), None);
    }
}
