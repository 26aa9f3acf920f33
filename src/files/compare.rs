//! Whether two files have the same content: both are read.

use std::path::Path;

use super::Trouble;
use super::copier::Work;
use super::stream::Source;

/// What is read at a time where neither end says how much.
const PIECE: u32 = 256 * 1024;

impl Work {
    /// Whether both are the same, byte for byte.
    pub(super) async fn has_same_content(&self, from: &Path, to: &Path, size: u64) -> Result<bool, Trouble> {
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
}
