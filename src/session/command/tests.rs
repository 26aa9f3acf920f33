//! The shell around a command, run by the shells there are as the agent runs it.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::*;

/// An instance with these programs and no others: its `sh`, and whether it has bash and setsid.
struct Machine {
    name: &'static str,
    programs: TempDir,
    /// Whether its shell can have jobs, so that nothing about the command is other than without us.
    has_jobs: bool,
}

fn program(name: &str) -> PathBuf {
    let places = ["/bin", "/usr/bin", "/usr/local/bin"].map(|place| Path::new(place).join(name));
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{name} is missing: apt-get install {name}"))
}

impl Machine {
    fn new(name: &'static str, shell: &str, others: &[&str]) -> Self {
        let programs = tempfile::tempdir().unwrap();
        symlink(program(shell), programs.path().join("sh")).unwrap();
        for other in ["false", "grep", "sleep"].iter().chain(others) {
            symlink(program(other), programs.path().join(other)).unwrap();
        }
        Self { name, programs, has_jobs: others.contains(&"bash") }
    }

    fn all() -> [Self; 6] {
        [
            Self::new("bash", "bash", &["bash", "setsid"]),
            Self::new("dash beside bash", "dash", &["bash", "setsid"]),
            Self::new("dash", "dash", &["setsid"]),
            Self::new("dash alone", "dash", &[]),
            Self::new("busybox", "busybox", &[]),
            Self::new("busybox beside setsid", "busybox", &["setsid"]),
        ]
    }

    /// Start it as the agent does: both streams into one file, no input, in the group of the agent's worker.
    fn start(&self, script: &str, mark: &Mark, into: &File) -> Child {
        let (first, second) = mark.halves();
        let mut command = Command::new(self.programs.path().join("sh"));
        command.args(["-c", SHELL, "sh", AROUND, script, first, second]).env_clear().env("PATH", self.programs.path());
        command.stdin(Stdio::null()).stdout(into.try_clone().unwrap()).stderr(into.try_clone().unwrap());
        command.spawn().unwrap()
    }

    fn run(&self, script: &str) -> (String, Option<u8>) {
        let mark = Mark::random();
        let file = tempfile::NamedTempFile::new().unwrap();
        let sink = std::fs::OpenOptions::new().append(true).open(file.path()).unwrap();
        let status = self.start(script, &mark, &sink).wait().unwrap();
        let (shown, code) = told(&std::fs::read(file.path()).unwrap(), &mark);
        assert_eq!(code.map(i32::from), status.code(), "{}: {shown}", self.name);
        (shown, code)
    }
}

/// What of it is shown, each byte a character, and the status.
fn told(said: &[u8], mark: &Mark) -> (String, Option<u8>) {
    let mut last = LastWord::behind(mark);
    let mut shown = last.take(said);
    shown.extend(last.rest());
    (shown.iter().copied().map(char::from).collect(), last.code())
}

/// What has ended and waits for somebody to ask how does not run.
fn is_running(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, fields)| !fields.starts_with('Z'))
}

#[test]
fn the_shell_around_it_tells_the_status_and_nothing_else() {
    for machine in Machine::all() {
        for (script, said, code) in [
            ("exit 0", "", 0),
            ("echo a; echo b >&2; exit 42", "a\nb\n", 42),
            ("printf 'a\\r\\n\\377'; false", "a\r\n\u{ff}", 1),
            ("kill -TERM $$", "", 143),
            ("exec 1>&- 2>&-; exit 5", "", 5),
            ("exec false", "", 1),
            ("echo \"$1\" $#", " 0\n", 0),
        ] {
            assert_eq!(machine.run(script), (said.to_owned(), Some(code)), "{}: {script}", machine.name);
        }
        let (shown, code) = machine.run("echo \"");
        assert!(code == Some(2) && !shown.is_empty(), "{}: what is no command line is told in the shell's words", machine.name);
    }
}

#[test]
fn where_a_shell_has_jobs_a_command_hears_every_signal_it_would_hear_without_us() {
    let of_signals = "grep SigIgn: /proc/self/status";
    let ours = Command::new("sh").args(["-c", of_signals]).output().unwrap();

    for machine in Machine::all().into_iter().filter(|machine| machine.has_jobs) {
        let (shown, _) = machine.run(of_signals);

        assert_eq!(shown, String::from_utf8_lossy(&ours.stdout), "{}", machine.name);
    }
}

/// Start a command that is a process within a shell, as most are; that process, once it is under way.
fn start_sleeping(machine: &Machine, mark: &Mark, file: &tempfile::NamedTempFile) -> (Child, Pid) {
    let sink = std::fs::OpenOptions::new().append(true).open(file.path()).unwrap();
    let child = machine.start("sh -c 'echo $$; exec sleep 1000'; echo never", mark, &sink);
    let sleeping = first_pid(file);
    // Not before it is sleep: what a shell hears on its way into another program may be lost.
    while !std::fs::read(format!("/proc/{}/cmdline", sleeping.as_raw_nonzero())).unwrap().starts_with(b"sleep") {
        thread::sleep(Duration::from_millis(10));
    }
    (child, sleeping)
}

/// The process whose number is the first line said.
fn first_pid(file: &tempfile::NamedTempFile) -> Pid {
    loop {
        let said = std::fs::read_to_string(file.path()).unwrap();
        if let Some(pid) = said.split_once('\n').and_then(|(pid, _)| Pid::from_raw(pid.parse().ok()?)) {
            return pid;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn wait_until_gone(pid: Pid) {
    while is_running(pid) {
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn an_interrupt_of_the_one_process_ends_all_of_the_command() {
    for machine in Machine::all() {
        let mark = Mark::random();
        let file = tempfile::NamedTempFile::new().unwrap();
        let (mut child, sleeping) = start_sleeping(&machine, &mark, &file);

        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let status = child.wait().unwrap();

        let (shown, code) = told(&std::fs::read(file.path()).unwrap(), &mark);
        assert_eq!((status.code(), code), (Some(130), Some(130)), "{}: {shown}", machine.name);
        assert!(!shown.contains("never"), "{}: {shown}", machine.name);
        wait_until_gone(sleeping);
    }
}

#[test]
fn a_command_ends_with_the_shell_around_it_also_when_that_is_killed() {
    for machine in Machine::all() {
        let mark = Mark::random();
        let file = tempfile::NamedTempFile::new().unwrap();
        let (mut child, sleeping) = start_sleeping(&machine, &mark, &file);

        // The agent does so when the session ends.
        child.kill().unwrap();
        child.wait().unwrap();

        wait_until_gone(sleeping);
    }
}

#[test]
fn a_command_that_is_stopped_has_not_ended() {
    for machine in Machine::all() {
        let mark = Mark::random();
        let file = tempfile::NamedTempFile::new().unwrap();
        let sink = std::fs::OpenOptions::new().append(true).open(file.path()).unwrap();
        let mut child = machine.start("echo $$; kill -STOP $$; echo resumed; exit 3", &mark, &sink);
        let stopped = first_pid(&file);
        let state = || std::fs::read_to_string(format!("/proc/{}/stat", stopped.as_raw_nonzero())).unwrap_or_default();
        while !state().contains(") T") {
            assert!(child.try_wait().unwrap().is_none(), "{}: it was taken for ended", machine.name);
            thread::sleep(Duration::from_millis(10));
        }
        // Time for a shell to take it for ended.
        thread::sleep(Duration::from_millis(300));

        kill_process(stopped, Signal::CONT).unwrap();
        let status = child.wait().unwrap();

        let (shown, code) = told(&std::fs::read(file.path()).unwrap(), &mark);
        assert!(shown.ends_with("resumed\n"), "{}: {shown}", machine.name);
        assert_eq!((status.code(), code), (Some(3), Some(3)), "{}", machine.name);
    }
}

#[test]
fn a_command_that_does_not_want_to_end_at_an_interrupt_goes_on_and_tells_its_own_status() {
    let script = "trap 'echo heard; exit 7' INT TERM; echo ready; while :; do sleep 0.05; done";
    for machine in Machine::all() {
        let mark = Mark::random();
        let file = tempfile::NamedTempFile::new().unwrap();
        let sink = std::fs::OpenOptions::new().append(true).open(file.path()).unwrap();
        let mut child = machine.start(script, &mark, &sink);
        while !std::fs::read_to_string(file.path()).unwrap().contains("ready") {
            thread::sleep(Duration::from_millis(10));
        }

        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        child.wait().unwrap();

        let (shown, code) = told(&std::fs::read(file.path()).unwrap(), &mark);
        // Some shells have a word for the end of the pause between.
        assert!(shown.starts_with("ready\n") && shown.ends_with("heard\n"), "{}: {shown}", machine.name);
        assert_eq!(code, Some(7), "{}", machine.name);
    }
}

#[test]
fn the_mark_stands_whole_on_no_command_line() {
    let mark = Mark::random();
    let (first, second) = mark.halves();

    let line = words("ps ax", &mark);

    assert!(line.contains(first) && line.contains(second) && !line.contains(&format!("{first}{second}")));
    assert!(line.ends_with(&format!(" 'ps ax' {first} {second}")), "{line}");
}
