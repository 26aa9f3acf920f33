//! Signals that end the dashboard, stop it, or wake it.

use std::io;
use std::time::Duration;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::terminal::{LeavingSignals, can_stop, stop};

/// How long a stop may take to happen.
const STOPPING: Duration = Duration::from_millis(200);

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// End, by the signal of this number.
    End(i32),
    /// Stop until woken.
    Stop,
    /// We were stopped behind our back, and woken.
    Woken,
}

/// Everything we listen to.
pub struct Signals {
    leaving: LeavingSignals,
    stop: Signal,
    woken: Signal,
}

impl Signals {
    /// Listen from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            leaving: LeavingSignals::listen()?,
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            woken: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    /// The next one. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> Asked {
        tokio::select! {
            number = self.leaving.next() => Asked::End(number),
            _ = self.stop.recv() => Asked::Stop,
            _ = self.woken.recv() => Asked::Woken,
        }
    }

    /// The number of the next one that ends us; others are forgotten. Safe to drop half-done.
    pub async fn ending(&mut self) -> i32 {
        loop {
            if let Asked::End(number) = self.next().await {
                return number;
            }
        }
    }

    /// Whether a shell would get the terminal, and could wake us.
    pub fn can_stop() -> bool {
        can_stop()
    }

    /// Stop this process; returns when it was woken.
    pub async fn stop(&mut self) {
        stop();
        // Nobody wakes us if the stop did not happen (an orphaned process group).
        let _ = tokio::time::timeout(STOPPING, self.woken.recv()).await;
    }
}
