//! The connections that come through the door of a simulated instance.

use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::door::Door;
use super::outages::Line;
use super::visitor::{Opened, Visitor};

/// sshd's `LoginGraceTime`.
const LOGIN_LIMIT: Duration = Duration::from_secs(120);

/// Take connections until told to stop, then wait for them to end. Where the line is cut they end, and it takes none.
pub(super) async fn listen(listener: TcpListener, door: Arc<Door>, line: Line, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    let mut cuts = line.cuts();
    let mut up = stop.child_token();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(_) if line.is_cut() => {}
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&door), up.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, most likely: it passes.
                    tracing::debug!("cannot take a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Ok(()) = cuts.changed() => {
                up.cancel();
                up = stop.child_token();
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(stream: TcpStream, door: Arc<Door>, stop: CancellationToken) {
    let entered = CancellationToken::new();
    let (opened, mut channels) = mpsc::channel(4);
    let visitor = Visitor::new(Arc::clone(&door), entered.clone(), opened);
    let config = Arc::clone(&door.config);
    let Some((stream, cut)) = cuttable(stream) else {
        return;
    };

    let starting = tokio::time::timeout(LOGIN_LIMIT, russh::server::run_stream(config, stream, visitor));
    let mut connection = tokio::select! {
        started = starting => match started {
            Ok(Ok(connection)) => connection,
            _ => return,
        },
        () = stop.cancelled() => return,
    };

    let mut running = JoinSet::new();
    let mut is_over = false;
    let mut login_limit = std::pin::pin!(tokio::time::sleep(LOGIN_LIMIT));
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!("a connection to {} ended: {error}", door.host.instance);
                }
                is_over = true;
                break;
            }
            Some(opened) = channels.recv() => {
                match opened {
                    Opened::Session(session) => running.spawn(session.run()),
                    Opened::Forward(forward) => running.spawn(forward.run()),
                };
            }
            Some(_) = running.join_next() => {}
            () = &mut login_limit, if !entered.is_cancelled() => return,
            () = stop.cancelled() => break,
        }
    }
    // Without its connection a channel gives no more messages: its program is told to hang up, and ends.
    cut.now();
    drop(channels);
    while running.join_next().await.is_some() {}
    if !is_over {
        let _ = connection.await;
    }
}

/// A way to end a connection for certain: russh runs it in a task of its own that nobody can abort.
struct Cut(std::net::TcpStream);

impl Cut {
    fn now(&self) {
        // An error says that it is already gone.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        self.now();
    }
}

fn cuttable(stream: TcpStream) -> Option<(TcpStream, Cut)> {
    stream.set_nodelay(true).ok()?;
    let stream = stream.into_std().ok()?;
    let cut = Cut(stream.try_clone().ok()?);
    Some((TcpStream::from_std(stream).ok()?, cut))
}
