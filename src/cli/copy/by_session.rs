//! Files by a command session: a tar stream each, to or from one instance, where no key lets ssh in.

mod complaints;
mod down;
mod up;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tokio_util::task::TaskTracker;

use super::far::{BySession, Found, GRACE};
use super::job::{Ends, Job};
use super::order::Order;
use super::told::{TICK, Teller, UNREAD};
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure, ended};
use crate::files::{Event, Meter, Options, Side, Trouble, What};
use crate::model::{Os, Untrusted};
use crate::session::archive::{Archive, Heard, Malformed, Said, Script};
use crate::session::settled;
use crate::terminal::LeavingSignals;

/// Pieces of a stream on their way between a session and a disk.
const PIECES: usize = 16;

/// What copying by a session works with.
struct Carrier<'a> {
    invocation: &'a Invocation,
    far: &'a BySession,
    options: Options,
    meter: Arc<Meter>,
    events: mpsc::Sender<Event>,
    /// What waits for disks.
    threads: TaskTracker,
}

/// `cp` where an instance is reached by a command session.
pub async fn copy(invocation: &Invocation, order: &Order<'_>, found: Found, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Order { sources, destination, options, .. } = *order;
    let [far] = found.by_session.as_slice() else { return Err(invocation.failure("copy-session-both", Exit::NoWay, &[])) };
    let is_up = destination.target().is_some();
    if !found.fars.is_empty() || sources.iter().any(|source| source.target().is_some() == is_up) {
        return Err(invocation.failure("copy-session-both", Exit::NoWay, &[]));
    }
    if far.instance.os == Os::Windows {
        return Err(invocation.failure("copy-session-windows", Exit::NoWay, &[("target", far.instance.shown().into())]));
    }
    invocation.note(&invocation.text.say("copy-by-session"));
    if options.resumes || options.compares_content || order.sessions > 1 {
        invocation.note(&invocation.text.say("copy-session-plain"));
    }
    let (events, mut told) = mpsc::channel(UNREAD);
    let threads = TaskTracker::new();
    let carrier = Carrier { invocation, far, options, meter: Arc::default(), events, threads: threads.clone() };
    let ends = Ends::new(&[], &[]);
    let job = Job { sources, destination, ends: &ends, options, mirror: None };
    let mut teller = Teller::new(invocation, &carrier.meter, false, out);
    let mut signals = LeavingSignals::listen()?;
    let mut tick = interval(TICK);
    let mut work = Box::pin(async {
        for source in sources {
            if is_up {
                carrier.up(source.path(), destination.path(), sources.len() > 1).await?;
            } else {
                carrier.down(source.path(), destination.path(), sources.len() > 1).await?;
            }
        }
        Ok::<(), Failure>(())
    });
    let outcome = loop {
        tokio::select! {
            biased;
            number = signals.next() => break Ok(Some(number)),
            Some(event) = told.recv() => teller.tell(&job, &event),
            outcome = &mut work => break outcome.map(|()| None),
            _ = tick.tick() => teller.progress(),
        }
    };
    drop(work);
    while let Ok(event) = told.try_recv() {
        teller.tell(&job, &event);
    }
    // What stands beside the destination goes with the last who writes there.
    threads.close();
    let _ = timeout(GRACE, threads.wait()).await;
    teller.end();
    settled().await;
    Ok(match outcome? {
        Some(number) => Exit::of_signal(number),
        None if teller.has_failed => Exit::Failed,
        None => Exit::Done,
    })
}

impl Carrier<'_> {
    /// Start a script there that has all it needs; with the umask there.
    async fn start(&self, script: Script) -> Result<(Archive, u32), Failure> {
        let BySession { cloud, instance, method } = self.far;
        let reconnect = self.invocation.loaded.settings.connect.reconnect;
        let started = Archive::start(cloud, &instance.place.region, &instance.id, script, reconnect).await;
        let mut archive = match started {
            Ok(archive) => archive,
            Err(ending) => {
                let mut instance = instance.clone();
                let failure = ended::not_begun(self.invocation, cloud, &mut instance, Some(*method), &ending).await;
                return Err(Failure { exit: failure.exit.in_session(), ..failure });
            }
        };
        match self.said(&mut archive).await? {
            Said::Ready { umask, missing } if missing.is_empty() => Ok((archive, umask)),
            Said::Ready { missing, .. } => {
                let missing = Untrusted::from(missing.join(", ")).shown_in(100);
                let values = [("target", instance.shown().into()), ("missing", missing.into())];
                Err(self.invocation.failure("copy-session-tools", Exit::Session, &values))
            }
            _ => Err(self.garbled()),
        }
    }

    /// What the script says next. That it could not begin is said, too.
    async fn said(&self, archive: &mut Archive) -> Result<Said, Failure> {
        match archive.said().await {
            Ok(Some(said)) => Ok(said),
            Ok(None) => Err(self.over(archive).await),
            Err(Malformed) => Err(self.garbled()),
        }
    }

    /// What is heard of it next, amid a stream.
    async fn heard(&self, archive: &mut Archive) -> Result<Heard, Failure> {
        match archive.ear.next(&archive.session).await {
            Ok(Some(heard)) => Ok(heard),
            Ok(None) => Err(self.over(archive).await),
            Err(Malformed) => Err(self.garbled()),
        }
    }

    async fn over(&self, archive: &Archive) -> Failure {
        let failure = ended::over(self.invocation, &self.far.instance, &archive.session.ended().await);
        let mut lost = self.invocation.failure("copy-session-lost", Exit::Session, &[]);
        lost.why = std::iter::once(failure.what).chain(failure.why).collect();
        lost.next.extend(failure.next);
        lost
    }

    fn garbled(&self) -> Failure {
        self.invocation.failure("copy-session-garbled", Exit::Session, &[("target", self.far.instance.shown().into())])
    }

    /// It has said its last word: it ends by itself, which is its end in the account, too.
    async fn leave(&self, archive: &Archive) {
        let _ = timeout(GRACE, archive.session.ended()).await;
    }

    async fn tell(&self, side: Side, path: &Path, what: What) {
        // Who listens no more has left.
        let _ = self.events.send(Event { side, path: path.to_owned(), what }).await;
    }

    async fn failed(&self, side: Side, path: &Path, trouble: Trouble) {
        self.tell(side, path, What::Failed(trouble)).await;
    }

    /// The same of a source, with which it ends.
    async fn not_copied(&self, side: Side, path: &Path, trouble: Trouble) -> Result<(), Failure> {
        self.failed(side, path, trouble).await;
        Ok(())
    }
}
