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

use super::far::Found;
use super::job::{Ends, Job};
use super::order::Order;
use super::scripted::BySession;
use super::told::{TICK, Teller, UNREAD};
use super::way::GRACE;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure};
use crate::files::{Event, Meter, Options, Side, Trouble, What};
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
    let Some(far) = found.by_session.first() else { return Ok(Exit::Done) };
    let is_up = destination.target().is_some();
    invocation.note(&invocation.text.say("copy-by-session"));
    let (events, mut told) = mpsc::channel(UNREAD);
    let threads = TaskTracker::new();
    let carrier = Carrier { invocation, far, options, meter: Arc::default(), events, threads: threads.clone() };
    let ends = Ends::new(&Found::default(), &[]);
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
    // A thread that has something to tell does not wait for a reader.
    drop(told);
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
        self.far.start(self.invocation, script).await
    }

    /// What the script says next.
    async fn said(&self, archive: &mut Archive) -> Result<Said, Failure> {
        self.far.said(self.invocation, archive).await
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
        self.far.over(self.invocation, &archive.session.ended().await)
    }

    fn garbled(&self) -> Failure {
        self.far.garbled(self.invocation)
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
