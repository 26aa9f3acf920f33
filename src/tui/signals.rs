//! Signals that end the dashboard, stop it, or wake it.

use std::io;
use std::time::Duration;

use rustix::process::{Signal as Number, getpid, kill_process};
use tokio::signal::unix::{Signal, SignalKind, signal};

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
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
    stop: Signal,
    woken: Signal,
}

impl Signals {
    /// Listen from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            woken: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    /// The next one. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::End(Number::INT.as_raw()),
            _ = self.terminate.recv() => Asked::End(Number::TERM.as_raw()),
            _ = self.hangup.recv() => Asked::End(Number::HUP.as_raw()),
            _ = self.quit.recv() => Asked::End(Number::QUIT.as_raw()),
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

    /// Stop this process; returns when it was woken.
    pub async fn stop(&mut self) {
        // Not TSTP: that one we catch.
        let _ = kill_process(getpid(), Number::STOP);
        // Nobody wakes us if the stop did not happen (an orphaned process group).
        let _ = tokio::time::timeout(STOPPING, self.woken.recv()).await;
    }
}
