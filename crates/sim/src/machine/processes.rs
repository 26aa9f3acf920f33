//! The programs we started for sessions, so that none of them outlives its session.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// All that run now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Processes(Arc<Mutex<HashSet<Leader>>>);

/// The first process of a session. Its number goes to somebody else when the last of the session is gone, so its birth is known, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Leader {
    pid: Pid,
    born: Option<u64>,
}

impl Leader {
    fn of(pid: Pid) -> Self {
        Self { pid, born: born(pid) }
    }

    /// Whether another process has its number: then nothing of the session is left.
    fn is_somebody_else(self) -> bool {
        born(self.pid).is_some_and(|now| self.born != Some(now))
    }
}

impl Processes {
    /// Watch over the program `pid`, the leader of a process session of its own.
    pub(crate) fn watch(&self, pid: Pid) -> Watched {
        let leader = Leader::of(pid);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(leader);
        Watched { leader, all: self.clone() }
    }

    pub(crate) fn kill(&self) {
        for leader in std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            signal_session(leader, Signal::KILL);
        }
    }
}

/// One program and all it has started; killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Watched {
    leader: Leader,
    all: Processes,
}

impl Watched {
    /// As sshd does for the client: to the leader's process group.
    pub(crate) fn signal(&self, signal: Signal) {
        if !self.leader.is_somebody_else() {
            // An error says that it has just ended.
            let _ = kill_process_group(self.leader.pid, signal);
        }
    }

    /// As the agent does for a command: to the one process that it started.
    pub(crate) fn signal_leader(&self, signal: Signal) {
        if !self.leader.is_somebody_else() {
            // An error says that it has just ended.
            let _ = kill_process(self.leader.pid, signal);
        }
    }

    pub(crate) fn hang_up(&self) {
        signal_session(self.leader, Signal::HUP);
    }

    pub(crate) fn kill(&self) {
        signal_session(self.leader, Signal::KILL);
    }

    pub(crate) fn is_running(&self) -> bool {
        !members(self.leader).is_empty()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.kill();
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.leader);
    }
}

/// A shell's background jobs have process groups of their own, so the group of the leader is not enough.
fn signal_session(leader: Leader, signal: Signal) {
    for member in members(leader) {
        let _ = kill_process(member, signal);
        if signal == Signal::HUP {
            // A stopped job takes its signal when it goes on.
            let _ = kill_process(member, Signal::CONT);
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = kill_process_group(leader.pid, signal);
    }
}

/// The processes of the session `leader` started, as far as this system tells.
fn members(leader: Leader) -> Vec<Pid> {
    if leader.is_somebody_else() {
        return Vec::new();
    }
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok().filter(|pid| *pid > 0))
        .filter_map(Pid::from_raw)
        .filter(|pid| session_of(*pid) == Some(leader.pid))
        .collect()
}

/// When the process began, in ticks since this computer did: the 22nd field of `/proc/PID/stat`.
fn born(pid: Pid) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(19)?.parse().ok()
}

/// The sixth field of `/proc/PID/stat`; the second may hold blanks and brackets, a `Z` in the third has ended.
fn session_of(pid: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    if fields.next()? == "Z" {
        return None;
    }
    // A process that is being reaped has the session -1, one of another container 0.
    let session = fields.nth(2)?.parse().ok().filter(|session| *session > 0)?;
    Pid::from_raw(session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn the_programs_of_a_session_are_found_and_end_with_it() {
        let (pty, pts) = pty_process::open().unwrap();
        let mut shell = pty_process::Command::new("/bin/sh").args(["-c", "sleep 60 & wait"]).spawn(pts).unwrap();
        let leader = Pid::from_raw(shell.id().unwrap().cast_signed()).unwrap();
        let watched = Processes::default().watch(leader);
        while members(watched.leader).len() < 2 {
            tokio::task::yield_now().await;
        }

        // Another that had the number before: whoever has it now is not touched.
        let earlier = Watched { leader: Leader { born: Some(1), ..watched.leader }, all: Processes::default() };
        earlier.signal(Signal::KILL);
        drop(earlier);
        assert!(shell.try_wait().unwrap().is_none() && members(watched.leader).len() >= 2);

        watched.kill();
        shell.wait().await.unwrap();
        while watched.is_running() {
            tokio::task::yield_now().await;
        }
        drop(pty);
    }
}
