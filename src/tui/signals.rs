//! Signals that end the dashboard, stop it, or wake it.

use std::io;
use std::time::Duration;

use rustix::process::{Signal as Number, getpid, kill_process};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::connect::LeavingSignals;

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

    /// Whether a shell would get the terminal, and could wake us: it puts each of its jobs into a group of its own.
    pub fn can_stop() -> bool {
        matches!(group_and_session(), Some((group, session)) if group != session)
    }

    /// Stop this process; returns when it was woken.
    pub async fn stop(&mut self) {
        // Not TSTP: that one we catch.
        let _ = kill_process(getpid(), Number::STOP);
        // Nobody wakes us if the stop did not happen (an orphaned process group).
        let _ = tokio::time::timeout(STOPPING, self.woken.recv()).await;
    }
}

/// Our process group and session. In a container the leader of our session may be a process outside, which the kernel calls 0; `getsid` of
/// rustix cannot say that.
#[cfg(target_os = "linux")]
fn group_and_session() -> Option<(i32, i32)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(2);
    let group = fields.next()?.parse().ok()?;
    let session = fields.next()?.parse().ok()?;
    // Without a leader in sight there may be no shell either.
    (group != 0 && session != 0).then_some((group, session))
}

#[cfg(not(target_os = "linux"))]
fn group_and_session() -> Option<(i32, i32)> {
    use rustix::process::{getpgid, getsid};
    Some((getpgid(None).ok()?.as_raw_nonzero().get(), getsid(None).ok()?.as_raw_nonzero().get()))
}
