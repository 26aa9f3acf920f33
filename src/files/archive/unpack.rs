//! A tar stream from an instance, taken apart in a folder of our own: nothing in it leads out of there.

use std::cell::Cell;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use rustix::fs::Timestamps;
use tar::{Archive, Entry, EntryType};

use crate::files::name::leads_out;
use crate::files::store::stamps;
use crate::files::{Facts, Kind, Meter, Trouble, What, shown};

/// What may stand before the content of one file: its name, where it leads, and what a tar has to say of it.
const MOST_BEFORE: u64 = 1024 * 1024;

/// Takes a tar stream apart.
#[derive(Debug)]
pub struct Unpack<'a> {
    /// Where to.
    pub stage: &'a Path,
    /// The one file that was asked for; none: a folder, and all that is in it.
    pub only: Option<&'a Path>,
    /// What counts.
    pub meter: &'a Meter,
}

/// Reads what comes, and no more than is due: a name could be told without an end.
struct Bounded<'a, R> {
    inner: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !into.is_empty() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let most = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.inner.read(into.get_mut(..most).unwrap_or_default())?;
        self.left.set(left - read as u64);
        Ok(read)
    }
}

impl Unpack<'_> {
    /// All of it. `tell` hears of what is left out, by its name in the stream. An error is one that ends all.
    pub fn read(&self, stream: impl Read, mut tell: impl FnMut(&Path, What)) -> Result<(), Trouble> {
        let left = Cell::new(MOST_BEFORE);
        let mut archive = Archive::new(Bounded { inner: stream, left: &left });
        let mut folders = Vec::new();
        for entry in archive.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            left.set(u64::MAX);
            let name = entry.path().map_err(broken)?.into_owned();
            if let Err(trouble) = self.entry(&mut entry, &name, &mut folders, &mut tell) {
                if trouble == Trouble::Full || trouble.is_the_connection() {
                    return Err(trouble);
                }
                tell(&name, What::Failed(trouble));
            }
            // What is left of it is nobody's.
            io::copy(&mut entry, &mut io::sink()).map_err(broken)?;
            left.set(MOST_BEFORE);
        }
        // What fills the last block; who sends it must not find nobody there.
        left.set(u64::MAX);
        io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(broken)?;
        // Those in others first, as what is put into a folder changes it.
        for (path, mode, changed) in folders.into_iter().rev() {
            finish(&path, mode, changed).map_err(Trouble::from)?;
        }
        Ok(())
    }

    fn entry<R: Read>(
        &self,
        entry: &mut Entry<'_, R>,
        name: &Path,
        folders: &mut Vec<(PathBuf, u32, i64)>,
        tell: &mut dyn FnMut(&Path, What),
    ) -> Result<(), Trouble> {
        let inner = inside(name).ok_or(Trouble::BadName)?;
        if self.only.is_some_and(|only| only != inner) {
            return Err(Trouble::BadName);
        }
        let path = self.stage.join(&inner);
        let mode = entry.header().mode().unwrap_or(0o644) & 0o777;
        let changed = entry.header().mtime().ok().and_then(|time| i64::try_from(time).ok()).unwrap_or(0);
        let kind = entry.header().entry_type();
        if let Some(folder) = inner.parent() {
            self.make_folders(folder)?;
        }
        match kind {
            EntryType::Directory if self.only.is_none() => {
                self.make_folders(&inner)?;
                folders.push((path, mode, changed));
                Ok(())
            }
            // A file that has a second name here is a second file: the first one may be replaced on its own.
            EntryType::Regular | EntryType::Continuous | EntryType::Link => {
                let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
                if kind == EntryType::Link {
                    io::copy(&mut self.linked(entry)?, &mut made)?;
                } else {
                    self.meter.found(entry.size());
                    self.content(entry, &mut made)?;
                }
                self.meter.done();
                made.set_permissions(fs::Permissions::from_mode(mode))?;
                Ok(rustix::fs::futimens(&made, &times(changed)).map_err(io::Error::from)?)
            }
            EntryType::Symlink if self.only.is_none() => {
                let to = entry.link_name().map_err(broken)?.ok_or(Trouble::BadName)?.into_owned();
                std::os::unix::fs::symlink(&to, &path)?;
                if leads_out(to.as_os_str(), inner.components().count().saturating_sub(1)) {
                    tell(name, What::LeadsOut(shown(&to)));
                }
                Ok(())
            }
            EntryType::Fifo | EntryType::Char | EntryType::Block => {
                tell(name, What::Special);
                Ok(())
            }
            // Nothing that we ask for.
            _ => Err(Trouble::Unsupported),
        }
    }

    /// What a second name stands for: a file that came before.
    fn linked<R: Read>(&self, entry: &Entry<'_, R>) -> Result<File, Trouble> {
        let to = entry.link_name().map_err(broken)?.ok_or(Trouble::BadName)?.into_owned();
        let to = self.stage.join(inside(&to).ok_or(Trouble::BadName)?);
        let whole = fs::canonicalize(&to)?;
        let is_ours = whole.starts_with(fs::canonicalize(self.stage)?) && fs::symlink_metadata(&to)?.is_file();
        if is_ours { Ok(File::open(whole)?) } else { Err(Trouble::BadName) }
    }

    fn content<R: Read>(&self, entry: &mut Entry<'_, R>, made: &mut File) -> Result<(), Trouble> {
        let mut piece = vec![0; 64 * 1024];
        let mut all = 0;
        loop {
            let read = match entry.read(&mut piece) {
                Ok(0) if all < entry.size() => return Err(Trouble::Lost),
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) => return Err(broken(error)),
            };
            io::Write::write_all(made, piece.get(..read).unwrap_or_default())?;
            all += read as u64;
            self.meter.passed(read as u64);
        }
    }

    /// The folders that lead to something, each of them a folder of ours and no link.
    fn make_folders(&self, inner: &Path) -> Result<(), Trouble> {
        let mut path = self.stage.to_owned();
        for name in inner {
            path.push(name);
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if !fs::symlink_metadata(&path)?.is_dir() {
                        return Err(Trouble::NotFolder);
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// The same path without what changes nothing in it; none if it leads out, or names nothing that may be.
fn inside(name: &Path) -> Option<PathBuf> {
    let mut inner = PathBuf::new();
    for component in name.components() {
        match component {
            Component::Normal(name) => inner.push(name),
            Component::CurDir => {}
            Component::RootDir | Component::ParentDir | Component::Prefix(_) => return None,
        }
    }
    Some(inner)
}

/// The stream is none.
fn broken(_: io::Error) -> Trouble {
    Trouble::Lost
}

fn times(changed: i64) -> Timestamps {
    stamps(&Facts { kind: Kind::File, size: 0, mode: 0, changed: (changed, 0), accessed: changed, taken: None })
}

/// Give a folder what it is to have, when nothing more is put into it.
fn finish(path: &Path, mode: u32, changed: i64) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(rustix::fs::utimensat(rustix::fs::CWD, path, &times(changed), rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?)
}
