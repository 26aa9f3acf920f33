//! What is here as a tar stream.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::OFlags;
use tar::{Builder, EntryType, Header};

use crate::files::name::{leads_out, shown};
use crate::files::part::is_any_part;
use crate::files::store::{here, told};
use crate::files::{Facts, Kind, Meter, Trouble, What};

/// What the file or the folder is called in the stream, whatever it is called here.
const TOP: &str = "n";
/// Folders in folders: a path of Linux has room for no more that have names.
const DEEPEST: usize = 1_000;

/// Whether there is a stream; else which file keeps it from being one, and why.
pub type Packed = Result<(), (PathBuf, Trouble)>;

/// Makes a tar stream of what is here.
#[derive(Debug)]
pub struct Pack<'a> {
    /// Modes as they are, and times.
    pub keeps: bool,
    /// What new files lack there of the mode that is asked for.
    pub umask: u32,
    /// What counts.
    pub meter: &'a Arc<Meter>,
}

/// Something that is to go.
struct Found {
    path: PathBuf,
    name: PathBuf,
    facts: Facts,
    depth: usize,
}

impl Pack<'_> {
    /// The file or folder `source` and what is in it; `tell` hears what is to be said of single files. An error is one that leaves no
    /// stream: it could not be written, or a file changed while it was read, and then which.
    pub fn write(&self, source: &Path, out: impl Write, mut tell: impl FnMut(&Path, What)) -> Packed {
        walk(source, &mut |_, _| {}, &mut |found| {
            if found.facts.kind == Kind::File {
                self.meter.found(found.facts.size);
            }
            Ok(())
        })?;
        let mut builder = Builder::new(out);
        let said = std::cell::RefCell::new(&mut tell);
        walk(source, &mut |path, trouble| (said.borrow_mut())(path, What::Failed(trouble)), &mut |found| {
            self.append(&mut builder, found, &mut |path, what| (said.borrow_mut())(path, what))
                .map_err(|trouble| (found.path.clone(), trouble))
        })?;
        builder.finish().map_err(|_| (source.to_owned(), Trouble::Lost))
    }

    fn append(&self, builder: &mut Builder<impl Write>, found: &Found, tell: &mut dyn FnMut(&Path, What)) -> Result<(), Trouble> {
        let Found { path, name, facts, depth } = found;
        let mut header = Header::new_gnu();
        header.set_mode(self.mode(facts, *depth));
        header.set_mtime(u64::try_from(facts.changed.0).unwrap_or(0));
        header.set_size(0);
        match facts.kind {
            Kind::Folder => {
                header.set_entry_type(EntryType::Directory);
                builder.append_data(&mut header, name, io::empty()).map_err(|_| Trouble::Lost)
            }
            Kind::Link => {
                let Ok(to) = fs::read_link(path) else {
                    tell(path, What::Failed(Trouble::Missing));
                    return Ok(());
                };
                header.set_entry_type(EntryType::Symlink);
                builder.append_link(&mut header, name, &to).map_err(|_| Trouble::Lost)?;
                if leads_out(to.as_os_str(), depth.saturating_sub(1)) {
                    tell(path, What::LeadsOut(shown(&to)));
                }
                Ok(())
            }
            Kind::Special => {
                tell(path, What::Special);
                Ok(())
            }
            Kind::File => {
                let file = match open(path, *depth) {
                    Ok(file) => file,
                    Err(error) => {
                        tell(path, What::Failed(error.into()));
                        return Ok(());
                    }
                };
                if facts.is_sparse() {
                    tell(path, What::Sparse { taken: facts.taken.unwrap_or_default(), size: facts.size });
                }
                header.set_entry_type(EntryType::Regular);
                header.set_size(facts.size);
                let mut reading = Exactly { file: &file, left: facts.size, meter: self.meter, fault: None };
                let written = builder.append_data(&mut header, name, &mut reading);
                if let Some(fault) = reading.fault.take() {
                    return Err(fault);
                }
                written.map_err(|_| Trouble::Lost)?;
                if !file.metadata().is_ok_and(|now| told(&now).is_same(facts)) {
                    return Err(Trouble::Changed);
                }
                self.meter.done();
                Ok(())
            }
        }
    }

    /// The mode that it gets there. Into the top folder something has to be put, whatever its mode is in the end.
    fn mode(&self, facts: &Facts, depth: usize) -> u32 {
        let mode = if self.keeps { facts.mode } else { facts.mode & 0o777 & !self.umask };
        let is_ours = facts.kind == Kind::Folder && (depth == 0 || !self.keeps);
        if is_ours { mode | 0o700 } else { mode }
    }
}

/// What became a pipe in between must not be waited for, and what became a link not followed.
fn open(path: &Path, depth: usize) -> io::Result<File> {
    let flags = if depth == 0 { OFlags::NONBLOCK } else { OFlags::NONBLOCK | OFlags::NOFOLLOW };
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(here(path))
}

/// Go through what is there, folders before what is in them.
fn walk(source: &Path, fail: &mut dyn FnMut(&Path, Trouble), visit: &mut dyn FnMut(&Found) -> Packed) -> Packed {
    let mut ahead = vec![(source.to_owned(), PathBuf::from(TOP), 0)];
    while let Some((path, name, depth)) = ahead.pop() {
        let looked = if depth == 0 { fs::metadata(here(&path)) } else { fs::symlink_metadata(&path) };
        let facts = match looked {
            Ok(metadata) => told(&metadata),
            Err(error) => {
                fail(&path, error.into());
                continue;
            }
        };
        if depth > DEEPEST {
            fail(&path, Trouble::TooDeep);
            continue;
        }
        let is_folder = facts.kind == Kind::Folder;
        let found = Found { path, name, facts, depth };
        visit(&found)?;
        if !is_folder {
            continue;
        }
        let Found { path, name, .. } = found;
        match fs::read_dir(here(&path)) {
            Ok(entries) => {
                for entry in entries {
                    match entry {
                        // What an interrupted copy left is nobody's file.
                        Ok(entry) if is_any_part(&entry.file_name()) => {}
                        Ok(entry) => ahead.push((path.join(entry.file_name()), name.join(entry.file_name()), depth + 1)),
                        Err(error) => fail(&path, error.into()),
                    }
                }
            }
            Err(error) => fail(&path, error.into()),
        }
    }
    Ok(())
}

/// As many bytes of a file as were announced: a stream has no way to take that back.
struct Exactly<'a> {
    file: &'a File,
    left: u64,
    meter: &'a Meter,
    fault: Option<Trouble>,
}

impl Read for Exactly<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let Some(into) = into.get_mut(..most).filter(|into| !into.is_empty()) else { return Ok(0) };
        let read = match self.file.read(into) {
            Ok(0) => Err(Trouble::Changed),
            Ok(read) => Ok(read),
            Err(error) => Err(error.into()),
        };
        match read {
            Ok(read) => {
                self.left -= read as u64;
                self.meter.passed(read as u64);
                Ok(read)
            }
            Err(trouble) => {
                self.fault = Some(trouble);
                Err(io::ErrorKind::Other.into())
            }
        }
    }
}
