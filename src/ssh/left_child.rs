//! The program that a session runs, noted in its private directory so that the next start can end it if we are killed.
//!
//! After a `SIGKILL` of ours ssh goes on with a terminal that the user's shell has taken back. A process id alone may by then belong to
//! somebody else, so the time of its start stands beside it; where that cannot be read (no `/proc`) nothing is noted and nothing ended.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

const NAME: &str = "child";
/// Two numbers are shorter.
const LONGEST_NOTE: u64 = 100;

/// Note the process `id` in `directory`. That this fails only means that nobody can end it later.
pub(super) fn note(directory: &Path, id: u32) {
    let Some(start) = start_of(id) else { return };
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(directory.join(NAME))
        .and_then(|mut file| writeln!(file, "{id} {start}"));
    if let Err(error) = written {
        tracing::debug!("the session's process is not noted: {error}");
    }
}

/// End the process noted in the directory of a run that is no more, if it is still the same one.
pub(super) fn end(directory: &Path) {
    let no_wait = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(no_wait).open(directory.join(NAME));
    let Ok(note) = opened.and_then(|file| io::read_to_string(file.take(LONGEST_NOTE))) else { return };
    let mut words = note.split_whitespace();
    let id: Option<u32> = words.next().and_then(|word| word.parse().ok());
    let start: Option<u64> = words.next().and_then(|word| word.parse().ok());
    let (Some(id), Some(start)) = (id, start) else { return };
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
    if let (Some(pid), true) = (pid, start_of(id) == Some(start)) {
        // Not ours any more, or gone in between: then it is not for us to end.
        let _ = kill_process(pid, Signal::HUP);
    }
}

/// Ticks from boot to the start of a process: field 22 of `/proc/<id>/stat`, counted from behind the name, which may hold anything.
fn start_of(id: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_noted_process_is_ended_and_only_while_it_is_the_same_one() {
        let directory = tempfile::tempdir().unwrap();
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        note(directory.path(), child.id());
        let same = fs::read_to_string(directory.path().join(NAME)).unwrap();
        fs::write(directory.path().join(NAME), format!("{} 1\n", child.id())).unwrap();

        end(directory.path());
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert!(child.try_wait().unwrap().is_none(), "another process of that id was ended");

        fs::write(directory.path().join(NAME), same).unwrap();
        end(directory.path());
        assert!(!child.wait().unwrap().success());
    }
}
