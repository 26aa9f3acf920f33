//! Terminals that take nothing, or little, and signals that come again: nobody waits for them, and they are handed back.

use rustix::process::Signal;

use crate::support::demo::{LARGE, demo, environment, left_in, open_session};
use crate::support::pty::Terminal;
use crate::support::tools::{ec2dash, free_port};
use crate::support::waiting::wait_until_idle;

/// Draws everything again.
const CTRL_L: &str = "\x0c";

#[test]
fn one_signal_ends_a_dashboard_whose_terminal_takes_nothing() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let home = tempfile::tempdir().unwrap();
        let terminal = demo(&home, LARGE, &[]);
        terminal.wait_for("bastion");
        terminal.take_nothing(|| terminal.type_text(CTRL_L));

        terminal.kill(signal);

        ends_with(terminal, code, &home);
    }
}

#[test]
fn one_signal_ends_a_session_whose_terminal_takes_nothing() {
    for by_dashboard in [false, true] {
        let home = tempfile::tempdir().unwrap();
        let terminal = if by_dashboard { session_of_the_dashboard(&home) } else { session(&home) };
        terminal.type_text("yes\r");
        terminal.take_nothing(|| ());

        terminal.kill(Signal::TERM);

        ends_with(terminal, 143, &home);
    }
}

#[test]
fn the_user_can_quit_where_the_terminal_takes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");
    terminal.take_nothing(|| terminal.type_text(CTRL_L));

    terminal.type_text("q");

    ends_with(terminal, 0, &home);
}

#[test]
fn a_terminal_that_takes_little_misses_pictures_and_no_keys() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");
    terminal.take(1024);
    let before = memory(&terminal);

    for _ in 0..400 {
        terminal.type_text("jjk");
        terminal.type_text(CTRL_L);
    }
    terminal.type_text("/batch-worker-1");
    terminal.wait_until_keys_are_read();
    // Read is not yet drawn.
    wait_until_idle(terminal.pid().as_raw_nonzero().get().unsigned_abs());
    terminal.take_all();
    terminal.wait_until("the last picture", |screen| screen.contains("/batch-worker-1") && !screen.contains("bastion"));

    // All of 400 whole pictures would be more than a mebibyte.
    let shown = terminal.raw().len();
    assert!(shown < 400 * 1024, "{shown} bytes");
    let grown = memory(&terminal).saturating_sub(before);
    assert!(grown < 8 * 1024, "{grown} KiB more");
    terminal.type_text("\x1b");
    terminal.wait_until("all rows", |screen| !screen.contains("/batch-worker-1"));
    terminal.type_text("q");
    ends_with(terminal, 0, &home);
}

#[test]
fn a_wake_without_a_stop_changes_nothing_that_is_remembered() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");

    for woken in 1..=3 {
        terminal.kill(Signal::CONT);
        terminal.wait_for_raw("the screen taken again", |raw| count(raw, "\x1b[?2004h") == 1 + woken);
    }
    terminal.type_text("q");
    let mut terminal = terminal;
    assert!(terminal.wait().success());

    terminal.assert_as_found();
    let raw = terminal.raw();
    let counts = ["\x1b[22;0t", "\x1b[23;0t", "\x1b[?1049h", "\x1b[?1049l"].map(|words| count(&raw, words));
    assert_eq!(counts, [1, 1, 1, 1], "title remembered and brought back, screen taken and left");
}

#[test]
fn a_wake_without_a_stop_leaves_a_session_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let terminal = session(&home);

    for woken in 1..=3 {
        terminal.kill(Signal::CONT);
        terminal.type_text(&format!("echo woken $((6*{woken}))\r"));
        terminal.wait_for(&format!("woken {}", 6 * woken));
    }
    terminal.type_text("exit\r");

    ends_with(terminal, 0, &home);
}

#[test]
fn a_terminal_that_is_closed_ends_the_dashboard_and_its_session() {
    for in_session in [false, true] {
        let home = tempfile::tempdir().unwrap();
        let terminal = if in_session { session_of_the_dashboard(&home) } else { demo(&home, LARGE, &[]) };
        terminal.wait_for(if in_session { "Nothing here is on AWS" } else { "bastion" });

        let status = terminal.close();

        assert_eq!(status.code(), Some(129), "in a session: {in_session}");
        assert_eq!(left_in(&home), Vec::<String>::new());
    }
}

#[test]
fn one_signal_ends_a_command_whose_terminal_takes_nothing() {
    for signal in [Signal::TERM, Signal::HUP] {
        let home = tempfile::tempdir().unwrap();
        let port = free_port();
        let terminal = stuck(&home, &format!("--demo tunnel web-1 {port}:22"), &[]);
        // It listens, and says so to a terminal that takes nothing.
        wait_for("the tunnel", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());

        terminal.kill(signal);

        ends_with(terminal, 128 + signal.as_raw(), &home);
    }
}

#[test]
fn a_panic_ends_a_dashboard_whose_terminal_takes_nothing() {
    for place in ["ui", "task", "draw"] {
        let home = tempfile::tempdir().unwrap();

        let terminal = stuck(&home, "--demo", &[("EC2DASH_TEST_PANIC", place)]);

        ends_with(terminal, 101, &home);
    }
}

/// The program on a terminal that is full already, and takes nothing.
fn stuck(home: &tempfile::TempDir, arguments: &str, more: &[(&str, &str)]) -> Terminal {
    let script = format!("timeout 1 yes; exec {} {arguments}", ec2dash().display());
    let terminal = Terminal::start(std::path::Path::new("/bin/sh"), &["-c", &script], &environment(home.path(), more), LARGE);
    terminal.take(0);
    terminal
}

#[track_caller]
fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !is_there() {
        assert!(std::time::Instant::now() < deadline, "{what} is not there");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// It ends while the terminal takes nothing, with the settings as found; and what is to be read of it leaves it so too.
#[track_caller]
fn ends_with(mut terminal: Terminal, code: i32, home: &tempfile::TempDir) {
    assert_eq!(terminal.wait().code(), Some(code));
    terminal.take_all();
    terminal.wait_for_the_rest();
    terminal.assert_as_found();
    assert_eq!(left_in(home), Vec::<String>::new());
}

fn session(home: &tempfile::TempDir) -> Terminal {
    let terminal =
        Terminal::start(ec2dash(), &["--demo", "connect", "web-1", "-m", "ssm"], &environment(home.path(), &[]), LARGE);
    terminal.wait_for("Nothing here is on AWS");
    terminal
}

fn session_of_the_dashboard(home: &tempfile::TempDir) -> Terminal {
    let terminal = demo(home, LARGE, &[]);
    open_session(&terminal);
    terminal
}

/// Resident memory in KiB.
fn memory(terminal: &Terminal) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", terminal.pid().as_raw_nonzero())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn count(raw: &[u8], words: &str) -> usize {
    raw.windows(words.len()).filter(|bytes| *bytes == words.as_bytes()).count()
}
