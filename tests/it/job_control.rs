//! Stops and wakes under a shell with job control, also when a wrapper stands between it and us.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::demo::{LARGE, environment, left_in, open_session, put_card_away};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// What runs, and how it is left once it is back.
#[derive(Debug, Clone, Copy)]
enum Work {
    Dashboard,
    /// A session by this method.
    Session(&'static str),
}

impl Work {
    fn arguments(self) -> String {
        match self {
            Self::Dashboard => "--demo".to_owned(),
            Self::Session(method) => format!("--demo connect web-1 -m {method}"),
        }
    }

    fn begin(self, home: &tempfile::TempDir, wrapper: &str) -> Terminal {
        let terminal = shell(home, &format!("{}{wrapper}", self.arguments()));
        terminal.wait_for(if matches!(self, Self::Dashboard) { "bastion" } else { "Nothing here is on AWS" });
        if matches!(self, Self::Dashboard) {
            put_card_away(&terminal);
        }
        terminal
    }

    /// It is stopped: the shell has a terminal that it can use, and `fg` brings it back to be left.
    #[track_caller]
    fn comes_back(self, terminal: Terminal, home: &tempfile::TempDir) {
        the_shell_has_the_terminal(&terminal);
        terminal.type_text("fg\r");
        if matches!(self, Self::Dashboard) {
            terminal.wait_for("bastion");
            terminal.type_text("q");
        } else {
            terminal.type_text("echo again $((6*7))\r");
            terminal.wait_for("again 42");
            terminal.type_text("exit\r");
        }
        ends_well(terminal, home);
    }
}

#[test]
fn a_stop_by_key_stops_the_wrapper_too_and_fg_brings_both_back() {
    for (work, keys) in [(Work::Dashboard, "\x1a"), (Work::Session("ssm"), "\r~\x1a"), (Work::Session("eic"), "\r~\x1a")] {
        let home = tempfile::tempdir().unwrap();
        let terminal = work.begin(&home, "; true");

        terminal.type_text(keys);

        work.comes_back(terminal, &home);
    }
}

#[test]
fn a_stop_from_outside_gives_the_shell_a_terminal_it_can_use() {
    for work in [Work::Dashboard, Work::Session("ssm")] {
        let home = tempfile::tempdir().unwrap();
        let terminal = work.begin(&home, "");

        kill_process(noted(&home), Signal::TSTP).unwrap();

        work.comes_back(terminal, &home);
    }
}

#[test]
fn a_stop_while_the_terminal_takes_nothing_stops_all_the_same_and_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let terminal = Work::Dashboard.begin(&home, "");
    terminal.take_nothing(|| terminal.type_text("\x0c"));

    kill_process(noted(&home), Signal::TSTP).unwrap();
    wait_until_stopped(noted(&home));
    terminal.take_all();

    Work::Dashboard.comes_back(terminal, &home);
}

#[test]
fn a_stop_in_a_session_of_the_dashboard_gives_the_shell_the_terminal_once() {
    let home = tempfile::tempdir().unwrap();
    let terminal = shell(&home, "--demo");
    open_session(&terminal);

    kill_process(noted(&home), Signal::TSTP).unwrap();
    the_shell_has_the_terminal(&terminal);
    terminal.type_text("fg\r");
    terminal.type_text("echo again $((6*7))\r");
    terminal.wait_for("again 42");
    terminal.type_text("exit\r");
    terminal.wait_for("Session on web-1 ended");
    terminal.type_text("q");

    ends_well(terminal, &home);
}

#[test]
fn a_console_comes_back_raw_and_shows_no_password() {
    for stop in ["by key", "from outside"] {
        let home = tempfile::tempdir().unwrap();
        let terminal = shell(&home, "--demo connect web-1 -m serial");
        terminal.wait_for("simulated login:");

        if stop == "by key" {
            terminal.type_text("\r~\x1a");
        } else {
            kill_process(noted(&home), Signal::STOP).unwrap();
            // Nobody could give it back.
            terminal.wait_for("Stopped");
            terminal.type_text("\nstty sane; echo sane $((40+2))\n");
            terminal.wait_for("sane 42");
        }
        the_shell_has_the_terminal(&terminal);
        terminal.type_text("fg\r");
        terminal.wait_until_raw();
        terminal.type_text("\r");
        terminal.wait_for("simulated login:");
        terminal.type_text("root\r");
        terminal.wait_for("Password:");
        terminal.type_text("secret\r");
        let screen = terminal.wait_for("Login incorrect");

        assert!(!screen.contains("secret"), "{stop}: {screen}");
        terminal.type_text("\r~.");
        ends_well(terminal, &home);
    }
}

/// A shell that has started ec2dash with `arguments` from a wrapper, and noted its process.
pub fn shell(home: &tempfile::TempDir, arguments: &str) -> Terminal {
    let environment = environment(home.path(), &[("PS1", "% ")]);
    let terminal = Terminal::start("/bin/sh".as_ref(), &["-i"], &environment, LARGE);
    terminal.wait_for("% ");
    let own = if arguments.contains("; true") { "" } else { "echo $$ >$HOME/pid; exec " };
    terminal.type_text(&format!("sh -c '{own}{} {arguments}'\r", ec2dash().display()));
    terminal
}

pub fn noted(home: &tempfile::TempDir) -> Pid {
    let pid = std::fs::read_to_string(home.path().join("pid")).unwrap();
    Pid::from_raw(pid.trim().parse().unwrap()).unwrap()
}

#[track_caller]
pub fn wait_until_stopped(pid: Pid) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap();
        if stat.rsplit_once(')').is_some_and(|(_, rest)| rest.starts_with(" T")) {
            return;
        }
        assert!(Instant::now() < deadline, "it goes on: {stat}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Its prompt is back, and what is typed is a line for it.
#[track_caller]
pub fn the_shell_has_the_terminal(terminal: &Terminal) {
    terminal.wait_for("Stopped");
    terminal.type_text("clear; echo shell $((40+2))\r");
    let screen = terminal.wait_for("shell 42");
    assert!(!screen.contains("bastion"), "{screen}");
}

#[track_caller]
pub fn ends_well(terminal: Terminal, home: &tempfile::TempDir) {
    // What is typed before the shell has the terminal may be read as a key of ours.
    terminal.wait_until("the prompt", |screen| screen.lines().last().is_some_and(|line| line.trim() == "%"));
    terminal.type_text("clear; echo back $((40+2))\r");
    terminal.wait_for("back 42");
    terminal.type_text("rm -f $HOME/pid; exit\r");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(left_in(home.path()), Vec::<String>::new());
}
