//! The dashboard in a real terminal, on the demo: typed at like a person, judged by its screen.

use rustix::process::Signal;

use crate::support::demo::{LARGE, SMALL, demo, just_started, left_in, open_session, quit};
use crate::support::pty::Terminal;

#[test]
fn a_one_time_key_leads_to_a_shell_and_back_to_the_row() {
    for size in [LARGE, SMALL] {
        let home = tempfile::tempdir().unwrap();
        let terminal = demo(&home, size, &[]);
        terminal.wait_for("bastion");

        terminal.type_text("/web\r");
        terminal.wait_until("the filtered rows", |screen| screen.contains("/web") && !screen.contains("bastion"));
        terminal.type_text("\r");
        terminal.wait_for("4 eic");
        terminal.type_text("3\r");
        terminal.wait_for("$ ");
        terminal.type_text("echo $((6*7))\r");
        terminal.wait_for("\n42");
        terminal.type_text("exit 3\r");
        let screen = terminal.wait_for("exit code 3");

        assert!(screen.lines().any(|line| line.starts_with(" >") && line.contains("web-1")), "{screen}");
        quit(terminal, &home);
    }
}

#[test]
fn a_command_runs_on_the_selected_rows_and_its_results_come_live() {
    for size in [LARGE, SMALL] {
        let home = tempfile::tempdir().unwrap();
        let terminal = demo(&home, size, &[]);
        terminal.wait_for("bastion");

        terminal.type_text("/web-\r");
        terminal.wait_until("the filtered rows", |screen| screen.contains("/web-") && !screen.contains("bastion"));
        terminal.type_text("\u{1}x");
        terminal.wait_for("Run on");
        terminal.type_text("echo it is $((6*7)); test -f go || { touch go; sleep 1; }\r");
        terminal.wait_for("running");
        let screen = terminal.wait_for("it is 42");
        assert!(screen.contains("not sent") && screen.contains("The instance is stopping"), "{screen}");
        terminal.wait_for("3 of 3 done · 3 not sent");
        terminal.type_text("\u{1b}");
        terminal.wait_until("the table", |screen| screen.contains("web-1") && !screen.contains("it is 42"));
        quit(terminal, &home);
    }
}

#[test]
fn ctrl_c_ends_a_command_of_the_dashboard_in_the_account() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, SMALL, &[]);
    terminal.wait_for("bastion");

    terminal.type_text("x");
    terminal.wait_for("Run on bastion");
    terminal.type_text("sleep 86426\r");
    terminal.wait_for("running");
    terminal.type_text("\u{3}");
    terminal.wait_for("cancelled");
    terminal.type_text("\u{1b}");
    terminal.wait_for("batch-worker-1");
    terminal.type_text("q");

    assert!(terminal.end().success());
}

#[test]
fn the_key_pair_can_be_chosen_in_the_picker() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");

    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| !screen.contains("bastion"));
    terminal.type_text("\r");
    terminal.wait_for("5 ssh");
    terminal.type_text("5\r");
    terminal.wait_for("Nothing here is on AWS");
    terminal.type_text("exit\r");
    terminal.wait_for("Session on web-1 ended");
    terminal.type_text("q");

    assert!(terminal.end().success());
}

#[test]
fn an_ssh_that_is_installed_meanwhile_counts_when_the_picker_opens_again() {
    let home = tempfile::tempdir().unwrap();
    let programs = tempfile::tempdir().unwrap();
    let ssh = programs.path().join("ssh");
    std::fs::write(&ssh, "#!/bin/sh\necho Dropbear v2022.83 >&2\n").unwrap();
    std::fs::set_permissions(&ssh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let terminal = demo(&home, LARGE, &[("PATH", programs.path().to_str().unwrap())]);
    terminal.wait_for("bastion");
    terminal.type_text("\r");
    let without = "is not OpenSSH";
    terminal.wait_until("the ways in", |screen| screen.contains("4 eic") && screen.contains(without));

    terminal.type_text("\u{1b}");
    terminal.wait_until("the table", |screen| !screen.contains("4 eic"));
    std::fs::remove_file(&ssh).unwrap();
    std::os::unix::fs::symlink("/usr/bin/ssh", &ssh).unwrap();
    terminal.type_text("\r");
    terminal.wait_until("the ways in", |screen| screen.contains("4 eic") && !screen.contains(without));

    // Together they would be Alt-q.
    terminal.type_text("\u{1b}");
    terminal.wait_until("the table", |screen| !screen.contains("4 eic"));
    terminal.type_text("q");
    assert!(terminal.end().success());
}

#[test]
fn every_line_is_as_wide_as_the_screen_at_any_size() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");
    terminal.type_text("j");

    // A rule goes from edge to edge, with the row's name in it: drawn for another width it would be shorter, or broken in two.
    let fills =
        |line: &str, columns: u16| line.chars().count() == usize::from(columns) && line.starts_with('─') && line.ends_with('─');
    for (columns, rows) in [(80, 24), (60, 15), (40, 8), (200, 50), (120, 32)] {
        terminal.resize(columns, rows);
        terminal.wait_until(&format!("a screen of {columns} columns"), |screen| {
            let has_edges = screen.lines().any(|line| fills(line, columns));
            // The smallest one has the table and a bar alone.
            let is_small = (columns, rows) == (40, 8) && screen.contains("NAME ▲") && !screen.contains("PRIVATE IP");
            screen.lines().count() == usize::from(rows) && (has_edges || is_small)
        });
    }
    for (columns, rows) in [(38, 7), (1, 1)] {
        terminal.resize(columns, rows);
        terminal.wait_until("no table where there is no room for one", |screen| !screen.contains('─'));
    }
    terminal.resize(120, 32);
    terminal.wait_for("bastion");
    terminal.type_text("q");

    assert!(terminal.end().success());
}

#[test]
fn a_terminal_without_a_size_counts_as_eighty_by_twenty_four() {
    let home = tempfile::tempdir().unwrap();
    let terminal = just_started(&home, (0, 0), &[]);

    terminal.wait_for_raw("a cell of the last lines", |raw| raw.windows(5).any(|bytes| bytes == b"\x1b[23;"));
    assert!((25..38).all(|line| !raw_has(&terminal, format!("\x1b[{line};").as_bytes())), "more than 24 lines");
    assert!(raw_has(&terminal, "─".repeat(80).as_bytes()), "no rule of 80 columns");
    assert!(!raw_has(&terminal, "─".repeat(81).as_bytes()), "more than 80 columns");
    terminal.type_text("jq");

    assert!(terminal.end().success());
}

fn raw_has(terminal: &Terminal, wanted: &[u8]) -> bool {
    terminal.raw().windows(wanted.len()).any(|bytes| bytes == wanted)
}

#[test]
fn a_paste_into_the_table_runs_nothing() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");

    terminal.type_text(&format!("j\x1b[200~{}\x1b[201~", "qqqq\rrrrr\n".repeat(100)));
    terminal.type_text("/batch");
    let screen = terminal.wait_until("the filter", |screen| screen.contains("/batch") && !screen.contains("bastion"));

    assert!(screen.contains("batch-worker-1"), "{screen}");
    terminal.type_text("\x1b");
    terminal.wait_for("bastion");
    terminal.type_text("q");
    assert!(terminal.end().success());
}

#[test]
fn what_is_left_of_a_paste_when_a_session_ends_is_no_key_of_ours() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    open_session(&terminal);

    // A terminal emulator writes no faster than it likes.
    terminal.type_text("exit\r");
    for _ in 0..200 {
        terminal.type_text("q");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }

    terminal.wait_for("/web-1");
    quit(terminal, &home);
}

#[test]
fn signals_end_it_with_the_terminal_as_found_and_nothing_left() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2), (Signal::QUIT, 3)] {
        for in_session in [false, true] {
            let home = tempfile::tempdir().unwrap();
            let terminal = demo(&home, LARGE, &[]);
            terminal.wait_for("bastion");
            if in_session {
                terminal.type_text("/web-1\r\r3\r");
                terminal.wait_for("Nothing here is on AWS");
            }

            terminal.kill(signal);

            assert_eq!(terminal.end().code(), Some(128 + number), "signal {number}, in a session: {in_session}");
            assert_eq!(left_in(&home), Vec::<String>::new(), "signal {number}, in a session: {in_session}");
        }
    }
}

#[test]
fn a_panic_hands_the_terminal_back_before_it_is_told() {
    for place in ["ui", "task", "draw"] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = just_started(&home, LARGE, &[("EC2DASH_TEST_PANIC", place)]);

        let status = terminal.wait();
        let screen = terminal.wait_for("ec2dash crashed");

        assert_eq!(status.code(), Some(101), "{place}: {screen}");
        terminal.assert_as_found();
        assert_eq!(left_in(&home), Vec::<String>::new(), "{place}");
    }
}

#[test]
fn without_colour_and_unicode_the_same_facts_are_shown() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[("NO_COLOR", "1"), ("LANG", "C")]);

    let screen = terminal.wait_for("ok online");

    assert!(screen.contains("ok online"), "{screen}");
    assert!(!screen.contains(['✓', '●', '─', '…']), "{screen}");
    terminal.type_text("q");
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert_eq!(colours_in(&raw), Vec::<u8>::new());
    assert!(terminal.end().success());
}

/// Colours that were set (39 and 49 reset one).
fn colours_in(raw: &str) -> Vec<u8> {
    let sequences = raw.split("\x1b[").filter_map(|rest| rest.split_once('m')).map(|(values, _)| values);
    let values = sequences.filter(|values| values.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'));
    let codes = values.flat_map(|values| values.split(';')).filter_map(|value| value.parse().ok());
    codes.filter(|code| matches!(code, 30..=38 | 40..=48 | 90..=97 | 100..=107)).collect()
}
