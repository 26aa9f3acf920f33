//! How a program stops for a while, so that the user's shell has the terminal, and is woken.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long a stop may take to happen. Where it does not (the first process of a container), nobody wakes us.
const STOPPING: Duration = Duration::from_secs(1);

/// How many listen. A session that the dashboard has lent the terminal to knows best what to do before a stop.
static LISTENERS: AtomicUsize = AtomicUsize::new(0);

/// What somebody else did or wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Stop until woken.
    Requested,
    /// We were stopped behind our back, and woken.
    Over,
}

/// SIGTSTP and SIGCONT. While this lives the first does not stop the process by itself; of several, the youngest hears.
#[derive(Debug)]
pub struct Pauses {
    stop: Signal,
    woken: Signal,
    level: usize,
}

impl Pauses {
    /// Listen from now on. Tokio keeps the handlers when this is dropped: the default action does not come back.
    pub fn listen() -> io::Result<Self> {
        let stop = signal(SignalKind::from_raw(Number::TSTP.as_raw()))?;
        let woken = signal(SignalKind::from_raw(Number::CONT.as_raw()))?;
        Ok(Self { stop, woken, level: LISTENERS.fetch_add(1, Ordering::SeqCst) + 1 })
    }

    /// The next one, while nobody listens who began later. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> Pause {
        loop {
            let pause = tokio::select! {
                _ = self.stop.recv() => Pause::Requested,
                _ = self.woken.recv() => Pause::Over,
            };
            if LISTENERS.load(Ordering::SeqCst) == self.level {
                return pause;
            }
        }
    }

    /// Stop our process group, as the terminal does for Ctrl-Z: a wrapper that waits for us must not keep the terminal from the shell.
    /// Returns when we were woken.
    pub async fn pause(&mut self) {
        self.forget();
        // Not TSTP: that one may be caught.
        if rustix::process::kill_current_process_group(Number::STOP).is_ok() {
            // The other threads may run on for a moment.
            let _ = tokio::time::timeout(STOPPING, self.woken.recv()).await;
        }
        // Whoever stopped the group may have told each of it.
        self.forget();
    }

    fn forget(&mut self) {
        while pin!(self.stop.recv()).now_or_never().is_some() || pin!(self.woken.recv()).now_or_never().is_some() {}
    }
}

impl Drop for Pauses {
    fn drop(&mut self) {
        LISTENERS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether a shell would get the terminal, and could wake us: somebody in our session who is not of our group has started one of it.
/// Otherwise the group is orphaned, and a stop would be for ever.
pub fn can_pause() -> bool {
    let Some(own) = own() else { return false };
    has_shell(own, processes())
}

/// What job control knows of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Process {
    id: i32,
    parent: i32,
    group: i32,
    session: i32,
}

fn has_shell(own: Process, all: Vec<Process>) -> bool {
    // In a container the leader of our session may be a process outside, which the kernel calls 0: then there may be no shell either.
    if own.group == own.session || own.session == 0 {
        return false;
    }
    let is_ours = |process: &&Process| process.group == own.group && process.session == own.session;
    let starts_jobs = |parent: i32| {
        all.iter().any(|process| process.id == parent && process.session == own.session && process.group != own.group)
    };
    all.iter().filter(is_ours).any(|process| starts_jobs(process.parent))
}

#[cfg(target_os = "linux")]
fn own() -> Option<Process> {
    process("self")
}

#[cfg(target_os = "linux")]
fn processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    ids.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).filter_map(|id| process(&id)).collect()
}

#[cfg(target_os = "linux")]
fn process(id: &str) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (id, rest) = stat.split_once(' ')?;
    let mut fields = rest.rsplit_once(')')?.1.split_ascii_whitespace().skip(1).map(str::parse);
    let mut next = || fields.next()?.ok();
    Some(Process { id: id.parse().ok()?, parent: next()?, group: next()?, session: next()? })
}

#[cfg(not(target_os = "linux"))]
fn own() -> Option<Process> {
    use rustix::process::{getpgid, getpid, getppid, getsid};
    let number = |id: rustix::process::Pid| id.as_raw_nonzero().get();
    let parent = getppid().map_or(0, number);
    Some(Process { id: number(getpid()), parent, group: number(getpgid(None).ok()?), session: number(getsid(None).ok()?) })
}

/// Us and who started us: the rest cannot be asked for. A wrapper of our own group counts as started by a shell.
#[cfg(not(target_os = "linux"))]
fn processes() -> Vec<Process> {
    use rustix::process::{Pid, getpgid, getsid};
    let Some(own) = own() else { return Vec::new() };
    let parent = Pid::from_raw(own.parent);
    let number = |id: rustix::io::Result<Pid>| id.map_or(0, |id| id.as_raw_nonzero().get());
    let (group, session) = (number(getpgid(parent)), number(getsid(parent)));
    let group = if group == own.group { own.session } else { group };
    vec![own, Process { id: own.parent, parent: 0, group, session }]
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn process(id: i32, parent: i32, group: i32, session: i32) -> Process {
        Process { id, parent, group, session }
    }

    #[test]
    fn a_group_can_pause_while_its_session_has_somebody_outside_of_it_who_started_one_of_it() {
        let shell = process(10, 1, 10, 10);
        let own = process(22, 21, 20, 10);
        let cases = [
            ("a job of the shell", process(20, 10, 20, 10), vec![shell, process(20, 10, 20, 10)], true),
            ("behind wrappers", own, vec![shell, process(20, 10, 20, 10), process(21, 20, 20, 10), own], true),
            ("beside one that the shell started", process(22, 1, 20, 10), vec![shell, process(20, 10, 20, 10)], true),
            ("the shell has gone", own, vec![process(20, 1, 20, 10), process(21, 20, 20, 10), own], false),
            ("started from another session", own, vec![process(5, 1, 5, 5), process(21, 5, 20, 10), own], false),
            ("in the group of the session's leader", process(22, 10, 10, 10), vec![shell, process(22, 10, 10, 10)], false),
            ("whose leader is out of sight", process(22, 0, 20, 0), vec![process(22, 0, 20, 0)], false),
        ];
        for (what, own, all, expected) in cases {
            assert_eq!(has_shell(own, all), expected, "{what}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_tells_of_us_and_of_our_parent() {
        let own = own().unwrap();

        let all = processes();

        assert!(all.contains(&own), "{own:?} is not among {} processes", all.len());
        assert_eq!(own.id, rustix::process::getpid().as_raw_nonzero().get());
    }
}
