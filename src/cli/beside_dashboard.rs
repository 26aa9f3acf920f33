//! A run of this program beside a dashboard: out of reach of the terminal, over when the dashboard is.

use std::future::Future;
use std::io;
use std::pin::pin;

use rustix::process::{Signal, getpid, kill_process, setsid};

use super::Failure;
use crate::terminal::Lines;

/// Do `work` where nothing of it, and no program that it starts, can ask at the terminal. Once nobody holds the other end of stdin any more,
/// it is asked to leave, as by a SIGTERM.
pub async fn beside_dashboard<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    // Refused to the leader of a process group: then a shell has started this, which is the terminal's.
    let _ = setsid();
    let mut input = Lines::of_input()?;
    let mut work = pin!(work);
    tokio::select! {
        done = &mut work => return done,
        () = ended(&mut input) => {}
    }
    // Whoever has something to put away listens to that already.
    kill_process(getpid(), Signal::TERM).map_err(io::Error::from)?;
    work.await
}

/// Whether it breaks or ends is one to us.
async fn ended(input: &mut Lines) {
    while let Ok(Some(_)) = input.next().await {}
}
