//! A port of an instance as two streams of bytes: what `ProxyCommand` wants.

use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until};

use super::port::ssh_request;
use super::{Incoming, Reason, Session, SessionEnd, SessionOptions};
use crate::aws::Cloud;
use crate::model::{InstanceId, Region};
use ec2dash_ssm::{Expected, PortMode, SessionKind};

/// How much is read of the input at once.
const PIECE: usize = 64 * 1024;
/// How long an answer may take to begin or go on after the end of the input, and after the last of it has arrived. The protocol cannot
/// say that one way has ended, so the far side may wait for us as we wait for it: a `ProxyCommand` must not stay behind (docs/faults.md
/// F25), and a longer pause in an answer is told as what it is.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How a relay came to its end.
#[derive(Debug)]
pub struct Relayed {
    /// Bytes that were taken of the input.
    pub sent: u64,
    /// Bytes that came from the port.
    pub received: u64,
    /// Whether nothing listened on the port, as far as that can be told.
    pub was_refused: bool,
    /// Whether we left it because it was silent: it had not closed, so more may have been to come.
    pub was_silent: bool,
    /// Why the output could not be written, if that is why it ended.
    pub output: Option<io::Error>,
    /// How the session ended.
    pub ending: SessionEnd,
}

/// Start a session with `port` of an instance as its one connection.
pub async fn start(
    cloud: &Cloud,
    region: &Region,
    target: &InstanceId,
    port: u16,
    reconnect: Duration,
) -> Result<Session, SessionEnd> {
    let mut options = SessionOptions::new(region.clone(), ssh_request(target.clone(), port), Expected::Port);
    options.reconnect = reconnect;
    Session::start(cloud, options).await.map_err(|ending| *ending)
}

/// Whether the session carries bytes without connections, which is what [`start`] asks for.
pub fn is_single(session: &Session) -> bool {
    session.about().kind == SessionKind::Port(PortMode::Single)
}

/// Move bytes unchanged until the far side ends, or the input has ended and no answer comes for `longest_pause`, or `reader_gone` says
/// that nobody reads the output. Then the session is ended, after what was taken has arrived.
///
/// It is no silence of the far side's while the link is lost, or while the output is not taken.
/// While the output is not taken, the far side waits; while the far side does not take, the input is not read.
pub async fn relay(
    session: &Session,
    input: impl AsyncRead,
    output: impl AsyncWrite,
    reader_gone: impl Future<Output = ()>,
    longest_pause: Duration,
) -> Relayed {
    let (sent, received) = (Cell::new(0_u64), Cell::new(0_u64));
    let was_refused = Cell::new(false);
    // Since when the far side is silent, and whether the output has yet to take what it said.
    let (heard, is_showing) = (Cell::new(Instant::now()), Cell::new(false));
    let mut up = pin!(feed(session, input, &sent));
    let mut down = pin!(async {
        let mut output = pin!(output);
        while let Some(incoming) = session.next().await {
            match incoming {
                Incoming::Output(bytes) => {
                    is_showing.set(true);
                    output.write_all(&bytes).await?;
                    output.flush().await?;
                    received.set(received.get() + bytes.len() as u64);
                    is_showing.set(false);
                    heard.set(Instant::now());
                }
                Incoming::ConnectRefused => was_refused.set(true),
                Incoming::ErrorOutput(_) | Incoming::ExitCode(_) => {}
            }
        }
        Ok(())
    });
    let mut reader_gone = pin!(reader_gone);
    let mut link = session.link();
    // What of the input has arrived, as of the last look.
    let mut arrived = 0;
    let (mut has_input, mut has_reader, mut is_leaving) = (true, true, false);
    let failed: Option<io::Error> = loop {
        tokio::select! {
            outcome = &mut down => break outcome.err(),
            outcome = &mut up, if has_input => {
                has_input = false;
                arrived = session.counters().acknowledged;
                heard.set(Instant::now());
                if let Err(error) = outcome {
                    tracing::debug!("the input cannot be read: {error}");
                }
            }
            () = &mut reader_gone, if has_reader => {
                has_reader = false;
                // What was already taken of the input still arrives.
                session.end();
            }
            // Behind another link the far side has its time anew.
            Ok(()) = link.changed() => heard.set(Instant::now()),
            () = sleep_until(heard.get() + longest_pause), if !has_input && !is_leaving => {
                let now_arrived = session.counters().acknowledged;
                let is_under_way = std::mem::replace(&mut arrived, now_arrived) != now_arrived;
                // It is not the far side that makes us wait.
                if is_under_way || is_showing.get() || !session.can_be_answered() {
                    heard.set(Instant::now());
                } else if heard.get().elapsed() >= longest_pause {
                    is_leaving = true;
                    session.end();
                }
            }
        }
    };
    // Nothing more can be shown, or nothing more comes.
    session.end();
    let ending = session.ended().await;
    let was_silent = is_leaving && matches!(ending.reason, Reason::Left { .. });
    let is_torn = has_reader && session.has_dropped();
    let failed = failed.or_else(|| is_torn.then(|| io::Error::other("more came at the end than was taken")));
    Relayed { sent: sent.get(), received: received.get(), was_refused: was_refused.get(), was_silent, output: failed, ending }
}

/// Everything of `input` to the far side. That the session ends meanwhile is no failure of the input's.
async fn feed(session: &Session, input: impl AsyncRead, sent: &Cell<u64>) -> io::Result<()> {
    let mut input = pin!(input);
    let mut buffer = vec![0; PIECE];
    loop {
        let count = input.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        if session.send(buffer.get(..count).unwrap_or_default()).await.is_err() {
            // The relay ends with the session; until then there is nobody to give it to.
            return std::future::pending().await;
        }
        sent.set(sent.get() + count as u64);
    }
}
