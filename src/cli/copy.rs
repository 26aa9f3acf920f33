//! `cp` and `sync`: files between this computer and instances, by SFTP over every way in that runs ssh, else by a command session.

mod by_session;
pub(super) mod far;
mod job;
mod order;
mod scripted;
mod serving;
mod told;
pub(super) mod way;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{join_all, try_join_all};
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};

use super::args::{Copy, Sync};
use super::invocation::Invocation;
use super::signals::{Guarded, guarded};
use super::{Exit, Failure};
use crate::files::{Copier, Destination, Event, Fault, Meter, Mirror, Options, Side, Spot, Trouble, What};
use crate::model::Os;
use crate::terminal::LeavingSignals;
use far::Found;
use job::{Ends, Job};
use order::Order;
use told::{TICK, Teller, UNREAD};
use way::{GRACE, Way};

/// `ec2dash cp SRC… DST`.
pub async fn copy(invocation: &Invocation, asked: &Copy, out: &mut dyn Write) -> Result<Exit, Failure> {
    let sources: Vec<Spot> = asked.sources.iter().map(|word| Spot::parse(word)).collect();
    let options =
        Options { is_recursive: asked.recursive, keeps: asked.preserve, compares_content: asked.checksum, resumes: asked.resume };
    let order = Order {
        sources: &sources,
        destination: &Spot::parse(&asked.destination),
        options,
        mirror: None,
        sessions: asked.sessions,
        how: &asked.how,
        yes: asked.yes,
    };
    done(invocation, &order, out).await
}

/// `ec2dash sync SRC DST`.
pub async fn sync(invocation: &Invocation, asked: &Sync, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mirror = Mirror { deletes: asked.delete, compares_content: asked.checksum, is_dry: asked.dry_run };
    let order = Order {
        sources: &[Spot::parse(&asked.source)],
        destination: &Spot::parse(&asked.destination),
        // What an earlier one left is a beginning of the same state of the same file.
        options: Options { is_recursive: true, keeps: true, resumes: true, ..Options::default() },
        mirror: Some(mirror),
        sessions: asked.sessions,
        how: &asked.how,
        yes: asked.yes,
    };
    done(invocation, &order, out).await
}

async fn done(invocation: &Invocation, order: &Order<'_>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let Order { sources, destination, options, mirror, .. } = *order;
    if destination.target().is_none() && sources.iter().all(|source| source.target().is_none()) {
        return Err(invocation.failure("copy-nowhere", Exit::Usage, &[]));
    }
    let is_dry = mirror.is_some_and(|mirror| mirror.is_dry);
    if destination.target().is_some() && !is_dry && !invocation.loaded.settings.may_write_files() {
        return Err(invocation.failure("copy-read-only", Exit::Usage, &[]));
    }
    let named = sources.iter().chain([destination]).filter_map(Spot::target);
    let found = far::find(invocation, order.how, order.yes, invocation.global.quiet, named).await?;
    let is_plain = mirror.is_none() && !(options.resumes || options.compares_content || order.sessions > 1);
    if !found.by_session.is_empty() {
        if is_plain && is_one_way(&found, order) {
            return by_session::copy(invocation, order, found, out).await;
        }
        invocation.note(&invocation.text.say("copy-by-script"));
    }
    if options.keeps && found.fars.iter().any(|far| far.plan.target.os == Os::Windows) {
        invocation.note(&invocation.text.say("copy-windows-modes"));
    }
    let mut ways = Vec::new();
    for entrance in found.entrances() {
        match guarded(GRACE, way::open(invocation, entrance)).await? {
            Guarded::Done(way) => ways.push(way?),
            Guarded::Told(number) => return Ok(Exit::of_signal(number)),
        }
        // When one has come in, nothing is asked any more: the others need not wait for each other.
        let others = (1..order.sessions).map(|_| way::open(invocation, entrance));
        match guarded(GRACE, try_join_all(others)).await? {
            Guarded::Done(others) => ways.extend(others?),
            Guarded::Told(number) => return Ok(Exit::of_signal(number)),
        }
    }
    let mut signals = LeavingSignals::listen()?;
    let ends = Ends::new(&found, &ways);
    let job = Job { sources, destination, ends: &ends, options, mirror };
    let outcome = carried_out(invocation, &job, &mut ways, &mut signals, out).await;
    drop(ends);
    way::close(ways).await;
    outcome
}

/// Whether files go between this computer and one instance, which a command session gets into.
fn is_one_way(found: &Found, order: &Order<'_>) -> bool {
    let is_up = order.destination.target().is_some();
    let has_one = found.fars.is_empty() && found.by_session.len() == 1;
    has_one && order.sources.iter().all(|source| source.target().is_some() != is_up)
}

async fn carried_out(
    invocation: &Invocation,
    job: &Job<'_>,
    ways: &mut [Way<'_>],
    signals: &mut LeavingSignals,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let meter = Arc::new(Meter::default());
    let (sender, mut events) = mpsc::channel(UNREAD);
    let to = job.ends.of(job.destination);
    let copiers: Vec<Copier> = job
        .sources
        .iter()
        .map(|source| Copier::new(job.ends.of(source).clone(), to.clone(), job.options, Arc::clone(&meter), sender.clone()))
        .collect();
    let is_slow = ways.iter().any(|way| way.is_by_endpoint);
    let mut teller = Teller::new(invocation, &meter, is_slow, out);
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
    let wants_room = trouble == Trouble::Full;
    let kept = |teller: &mut Teller<'_, '_>| {
        copiers.iter().flat_map(Copier::kept).for_each(|part| teller.kept(job, &part));
    };
    // Said before anything is waited for: whoever is impatient ends us.
    if !wants_room {
        kept(&mut teller);
    }
    let can_ask = !trouble.is_the_connection() || (told_by.is_some() && lost.is_none());
    // What is not removed in time stays.
    let _ = timeout(GRACE, async {
        join_all(copiers.iter().map(|copier| copier.settled(can_ask))).await;
        join_all(copiers.iter().map(|copier| copier.clear(can_ask, wants_room))).await;
    })
    .await;
    if wants_room {
        kept(&mut teller);
    }
    teller.end();
    if let Some(number) = told_by.or(lost.as_ref().and_then(|lost| lost.told_by())) {
        return Ok(Exit::of_signal(number));
    }
    if !trouble.is_the_connection() {
        return Ok(Exit::Failed);
    }
    let why = lost.as_ref().map(|lost| lost.why(invocation)).unwrap_or_default();
    if let Some(lost) = lost {
        lost.explain(invocation);
    }
    let mut failure = invocation.failure("copy-lost", Exit::Session, &[]);
    failure.why.extend(why);
    failure.why.extend((trouble != Trouble::Lost).then(|| trouble.words(&invocation.text)));
    Err(failure)
}

/// Copy one source after the other; in each of them many files go at a time.
async fn all(job: &Job<'_>, copiers: &[Copier], events: &mpsc::Sender<Event>) -> Result<(), Trouble> {
    let to = job.ends.of(job.destination);
    let path = to.expanded(job.destination.path()).await?;
    if let (Some(mirror), [source], [copier]) = (job.mirror, job.sources, copiers) {
        return mirrored(job, source, &path, copier, mirror, events).await;
    }
    let kind = match to.facts(&path, true).await {
        Ok(facts) => Some(facts.kind),
        Err(Trouble::Missing) => None,
        Err(trouble) => return told(events, Side::To, job.destination.path(), trouble).await,
    };
    let destination = Destination { path: &path, kind, is_for_several: job.sources.len() > 1 };
    for (source, copier) in job.sources.iter().zip(copiers) {
        match job.placed(source, destination).await {
            Ok((from, target)) => copier.copy_as(&from, &target).await?,
            Err(Fault { side: Side::From, trouble }) => told(events, Side::From, source.path(), trouble).await?,
            Err(Fault { side: Side::To, trouble }) => told(events, Side::To, job.destination.path(), trouble).await?,
        }
    }
    Ok(())
}

/// Make the destination like the source, and remove what is too much if that is wanted.
async fn mirrored(
    job: &Job<'_>,
    source: &Spot,
    to: &Path,
    copier: &Copier,
    mirror: Mirror,
    events: &mpsc::Sender<Event>,
) -> Result<(), Trouble> {
    let from = job.ends.of(source).expanded(source.path()).await?;
    let extra = copier.mirror(&from, to, mirror).await?;
    if !mirror.deletes || extra.all.is_empty() {
        return Ok(());
    }
    // Who listens no more has left.
    let tell = async |path: &Path, what| drop(events.send(Event { side: Side::To, path: path.to_owned(), what }).await);
    if mirror.is_dry {
        for (path, _) in &extra.all {
            tell(path, What::WouldRemove).await;
        }
        return Ok(());
    }
    if copier.has_failed() {
        tell(to, What::NotRemoved(extra.all.len())).await;
        return copier.leave(extra).await;
    }
    tell(to, What::Removes(extra.all.len())).await;
    copier.remove(to, extra).await
}

async fn told(events: &mpsc::Sender<Event>, side: Side, path: &Path, trouble: Trouble) -> Result<(), Trouble> {
    if trouble.is_the_connection() {
        return Err(trouble);
    }
    // Who listens no more has left.
    let _ = events.send(Event { side, path: path.to_owned(), what: What::Failed(trouble) }).await;
    Ok(())
}
