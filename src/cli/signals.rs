//! What asks us to leave, where something must be put away first.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use crate::terminal::LeavingSignals;

/// How a guarded piece of work ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Guarded<T> {
    /// By itself.
    Done(T),
    /// This signal came, and the work did not end within the grace.
    Told(i32),
}

/// Do `work`; a signal that asks us to leave gives it `grace` to end by itself, then drops it, so that what it holds is put away.
pub async fn guarded<T>(grace: Duration, work: impl Future<Output = T>) -> io::Result<Guarded<T>> {
    let mut signals = LeavingSignals::listen()?;
    let mut work = pin!(work);
    let number = tokio::select! {
        // What is done is done, also if a signal ended it.
        biased;
        done = &mut work => return Ok(Guarded::Done(done)),
        number = signals.next() => number,
    };
    Ok(timeout(grace, work).await.map_or(Guarded::Told(number), Guarded::Done))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use rustix::process::{Signal, getpid, kill_process};

    use super::*;

    #[tokio::test]
    async fn work_that_ends_by_itself_is_done_and_work_that_does_not_is_dropped_with_the_signals_number() {
        let done = guarded(Duration::ZERO, async { 7 }).await.unwrap();
        assert_eq!(done, Guarded::Done(7));

        // The listener is up before the work is first polled.
        let told = guarded(Duration::ZERO, async {
            kill_process(getpid(), Signal::HUP).unwrap();
            pending::<()>().await;
        });
        assert_eq!(told.await.unwrap(), Guarded::Told(1));
    }
}
