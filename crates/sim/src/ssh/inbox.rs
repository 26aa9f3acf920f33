//! What a client has sent and the program behind the channel has not taken yet.
//!
//! russh renews the client's window when it has received something, whatever became of it, and one channel that is
//! not emptied stops the whole connection, the program's own output included. So every channel is emptied at once:
//! the first mebibyte waits in memory, the rest in a file without a name.

use std::collections::VecDeque;
use std::io::{self, SeekFrom};
use std::sync::Arc;

use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWrite, AsyncWriteExt};

use crate::machine::Homes;

const IN_MEMORY: usize = 1024 * 1024;

#[derive(Debug)]
pub(super) struct Inbox {
    memory: VecDeque<u8>,
    overflow: Option<Overflow>,
    homes: Arc<Homes>,
    ended: bool,
}

#[derive(Debug)]
struct Overflow {
    file: File,
    read: u64,
    written: u64,
}

impl Inbox {
    pub(super) fn new(homes: Arc<Homes>) -> Self {
        Self { memory: VecDeque::new(), overflow: None, homes, ended: false }
    }

    pub(super) async fn push(&mut self, data: &[u8]) -> io::Result<()> {
        if self.overflow.is_none() && self.memory.len() + data.len() <= IN_MEMORY {
            self.memory.extend(data);
            return Ok(());
        }
        let overflow = match &mut self.overflow {
            Some(overflow) => overflow,
            none => none.insert(Overflow { file: File::from_std(self.homes.nameless_file()?), read: 0, written: 0 }),
        };
        overflow.file.seek(SeekFrom::Start(overflow.written)).await?;
        overflow.file.write_all(data).await?;
        overflow.file.flush().await?;
        overflow.written += data.len() as u64;
        Ok(())
    }

    /// Nothing more will come.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.memory.is_empty()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.ended && self.memory.is_empty()
    }

    /// Hand the oldest bytes to `sink`. May be dropped half-done: they stay until [`Self::taken`] is told.
    pub(super) async fn give(&self, sink: &mut (impl AsyncWrite + Unpin)) -> io::Result<usize> {
        sink.write(self.memory.as_slices().0).await
    }

    pub(super) async fn taken(&mut self, count: usize) -> io::Result<()> {
        self.memory.drain(..count);
        if !self.memory.is_empty() {
            return Ok(());
        }
        let Some(overflow) = &mut self.overflow else {
            return Ok(());
        };
        let mut next = vec![0; IN_MEMORY];
        overflow.file.seek(SeekFrom::Start(overflow.read)).await?;
        let length = overflow.file.read(&mut next).await?;
        next.truncate(length);
        overflow.read += length as u64;
        self.memory = next.into();
        if overflow.read == overflow.written {
            self.overflow = None;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everything_comes_out_once_and_in_order_however_far_behind_the_reader_is() {
        let homes = Arc::new(Homes::temporary().unwrap());
        let mut inbox = Inbox::new(homes);
        let sent: Vec<u8> = (0..5_000_000_u32).map(|n| (n ^ (n >> 8)) as u8).collect();
        let mut received = Vec::new();

        for (index, chunk) in sent.chunks(32_768).enumerate() {
            inbox.push(chunk).await.unwrap();
            if index % 3 == 0 {
                let mut some = std::io::Cursor::new(vec![0; 10_000]);
                let count = inbox.give(&mut some).await.unwrap();
                received.extend_from_slice(&some.get_ref()[..count]);
                inbox.taken(count).await.unwrap();
            }
        }
        inbox.end();
        while !inbox.is_spent() {
            let count = inbox.give(&mut received).await.unwrap();
            inbox.taken(count).await.unwrap();
        }

        assert!(received == sent, "{} of {} bytes are the same", received.len(), sent.len());
    }

    #[tokio::test]
    async fn memory_stays_bounded() {
        let mut inbox = Inbox::new(Arc::new(Homes::temporary().unwrap()));

        for _ in 0..200 {
            inbox.push(&[7; 32_768]).await.unwrap();
        }

        assert!(inbox.memory.len() <= IN_MEMORY);
    }
}
