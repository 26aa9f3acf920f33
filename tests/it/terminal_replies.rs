//! What a terminal answers, late or unasked, is never typed.

use crate::support::demo::{LARGE, demo, open_session, quit};

/// Version, colours, clipboard, attributes, the cursor's place: each has letters that are keys here.
const REPLIES: [&str; 7] = [
    "\x1bP>|tmux 3.4\x1b\\",
    "\x1b]11;rgb:1c1c/1c1c/1c1c\x07",
    "\x1b]52;c;dHVubmVsIHQ=\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b[?64;1;2;6;9;15;18;21;22c",
    "\x1b[24;80R",
    "\x1b[?2026;2$y",
];

#[test]
fn replies_open_no_form_and_reach_no_field_wherever_they_are_split() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");

    for reply in REPLIES {
        terminal.type_text(reply);
    }
    terminal.type_text("/");
    for reply in REPLIES {
        for at in 1..reply.len() {
            let (first, rest) = reply.split_at(at);
            terminal.type_text(first);
            terminal.type_text(rest);
        }
    }
    terminal.type_text("web-1");
    let screen = terminal.wait_until("the filtered rows", |screen| screen.contains("/web-1 ") && !screen.contains("bastion"));

    assert!(screen.lines().any(|line| line.contains("/web-1") && !line.contains("1c1c")), "{screen}");
    assert!(!screen.contains("Tunnel to") && !screen.contains("mux"), "{screen}");
    terminal.type_text("\x1b");
    terminal.wait_for("bastion");
    quit(terminal, &home);
}

#[test]
fn a_reply_that_a_session_began_to_read_is_no_key_behind_it() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    open_session(&terminal);

    terminal.type_text("exit\r\x1b]52;c;qqtt");
    terminal.wait_for("Session on web-1 ended");
    terminal.type_text("qqtt\x1b\\?");
    let screen = terminal.wait_for("Help: Instances");

    assert!(!screen.contains("Tunnel to"), "{screen}");
    terminal.type_text("\x1b");
    terminal.wait_until("the table", |screen| !screen.contains("Help: Instances"));
    terminal.type_text("q");
    assert!(terminal.end().success());
}
