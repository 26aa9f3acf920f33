//! A port of this computer whose connections each have a tunnel of their own.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::error::{TunnelEnd, TunnelError};
use super::link::open;
use super::relay::relay;
use crate::aws::{EndpointHost, TunnelAccess, TunnelRequest};
use crate::session::tunnel::{Listener, Local, reset};

/// How long an answer may take to begin or to go on after a program has said that it sends no more.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long the tunnels may take to close when all is over.
const LONGEST_CLOSING: Duration = Duration::from_secs(1);

/// Where the connections go.
#[derive(Debug, Clone)]
pub struct Route {
    /// What dialling needs.
    pub access: TunnelAccess,
    /// The endpoint.
    pub host: EndpointHost,
    /// What is asked of it, for each connection anew.
    pub request: TunnelRequest,
}

/// What happened, for the user.
#[derive(Debug)]
pub enum Event {
    /// There was no tunnel for a connection.
    Refused(Box<TunnelError>),
    /// A tunnel ended in another way than by its ends.
    Ended(TunnelEnd),
    /// A tunnel's time is nearly over.
    Ending(Duration),
}

/// What went through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// Connections so far.
    pub connections: u64,
    /// Bytes to the far side.
    pub sent: u64,
    /// Bytes from the far side.
    pub received: u64,
}

/// Serve what connects to `listener` until `stop`, or with `once` until the first connection is over: nobody else is let in then. A tunnel whose time is over ends its
/// connection; the next one has a new tunnel.
pub async fn serve(listener: Listener, route: Route, once: bool, stop: CancellationToken, say: mpsc::Sender<Event>) -> Carried {
    let route = Arc::new(route);
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    let mut carried = Carried::default();
    let count = |carried: &mut Carried, (sent, received): (u64, u64)| {
        carried.sent += sent;
        carried.received += received;
    };
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = accepted(listener.as_ref()) => match accepted {
                Ok(local) => {
                    carried.connections += 1;
                    if once {
                        listener = None;
                    }
                    connections.spawn(carry(local, Arc::clone(&route), say.clone(), stop.clone()));
                }
                // Out of descriptors, most likely: others have to go first.
                Err(error) => {
                    tracing::debug!("cannot take a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(done) = connections.join_next() => {
                count(&mut carried, done.unwrap_or_default());
                if once {
                    break;
                }
            }
        }
    }
    // Those that still run close their tunnels and tell what they have carried.
    let last = async {
        while let Some(done) = connections.join_next().await {
            count(&mut carried, done.unwrap_or_default());
        }
    };
    drop(listener);
    let _ = timeout(LONGEST_CLOSING, last).await;
    carried
}

/// The next connection; none ever comes where nobody listens any more.
async fn accepted(listener: Option<&Listener>) -> io::Result<Local> {
    match listener {
        Some(listener) => listener.accept().await,
        None => pending().await,
    }
}

/// Bytes that went to the far side and came from it.
async fn carry(local: Local, route: Arc<Route>, say: mpsc::Sender<Event>, stop: CancellationToken) -> (u64, u64) {
    let Route { access, host, request } = &*route;
    let Some(opened) = stop.run_until_cancelled(open(access, host, request)).await else { return (0, 0) };
    let tunnel = match opened {
        Ok(tunnel) => tunnel,
        Err(error) => {
            reset(local);
            // Nobody listens: then nobody wants to know.
            let _ = say.send(Event::Refused(Box::new(error))).await;
            return (0, 0);
        }
    };
    let (mut input, mut output) = tokio::io::split(local);
    let ending = |left| _ = say.try_send(Event::Ending(left));
    let relayed = relay(tunnel, &mut input, &mut output, stop.cancelled(), None, LONGEST_PAUSE, ending).await;
    if relayed.was_silent {
        // A program that still waits for an answer is not to take what it has for the whole.
        reset(input.unsplit(output));
    }
    if relayed.end != TunnelEnd::Closed {
        let _ = say.send(Event::Ended(relayed.end)).await;
    }
    (relayed.sent, relayed.received)
}
