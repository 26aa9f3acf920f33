//! Whether two files have the same content: both are read, or hashed where an end can do that.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::copier::Work;
use super::shell::BLOCK;
use super::stream::Source;
use super::{Store, Trouble};

/// What is read at a time where neither end says how much.
const PIECE: u32 = 256 * 1024;

impl Work {
    /// Whether both are the same, byte for byte.
    pub(super) async fn has_same_content(&self, from: &Path, to: &Path, size: u64) -> Result<bool, Trouble> {
        if self.from.is_shell() || self.to.is_shell() {
            return self.has_same_beginning(from, to, size).await;
        }
        let (one, other) = (Source::open(&self.from, from, size).await?, Source::open(&self.to, to, size).await?);
        let mut is_same = true;
        let piece = [one.piece(), other.piece()].into_iter().flatten().min().unwrap_or(PIECE);
        let mut at = 0;
        while at < size && is_same {
            let length = u32::try_from(size - at).unwrap_or(u32::MAX).min(piece);
            let (one, other) = tokio::try_join!(one.read(at, length), other.read(at, length))?;
            is_same = one.bytes() == other.bytes() && one.bytes().len() == length as usize;
            at += u64::from(length);
        }
        tokio::try_join!(one.close(), other.close())?;
        Ok(is_same)
    }

    /// Where a copy may go on that left a part of so many bytes; none if it is not what the source begins with. Where both ends would have
    /// to be read the name of the part has to do: it tells the state of the source.
    pub(super) async fn known_beginning(&self, from: &Path, part: &Path, size: u64) -> Result<Option<u64>, Trouble> {
        if !(self.from.is_shell() || self.to.is_shell()) {
            return Ok(Some(size));
        }
        let whole = size - size % BLOCK;
        match self.has_same_beginning(from, part, whole).await {
            Ok(true) if whole > 0 => Ok(Some(whole)),
            Err(trouble) if trouble.is_the_connection() => Err(trouble),
            _ => Ok(None),
        }
    }

    async fn has_same_beginning(&self, from: &Path, to: &Path, first: u64) -> Result<bool, Trouble> {
        let (one, other) = tokio::try_join!(hash(&self.from, from, first), hash(&self.to, to, first))?;
        Ok(one == other)
    }
}

/// The hash of the first bytes of a file, in hex.
async fn hash(store: &Store, path: &Path, first: u64) -> Result<String, Trouble> {
    if let Store::Shell(shells) = store {
        return shells.next().hash(path, first).await;
    }
    let source = Source::open(store, path, first).await?;
    let piece = source.piece().unwrap_or(PIECE);
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < first {
        let read = source.read(at, u32::try_from(first - at).unwrap_or(u32::MAX).min(piece)).await?;
        if read.bytes().is_empty() {
            break;
        }
        hash.update(read.bytes());
        at += read.bytes().len() as u64;
    }
    source.close().await?;
    Ok(format!("{:x}", hash.finalize()))
}
