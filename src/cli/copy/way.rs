//! Sessions in which files go: of SFTP, carried by ssh, or of a script, carried by Session Manager.

use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::far::{Entrance, Far};
use super::scripted::BySession;
use super::serving::{Served, serve};
use crate::access::Channel;
use crate::cli::connect as connecting;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure, ended};
use crate::connect::{self, ConnectEvent, Ended, Plan};
use crate::files::sftp::Connection;
use crate::files::shell::Shell;
use crate::model::InstanceId;
use crate::session::archive::Script;

/// How long putting away may take when somebody leaves, and a connection to end when all is copied.
pub const GRACE: Duration = Duration::from_secs(3);
/// How long ssh may take to say why it ended.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A session with an instance, in which files go.
pub struct Way<'a> {
    pub id: InstanceId,
    pub is_by_endpoint: bool,
    pub carried: Carried,
    has_ended: Arc<AtomicBool>,
    /// Until it has ended.
    pub ending: Pin<Box<dyn Future<Output = Lost<'a>> + Send + 'a>>,
}

/// What is asked about files in a session.
pub enum Carried {
    /// A server of files.
    Sftp(Connection),
    /// A script.
    Shell(Shell),
}

/// How a session ended.
pub enum Lost<'a> {
    /// One that ssh carried.
    Program { plan: &'a Plan, outcome: Box<Result<Ended, connect::Error>> },
    /// One of Session Manager.
    Session { far: &'a BySession, served: Served },
}

impl Lost<'_> {
    /// The signal that ended it, if one was sent to us.
    pub fn told_by(&self) -> Option<i32> {
        match self {
            Self::Program { outcome, .. } => outcome.as_ref().as_ref().ok().and_then(|ended| ended.told_by),
            Self::Session { .. } => None,
        }
    }

    /// Say why, where that is known.
    pub fn explain(&self, invocation: &Invocation) {
        if let Self::Program { plan, outcome } = self
            && let Ok(ended) = outcome.as_ref()
        {
            connecting::explain(invocation, plan, ended);
        }
    }

    /// What is to be said of a session of Session Manager below that the connection was lost.
    pub fn why(&self, invocation: &Invocation) -> Vec<String> {
        let Self::Session { far, served } = self else { return Vec::new() };
        let failure = match served {
            Served::Done => return Vec::new(),
            Served::Over(ending) => ended::over(invocation, &far.instance, ending),
            Served::Garbled => far.garbled(invocation),
        };
        std::iter::once(failure.what).chain(failure.why).collect()
    }
}

/// Begin a session.
pub async fn open<'a>(invocation: &'a Invocation, entrance: Entrance<'a>) -> Result<Way<'a>, Failure> {
    match entrance {
        Entrance::Ssh(far) => open_by_ssh(invocation, far).await,
        Entrance::Session(far) => open_script(invocation, far).await,
    }
}

/// Begin a session of SFTP with it. What ssh says passes to our stderr.
async fn open_by_ssh<'a>(invocation: &'a Invocation, far: &'a Far) -> Result<Way<'a>, Failure> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let (output, input) = UnixStream::from_std(ours)?.into_split();
    let Far { cloud, plan, .. } = far;
    let has_ended = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&has_ended);
    let is_open = CancellationToken::new();
    let opening = is_open.clone();
    let mut ending: Pin<Box<dyn Future<Output = Lost<'a>> + Send + 'a>> = Box::pin(async move {
        let surroundings = connecting::surroundings(invocation);
        let mut on_event = |event: ConnectEvent| invocation.note(&event.words(&plan.target, &invocation.text));
        let outcome = connect::run_carrying(plan, cloud, &surroundings, OwnedFd::from(theirs), opening, &mut on_event).await;
        note.store(true, Ordering::Relaxed);
        Lost::Program { plan, outcome: Box::new(outcome) }
    });
    let opened = tokio::select! {
        opened = Connection::open(input, output, plan.target.os) => opened,
        Lost::Program { plan, outcome } = &mut ending => return Err(not_opened(invocation, plan, *outcome)),
    };
    match opened {
        Ok(connection) => {
            is_open.cancel();
            let is_by_endpoint = plan.method.channel() == Channel::Endpoint;
            let carried = Carried::Sftp(connection);
            Ok(Way { id: plan.target.id.clone(), is_by_endpoint, carried, has_ended, ending })
        }
        Err(trouble) => match timeout(LAST_WORDS, ending).await {
            Ok(Lost::Program { plan, outcome }) if outcome.as_ref().as_ref().map_or(true, |ended| ended.code == 255) => {
                Err(not_opened(invocation, plan, *outcome))
            }
            _ => {
                let mut failure = invocation.failure("copy-no-sftp", Exit::Session, &[("target", plan.target.shown().into())]);
                failure.why.push(trouble.words(&invocation.text));
                Err(failure)
            }
        },
    }
}

/// Begin a script that answers questions about files.
async fn open_script<'a>(invocation: &'a Invocation, far: &'a BySession) -> Result<Way<'a>, Failure> {
    let (archive, umask) = far.start(invocation, Script::Serve).await?;
    let (shell, questions) = Shell::new(umask);
    let has_ended = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&has_ended);
    // It serves while nobody waits for its end, and ends with the way.
    let mut serving = JoinSet::new();
    serving.spawn(serve(archive, questions));
    let ending = Box::pin(async move {
        let served = serving.join_next().await.and_then(Result::ok).unwrap_or(Served::Done);
        note.store(true, Ordering::Relaxed);
        Lost::Session { far, served }
    });
    Ok(Way { id: far.instance.id.clone(), is_by_endpoint: false, carried: Carried::Shell(shell), has_ended, ending })
}

/// There is no connection: that is 255, whatever it is in a command without one.
fn not_opened(invocation: &Invocation, plan: &Plan, outcome: Result<Ended, connect::Error>) -> Failure {
    match outcome {
        Err(error) => {
            let failure = connecting::not_started(invocation, plan, &error);
            Failure { exit: failure.exit.in_session(), ..failure }
        }
        Ok(ended) => {
            connecting::explain(invocation, plan, &ended);
            let exit = ended.told_by.map_or(Exit::Session, Exit::of_signal);
            let values = [("target", plan.target.shown().into())];
            let said = ended.told_by.is_some() || ended.diagnosis.is_some();
            // What ssh said and what it means stands there already.
            let failure = invocation.failure("copy-no-connection", exit, &values);
            if said { Failure { code: "", ..failure } } else { failure }
        }
    }
}

/// End the sessions, and give ssh the time to take its leave.
pub async fn close(ways: Vec<Way<'_>>) {
    let mut endings = Vec::new();
    for way in ways {
        match way.carried {
            Carried::Sftp(connection) => connection.close().await,
            // With the last who asks.
            Carried::Shell(shell) => drop(shell),
        }
        // One that has ended is not waited for again.
        endings.extend((!way.has_ended.load(Ordering::Relaxed)).then_some(way.ending));
    }
    // Dropping what does not end in time ends it.
    let _ = timeout(GRACE, futures_util::future::join_all(endings)).await;
}
