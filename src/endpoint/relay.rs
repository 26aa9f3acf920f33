//! A tunnel as two streams of bytes.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error as SocketError, Message};

use super::error::TunnelEnd;
use super::link::{PIECE, Tunnel};
use crate::model::Untrusted;
use crate::outbound::deepest;
use crate::websocket::{Boundary, Socket};

/// How long the far side may take to close after we did.
pub const LONGEST_FAREWELL: Duration = Duration::from_secs(5);
/// Signs of life on a tunnel in which nothing moves: what lies between may forget it else.
const PING: Duration = Duration::from_secs(30);
/// How long before its end a tunnel's time is told, where it has twice that.
const NOTICES: [Duration; 2] = [Duration::from_secs(5 * 60), Duration::from_secs(60)];
/// Clocks may disagree by so much about when a tunnel's time is over.
const SLACK: Duration = Duration::from_secs(2);
/// Longest text of a service that is kept.
const LONGEST_WORDS: usize = 500;

/// How a relay came to its end.
#[derive(Debug)]
pub struct Relayed {
    /// Bytes that were taken of the input and given to the endpoint.
    pub sent: u64,
    /// Bytes that came.
    pub received: u64,
    /// Whether the tunnel was closed because nothing came for a while after the input's end: more may have been to come.
    pub was_silent: bool,
    /// Why the output could not be written, if that is why it ended.
    pub output: Option<io::Error>,
    /// How the tunnel ended.
    pub end: TunnelEnd,
    /// What AWS calls the request, for its support.
    pub request_id: Option<String>,
}

/// Move bytes unchanged until either side ends, or `reader_gone` says that nobody reads the output. The end of the input closes the tunnel,
/// for it cannot say that one way has ended: once nothing has come for `pause`, and all that came is written.
///
/// While the output is not taken nothing is read of the tunnel, and while the endpoint does not take, the input is not read. `first_word`:
/// how long the far side may be silent at first, where it is the one that speaks first. `on_ending` hears once that the tunnel's time is
/// nearly over.
pub async fn relay(
    tunnel: Tunnel,
    input: impl AsyncRead,
    output: impl AsyncWrite,
    reader_gone: impl Future<Output = ()>,
    first_word: Option<Duration>,
    pause: Duration,
    mut on_ending: impl FnMut(Duration),
) -> Relayed {
    let Tunnel { socket, boundary, until, request_id } = tunnel;
    let begun = Instant::now();
    let (sent, received, written) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let (mut sink, mut stream) = socket.split();
    let mut failed = None;
    let mut has_input = true;
    let end = {
        let answered = async {
            let mut seen = None;
            while !pause.is_zero() && seen != Some(received.load(Ordering::Relaxed)) {
                let come = received.load(Ordering::Relaxed);
                sleep(pause).await;
                // What waits for its reader is no silence.
                seen = (written.load(Ordering::Relaxed) == come).then_some(come);
            }
        };
        let mut up = pin!(feed(&mut sink, input, &sent, answered));
        let mut down = pin!(show(&mut stream, output, &boundary, &received, &written));
        let mut reader_gone = pin!(reader_gone);
        let mut notices = notices(begun, until).into_iter();
        let mut notice = pin!(sleep_until(notices.next().unwrap_or(until)));
        let mut farewell = pin!(sleep(Duration::MAX));
        let mut silence = pin!(sleep(first_word.unwrap_or(Duration::MAX)));
        let (mut is_told, mut is_awaited) = (false, first_word.is_some());
        loop {
            tokio::select! {
                shown = &mut down => match shown {
                    Ok(end) => break end,
                    Err(error) => {
                        failed = Some(error);
                        break TunnelEnd::Closed;
                    }
                },
                fed = &mut up, if has_input => match fed {
                    Ok(()) => {
                        has_input = false;
                        farewell.set(sleep(LONGEST_FAREWELL));
                    }
                    // The other direction knows better why; it has a moment to say so.
                    Err(error) => {
                        has_input = false;
                        tracing::debug!("the tunnel takes nothing more: {error}");
                        farewell.set(sleep(LONGEST_FAREWELL));
                    }
                },
                () = &mut reader_gone => break TunnelEnd::Closed,
                () = &mut farewell, if !has_input => break TunnelEnd::Closed,
                () = &mut silence, if is_awaited => {
                    is_awaited = false;
                    if received.load(Ordering::Relaxed) == 0 && has_input {
                        break TunnelEnd::Silent { seconds: first_word.unwrap_or_default().as_secs() };
                    }
                }
                () = &mut notice, if !is_told => {
                    on_ending(until.saturating_duration_since(Instant::now()));
                    match notices.next() {
                        Some(next) => notice.as_mut().reset(next),
                        None => is_told = true,
                    }
                }
            }
        }
    };
    // Whoever left closed it; what the service says when a tunnel's time is over is not known (docs/instance-connect.md 4.3).
    let is_over = has_input && failed.is_none() && Instant::now() + SLACK >= until;
    let end =
        if is_over && !matches!(end, TunnelEnd::NoTarget { .. } | TunnelEnd::Silent { .. }) { TunnelEnd::TimeOver } else { end };
    if has_input {
        let _ = tokio::time::timeout(Duration::from_millis(500), sink.send(Message::Close(Some(normal())))).await;
    }
    let was_silent = !has_input && !pause.is_zero();
    Relayed { sent: sent.into_inner(), received: received.into_inner(), was_silent, output: failed, end, request_id }
}

/// When to tell how much of the time between is left: a short life is told of at its half.
fn notices(begun: Instant, until: Instant) -> Vec<Instant> {
    let whole = until.saturating_duration_since(begun);
    let fit = NOTICES.into_iter().filter(|before| *before <= whole / 2);
    let mut notices: Vec<Instant> = fit.map(|before| until - before).collect();
    if notices.is_empty() {
        notices.push(until - whole / 2);
    }
    notices
}

/// Whether the far side says a word within this time. The tunnel is closed then.
pub async fn speaks(tunnel: Tunnel, within: Duration) -> bool {
    let mut socket = tunnel.socket;
    let first = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Binary(bytes))) if bytes.is_empty() => {}
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_))) => return true,
                _ => return false,
            }
        }
    };
    let speaks = tokio::time::timeout(within, first).await.unwrap_or(false);
    let _ = tokio::time::timeout(Duration::from_millis(500), socket.close(Some(normal()))).await;
    speaks
}

fn normal() -> CloseFrame {
    CloseFrame { code: CloseCode::Normal, reason: "".into() }
}

/// Everything of `input` to the endpoint, and when the answer is there, too, that it has ended.
async fn feed(
    sink: &mut SplitSink<Socket, Message>,
    input: impl AsyncRead,
    sent: &AtomicU64,
    answered: impl Future<Output = ()>,
) -> Result<(), SocketError> {
    let mut input = pin!(input);
    let mut ping = interval_at(Instant::now() + PING, PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let count = tokio::select! {
            count = input.read_buf(&mut piece) => count,
            _ = ping.tick() => {
                sink.send(Message::Ping(Bytes::new())).await?;
                continue;
            }
        };
        match count {
            Ok(0) => {
                answered.await;
                break;
            }
            Ok(count) => {
                sink.send(Message::Binary(piece.into())).await?;
                sent.fetch_add(count as u64, Ordering::Relaxed);
            }
            Err(error) => {
                // Whoever is gone waits for no answer.
                tracing::debug!("the input cannot be read: {error}");
                break;
            }
        }
    }
    sink.send(Message::Close(Some(normal()))).await
}

/// Everything that comes to `output`. An error is the output's.
async fn show(
    stream: &mut SplitStream<Socket>,
    output: impl AsyncWrite,
    boundary: &Boundary,
    received: &AtomicU64,
    written: &AtomicU64,
) -> io::Result<TunnelEnd> {
    let mut output = pin!(output);
    loop {
        match stream.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                received.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                output.write_all(&bytes).await?;
                output.flush().await?;
                written.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            }
            Some(Ok(Message::Close(frame))) => return Ok(closed(frame)),
            Some(Ok(Message::Text(_))) => return Ok(TunnelEnd::Protocol { cause: "a text frame".into() }),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(error)) => return Ok(broken(error, boundary)),
            None => return Ok(over(boundary)),
        }
    }
}

fn closed(frame: Option<CloseFrame>) -> TunnelEnd {
    let (code, reason) = frame.map_or((1005, String::new()), |frame| (frame.code.into(), frame.reason.as_str().to_owned()));
    let words = Untrusted::from(reason.chars().take(LONGEST_WORDS).collect::<String>());
    if reason.to_ascii_lowercase().contains("unable to connect to target") {
        return TunnelEnd::NoTarget { words };
    }
    if matches!(code, 1000 | 1005) { TunnelEnd::Closed } else { TunnelEnd::Ended { code, words } }
}

/// The end of the connection without a word: a frame that has begun has to come to its end.
fn over(boundary: &Boundary) -> TunnelEnd {
    if boundary.is_inside_of_a_frame() {
        return TunnelEnd::Broken { cause: "the connection ended in the middle of a frame".into() };
    }
    TunnelEnd::Closed
}

fn broken(error: SocketError, boundary: &Boundary) -> TunnelEnd {
    match error {
        SocketError::ConnectionClosed
        | SocketError::AlreadyClosed
        | SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => over(boundary),
        // TLS that was not closed.
        SocketError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => over(boundary),
        error @ (SocketError::Protocol(_) | SocketError::Capacity(_) | SocketError::Utf8(_)) => {
            TunnelEnd::Protocol { cause: deepest(&error) }
        }
        error => TunnelEnd::Broken { cause: deepest(&error) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_told_five_minutes_and_one_minute_before_and_of_a_short_life_at_its_half() {
        let begun = Instant::now();
        let left = |life: u64| {
            let until = begun + Duration::from_secs(life);
            notices(begun, until).iter().map(|at| until.duration_since(*at).as_secs()).collect::<Vec<_>>()
        };

        assert_eq!(left(3_600), [300, 60]);
        assert_eq!(left(300), [60]);
        assert_eq!(left(60), [30]);
    }
}
