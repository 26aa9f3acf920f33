//! The mouse on a real terminal: asked for by `M`, and given back on every path.

use crate::support::demo::{LARGE, demo, open_session, quit};

const ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const OFF: &[u8] = b"\x1b[?1000l";

/// Where these bytes were written last.
fn last(raw: &[u8], wanted: &[u8]) -> Option<usize> {
    raw.windows(wanted.len()).rposition(|bytes| bytes == wanted)
}

#[test]
fn a_session_and_the_end_have_a_terminal_without_reports_of_the_mouse() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");
    assert_eq!(last(&terminal.raw(), ON), None, "nobody asked for it");

    terminal.type_text("M");
    terminal.wait_for("Shift+drag selects text");
    terminal.type_text("\x1b[<0;10;8M\x1b[<0;10;8m");
    terminal
        .wait_until("the cursor on the fourth row", |screen| screen.lines().nth(7).is_some_and(|line| line.starts_with(" >")));
    open_session(&terminal);
    let raw = terminal.raw();
    assert!(last(&raw, OFF) > last(&raw, ON), "the session's terminal is its own");
    terminal.type_text("exit\r");
    terminal.wait_for("Session on web-1 ended");
    let raw = terminal.raw();
    assert!(last(&raw, ON) > last(&raw, OFF), "on again");

    quit(terminal, &home);
}
