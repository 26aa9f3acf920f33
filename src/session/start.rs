//! From nothing to a session that has begun, and what is left to do when it is over.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::clock::now;
use super::driver::{Driver, opening};
use super::end::{Reason, SessionEnd};
use super::handle::Session;
use super::link::{Proof, dial};
use super::link_error::LinkError;
use super::options::SessionOptions;
use super::shared::Shared;
use crate::aws::{Cloud, Ticket};
use crate::websocket::Socket;
use ec2dash_ssm::{Channel, Clock, Counters, Entropy};

/// For `TerminateSession` (docs/session-manager-protocol.md 1.4).
const LONGEST_TERMINATION: Duration = Duration::from_secs(3);
/// Tries for the first connection; the token does not live long, and nobody waits long for an answer.
const TRIES: u32 = 3;
const LAST_TRY: Duration = Duration::from_secs(6);
const PAUSE: Duration = Duration::from_millis(300);

impl Session {
    /// Start a session and wait until the far side has said its first word, or the end.
    ///
    /// Dropping the future ends what has been started.
    pub async fn start(cloud: &Cloud, options: SessionOptions) -> Result<Self, Box<SessionEnd>> {
        let (reply, started) = oneshot::channel();
        // A task of its own: whoever drops us must not leave a session behind in the account.
        tasks().spawn(live(cloud.clone(), options, reply));
        started.await.unwrap_or_else(|_| Err(Box::new(never(Reason::Left { undelivered: 0 }, None))))
    }
}

/// Wait until every session that was let go of is put away in the account, but not for long.
pub async fn settled() {
    let tasks = tasks();
    tasks.close();
    let longest = LONGEST_TERMINATION + Duration::from_millis(700);
    if timeout(longest, tasks.wait()).await.is_err() {
        tracing::debug!("some session is not put away in time");
    }
    tasks.reopen();
}

/// The tasks of all sessions. They outlive their handles, to terminate the session.
fn tasks() -> &'static TaskTracker {
    static TASKS: OnceLock<TaskTracker> = OnceLock::new();
    TASKS.get_or_init(TaskTracker::new)
}

type Reply = oneshot::Sender<Result<Session, Box<SessionEnd>>>;

/// One session from its start to its termination; a token that opens nothing is tried once more with a new session.
async fn live(cloud: Cloud, options: SessionOptions, reply: Reply) {
    let mut reply = Some(reply);
    for is_last in [false, true] {
        match once(&cloud, &options, &mut reply).await {
            None if !is_last => {}
            None => reply_with(&mut reply, never(Reason::NotOpened, None)),
            Some(ending) => {
                reply_with(&mut reply, ending);
                return;
            }
        }
    }
}

fn reply_with(reply: &mut Option<Reply>, ending: SessionEnd) {
    if let Some(reply) = reply.take() {
        // Nobody may be waiting any more.
        let _ = reply.send(Err(Box::new(ending)));
    }
}

/// One session. `None`: the gateway dropped it before it began.
async fn once(cloud: &Cloud, options: &SessionOptions, reply: &mut Option<Reply>) -> Option<SessionEnd> {
    let ticket =
        match cloud.start_session(&options.region, &options.request, || reply.as_ref().is_some_and(Reply::is_closed)).await {
            Ok(ticket) => ticket,
            Err(error) => return Some(never(Reason::NotStarted(error), None)),
        };
    let (client_id, mut proof) = (Uuid::new_v4(), Proof::default());
    let linked = {
        let linking = linked(cloud, options, &ticket, client_id, &mut proof);
        tokio::select! {
            linked = linking => linked.map_err(Reason::NotLinked),
            () = closed(reply) => Err(Reason::Left { undelivered: 0 }),
        }
    };
    let socket = match linked {
        Ok(socket) => socket,
        Err(reason) => {
            terminate(cloud, options, &ticket.id).await;
            return Some(never(reason, Some(ticket.id)));
        }
    };
    let shared = Arc::new(Shared::new(channel(options, &ticket)));
    let (begun, mut beginning) = oneshot::channel();
    let mut driver = Driver::new(cloud.clone(), options.clone(), Arc::clone(&shared), &ticket, client_id, proof, begun);
    let mut first_word = None;
    let reason = {
        let running = driver.run(socket);
        tokio::pin!(running);
        loop {
            tokio::select! {
                reason = &mut running => break reason,
                // The caller gives up before the beginning: the driver hears of it by `begun` being dropped.
                () = closed(reply), if first_word.is_none() && reply.is_some() => beginning.close(),
                about = &mut beginning, if first_word.is_none() && reply.is_some() => match about {
                    Ok(about) => first_word = hand_over(reply, &ticket, about, &shared),
                    Err(_) => *reply = None,
                },
            }
        }
    };
    // What the driver said in its last moment.
    if first_word.is_none()
        && reply.is_some()
        && let Ok(about) = beginning.try_recv()
    {
        first_word = hand_over(reply, &ticket, about, &shared);
    }
    shared.lock().finish();
    log_counters(&ticket.id, &shared);
    let is_dropped = reason.is_none();
    let reason = reason.unwrap_or(Reason::NotOpened);
    if reason.leaves_a_session() {
        terminate(cloud, options, &ticket.id).await;
    }
    let ending = SessionEnd {
        lasted: first_word.map(|first| now().saturating_duration_since(first)).unwrap_or_default(),
        quiet: driver.has_begun().then(|| driver.quiet()).flatten(),
        session: Some(ticket.id),
        gap: driver.gap(),
        reason,
        idle_limit: None,
        longest: None,
    };
    shared.ending.send_replace(Some(Arc::new(ending.clone())));
    (!is_dropped || reply.is_none()).then_some(ending)
}

/// What went over the data channel: numbers alone.
fn log_counters(session: &str, shared: &Shared) {
    let Counters { sent, resent, received, duplicates, repeated, early, refused, damaged, .. } = shared.lock().channel.counters();
    tracing::debug!(
        session,
        "messages: sent {sent}, resent {resent}, received {received}, duplicates {duplicates}, repeated {repeated}, early {early}, refused {refused}, damaged {damaged}"
    );
}

async fn closed(reply: &mut Option<Reply>) {
    match reply {
        Some(reply) => reply.closed().await,
        None => std::future::pending().await,
    }
}

/// Give the session to whoever asked for it.
fn hand_over(
    reply: &mut Option<Reply>,
    ticket: &Ticket,
    about: ec2dash_ssm::Session,
    shared: &Arc<Shared>,
) -> Option<std::time::Instant> {
    let begun = now();
    let session = Session::new(ticket.id.clone(), about, begun, Arc::clone(shared));
    // If nobody takes it, dropping it ends it.
    let _ = reply.take()?.send(Ok(session));
    Some(begun)
}

fn never(reason: Reason, session: Option<String>) -> SessionEnd {
    SessionEnd { reason, session, lasted: Duration::ZERO, quiet: None, gap: None, idle_limit: None, longest: None }
}

fn channel(options: &SessionOptions, ticket: &Ticket) -> Channel {
    let mut own = ec2dash_ssm::Options::new(ticket.id.clone(), options.request.target.as_str(), options.expected);
    own.size = options.size;
    own.pace = options.pace;
    own.stalled_after = options.stalled_after;
    let mut random = [0; 32];
    aws_lc_rs::rand::fill(&mut random).expect("the operating system has random numbers");
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let clock = Clock { instant: now(), unix_millis: u64::try_from(unix).unwrap_or(u64::MAX) };
    Channel::new(own, Entropy::new(random), clock)
}

/// The first connection, with the same token as often as it makes sense.
async fn linked(
    cloud: &Cloud,
    options: &SessionOptions,
    ticket: &Ticket,
    client_id: Uuid,
    proof: &mut Proof,
) -> Result<Socket, LinkError> {
    let access = cloud.stream_access(&options.region).await?;
    let address = access.address(&ticket.url)?;
    let (mut tries, begun) = (0, now());
    loop {
        tries += 1;
        match dial(&access, &address, &opening(&ticket.token, client_id), proof).await {
            Err(error) if error.may_pass() && tries < TRIES && now().saturating_duration_since(begun) < LAST_TRY => {
                sleep(PAUSE * tries).await;
            }
            outcome => return outcome,
        }
    }
}

/// Many policies do not allow this, and then the session ends by itself: no failure of the user's.
async fn terminate(cloud: &Cloud, options: &SessionOptions, id: &str) {
    match timeout(LONGEST_TERMINATION, cloud.terminate_session(&options.region, id)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!("the session is not terminated: {error}"),
        Err(_) => tracing::debug!("the session is not terminated in time"),
    }
}
