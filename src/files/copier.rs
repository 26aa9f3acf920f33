//! Copies files and folders from one store to another, many at a time.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TrackedFuture;

use super::likeness::{Likeness, likeness};
use super::name::{leads_out, shown};
use super::part::{is_any_part, is_mark, is_part, of_every_run, of_this_run, part};
use super::pieces::{BUDGET, Stretch, carry};
use super::small::{self, Look};
use super::stream::{Sink, Source};
use super::windows::Folded;
use super::{Event, Facts, Fault, Kind, Meter, Options, Parts, Side, Store, Trouble, What};

/// How often a part that is not there is looked for, and the pause between.
const LOOKS: usize = 4;
const LOOK: Duration = Duration::from_millis(150);

/// Files under way at a time: each waits for several answers, one after the other.
const FILES: usize = 64;
/// Folders under way at a time, besides those that lead to them.
const FOLDERS: usize = 16;
/// Folders in folders: a path of Linux has room for no more that have names.
const DEEPEST: usize = 1_000;
/// Where less room than this is left, a write that failed has failed for want of it.
const LITTLE: u64 = 1024 * 1024;
/// Names that are looked at for parts of earlier copies.
const MOST_NAMES: usize = 20_000;

/// Copies from one store to another. Clones are the same.
#[derive(Debug, Clone)]
pub struct Copier(Arc<Work>);

/// What all tasks of a copy share.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) from: Store,
    pub(super) to: Store,
    pub(super) options: Options,
    pub(super) meter: Arc<Meter>,
    pub(super) parts: Arc<Parts>,
    events: mpsc::Sender<Event>,
    has_failed: AtomicBool,
    /// Told when there is no room: nothing more is begun, and what is under way is put away.
    is_full: CancellationToken,
    budget: Arc<Semaphore>,
    pub(super) files: Arc<Semaphore>,
    pub(super) folders: Arc<Semaphore>,
    /// The files and folders that are under way, also those that are dropped and do not know it yet.
    pub(super) tasks: TaskTracker,
}

fn from_end(trouble: Trouble) -> Fault {
    Side::From.fault(trouble)
}

fn to_end(trouble: Trouble) -> Fault {
    Side::To.fault(trouble)
}

/// What is known of the folder that a file goes to.
#[derive(Debug, Clone, Default)]
struct Around {
    /// We made it: nothing is in it but ours.
    is_new: bool,
    /// Parts of earlier copies in it.
    leftovers: Arc<Vec<OsString>>,
    /// What is there in the place of a file is known not to be its copy.
    is_compared: bool,
}

impl Copier {
    /// What goes wrong with single files is told as events; somebody has to take them.
    pub fn new(from: Store, to: Store, options: Options, meter: Arc<Meter>, events: mpsc::Sender<Event>) -> Self {
        Self(Arc::new(Work {
            from,
            to,
            options,
            meter,
            parts: Arc::default(),
            events,
            has_failed: AtomicBool::new(false),
            is_full: CancellationToken::new(),
            budget: Arc::new(Semaphore::new(BUDGET)),
            files: Arc::new(Semaphore::new(FILES)),
            folders: Arc::new(Semaphore::new(FOLDERS)),
            tasks: TaskTracker::new(),
        }))
    }

    /// Whether a file was not copied, or a folder not read.
    pub fn has_failed(&self) -> bool {
        self.0.has_failed()
    }

    pub(super) fn work(&self) -> &Arc<Work> {
        &self.0
    }

    /// Copy `source` to where `target` says. An error is one that ends all: the connection is gone, or the room.
    pub async fn copy(&self, source: &Path, target: &Path) -> Result<(), Trouble> {
        let work = &self.0;
        let facts = match work.from.facts(source, true).await {
            Ok(facts) => facts,
            Err(trouble) => return work.failed(Side::From, source, trouble).await,
        };
        match facts.kind {
            Kind::Folder if work.options.is_recursive => {
                folder(Arc::clone(work), source.to_owned(), target.to_owned(), facts, 0).await
            }
            Kind::Folder => work.failed(Side::From, source, Trouble::NotRecursive).await,
            Kind::File => {
                work.meter.found(facts.size);
                let beside = target.parent().unwrap_or(Path::new(""));
                let leftovers = Arc::new(work.leftovers(beside).await?);
                let around = Around { leftovers, ..Around::default() };
                work.file(source, facts, target, &around).await
            }
            Kind::Special | Kind::Link => work.failed(Side::From, source, Trouble::NotRegular).await,
        }
    }

    /// The same work, for a task that may be aborted: [`settled`](Self::settled) waits for it.
    pub fn tracked<F: Future>(&self, work: F) -> TrackedFuture<F> {
        self.0.tasks.track_future(work)
    }

    /// When its work was dropped: wait until nothing of it is under way any more, so that nothing is made behind the back of who clears.
    /// `can_ask`: whether the other side still answers.
    pub async fn settled(&self, can_ask: bool) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
        if can_ask || self.0.to.is_here() {
            self.0.to.settled().await;
        }
    }

    /// The parts that are left and worth going on with, because somebody left or the connection did.
    pub fn kept(&self) -> Vec<PathBuf> {
        self.0.parts.left().into_iter().filter_map(|(path, is_worth_it)| is_worth_it.then_some(path)).collect()
    }

    /// Remove the parts that are left, all at once: those worth going on with only if `wants_room`. `can_ask`: whether the other side still
    /// answers. What cannot be removed stays among the [`kept`](Self::kept).
    pub async fn clear(&self, can_ask: bool, wants_room: bool) {
        let work = &self.0;
        if !(can_ask || work.to.is_here()) {
            return;
        }
        // One that was about to get its name is put where a later copy finds it.
        for (own, _) in work.parts.left().into_iter().filter(|(_, is_worth_it)| *is_worth_it && !wants_room) {
            let part = of_every_run(&own);
            if part != own && work.to.replace(&own, &part).await.is_ok() {
                work.parts.rename(&own, &part);
            }
        }
        let useless = work.parts.left().into_iter().filter(|(_, is_worth_it)| wants_room || !is_worth_it);
        join_all(useless.map(async |(path, _)| {
            if work.to.remove(&path).await.is_ok() {
                work.parts.end(&path);
            }
        }))
        .await;
    }
}

/// The copying of a folder: of folders in folders, how deep is known only at run time.
type Boxed = Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send>>;

fn folder(work: Arc<Work>, from: PathBuf, to: PathBuf, facts: Facts, depth: usize) -> Boxed {
    Box::pin(copy_folder(work, from, to, facts, depth))
}

/// Copy a folder, and give it what it is to be like.
async fn copy_folder(work: Arc<Work>, from: PathBuf, to: PathBuf, facts: Facts, depth: usize) -> Result<(), Trouble> {
    if depth > DEEPEST {
        return work.failed(Side::From, &from, Trouble::TooDeep).await;
    }
    let is_new = match work.make_folder(&to, facts, depth).await {
        Ok(is_new) => is_new,
        Err(trouble) => return work.failed(Side::To, &to, trouble).await,
    };
    fill_folder(&work, &from, &to, depth, is_new).await?;
    work.finish_folder(facts, &to).await
}

/// Copy what is in a folder: its files at once, its folders at once as far as there are hands. `is_new`: nothing but ours is in it.
pub(super) async fn fill_folder(work: &Arc<Work>, from: &Path, to: &Path, depth: usize, is_new: bool) -> Result<(), Trouble> {
    let leftovers = if is_new { Vec::new() } else { work.leftovers(to).await? };
    let around = Around { is_new, leftovers: Arc::new(leftovers), is_compared: false };
    let mut listing = match work.from.list(from).await {
        Ok(listing) => listing,
        Err(trouble) => return work.failed(Side::From, from, trouble).await,
    };
    let mut tasks = JoinSet::new();
    let mut folded = work.to.is_windows().then(Folded::default);
    let walked: Result<(), Trouble> = async {
        loop {
            let batch = match listing.next(from).await {
                Ok(Some(batch)) => batch,
                Ok(None) => break,
                Err(trouble) => {
                    work.failed(Side::From, from, trouble).await?;
                    break;
                }
            };
            for listed in batch {
                let (name, facts) = match listed {
                    Ok(listed) => listed,
                    Err(trouble) => {
                        work.failed(Side::From, from, trouble).await?;
                        continue;
                    }
                };
                // What an interrupted copy left is nobody's file.
                if is_any_part(&name) {
                    continue;
                }
                let (from, to) = (from.join(&name), to.join(&name));
                if folded.as_mut().is_some_and(|names| !names.add(&name)) {
                    work.failed(Side::From, &from, Trouble::SameName).await?;
                    continue;
                }
                match facts.kind {
                    Kind::File => {
                        work.meter.found(facts.size);
                        let hand = Arc::clone(&work.files).acquire_owned().await.map_err(|_| Trouble::Lost)?;
                        let (work, around) = (Arc::clone(work), around.clone());
                        let tracker = work.tasks.clone();
                        tasks.spawn(tracker.track_future(async move {
                            let outcome = work.file(&from, facts, &to, &around).await;
                            drop(hand);
                            outcome
                        }));
                    }
                    Kind::Folder => {
                        let inner = work.tasks.track_future(folder(Arc::clone(work), from, to, facts, depth + 1));
                        match Arc::clone(&work.folders).try_acquire_owned() {
                            Ok(hand) => {
                                tasks.spawn(async move {
                                    let outcome = inner.await;
                                    drop(hand);
                                    outcome
                                });
                            }
                            // With nobody to spare it is waited for, on a stack of its own: there may be a thousand of them.
                            Err(_) => {
                                let mut alone = JoinSet::new();
                                alone.spawn(inner);
                                alone.join_next().await.unwrap_or(Ok(Ok(()))).unwrap_or(Err(Trouble::Lost))?;
                            }
                        }
                    }
                    Kind::Link => work.link(&from, facts, &to, depth).await?,
                    Kind::Special => work.tell(Side::From, &from, What::Special).await,
                }
                while let Some(ended) = tasks.try_join_next() {
                    ended.unwrap_or(Err(Trouble::Lost))?;
                }
            }
        }
        Ok(())
    }
    .await;
    all_ended(walked, tasks).await
}

/// Wait for the tasks of a folder: the first trouble that ends all. Each of them puts away what it made, where the other side still answers.
pub(super) async fn all_ended(walked: Result<(), Trouble>, mut tasks: JoinSet<Result<(), Trouble>>) -> Result<(), Trouble> {
    let mut outcome = walked;
    while !outcome.as_ref().is_err_and(Trouble::is_the_connection)
        && let Some(ended) = tasks.join_next().await
    {
        let ended = ended.unwrap_or(Err(Trouble::Lost));
        if outcome.is_ok() || ended.as_ref().is_err_and(Trouble::is_the_connection) {
            outcome = ended;
        }
    }
    outcome
}

impl Work {
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    pub(super) async fn tell(&self, side: Side, path: &Path, what: What) {
        // Who listens no more has left.
        let _ = self.events.send(Event { side, path: path.to_owned(), what }).await;
    }

    /// Tell that it was not copied; what ends all is handed on.
    pub(super) async fn failed(&self, side: Side, path: &Path, trouble: Trouble) -> Result<(), Trouble> {
        if trouble.is_the_connection() {
            return Err(trouble);
        }
        self.has_failed.store(true, Ordering::Relaxed);
        if trouble == Trouble::Full {
            // Of all that are under way one tells it.
            let is_told = self.is_full.is_cancelled();
            self.is_full.cancel();
            if !is_told {
                self.tell(side, path, What::Failed(trouble.clone())).await;
            }
            return Err(trouble);
        }
        self.tell(side, path, What::Failed(trouble)).await;
        Ok(())
    }

    /// The same, by the end at which it failed.
    async fn faulty(&self, from: &Path, to: &Path, fault: Fault) -> Result<(), Trouble> {
        let path = match fault.side {
            Side::From => from,
            Side::To => to,
        };
        self.failed(fault.side, path, fault.trouble).await
    }

    /// The mode that a copy gets where modes are kept, and both ends have any. What an instance says does not make a program run as
    /// somebody else.
    pub(super) fn kept_mode(&self, facts: &Facts) -> Option<u32> {
        let mode = if self.from.is_here() { facts.mode } else { facts.mode & 0o777 };
        let have_modes = !(self.from.is_windows() || self.to.is_windows());
        have_modes.then_some(mode)
    }

    /// Whether it was made; else it was there. Below the top a link is no folder: what it leads to is not copied into.
    pub(super) async fn make_folder(&self, to: &Path, facts: Facts, depth: usize) -> Result<bool, Trouble> {
        // We have to get in, whoever else may not.
        match self.to.make_folder(to, (facts.mode | 0o700) & 0o777).await {
            Ok(()) => Ok(true),
            Err(trouble) if trouble.is_the_connection() => Err(trouble),
            Err(trouble) => match self.to.facts(to, depth == 0).await {
                Ok(there) if there.kind == Kind::Folder => Ok(false),
                Ok(_) => Err(Trouble::NotFolder),
                Err(_) => Err(trouble),
            },
        }
    }

    pub(super) async fn finish_folder(&self, facts: Facts, to: &Path) -> Result<(), Trouble> {
        if !self.options.keeps {
            return Ok(());
        }
        match self.to.set(to, self.kept_mode(&facts), Some(&facts)).await {
            Ok(()) => Ok(()),
            Err(trouble) => self.failed(Side::To, to, trouble).await,
        }
    }

    /// The parts that earlier copies left in a folder. That it cannot be read is no reason not to write there.
    async fn leftovers(&self, folder: &Path) -> Result<Vec<OsString>, Trouble> {
        let mut found = Vec::new();
        let mut listing = match self.to.list(folder).await {
            Ok(listing) => listing,
            Err(trouble) if trouble.is_the_connection() => return Err(trouble),
            Err(_) => return Ok(found),
        };
        let mut seen = 0;
        while let Ok(Some(batch)) = listing.next(folder).await {
            seen += batch.len();
            found.extend(batch.into_iter().flatten().map(|(name, _)| name).filter(|name| is_any_part(name)));
            if seen > MOST_NAMES {
                break;
            }
        }
        Ok(found)
    }

    /// A link stays a link, and nothing is copied through it.
    pub(super) async fn link(&self, from: &Path, facts: Facts, to: &Path, depth: usize) -> Result<(), Trouble> {
        let part = part(to, &facts);
        let made = async {
            let target = self.from.read_link(from).await.map_err(from_end)?;
            self.parts.begin(&part, 0);
            if let Err(trouble) = self.to.make_link(&part, &target).await {
                // An earlier one may have left it.
                self.to.remove(&part).await.map_err(|_| to_end(trouble))?;
                self.to.make_link(&part, &target).await.map_err(to_end)?;
            }
            if let Err(trouble) = self.to.replace(&part, to).await {
                let _ = self.to.remove(&part).await;
                return Err(to_end(trouble));
            }
            Ok(target)
        };
        let made = made.await;
        if !made.as_ref().is_err_and(|fault| fault.trouble.is_the_connection()) {
            self.parts.end(&part);
        }
        match made {
            Ok(target) if leads_out(&target, depth) => {
                self.tell(Side::From, from, What::LeadsOut(shown(Path::new(&target)))).await;
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(fault) => self.faulty(from, to, fault).await,
        }
    }

    /// Copy a file to where nothing is, or in place of what is there.
    pub(super) async fn file_into(&self, from: &Path, facts: Facts, to: &Path, is_new: bool) -> Result<(), Trouble> {
        self.file(from, facts, to, &Around { is_new, leftovers: Arc::default(), is_compared: true }).await
    }

    async fn file(&self, from: &Path, facts: Facts, to: &Path, around: &Around) -> Result<(), Trouble> {
        if self.is_full.is_cancelled() {
            return Err(Trouble::Full);
        }
        let is_small = facts.size <= small::largest(&self.from, &self.to) && !facts.is_sparse();
        // Only what takes its time is worth going on with, and so is found again.
        let part = if is_small { of_this_run(&part(to, &facts)) } else { part(to, &facts) };
        let outcome = self.copied(from, facts, to, &part, is_small, around).await;
        if let Err(fault) = outcome {
            if !fault.trouble.leaves_a_prospect() {
                // What cannot be removed is told by the next copy.
                let _ = self.to.remove(&part).await;
                self.parts.end(&part);
            } else if fault.trouble == Trouble::Rival {
                // It is the other one's.
                self.parts.end(&part);
            }
            return self.faulty(from, to, fault).await;
        }
        self.parts.end(&part);
        self.meter.done();
        let name = to.file_name().unwrap_or_default();
        let own = part.file_name().unwrap_or_default();
        let is_older = |leftover: &&OsString| is_part(leftover, name) && !is_mark(leftover) && leftover.as_os_str() != own;
        for leftover in around.leftovers.iter().filter(is_older) {
            let _ = self.to.remove(&to.with_file_name(leftover)).await;
        }
        Ok(())
    }

    async fn copied(
        &self,
        from: &Path,
        facts: Facts,
        to: &Path,
        part: &Path,
        is_small: bool,
        around: &Around,
    ) -> Result<(), Fault> {
        let replaced = if around.is_new { None } else { self.replaced(to).await.map_err(to_end)? };
        let has_hashes = self.from.is_shell() || self.to.is_shell();
        // The time of its source is the last thing that a copy gets.
        let may_be_there = self.options.resumes && self.options.keeps && !self.options.compares_content && !around.is_compared;
        if may_be_there && replaced.is_some_and(|there| likeness(&facts, &there, false) == Likeness::Same) {
            self.meter.passed(facts.size);
            return Ok(());
        }
        // Where a hash tells it, what an earlier copy brought whole does not go again.
        let compares = self.options.compares_content || (self.options.resumes && has_hashes && !is_small);
        if compares
            && let Some(there) = replaced
            && self.is_same(from, facts, to, there).await?
        {
            self.meter.passed(facts.size);
            return Ok(());
        }
        if is_small {
            return self.copied_at_once(from, facts, to, part, replaced).await;
        }
        let source = Source::open(&self.from, from, facts.size).await.map_err(from_end)?;
        if facts.is_sparse() {
            let told = What::Sparse { taken: facts.taken.unwrap_or_default(), size: facts.size };
            self.tell(Side::From, from, told).await;
        }
        let (sink, begin) = self.begin(from, part, &facts).await.map_err(to_end)?;
        self.meter.passed(begin);
        let stretch = Stretch { from: begin, to: facts.size, has_holes: facts.is_sparse() };
        let grow = |bytes| self.parts.grow(part, bytes);
        if let Err(fault) = carry(&source, &sink, stretch, &self.budget, &self.meter, &grow, &self.is_full).await {
            return Err(self.explained(fault, part).await);
        }
        if !source.close().await.map_err(from_end)?.is_same(&facts) {
            return Err(from_end(Trouble::Changed));
        }
        let verified = async |is_now: bool| {
            let is_whole = !(has_hashes && is_now) || self.has_same_content(from, part, facts.size).await.map_err(to_end)?;
            if is_whole { Ok(()) } else { Err(to_end(Trouble::Garbled)) }
        };
        // What ends in a hole has its size only when it is finished; what nobody may read then is read before.
        verified(!facts.is_sparse()).await?;
        let mode = self.final_mode(&facts, replaced);
        let times = self.options.keeps.then_some(&facts);
        if let Err(trouble) = sink.finish(facts.is_sparse().then_some(facts.size), mode, times).await {
            return Err(self.explained(to_end(trouble), part).await);
        }
        verified(facts.is_sparse()).await?;
        self.named(part, to, facts.size).await.map_err(to_end)
    }

    /// Give the part its name. Another copy of the same file has the same part: it may have begun it anew, and what stands there now is less
    /// than a file. So it is taken from there first, and looked at where nobody else writes.
    async fn named(&self, part: &Path, to: &Path, size: u64) -> Result<(), Trouble> {
        let own = of_this_run(part);
        // Where it is not, another one may just be looking at it, too.
        let mut looks = LOOKS;
        loop {
            looks -= 1;
            match self.to.replace(part, &own).await {
                Ok(()) => break,
                Err(Trouble::Missing) if looks == 0 => return Err(Trouble::Rival),
                Err(Trouble::Missing) => sleep(LOOK).await,
                Err(trouble) => return Err(trouble),
            }
        }
        self.parts.rename(part, &own);
        let named = match self.to.facts(&own, false).await {
            Ok(there) if there.kind == Kind::File && there.size == size => self.to.replace(&own, to).await,
            Ok(_) => Err(Trouble::Rival),
            Err(trouble) => Err(trouble),
        };
        match named {
            Ok(()) => self.parts.end(&own),
            // It is put away under the name that it has.
            Err(ref trouble) if trouble.is_the_connection() => {}
            // Whoever else writes it goes on there; where nobody does it is found there.
            Err(_) => {
                self.to.replace(&own, part).await?;
                self.parts.rename(&own, part);
            }
        }
        named
    }

    /// Whether the content is there already; then it gets the mode and the times that are kept. What cannot be compared is copied, and says
    /// then what is wrong.
    async fn is_same(&self, from: &Path, facts: Facts, to: &Path, there: Facts) -> Result<bool, Fault> {
        if likeness(&facts, &there, true) != Likeness::Unknown {
            return Ok(false);
        }
        match self.has_same_content(from, to, facts.size).await {
            Ok(true) if self.options.keeps => {
                self.to.set(to, self.kept_mode(&facts), Some(&facts)).await.map_err(to_end)?;
                Ok(true)
            }
            Ok(is_same) => Ok(is_same),
            Err(trouble) if trouble.is_the_connection() => Err(to_end(trouble)),
            Err(_) => Ok(false),
        }
    }

    /// The mode that is set in the end: the kept one, or that of the file which is replaced.
    fn final_mode(&self, facts: &Facts, replaced: Option<Facts>) -> Option<u32> {
        let kept = if self.options.keeps { self.kept_mode(facts) } else { None };
        kept.or_else(|| replaced.map(|there| there.mode & 0o777))
    }

    /// A file of one piece.
    async fn copied_at_once(
        &self,
        from: &Path,
        facts: Facts,
        to: &Path,
        part: &Path,
        replaced: Option<Facts>,
    ) -> Result<(), Fault> {
        let (data, now) = small::read(&self.from, from, facts.size).await.map_err(from_end)?;
        if data.bytes().len() as u64 != facts.size || !now.is_same(&facts) {
            return Err(from_end(Trouble::Changed));
        }
        if !self.to.is_here() {
            self.parts.begin(part, 0);
        }
        let mode = self.final_mode(&facts, replaced);
        let look = Look { made_with: facts.mode & 0o777, mode, times: self.options.keeps.then_some(facts) };
        if let Err(fault) = small::write(&self.to, part, to, data, look).await {
            return Err(self.explained(fault, part).await);
        }
        self.meter.passed(facts.size);
        Ok(())
    }

    /// The same fault, as what it is if it is want of room.
    async fn explained(&self, fault: Fault, part: &Path) -> Fault {
        match fault.side {
            Side::From => fault,
            Side::To => to_end(self.to.explained(fault.trouble, part, LITTLE).await),
        }
    }

    /// What has the name now, if it may be replaced: no folder, and nothing that writing to is something else than keeping.
    async fn replaced(&self, to: &Path) -> Result<Option<Facts>, Trouble> {
        let there = match self.to.facts(to, false).await {
            Ok(there) if there.kind == Kind::Link => match self.to.facts(to, true).await {
                // A link is replaced; it may lead nowhere, but not to a device.
                Ok(there) if there.kind == Kind::Special => Some(there),
                Err(trouble) if trouble.is_the_connection() => return Err(trouble),
                _ => None,
            },
            Ok(there) => Some(there),
            Err(Trouble::Missing) => None,
            Err(trouble) => return Err(trouble),
        };
        match there.map(|there| there.kind) {
            Some(Kind::Folder) => Err(Trouble::IsFolder),
            Some(Kind::Special) => Err(Trouble::NotRegular),
            _ => Ok(there),
        }
    }

    /// The part, open, and how much of the file is in it already.
    async fn begin(&self, from: &Path, part: &Path, facts: &Facts) -> Result<(Sink, u64), Trouble> {
        let mode = facts.mode & 0o777;
        if self.options.resumes
            && let Ok(there) = self.to.facts(part, false).await
            && there.kind == Kind::File
            && (1..=facts.size).contains(&there.size)
            && let Some(begin) = self.known_beginning(from, part, there.size).await?
        {
            if there.mode & 0o200 == 0 {
                self.to.set(part, Some(there.mode | 0o200), None).await?;
            }
            self.parts.begin(part, begin);
            let sink = Sink::reopen(&self.to, part, mode, begin).await?;
            self.tell(Side::From, from, What::Resumed(begin)).await;
            return Ok((sink, begin));
        }
        self.parts.begin(part, 0);
        match Sink::create(&self.to, part, mode).await {
            Ok(sink) => Ok((sink, 0)),
            Err(trouble) if trouble.is_the_connection() => Err(trouble),
            Err(trouble) => {
                // An earlier copy may have left it; what keeps us from making it is told, not that there was nothing to remove.
                let removed = self.to.remove(part).await;
                match Sink::create(&self.to, part, mode).await {
                    Ok(sink) => Ok((sink, 0)),
                    Err(_) if removed.is_err() => Err(self.to.explained(trouble, part, 1).await),
                    Err(trouble) => Err(trouble),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
