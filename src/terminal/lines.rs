//! Lines of standard input as the terminal makes them, read no further than they go.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Most bytes of a line that are kept.
const LONGEST_LINE: usize = 4_096;

/// The lines of standard input, each read when it is there and no further: what follows may be for a session.
#[derive(Debug)]
pub struct Lines {
    input: OwnedFd,
    /// Wakes us when there is something; `None` for a file, which always has something.
    ready: Option<AsyncFd<OwnedFd>>,
    line: Vec<u8>,
}

impl Lines {
    /// Those of our standard input.
    pub fn of_input() -> io::Result<Self> {
        Self::of(io::stdin().as_fd().try_clone_to_owned()?)
    }

    /// Those of another stream. The first line is in one piece of memory from its beginning.
    pub(super) fn of(input: OwnedFd) -> io::Result<Self> {
        let ready = waited(input.try_clone()?).ok();
        Ok(Self { input, ready, line: Vec::with_capacity(LONGEST_LINE) })
    }

    /// The next line; `None` at the end. Safe to drop half-done: what was read stays.
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(ready) = &self.ready {
                let mut guard = ready.readable().await?;
                // A session may have read what woke us.
                let mut wanted = [PollFd::new(&self.input, PollFlags::IN)];
                if poll(&mut wanted, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))? == 0 {
                    guard.clear_ready();
                    continue;
                }
            }
            let mut byte = [0];
            match rustix::io::read(&self.input, &mut byte) {
                Ok(0) if self.line.is_empty() => return Ok(None),
                Ok(0) => return Ok(Some(self.take())),
                Ok(_) if byte == *b"\n" => return Ok(Some(self.take())),
                Ok(_) if self.line.len() < LONGEST_LINE => self.line.extend(byte),
                Ok(_) | Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn take(&mut self) -> String {
        String::from_utf8(std::mem::take(&mut self.line))
            .unwrap_or_else(|odd| String::from_utf8_lossy(odd.as_bytes()).into_owned())
    }
}

#[expect(deprecated, reason = "its successor is unsafe to call, for types that may lose their descriptor; an owned one keeps it")]
fn waited(own: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(own, Interest::READABLE)
}
