//! Makes a folder like another one: what differs is copied, what is too much is told, and removed where that is wanted.
//!
//! rsync is not used, also where both ends have it. This is as fast or faster (`benches/sync.py`) but where a large file changes in places,
//! and an rsync before 3.4 on this computer trusts the other end: it can have files of ours read, and write outside of the destination
//! (CVE-2024-12086, 12087, 12088). Nobody could say which promise holds for a run.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

use super::copier::{Copier, Work, all_ended};
use super::likeness::{Likeness, likeness};
use super::part::{is_any_part, is_of_a_run};
use super::windows::Folded;
use super::{Facts, Kind, Side, Store, Trouble, What};

/// Folders in folders.
const DEEPEST: usize = 1_000;

/// How two folders are made alike.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mirror {
    /// What the source lacks is removed.
    pub deletes: bool,
    /// The content decides, not size and time.
    pub compares_content: bool,
    /// Nothing is done, and what would be is told.
    pub is_dry: bool,
}

/// What is at the target and the source lacks.
#[derive(Debug, Default)]
pub struct Extra {
    /// All of it, folders behind what is in them.
    pub all: Vec<(PathBuf, Kind)>,
    /// The folders it lies in, with what they are to be like: a folder that loses something has the time of that.
    folders: Vec<(PathBuf, Facts)>,
}

/// What a mirror has found besides what it copied.
#[derive(Debug, Default)]
struct Found(Mutex<Extra>);

impl Found {
    fn extra(&self) -> MutexGuard<'_, Extra> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Boxed<T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send>>;

impl Copier {
    /// Make `target` like `source`, and tell what is there that the source lacks: it is still there, to be [removed](Self::remove) or
    /// [left](Self::leave).
    pub async fn mirror(&self, source: &Path, target: &Path, mirror: Mirror) -> Result<Extra, Trouble> {
        let work = Arc::clone(self.work());
        let facts = match work.from.facts(source, true).await {
            Ok(facts) => facts,
            Err(trouble) => return work.failed(Side::From, source, trouble).await.map(|()| Extra::default()),
        };
        let there = match work.to.facts(target, true).await {
            Ok(there) => Some(there),
            Err(Trouble::Missing) => None,
            Err(trouble) => return work.failed(Side::To, target, trouble).await.map(|()| Extra::default()),
        };
        let found = Arc::new(Found::default());
        let task = Task { work, mirror, found: Arc::clone(&found), top: target.into() };
        match facts.kind {
            Kind::Folder | Kind::File => task.entry(source.to_owned(), target.to_owned(), facts, there, 0).await?,
            Kind::Special | Kind::Link => task.work.failed(Side::From, source, Trouble::NotRegular).await?,
        }
        Ok(std::mem::take(&mut *found.extra()))
    }

    /// Remove what was found to be too much in `target`, in this order.
    pub async fn remove(&self, target: &Path, extra: Extra) -> Result<(), Trouble> {
        let work = self.work();
        match work.to.remove_all(target, &extra.all).await {
            Ok(kept) => {
                for (path, trouble) in kept {
                    work.failed(Side::To, &path, trouble).await?;
                }
            }
            Err(trouble) => work.failed(Side::To, target, trouble).await?,
        }
        self.leave(extra).await
    }

    /// Remove none of it (any more): the folders it lies in get what they are to be like.
    pub async fn leave(&self, extra: Extra) -> Result<(), Trouble> {
        for (folder, facts) in extra.folders {
            self.work().finish_folder(facts, &folder).await?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone)]
struct Task {
    work: Arc<Work>,
    mirror: Mirror,
    found: Arc<Found>,
    /// What is made like the source.
    top: Arc<Path>,
}

impl Task {
    fn entry(&self, from: PathBuf, to: PathBuf, facts: Facts, there: Option<Facts>, depth: usize) -> Boxed<()> {
        let task = self.clone();
        Box::pin(async move {
            let Some(there) = task.without_what_is_in_the_way(&to, facts.kind, there).await? else { return Ok(()) };
            match facts.kind {
                Kind::Folder => task.folder(from, to, facts, there, depth).await,
                Kind::File => task.file(&from, &to, facts, there).await,
                Kind::Link => task.link(&from, &to, facts, there, depth).await,
                Kind::Special => {
                    task.work.tell(Side::From, &from, What::Special).await;
                    Ok(())
                }
            }
        })
    }

    /// A folder in the place of a file, or the other way round, is too much; without leave to remove it, it stays and that is told. None: it
    /// stays.
    async fn without_what_is_in_the_way(
        &self,
        to: &Path,
        kind: Kind,
        there: Option<Facts>,
    ) -> Result<Option<Option<Facts>>, Trouble> {
        let is_folder = |kind: Kind| kind == Kind::Folder;
        let Some(in_the_way) = there.filter(|there| is_folder(there.kind) != is_folder(kind)) else { return Ok(Some(there)) };
        if kind == Kind::Special {
            return Ok(Some(there));
        }
        let is_top = to == &*self.top;
        // Nobody means all of a folder who names one file to be put there.
        if !self.mirror.deletes || (is_top && is_folder(in_the_way.kind)) {
            let trouble = match is_folder(in_the_way.kind) {
                true if is_top => Trouble::IsFolder,
                true => Trouble::FolderInPlace,
                false => Trouble::FileInPlace,
            };
            self.work.failed(Side::To, to, trouble).await?;
            return Ok(None);
        }
        let mut all = Vec::new();
        if let Err(trouble) = below(&self.work.to, to.to_owned(), in_the_way.kind, &mut all, 0).await {
            return self.work.failed(Side::To, to, trouble).await.map(|()| None);
        }
        if self.mirror.is_dry {
            for (path, _) in &all {
                self.work.tell(Side::To, path, What::WouldRemove).await;
            }
            return Ok(Some(None));
        }
        if self.work.has_failed() {
            self.work.tell(Side::To, to, What::NotRemoved(all.len())).await;
            return Ok(None);
        }
        self.work.tell(Side::To, to, What::Removes(all.len())).await;
        // It may be all that there is.
        let above = if is_top { to.parent().unwrap_or(to) } else { &*self.top };
        match self.work.to.remove_all(above, &all).await {
            Ok(kept) if kept.is_empty() => Ok(Some(None)),
            Ok(kept) => {
                for (path, trouble) in kept {
                    self.work.failed(Side::To, &path, trouble).await?;
                }
                Ok(None)
            }
            Err(trouble) => self.work.failed(Side::To, to, trouble).await.map(|()| None),
        }
    }

    async fn folder(&self, from: PathBuf, to: PathBuf, facts: Facts, there: Option<Facts>, depth: usize) -> Result<(), Trouble> {
        let work = &self.work;
        if depth > DEEPEST {
            return work.failed(Side::From, &from, Trouble::TooDeep).await;
        }
        let mut present = HashMap::new();
        if there.is_some() {
            match names(&work.to, &to).await {
                Ok(names) => present = names,
                Err(trouble) => return work.failed(Side::To, &to, trouble).await,
            }
        } else if self.mirror.is_dry {
            work.tell(Side::From, &from, What::WouldCopy).await;
        } else if let Err(trouble) = work.make_folder(&to, facts, depth).await {
            return work.failed(Side::To, &to, trouble).await;
        }
        let mut listing = match work.from.list(&from).await {
            Ok(listing) => listing,
            Err(trouble) => return work.failed(Side::From, &from, trouble).await,
        };
        let mut tasks = JoinSet::new();
        let mut folded = work.to.is_windows().then(Folded::default);
        let walked: Result<(), Trouble> = async {
            loop {
                let batch = match listing.next(&from).await {
                    Ok(Some(batch)) => batch,
                    Ok(None) => break,
                    Err(trouble) => {
                        work.failed(Side::From, &from, trouble).await?;
                        // What was not told is not too much.
                        present.clear();
                        break;
                    }
                };
                for listed in batch {
                    let (name, facts) = match listed {
                        Ok(listed) => listed,
                        Err(trouble) => {
                            work.failed(Side::From, &from, trouble).await?;
                            continue;
                        }
                    };
                    if is_any_part(&name) {
                        continue;
                    }
                    if folded.as_mut().is_some_and(|names| !names.add(&name)) {
                        work.failed(Side::From, &from.join(&name), Trouble::SameName).await?;
                        continue;
                    }
                    let there = present.remove(&name);
                    let entry = self.entry(from.join(&name), to.join(&name), facts, there, depth + 1);
                    if facts.kind == Kind::Folder {
                        match Arc::clone(&work.folders).try_acquire_owned() {
                            Ok(hand) => {
                                tasks.spawn(work.tasks.track_future(async move {
                                    let outcome = entry.await;
                                    drop(hand);
                                    outcome
                                }));
                            }
                            // With nobody to spare it is waited for, on a stack of its own.
                            Err(_) => {
                                let mut alone = JoinSet::new();
                                alone.spawn(work.tasks.track_future(entry));
                                alone.join_next().await.unwrap_or(Ok(Ok(()))).unwrap_or(Err(Trouble::Lost))?;
                            }
                        }
                    } else {
                        let hand = Arc::clone(&work.files).acquire_owned().await.map_err(|_| Trouble::Lost)?;
                        tasks.spawn(work.tasks.track_future(async move {
                            let outcome = entry.await;
                            drop(hand);
                            outcome
                        }));
                    }
                    while let Some(ended) = tasks.try_join_next() {
                        ended.unwrap_or(Err(Trouble::Lost))?;
                    }
                }
            }
            Ok(())
        }
        .await;
        all_ended(walked, tasks).await?;
        if !self.mirror.is_dry {
            // What runs that were killed have left of small files.
            for name in present.keys().filter(|name| is_of_a_run(name)) {
                let _ = work.to.remove(&to.join(name)).await;
            }
        }
        // What has the name of a file of the source in other letters is that file there.
        let is_of_source = |name: &OsString| folded.as_ref().is_some_and(|names| names.has(name));
        let mut extra: Vec<_> = present.into_iter().filter(|(name, _)| !is_any_part(name) && !is_of_source(name)).collect();
        extra.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut loses_some = false;
        for (name, facts) in extra {
            let mut all = Vec::new();
            if let Err(trouble) = below(&work.to, to.join(name), facts.kind, &mut all, 0).await {
                work.failed(Side::To, &to, trouble).await?;
                continue;
            }
            loses_some = self.mirror.deletes;
            self.found.extra().all.extend(all);
        }
        if self.mirror.is_dry {
            return Ok(());
        }
        if loses_some {
            self.found.extra().folders.push((to, facts));
            return Ok(());
        }
        work.finish_folder(facts, &to).await
    }

    async fn file(&self, from: &Path, to: &Path, facts: Facts, there: Option<Facts>) -> Result<(), Trouble> {
        let work = &self.work;
        let mode = work.kept_mode(&facts);
        let is_same = match there.map_or(Likeness::Other, |there| likeness(&facts, &there, self.mirror.compares_content)) {
            Likeness::Same => true,
            Likeness::Other => false,
            Likeness::Unknown => match work.has_same_content(from, to, facts.size).await {
                Ok(is_same) => is_same,
                Err(trouble) if trouble.is_the_connection() => return Err(trouble),
                // What cannot be compared is copied, and says then what is wrong.
                Err(_) => false,
            },
        };
        if !is_same {
            if self.mirror.is_dry {
                work.tell(Side::From, from, What::WouldCopy).await;
                return Ok(());
            }
            work.meter.found(facts.size);
            return work.file_into(from, facts, to, there.is_none()).await;
        }
        let has_same_look =
            there.is_some_and(|there| mode.is_none_or(|mode| there.mode == mode) && there.changed.0 == facts.changed.0);
        if has_same_look || self.mirror.is_dry {
            return Ok(());
        }
        match work.to.set(to, mode, Some(&facts)).await {
            Ok(()) => Ok(()),
            Err(trouble) => work.failed(Side::To, to, trouble).await,
        }
    }

    async fn link(&self, from: &Path, to: &Path, facts: Facts, there: Option<Facts>, depth: usize) -> Result<(), Trouble> {
        let work = &self.work;
        if there.is_some_and(|there| there.kind == Kind::Link) {
            let (own, other) = (work.from.read_link(from).await, work.to.read_link(to).await);
            if own.is_ok() && own == other {
                return Ok(());
            }
        }
        if self.mirror.is_dry {
            work.tell(Side::From, from, What::WouldCopy).await;
            return Ok(());
        }
        work.link(from, facts, to, depth.saturating_sub(1)).await
    }
}

/// All names in a folder; what cannot be looked at counts as there.
async fn names(store: &Store, folder: &Path) -> Result<HashMap<OsString, Facts>, Trouble> {
    let mut all = HashMap::new();
    let mut listing = store.list(folder).await?;
    while let Some(batch) = listing.next(folder).await? {
        all.extend(batch.into_iter().flatten());
    }
    Ok(all)
}

/// What is there, and all below it, folders behind what is in them.
fn below<'a>(
    store: &'a Store,
    path: PathBuf,
    kind: Kind,
    all: &'a mut Vec<(PathBuf, Kind)>,
    depth: usize,
) -> Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send + 'a>> {
    Box::pin(async move {
        if depth > 100 {
            return Err(Trouble::TooDeep);
        }
        if kind == Kind::Folder {
            let mut inner: Vec<_> = names(store, &path).await?.into_iter().collect();
            inner.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (name, facts) in inner {
                below(store, path.join(name), facts.kind, all, depth + 1).await?;
            }
        }
        all.push((path, kind));
        Ok(())
    })
}

#[cfg(test)]
mod tests;
