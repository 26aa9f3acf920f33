//! `cp`: files between this computer and instances, by SFTP over every way in that runs ssh.

mod far;
mod job;
mod told;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};

use super::args::Copy;
use super::invocation::Invocation;
use super::signals::{Guarded, guarded};
use super::{Exit, Failure};
use crate::files::{Copier, Destination, Event, Fault, Meter, Options, Side, Spot, Trouble, What};
use crate::terminal::LeavingSignals;
use far::{GRACE, Way};
use job::{Ends, Job};
use told::Teller;

/// How often the line on the terminal changes.
const TICK: Duration = Duration::from_millis(200);
/// Things told of files that nobody has read yet.
const UNREAD: usize = 256;

/// `ec2dash cp SRC… DST`.
pub async fn copy(invocation: &Invocation, asked: &Copy) -> Result<Exit, Failure> {
    let sources: Vec<Spot> = asked.sources.iter().map(|word| Spot::parse(word)).collect();
    let destination = Spot::parse(&asked.destination);
    if destination.target().is_none() && sources.iter().all(|source| source.target().is_none()) {
        return Err(invocation.failure("copy-nowhere", Exit::Usage, &[]));
    }
    if destination.target().is_some() && !invocation.loaded.settings.may_write_files() {
        return Err(invocation.failure("copy-read-only", Exit::Usage, &[]));
    }
    let named = sources.iter().chain([&destination]).filter_map(Spot::target);
    let fars = far::find(invocation, asked, named).await?;
    let mut ways = Vec::new();
    for far in &fars {
        for _ in 0..asked.sessions {
            match guarded(GRACE, far::open(invocation, far)).await? {
                Guarded::Done(way) => ways.push(way?),
                Guarded::Told(number) => return Ok(Exit::of_signal(number)),
            }
        }
    }
    let mut signals = LeavingSignals::listen()?;
    let ends = Ends::new(&fars, &ways);
    let job = Job { sources: &sources, destination: &destination, ends: &ends };
    let outcome = carried_out(invocation, asked, &job, &mut ways, &mut signals).await;
    drop(ends);
    far::close(ways).await;
    outcome
}

async fn carried_out(
    invocation: &Invocation,
    asked: &Copy,
    job: &Job<'_>,
    ways: &mut [Way<'_>],
    signals: &mut LeavingSignals,
) -> Result<Exit, Failure> {
    let options = Options { is_recursive: asked.recursive, keeps: asked.preserve, resumes: asked.resume };
    let meter = Arc::new(Meter::default());
    let (sender, mut events) = mpsc::channel(UNREAD);
    let to = job.ends.of(job.destination);
    let copiers: Vec<Copier> = job
        .sources
        .iter()
        .map(|source| Copier::new(job.ends.of(source).clone(), to.clone(), options, Arc::clone(&meter), sender.clone()))
        .collect();
    let is_slow = ways.iter().any(|way| way.is_by_endpoint);
    let mut teller = Teller::new(invocation, &meter, is_slow);
    let mut work = Box::pin(all(job, &copiers, &sender));
    let mut tick = interval(TICK);
    let mut ended = ways.iter_mut().map(|way| &mut way.ending).collect::<FuturesUnordered<_>>();
    let mut told_by = None;
    let mut lost = None;
    let outcome = loop {
        tokio::select! {
            biased;
            number = signals.next() => { told_by = Some(number); break Err(Trouble::Lost) }
            Some(event) = events.recv() => teller.tell(job, &event),
            outcome = &mut work => break outcome,
            Some(end) = ended.next() => { lost = Some(end); break Err(Trouble::Lost) }
            _ = tick.tick() => teller.progress(),
        }
    };
    drop(work);
    while let Ok(event) = events.try_recv() {
        teller.tell(job, &event);
    }
    let Err(trouble) = outcome else {
        teller.end();
        return Ok(if teller.has_failed { Exit::Failed } else { Exit::Done });
    };
    if trouble == Trouble::Lost && told_by.is_none() && lost.is_none() {
        // The session broke off before ssh has said why.
        lost = timeout(GRACE, ended.next()).await.ok().flatten();
        told_by = timeout(Duration::from_millis(50), signals.next()).await.ok();
    }
    drop(ended);
    for copier in &copiers {
        let kept = timeout(GRACE, copier.leave(told_by.is_some() && lost.is_none())).await.unwrap_or_default();
        kept.iter().for_each(|part| teller.kept(job.destination, part));
    }
    teller.end();
    if let Some(number) = told_by.or(lost.as_ref().and_then(|lost| lost.told_by())) {
        return Ok(Exit::of_signal(number));
    }
    if !trouble.is_the_connection() {
        return Ok(Exit::Failed);
    }
    if let Some(lost) = lost {
        lost.explain(invocation);
    }
    let mut failure = invocation.failure("copy-lost", Exit::Session, &[]);
    failure.why.extend((trouble != Trouble::Lost).then(|| trouble.words(&invocation.text)));
    Err(failure)
}

/// Copy one source after the other; in each of them many files go at a time.
async fn all(job: &Job<'_>, copiers: &[Copier], events: &mpsc::Sender<Event>) -> Result<(), Trouble> {
    let to = job.ends.of(job.destination);
    let path = to.expanded(job.destination.path()).await?;
    let kind = match to.facts(&path, true).await {
        Ok(facts) => Some(facts.kind),
        Err(Trouble::Missing) => None,
        Err(trouble) => return told(events, Side::To, job.destination.path(), trouble).await,
    };
    let destination = Destination { path: &path, kind, is_for_several: job.sources.len() > 1 };
    for (source, copier) in job.sources.iter().zip(copiers) {
        match job.placed(source, destination).await {
            Ok((from, target)) => copier.copy(&from, &target).await?,
            Err(Fault { side: Side::From, trouble }) => told(events, Side::From, source.path(), trouble).await?,
            Err(Fault { side: Side::To, trouble }) => told(events, Side::To, job.destination.path(), trouble).await?,
        }
    }
    Ok(())
}

async fn told(events: &mpsc::Sender<Event>, side: Side, path: &Path, trouble: Trouble) -> Result<(), Trouble> {
    if trouble.is_the_connection() {
        return Err(trouble);
    }
    // Who listens no more has left.
    let _ = events.send(Event { side, path: path.to_owned(), what: What::Failed(trouble) }).await;
    Ok(())
}
