//! What can be seen of a tunnel from outside: how it stands, and what goes through it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::{mpsc, watch};

use crate::aws;
use crate::model::Destination;
use crate::session::SessionEnd;

/// How a tunnel stands.
#[derive(Debug, Clone, PartialEq)]
pub enum TunnelState {
    /// The first session is being opened.
    Starting,
    /// Connections pass.
    Up,
    /// Nobody has answered since then.
    Silent {
        /// Since when.
        since: Instant,
    },
    /// The connection to AWS broke; another one is being tried for.
    Lost {
        /// Since when.
        since: Instant,
        /// When this is given up.
        until: Instant,
    },
    /// Its session has ended; the next connection opens another one.
    Resting,
    /// It is over.
    Over {
        /// Why, if nobody wished it.
        why: Option<Box<SessionEnd>>,
    },
}

/// What went through a tunnel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes to the far side.
    pub sent: u64,
    /// Bytes from the far side.
    pub received: u64,
    /// Connections that are open now.
    pub open: usize,
    /// Connections so far.
    pub connections: u64,
    /// Connections that the far side refused, or that found no session.
    pub refused: u64,
}

/// What happened in a tunnel that its user may want to know.
#[derive(Debug, Clone, PartialEq)]
pub enum TunnelEvent {
    /// The far side did not connect.
    Refused(Destination),
    /// A connection was closed because nobody here read it while it held up the others.
    Stalled(Destination),
    /// The far side has stopped taking, or nearly so, what a connection sends.
    Waiting {
        /// Where it goes.
        to: Destination,
        /// Who it is, if it can be told.
        from: Option<SocketAddr>,
    },
    /// The far side takes nothing more of a session; new connections get another one.
    StandsStill(Destination),
    /// The far side takes what such a session sends again.
    GoesOn(Destination),
    /// Such a session is over.
    GaveUp(Destination),
    /// There is no session for a connection.
    NoSession {
        /// Where it wanted to go.
        to: Destination,
        /// Why.
        why: Box<SessionEnd>,
    },
    /// A session has ended; connections through it are closed, the next one opens another session.
    SessionEnded {
        /// Where it led.
        to: Destination,
        /// Why.
        why: Box<SessionEnd>,
    },
    /// No other connection is had until somebody mends the credentials, or a certificate.
    Hindered(aws::Error),
    /// Another session is open, after one has ended.
    Reopened(Destination),
    /// The agent is too old for more than one connection at a time.
    OneAtATime,
    /// There are sessions to so many places already, all in use.
    TooManyPlaces {
        /// How many.
        most: usize,
    },
    /// A connection did not speak SOCKS5, or wanted what is not offered.
    NoSocks,
    /// No agent forwards there.
    Forbidden(Destination),
    /// The system gives us no more connections.
    NotAccepted(String),
}

/// Where a tunnel's tasks note what happens. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Board {
    pub(super) state: Arc<watch::Sender<TunnelState>>,
    counts: Arc<Counts>,
    events: mpsc::Sender<TunnelEvent>,
}

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    received: AtomicU64,
    open: AtomicUsize,
    connections: AtomicU64,
    refused: AtomicU64,
}

/// A connection that counts as open while this lives.
#[derive(Debug)]
pub(super) struct Counted(Arc<Counts>);

impl Board {
    pub(super) fn new(events: mpsc::Sender<TunnelEvent>) -> Self {
        Self { state: Arc::new(watch::Sender::new(TunnelState::Starting)), counts: Arc::default(), events }
    }

    pub(super) fn traffic(&self) -> Traffic {
        let counts = &self.counts;
        Traffic {
            sent: counts.sent.load(Ordering::Relaxed),
            received: counts.received.load(Ordering::Relaxed),
            open: counts.open.load(Ordering::Relaxed),
            connections: counts.connections.load(Ordering::Relaxed),
            refused: counts.refused.load(Ordering::Relaxed),
        }
    }

    /// Tell it, unless too much waits to be heard already.
    pub(super) fn emit(&self, event: TunnelEvent) {
        tracing::debug!("tunnel: {event:?}");
        // A full queue means that nobody listens, and a closed one that nobody is left.
        let _ = self.events.try_send(event);
    }

    pub(super) fn is(&self, state: TunnelState) {
        self.state.send_if_modified(|now| {
            let changes = *now != state;
            *now = state;
            changes
        });
    }

    pub(super) fn opened(&self) -> Counted {
        self.counts.open.fetch_add(1, Ordering::Relaxed);
        self.counts.connections.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(&self.counts))
    }

    pub(super) fn refused(&self) {
        self.counts.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn sent(&self, count: usize) {
        self.counts.sent.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(super) fn received(&self, count: usize) {
        self.counts.received.fetch_add(count as u64, Ordering::Relaxed);
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
