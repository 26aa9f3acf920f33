//! What happens to a terminal now and then, very often: it is stopped and woken, and it changes its size.

use std::time::Duration;

use rustix::process::{Signal, kill_process};

use crate::job_control::{ends_well, noted, shell, the_shell_has_the_terminal, wait_until_stopped};
use crate::support::chance::Chance;
use crate::support::demo::{LARGE, demo, just_started, open_session, put_card_away, quit};
use crate::support::pty::Terminal;
use crate::support::waiting::wait_until_idle;

#[test]
fn fifty_stops_and_wakes_with_another_size_now_and_then_leave_a_whole_screen() {
    let home = tempfile::tempdir().unwrap();
    let terminal = shell(&home, "--demo");
    terminal.wait_for("bastion");
    put_card_away(&terminal);

    for round in 0..50_u16 {
        if round % 2 == 0 {
            terminal.type_text("\x1a");
        } else {
            kill_process(noted(&home), Signal::TSTP).unwrap();
        }
        wait_until_stopped(noted(&home));
        terminal.wait_until("the shell's screen", |screen| !screen.contains("PRIVATE IP"));
        terminal.assert_as_found();
        // The same size twice: then nothing but the wake has everything drawn again.
        let (columns, rows) = (90 + round / 2, 20 + round / 2 % 13);
        terminal.resize(columns, rows);
        terminal.type_text("fg\r");
        terminal.wait_until(&format!("a screen of {columns} by {rows}"), |screen| is_whole(screen, columns, rows));
    }
    terminal.resize(LARGE.0, LARGE.1);
    terminal.wait_until("the screen of before", |screen| is_whole(screen, LARGE.0, LARGE.1));
    terminal.type_text("q");

    ends_well(terminal, &home);
}

#[test]
fn a_session_that_is_stopped_again_and_again_has_the_size_of_its_terminal() {
    let home = tempfile::tempdir().unwrap();
    let terminal = shell(&home, "--demo connect web-1 -m ssm");
    terminal.wait_for("Nothing here is on AWS");

    for round in 0..10_u16 {
        terminal.type_text("\r~\x1a");
        wait_until_stopped(noted(&home));
        the_shell_has_the_terminal(&terminal);
        let (columns, rows) = (80 + round, 24 + round);
        terminal.resize(columns, rows);
        terminal.type_text("fg\r");
        // The remote hears of a size a little later.
        terminal.type_text(&format!(
            "until [ \"$(stty size)\" = '{rows} {columns}' ]; do sleep 0.02; done; echo has $((6*{columns}))\r"
        ));
        terminal.wait_for(&format!("has {}", 6 * columns));
    }
    terminal.type_text("exit\r");

    ends_well(terminal, &home);
}

/// Keys that lead from the table to a screen, and what only that shows.
const SCREENS: [(&str, &str); 19] = [
    ("", "bastion"),
    ("?", "Help: Instances"),
    ("i", DETAILS),
    ("iJ", "\"instance_type\""),
    ("s", "─ Sort by"),
    ("p", "─ Profile"),
    ("r", "─ Region"),
    ("!", "─ Problems"),
    ("\r", "1 ssm"),
    ("y", "─ Copy"),
    ("x", "Run on"),
    ("t", "Tunnel to"),
    ("/web", "/web "),
    ("2", "No session and no tunnel is open"),
    (":", "─ Commands"),
    ("w", "─ Columns"),
    ("v", "─ Group by"),
    ("\x14", "─ Colours"),
    (":reboot\r", "ec2:RebootInstances"),
];
const DETAILS: &str = "Security groups";
const RESIZES: usize = 10_000;

#[test]
fn ten_thousand_sizes_end_in_the_last_one_on_every_screen_and_in_peace() {
    let home = tempfile::tempdir().unwrap();
    let terminal = just_started(&home, LARGE, &[]);
    let mut chance = Chance::of_seed(1);
    let mut below = |limit| u16::try_from(chance.below(limit)).unwrap();
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_until("the table", |screen| is_whole(screen, LARGE.0, LARGE.1));

    for (keys, shown) in SCREENS {
        keys.chars().for_each(|key| terminal.type_text(&key.to_string()));
        terminal.wait_for(shown);
        for number in 0..RESIZES / SCREENS.len() {
            let (columns, rows) = match number % 8 {
                0 => (0, 0),
                1 => (1, 1),
                2 => (500, 200),
                3 => (2, 2),
                4 => (below(200), 1 + below(3)),
                5 => (1 + below(3), below(60)),
                _ => (below(200), below(60)),
            };
            terminal.resize_behind_the_screen(columns, rows);
            // Time for a picture of it now and then, of each kind in turn.
            if number % 17 == 0 {
                terminal.wait_for_more(Duration::from_millis(20));
            }
        }
        terminal.resize_behind_the_screen(130, 40);
        terminal.clear_and_resize(LARGE.0, LARGE.1);
        terminal.wait_for(shown);
        if !keys.is_empty() {
            back_from(&terminal, shown);
            if terminal.shown().contains(DETAILS) {
                back_from(&terminal, DETAILS);
            }
        }
        terminal.wait_until("the table", |screen| is_whole(screen, LARGE.0, LARGE.1) && screen.contains("bastion"));
    }

    wait_until_idle(terminal.pid().as_raw_nonzero().get().cast_unsigned());
    quit(terminal, &home);
}

#[test]
fn a_thousand_sizes_in_a_session_end_in_the_last_one() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    open_session(&terminal);

    for number in 0..1_000_u16 {
        match number % 4 {
            0 => terminal.resize_behind_the_screen(0, 0),
            1 => terminal.resize_behind_the_screen(1, 1),
            2 => terminal.resize_behind_the_screen(500, 200),
            _ => terminal.resize_behind_the_screen(20 + number % 100, 5 + number % 50),
        }
    }
    terminal.resize(100, 30);
    terminal.type_text("until [ \"$(stty size)\" = '30 100' ]; do sleep 0.02; done; echo has $((6*7))\r");
    terminal.wait_for("has 42");
    terminal.type_text("exit\r");

    terminal.wait_for("Session on web-1 ended");
    wait_until_idle(terminal.pid().as_raw_nonzero().get().cast_unsigned());
    quit(terminal, &home);
}

/// Esc by itself: together with the next key it would be Alt.
#[track_caller]
fn back_from(terminal: &Terminal, shown: &str) {
    terminal.type_text("\x1b");
    terminal.wait_until(&format!("no {shown}"), |screen| !screen.contains(shown));
}

/// Whether the table fills it: its rules go from edge to edge.
fn is_whole(screen: &str, columns: u16, rows: u16) -> bool {
    let fills = |line: &str| line.chars().count() == usize::from(columns) && line.starts_with('─') && line.ends_with('─');
    screen.contains("PRIVATE IP") && screen.lines().count() == usize::from(rows) && screen.lines().any(fills)
}
