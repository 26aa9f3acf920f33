//! The content of one file on its way: many pieces at a time, and never more of them in memory than the budget has.

use std::sync::Arc;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::stream::{Sink, Source};
use super::{Fault, Meter, Side, Trouble};

/// Bytes in memory at a time, of all files together: more than any window of ssh.
pub const BUDGET: usize = 16 * 1024 * 1024;
/// Pieces of one file that are on their way at a time.
const AT_ONCE: usize = 64;
/// A piece where neither end says how large one may be.
const USUAL: u32 = 256 * 1024;

/// What of a file is to go.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// Where it begins.
    pub from: u64,
    /// Where it ends: the size of the file.
    pub to: u64,
    /// Whether pieces of zeros stay unwritten, as holes.
    pub has_holes: bool,
}

/// Carry a stretch from one end to the other. Pieces are written in order, so that what is there when it breaks off is a beginning.
/// `there` is told how far it is. `is_full`: another one has found that there is no room.
pub async fn carry(
    source: &Source,
    sink: &Sink,
    stretch: Stretch,
    budget: &Arc<Semaphore>,
    meter: &Meter,
    there: &(dyn Fn(u64) + Send + Sync),
    is_full: &CancellationToken,
) -> Result<(), Fault> {
    let size = [source.piece(), sink.piece()].into_iter().flatten().min().unwrap_or(USUAL);
    let starts = (stretch.from..stretch.to).step_by(size as usize);
    let read = |at: u64| async move {
        let length = u32::try_from(stretch.to - at).unwrap_or(u32::MAX).min(size);
        // Whoever comes first gets first, so that the piece that all others wait for is never without.
        let room = Arc::clone(budget).acquire_many_owned(length).await.map_err(|_| Side::From.fault(Trouble::Lost))?;
        let data = source.read(at, length).await.map_err(|trouble| Side::From.fault(trouble))?;
        let is_whole = data.bytes().len() == length as usize;
        if is_whole { Ok((at, length, data, room)) } else { Err(Side::From.fault(Trouble::Changed)) }
    };
    let mut pieces = futures_util::stream::iter(starts).map(read).buffered(AT_ONCE);
    let mut writes = FuturesUnordered::new();
    let told = |length: u32| {
        meter.passed(length.into());
        there(length.into());
    };
    let carried = async {
        loop {
            tokio::select! {
                biased;
                () = is_full.cancelled() => return Err(Side::To.fault(Trouble::Full)),
                Some(written) = writes.next() => told(written?),
                piece = pieces.next(), if writes.len() < AT_ONCE => {
                    let Some(piece) = piece else { break };
                    let (at, length, data, room) = piece?;
                    if stretch.has_holes && data.bytes().iter().all(|byte| *byte == 0) {
                        told(length);
                        continue;
                    }
                    let written = sink.write(at, data);
                    let work = async move {
                        written.await.map_err(|trouble| Side::To.fault(trouble))?;
                        drop(room);
                        Ok::<u32, Fault>(length)
                    };
                    // What is written here is in order because the next is not begun before.
                    match sink {
                        Sink::Here(_) => told(work.await?),
                        Sink::There(..) | Sink::Shell(..) => writes.push(work),
                    }
                }
            }
        }
        while let Some(written) = writes.next().await {
            told(written?);
        }
        Ok(())
    }
    .await;
    if matches!(sink, Sink::Shell(..)) && carried.as_ref().is_err_and(|fault: &Fault| !fault.trouble.is_the_connection()) {
        // What a shell was asked to write it writes, also behind the removal of the part that another one is asked for.
        while writes.next().await.is_some() {}
    }
    carried
}
