//! What is to be copied where: the sources, the destination, and the stores that they are in.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::far::Found;
use super::way::{Carried, Way};
use crate::files::{
    Destination, Fault, Kind, Mirror, Options, Side, Spot, Store, Target, Trouble, has_hidden_name, mark, marked_target,
    own_name, shown,
};
use crate::model::Untrusted;

/// The stores that the spots are in.
pub struct Ends {
    there: Vec<(String, Store)>,
    here: Store,
}

impl Ends {
    pub fn new(found: &Found, ways: &[Way<'_>]) -> Self {
        let by_ssh = found.fars.iter().map(|far| (&far.names, &far.plan.target.id));
        let all = by_ssh.chain(found.by_session.iter().map(|far| (&far.names, &far.instance.id)));
        let there = all.filter_map(|(names, id)| Some((names, store(ways.iter().filter(|way| way.id == *id))?)));
        let there = there.flat_map(|(names, store)| names.iter().map(move |name| (name.clone(), store.clone()))).collect();
        Self { there, here: Store::Here }
    }

    pub fn of(&self, spot: &Spot) -> &Store {
        let named = |target: &str| self.there.iter().find(|(name, _)| name == target).map(|(_, store)| store);
        spot.target().and_then(named).unwrap_or(&self.here)
    }
}

/// What these sessions lead to: all of them are of one kind.
fn store<'a, 'w: 'a>(ways: impl Iterator<Item = &'a Way<'w>>) -> Option<Store> {
    let (mut servers, mut shells) = (Vec::new(), Vec::new());
    for way in ways {
        match &way.carried {
            Carried::Sftp(connection) => servers.push(connection.sftp.clone()),
            Carried::Shell(shell) => shells.push(shell.clone()),
        }
    }
    if servers.is_empty() {
        let mut shells = shells.into_iter();
        return shells.next().map(|first| Store::shell(first, shells.collect()));
    }
    let mut servers = servers.into_iter();
    servers.next().map(|first| Store::there(first, servers.collect()))
}

/// What is to be copied where.
pub struct Job<'a> {
    pub sources: &'a [Spot],
    pub destination: &'a Spot,
    pub ends: &'a Ends,
    pub options: Options,
    /// Whether the destination is made like the one source, and how; else they are copied into it.
    pub mirror: Option<Mirror>,
}

impl Job<'_> {
    /// From where to where.
    pub async fn placed(&self, source: &Spot, destination: Destination<'_>) -> Result<(PathBuf, Target), Fault> {
        let from_end = |trouble| Side::From.fault(trouble);
        let store = self.ends.of(source);
        let from = store.expanded(source.path()).await.map_err(from_end)?;
        let facts = store.facts(&from, true).await.map_err(from_end)?;
        let whole;
        let name = if has_hidden_name(&from) {
            whole = store.whole_path(&from).await.map_err(from_end)?;
            whole.file_name()
        } else {
            own_name(&from)
        };
        let is_folder = facts.kind == Kind::Folder;
        let to_end = |trouble| Side::To.fault(trouble);
        let is_begun = is_folder && self.is_begun(name, destination).await.map_err(to_end)?;
        let target = marked_target(name, is_folder, destination, is_begun).map_err(to_end)?;
        let is_same_store = source.target() == self.destination.target();
        if is_same_store && is_folder {
            let inner = store.whole_path(target.path.parent().unwrap_or(&target.path)).await;
            let outer = store.whole_path(&from).await.map_err(from_end)?;
            if inner.is_ok_and(|inner| inner.starts_with(&outer)) {
                return Err(from_end(Trouble::IntoItself));
            }
        }
        Ok((from, target))
    }

    /// Whether an earlier copy of this folder gave the destination its name, and this one goes on with it. One that begins anew means a
    /// folder that is there: it is nobody's beginning any more.
    async fn is_begun(&self, name: Option<&OsStr>, destination: Destination<'_>) -> Result<bool, Trouble> {
        let Some(name) = name.filter(|_| destination.kind == Some(Kind::Folder) && !destination.is_for_several) else {
            return Ok(false);
        };
        let store = self.ends.of(self.destination);
        let mark = destination.path.join(mark(name));
        match store.facts(&mark, false).await {
            Ok(_) if self.options.resumes => Ok(true),
            Ok(_) => store.remove(&mark).await.map(|()| false),
            Err(trouble) if trouble.is_the_connection() => Err(trouble),
            Err(_) => Ok(false),
        }
    }

    /// A path with the TARGET that it is on.
    pub fn shown(&self, side: Side, path: &Path) -> String {
        let spot = match side {
            Side::From => self.sources.iter().find(|source| path.starts_with(source.path())).or_else(|| self.sources.first()),
            Side::To => Some(self.destination),
        };
        place(spot.and_then(Spot::target), path)
    }
}

/// A path, with its TARGET in front if it has one.
pub fn place(target: Option<&str>, path: &Path) -> String {
    let path = shown(path).shown_in(300);
    target.map_or_else(|| path.clone(), |target| format!("{}:{path}", Untrusted::from(target).shown_in(60)))
}
