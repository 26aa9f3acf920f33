//! The instances that files go to and come from: which they are, and a session of SFTP with each.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::access::{Channel, Method};
use crate::aws::Cloud;
use crate::cli::args::How;
use crate::cli::connect as connecting;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure, by_session, show, target};
use crate::connect::{self, ConnectEvent, Ended, Extras, Plan};
use crate::files::sftp::Connection;
use crate::model::{Instance, InstanceId};

/// How long a connection may take to end when all is copied, and how long putting away may take when somebody leaves.
pub const GRACE: Duration = Duration::from_secs(3);
/// How long ssh may take to say why it ended.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// An instance, and how to get in.
pub struct Far {
    /// The names it was called by.
    pub names: Vec<String>,
    cloud: Cloud,
    pub plan: Plan,
}

/// An instance that files go to and come from by a command session: no way that runs ssh surely gets in.
pub struct BySession {
    pub cloud: Cloud,
    pub instance: Instance,
    pub method: Method,
}

/// What was found for the names.
#[derive(Default)]
pub struct Found {
    pub fars: Vec<Far>,
    pub by_session: Vec<BySession>,
}

impl Found {
    /// Those that ssh gets into, for what needs answers to questions about files. `code` says why that is.
    pub fn by_ssh(self, invocation: &Invocation, code: &'static str) -> Result<Vec<Far>, Failure> {
        match self.by_session.first() {
            None => Ok(self.fars),
            Some(far) => Err(invocation.failure(code, Exit::NoWay, &[("target", far.instance.shown().into())])),
        }
    }
}

/// A session of SFTP with an instance.
pub struct Way<'a> {
    pub id: InstanceId,
    pub is_by_endpoint: bool,
    pub connection: Connection,
    has_ended: Arc<AtomicBool>,
    /// Until ssh has ended.
    pub ending: Pin<Box<dyn Future<Output = Lost<'a>> + Send + 'a>>,
}

/// How ssh ended.
pub struct Lost<'a> {
    plan: &'a Plan,
    outcome: Result<Ended, connect::Error>,
}

impl Lost<'_> {
    /// The signal that ended it, if one was sent to us.
    pub fn told_by(&self) -> Option<i32> {
        self.outcome.as_ref().ok().and_then(|ended| ended.told_by)
    }

    /// Say why, where that is known.
    pub fn explain(&self, invocation: &Invocation) {
        if let Ok(ended) = &self.outcome {
            connecting::explain(invocation, self.plan, ended);
        }
    }
}

/// Find the instances that are named, each once, and decide how to get in.
pub async fn find<'a>(
    invocation: &Invocation,
    asked: &How,
    yes: bool,
    is_quiet: bool,
    named: impl Iterator<Item = &'a str>,
) -> Result<Found, Failure> {
    let flags = connecting::flags(asked)?;
    let extras = Extras {
        // As exec has it; and what is asked for is not a command but the server of files, whatever its path is there.
        ssh_arguments: ["-T", "-o", "ClearAllForwardings=yes", "-s"].map(OsString::from).to_vec(),
        command: vec!["sftp".into()],
        is_quiet,
        only_ssh: true,
        ..Extras::of(&flags, connecting::own_program(invocation))
    };
    let Found { mut fars, mut by_session } = Found::default();
    for name in named {
        if fars.iter().any(|far| far.names.iter().any(|known| known == name)) {
            continue;
        }
        let (cloud, mut instance) = target::find(invocation, name).await?;
        if by_session.iter().any(|far| far.instance.id == instance.id) {
            continue;
        }
        if let Some(known) = fars.iter_mut().find(|far| far.plan.target.id == instance.id) {
            known.names.push(name.to_owned());
            continue;
        }
        show::ask_for_facts(&cloud, &mut instance).await;
        let prepared = connecting::prepare(invocation, &mut instance, &flags).await?;
        // Who names a login, a key or a place of sshd does not want somebody else's files.
        let session = if asked.is_about_ssh() { None } else { by_session::by_session(&prepared, &flags.methods) };
        if let Some(method) = session {
            connecting::confirmed(invocation, yes, &instance)?;
            connecting::remember(invocation, &instance);
            by_session.push(BySession { cloud, instance, method });
            continue;
        }
        let plan = connecting::plan(invocation, &instance, &flags, &prepared, &extras)?;
        connecting::confirmed_all(invocation, yes, &plan)?;
        connecting::remember(invocation, &instance);
        fars.push(Far { names: vec![name.to_owned()], cloud, plan });
    }
    Ok(Found { fars, by_session })
}

/// Begin a session of SFTP with it. What ssh says passes to our stderr.
pub async fn open<'a>(invocation: &'a Invocation, far: &'a Far) -> Result<Way<'a>, Failure> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let (output, input) = UnixStream::from_std(ours)?.into_split();
    let Far { cloud, plan, .. } = far;
    let has_ended = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&has_ended);
    let mut ending: Pin<Box<dyn Future<Output = Lost<'a>> + Send + 'a>> = Box::pin(async move {
        let surroundings = connecting::surroundings(invocation);
        let mut on_event = |event: ConnectEvent| invocation.note(&event.words(&plan.target, &invocation.text));
        let outcome = connect::run_carrying(plan, cloud, &surroundings, OwnedFd::from(theirs), &mut on_event).await;
        note.store(true, Ordering::Relaxed);
        Lost { plan, outcome }
    });
    let opened = tokio::select! {
        opened = Connection::open(input, output) => opened,
        lost = &mut ending => return Err(not_opened(invocation, lost)),
    };
    match opened {
        Ok(connection) => {
            let is_by_endpoint = plan.method.channel() == Channel::Endpoint;
            Ok(Way { id: plan.target.id.clone(), is_by_endpoint, connection, has_ended, ending })
        }
        Err(trouble) => match timeout(LAST_WORDS, ending).await {
            Ok(lost) if lost.outcome.as_ref().map_or(true, |ended| ended.code == 255) => Err(not_opened(invocation, lost)),
            _ => {
                let mut failure = invocation.failure("copy-no-sftp", Exit::Session, &[("target", plan.target.shown().into())]);
                failure.why.push(trouble.words(&invocation.text));
                Err(failure)
            }
        },
    }
}

/// There is no connection: that is 255, whatever it is in a command without one.
fn not_opened(invocation: &Invocation, lost: Lost<'_>) -> Failure {
    match lost.outcome {
        Err(error) => {
            let failure = connecting::not_started(invocation, lost.plan, &error);
            Failure { exit: failure.exit.in_session(), ..failure }
        }
        Ok(ended) => {
            connecting::explain(invocation, lost.plan, &ended);
            let exit = ended.told_by.map_or(Exit::Session, Exit::of_signal);
            let values = [("target", lost.plan.target.shown().into())];
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
        way.connection.close().await;
        // One that has ended is not waited for again.
        endings.extend((!way.has_ended.load(Ordering::Relaxed)).then_some(way.ending));
    }
    // Dropping what does not end in time ends it.
    let _ = timeout(GRACE, futures_util::future::join_all(endings)).await;
}
