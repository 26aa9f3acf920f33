//! Ports of this computer that lead to an instance, or to hosts behind it, through Session Manager.
//!
//! A [`Tunnel`] listens from the start, and opens sessions as connections want them: many connections share one session, and when a session
//! ends (idle, or at its longest) the next connection opens another. Its state and traffic can be looked at from outside at any time.

mod connection;
mod departure;
mod keeper;
mod led;
mod listener;
mod purpose;
mod saved;
pub(crate) mod socks;
mod stall;
mod state;
mod words;

use std::net::SocketAddr;
use std::path::Path;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

pub use led::Led;
pub use listener::{Bind, Listen, Listener, Local, reset};
pub use purpose::{Purpose, TunnelOptions};
pub use saved::place_of;
pub use state::{Traffic, TunnelEvent, TunnelState};

use keeper::Keeper;
use state::Board;

use super::SessionEnd;
use crate::aws::Cloud;

/// How much of what is told may wait for somebody to hear it; what comes then is only counted.
const MOST_EVENTS: usize = 64;

/// An open tunnel. Dropping it closes its connections and ends its sessions;
/// [`settled`](super::settled) waits for those.
#[derive(Debug)]
pub struct Tunnel {
    addresses: Vec<SocketAddr>,
    socket: Option<std::path::PathBuf>,
    options: TunnelOptions,
    board: Board,
    events: mpsc::Receiver<TunnelEvent>,
    stop: CancellationToken,
    keeper: AbortOnDropHandle<()>,
}

impl Tunnel {
    /// Serve what connects to `listener`. Returns at once; [`Self::opened`] waits for the first session.
    pub fn start(cloud: Cloud, listener: Listener, options: TunnelOptions) -> Self {
        let (emitted, events) = mpsc::channel(MOST_EVENTS);
        let board = Board::new(emitted);
        let stop = CancellationToken::new();
        let (addresses, socket) = (listener.addresses(), listener.path().map(Path::to_owned));
        let keeper = Keeper::new(cloud, options.clone(), board.clone(), stop.clone());
        let keeper = AbortOnDropHandle::new(tokio::spawn(keeper.run(listener)));
        Self { addresses, socket, options, board, events, stop, keeper }
    }

    /// What it is for.
    pub fn options(&self) -> &TunnelOptions {
        &self.options
    }

    /// The addresses it listens on, with the port that was taken; none for a socket in the file system.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The socket in the file system that it listens on.
    pub fn socket(&self) -> Option<&Path> {
        self.socket.as_deref()
    }

    /// Where it listens, for people: `127.0.0.1:5432`.
    pub fn local(&self) -> String {
        match (self.addresses.first(), &self.socket) {
            (Some(address), _) => address.to_string(),
            (None, Some(path)) => crate::model::Untrusted::from(path.to_string_lossy().as_ref()).shown_in(120),
            (None, None) => String::new(),
        }
    }

    /// How it stands, now and as it changes.
    pub fn state(&self) -> watch::Receiver<TunnelState> {
        self.board.state.subscribe()
    }

    /// What went through it so far.
    pub fn traffic(&self) -> Traffic {
        self.board.traffic()
    }

    /// Wait until the first session stands, or say why there is none; a SOCKS tunnel is open at once.
    pub async fn opened(&self) -> Result<(), Box<SessionEnd>> {
        let mut state = self.state();
        let settled = state.wait_for(|state| !matches!(state, TunnelState::Starting)).await;
        match settled.as_deref() {
            Ok(TunnelState::Over { why: Some(why) }) => Err(why.clone()),
            _ => Ok(()),
        }
    }

    /// What happened; `None` once it is over. Safe to drop half-done.
    pub async fn next_event(&mut self) -> Option<TunnelEvent> {
        self.events.recv().await
    }

    /// End it: connections close, sessions end in good order. Then wait with [`Self::over`].
    pub fn end(&self) {
        self.stop.cancel();
    }

    /// Wait until it is over and its sessions are put away in the account.
    pub async fn over(&mut self) {
        // Only a panic ends it otherwise, and then it is over as well.
        let _ = (&mut self.keeper).await;
    }
}
