//! One look at each file: opened without waiting, read once as long as it is the same file.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ec2dash_keys::{Format, KeyFile, PublicKey};
use zeroize::Zeroizing;

/// Larger files hold no key.
const MOST: u64 = 1024 * 1024;
/// What is read in one search, the smallest files first: many large files that hold no key must not hold up those that do.
const MOST_IN_ALL: u64 = 64 * 1024 * 1024;

/// Which file it is, and which state of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// What a file turned out to be.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) identity: Identity,
    pub(super) is_readable: bool,
    pub(super) others_may_read: bool,
    /// Carriage returns, or no line end at its end.
    pub(super) has_odd_line_ends: bool,
    /// None: it is no key that we know. OpenSSH may know better.
    pub(super) contents: Option<Arc<KeyFile>>,
}

/// What files said, by which file it was.
#[derive(Debug, Default)]
pub struct KeyMemory(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    looks: HashMap<Identity, Look>,
    /// How many files were opened.
    reads: usize,
}

impl Look {
    /// Whether it may hold a private key; one that cannot be read may.
    pub(super) fn is_private(&self) -> bool {
        !self.is_readable || self.contents.as_ref().is_some_and(|contents| contents.format != Format::Public)
    }

    /// The key, if the file holds the public half alone.
    pub(super) fn public_file(&self) -> Option<PublicKey> {
        let contents = self.contents.as_ref().filter(|contents| contents.format == Format::Public)?;
        contents.public.clone()
    }
}

impl KeyMemory {
    /// Look at these files, in their order; what is no regular file of a key's size is left out.
    pub(super) fn look_at(&self, paths: Vec<PathBuf>) -> Vec<(PathBuf, Look)> {
        let stated = |path: PathBuf| fs::metadata(&path).ok().filter(Metadata::is_file).map(|found| (path, found));
        let found: Vec<(PathBuf, Metadata)> =
            paths.into_iter().filter_map(stated).filter(|(_, found)| (1..=MOST).contains(&found.len())).collect();
        let mut by_size: Vec<usize> = (0..found.len()).collect();
        by_size.sort_by_key(|at| found.get(*at).map(|(_, found)| found.len()));
        let mut left = MOST_IN_ALL;
        let mut looks: Vec<Option<Look>> = vec![None; found.len()];
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for at in by_size {
            let Some((path, metadata)) = found.get(at) else { continue };
            let known = seen.looks.get(&identity(metadata)).cloned();
            let look = match known {
                Some(look) => look,
                None if metadata.len() > left => continue,
                None => {
                    left -= metadata.len();
                    seen.reads += 1;
                    let Some(look) = look(path, metadata) else { continue };
                    seen.looks.insert(look.identity, look.clone());
                    look
                }
            };
            if let Some(place) = looks.get_mut(at) {
                *place = Some(look);
            }
        }
        found.into_iter().zip(looks).filter_map(|((path, _), look)| Some((path, look?))).collect()
    }

    #[cfg(test)]
    pub(super) fn reads(&self) -> usize {
        self.0.lock().unwrap().reads
    }
}

fn identity(metadata: &Metadata) -> Identity {
    Identity {
        device: metadata.dev(),
        inode: metadata.ino(),
        size: metadata.len(),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    }
}

/// None: it is another file by now, and none that can hold a key.
fn look(path: &Path, before: &Metadata) -> Option<Look> {
    // As OpenSSH: it minds the mode of the user's own files only.
    let others_may_read =
        |metadata: &Metadata| metadata.uid() == rustix::process::getuid().as_raw() && metadata.mode() & 0o077 != 0;
    let unread = |metadata: &Metadata| Look {
        identity: identity(metadata),
        is_readable: false,
        others_may_read: others_may_read(metadata),
        has_odd_line_ends: false,
        contents: None,
    };
    let Ok((metadata, bytes)) = read(path) else { return Some(unread(before)) };
    if !metadata.is_file() || metadata.len() > MOST {
        return None;
    }
    let has_odd_line_ends = bytes.contains(&b'\r') || !bytes.ends_with(b"\n");
    let contents = KeyFile::read(&bytes).map(Arc::new);
    Some(Look { is_readable: true, has_odd_line_ends, contents, ..unread(&metadata) })
}

/// The bytes of a key file, wiped when dropped. No pipe, device or folder, and none that is too large to hold a key.
pub fn read_key_file(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    let (metadata, bytes) = read(path)?;
    match metadata.is_file() && metadata.len() <= MOST {
        true => Ok(bytes),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "too large for a key")),
    }
}

/// A pipe that has taken the file's place since is opened without waiting for its writer, and not read.
fn read(path: &Path) -> io::Result<(Metadata, Zeroizing<Vec<u8>>)> {
    let flags = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(metadata.len().min(MOST)).unwrap_or_default() + 1));
    if metadata.is_file() {
        file.take(MOST).read_to_end(&mut bytes)?;
    }
    Ok((metadata, bytes))
}
