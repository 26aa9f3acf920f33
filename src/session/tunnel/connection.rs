//! One connection of a local program, from its first byte to its end.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::either::Either;

use super::departure::Departure;
use super::listener::{Local, reset};
use super::purpose::Purpose;
use super::socks::{self, Answer};
use super::state::{Board, TunnelEvent};
use crate::model::Destination;
use crate::session::{Session, SessionEnd, Stream};

/// How much is moved at once.
const PIECE: usize = 32 * 1024;
/// How long the far side may take for a piece before that is told.
const WORTH_A_WORD: Duration = Duration::from_secs(10);
/// How long a program has to say where it wants to go.
const LONGEST_GREETING: Duration = Duration::from_secs(10);
/// How long a program may go on sending when the far side has closed; closing earlier could cost it the last bytes it was sent.
const LINGER: Duration = Duration::from_secs(2);

/// What a connection asks of the tunnel's keeper: a session to this place.
pub(super) struct SessionRequest {
    pub(super) to: Destination,
    pub(super) answer: oneshot::Sender<Result<Arc<Session>, Refusal>>,
}

/// Why there is no session.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    Ended(Box<SessionEnd>),
    /// So many are open already that no more are.
    Many,
}

/// How a connection ended.
enum End {
    Done,
    /// The far side did not connect.
    Refused,
    /// Nobody here read it for too long.
    Stalled,
    /// The session went, or the local program did.
    Broken,
}

/// Serve one connection to its end.
pub(super) async fn serve(mut local: Local, purpose: Purpose, requests: mpsc::Sender<SessionRequest>, board: Board) {
    let _counted = board.opened();
    let is_socks = purpose == Purpose::Socks;
    let to = match purpose {
        Purpose::Forward(to) => to,
        Purpose::Socks => match timeout(LONGEST_GREETING, socks::asked(&mut local)).await {
            Ok(Ok(Some(to))) => to,
            Ok(Ok(None)) => return board.emit(TunnelEvent::NoSocks),
            // Gone, or silent for too long.
            Ok(Err(_)) | Err(_) => return,
        },
    };
    if to.is_forbidden() {
        board.refused();
        board.emit(TunnelEvent::Forbidden(to));
        return refuse(local, is_socks, Answer::NotAllowed).await;
    }
    let session = match session(&to, &requests).await {
        Ok(session) => session,
        Err(refusal) => {
            board.refused();
            if let Some(Refusal::Ended(why)) = refusal {
                board.emit(TunnelEvent::NoSession { to, why });
            }
            return refuse(local, is_socks, Answer::Failed).await;
        }
    };
    let Ok(stream) = session.open_stream().await else {
        board.refused();
        return refuse(local, is_socks, Answer::Failed).await;
    };
    // The far side never says that it has connected, only that it has not; then the connection is reset.
    if is_socks && socks::answer(&mut local, Answer::Granted).await.is_err() {
        return;
    }
    match relay(&mut local, stream, &to, &board).await {
        End::Done => {}
        End::Broken => reset(local),
        End::Refused => {
            reset(local);
            board.refused();
            board.emit(TunnelEvent::Refused(to));
        }
        End::Stalled => {
            reset(local);
            board.emit(TunnelEvent::Stalled(to));
        }
    }
}

/// `None`: the tunnel is ending.
async fn session(to: &Destination, requests: &mpsc::Sender<SessionRequest>) -> Result<Arc<Session>, Option<Refusal>> {
    let (answer, told) = oneshot::channel();
    requests.send(SessionRequest { to: to.clone(), answer }).await.map_err(|_| None)?;
    told.await.map_err(|_| None)?.map_err(Some)
}

async fn refuse(mut local: Local, is_socks: bool, answer: Answer) {
    if !is_socks {
        return reset(local);
    }
    // Whoever left does not hear it.
    let _ = socks::answer(&mut local, answer).await;
    let _ = local.shutdown().await;
}

/// Move bytes both ways until the far side closes, which closes both ways at once, or the local program is gone.
async fn relay(local: &mut Local, stream: Stream, destination: &Destination, board: &Board) -> End {
    let from = match &*local {
        Either::Left(tcp) => tcp.peer_addr().ok(),
        Either::Right(_) => None,
    };
    let departure = Departure::of(local);
    let (mut from_local, mut to_local) = split(local);
    let (mut from_far, mut to_far) = split(stream);
    let end = {
        let waiting = || board.emit(TunnelEvent::Waiting { to: destination.clone(), from });
        let up = upload(&mut from_local, &mut to_far, board, waiting);
        let down = download(&mut from_far, &mut to_local, board);
        tokio::pin!(up, down);
        tokio::select! {
            end = &mut down => end,
            // The program sends no more. What the far side still says is for it all the same.
            uploaded = &mut up => match uploaded {
                Ok(()) => tokio::select! {
                    end = &mut down => end,
                    () = departure.seen() => End::Broken,
                },
                Err(_) => End::Broken,
            },
        }
    };
    if matches!(end, End::Done) {
        let _ = timeout(LINGER, swallow(&mut from_local)).await;
    }
    end
}

/// An error means that the local program is gone. `waiting` is told once each time that the far side begins to stall.
async fn upload(
    from: &mut ReadHalf<&mut Local>,
    to: &mut WriteHalf<Stream>,
    board: &Board,
    waiting: impl Fn(),
) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    let mut is_told = false;
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            // The far side is told when it has finished too, or has been silent for long: the protocol has no half-close.
            // If it is over already, it is told as well.
            let _ = to.shutdown().await;
            return Ok(());
        }
        let mut writing = pin!(to.write_all(buffer.get(..count).unwrap_or_default()));
        let written = match timeout(WORTH_A_WORD, &mut writing).await {
            Ok(written) => {
                is_told = false;
                written
            }
            Err(_) => {
                if !std::mem::replace(&mut is_told, true) {
                    waiting();
                }
                writing.await
            }
        };
        if written.is_err() {
            // The far side has closed; what it said before is still on its way to the program.
            return Ok(());
        }
        board.sent(count);
    }
}

async fn download(from: &mut ReadHalf<Stream>, to: &mut WriteHalf<&mut Local>, board: &Board) -> End {
    let mut buffer = vec![0; PIECE];
    loop {
        match from.read(&mut buffer).await {
            Ok(0) => return if to.shutdown().await.is_ok() { End::Done } else { End::Broken },
            Ok(count) => {
                if to.write_all(buffer.get(..count).unwrap_or_default()).await.is_err() {
                    return End::Broken;
                }
                board.received(count);
            }
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::ConnectionRefused => End::Refused,
                    io::ErrorKind::TimedOut => End::Stalled,
                    _ => End::Broken,
                };
            }
        }
    }
}

/// Closing with something unread would reset the connection, and take with it what the program has not read yet.
async fn swallow(from: &mut ReadHalf<&mut Local>) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = from.read(&mut buffer).await {}
}
