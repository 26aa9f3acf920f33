//! What asks a program to leave, and how it stops for a while.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT. While this lives they do not end the process.
#[derive(Debug)]
pub struct LeavingSignals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
}

impl LeavingSignals {
    /// Listen from now on. Tokio keeps the handlers when this is dropped: the default action does not come back.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// The number of the next one. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
            _ = self.quit.recv() => SignalKind::quit(),
        };
        kind.as_raw_value()
    }
}

/// Whether a shell would get the terminal, and could wake us: it puts each of its jobs into a group of its own.
pub fn can_stop() -> bool {
    matches!(group_and_session(), Some((group, session)) if group != session)
}

/// Stop this process until somebody wakes it.
pub fn stop() {
    // Not TSTP: that one may be caught.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
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
