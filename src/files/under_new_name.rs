//! A folder that gets a new name: it has a mark in it until all of it is there, by which a later copy finds out that an interrupted one was
//! going to just this folder, and not into it.

use std::path::Path;

use super::copier::{Copier, Work, fill_folder};
use super::stream::Sink;
use super::{Facts, Kind, Side, Target, Trouble};

/// Most that everybody may do with a mark: nothing is in it.
const MODE: u32 = 0o644;

impl Copier {
    /// Copy `source` to where `target` says. An error is one that ends all: the connection is gone, or the room.
    pub async fn copy_as(&self, source: &Path, target: &Target) -> Result<(), Trouble> {
        let work = self.work();
        let path = &target.path;
        let Some(mark) = target.mark.as_ref().filter(|_| work.options.is_recursive) else { return self.copy(source, path).await };
        let facts = match work.from.facts(source, true).await {
            Ok(facts) if facts.kind == Kind::Folder => facts,
            // It says what is wrong.
            _ => return self.copy(source, path).await,
        };
        let mark = path.join(mark);
        work.parts.begin_folder(&mark);
        let is_new = match work.make_marked(path, &mark, facts).await {
            Ok(is_new) => is_new,
            Err(trouble) => {
                if !trouble.is_the_connection() {
                    work.parts.end(&mark);
                }
                return work.failed(Side::To, path, trouble).await;
            }
        };
        fill_folder(work, source, path, 0, is_new).await?;
        // Before its folder gets its time.
        match work.to.remove(&mark).await {
            Err(trouble) if trouble.is_the_connection() => return Err(trouble),
            // A later copy goes on where nothing is left to do.
            _ => work.parts.end(&mark),
        }
        work.finish_folder(facts, path).await
    }
}

impl Work {
    /// Whether the folder was made; it is asked for together with its mark, so that there is hardly a moment in which it stands without one.
    async fn make_marked(&self, folder: &Path, mark: &Path, facts: Facts) -> Result<bool, Trouble> {
        let (made, marked) = tokio::join!(self.make_folder(folder, facts, 0), Sink::create(&self.to, mark, MODE));
        let is_new = made?;
        let marked = match marked {
            Ok(sink) => Ok(sink),
            // It is the mark of an earlier copy.
            Err(_) if !is_new && self.to.facts(mark, false).await.is_ok() => return Ok(false),
            // Sessions need not answer in the order in which they were asked.
            Err(_) => Sink::create(&self.to, mark, MODE).await,
        };
        marked?.finish(None, None, None).await?;
        Ok(is_new)
    }
}
