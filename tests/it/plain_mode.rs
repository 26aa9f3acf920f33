//! Plain mode in a real terminal and over a pipe: typed words, sentences, and never an escape sequence.

use std::process::{Command, Stdio};

use crate::support::demo::{SMALL, environment, left_in};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// What was written has no cursor movement, no colour, no title: nothing but text.
#[track_caller]
fn assert_text_only(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert!(!text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')), "{text:?}");
    assert!(!text.contains(|c: char| ('\u{2500}'..='\u{259f}').contains(&c)), "{text}");
}

/// Plain mode on the demo, just started.
fn demo(home: &tempfile::TempDir, variable: (&str, &str)) -> Terminal {
    Terminal::start(ec2dash(), &["--demo"], &environment(home, &[variable]), SMALL)
}

#[test]
fn a_person_who_listens_finds_looks_connects_and_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, ("ACCESSIBLE", "1"));

    terminal
        .wait_for_raw("the first line", |raw| raw.starts_with(b"Plain mode (because ACCESSIBLE is set). Type ? for help.\r\n"));
    terminal.wait_for("connect by ssm.");
    terminal.type_text("/web-1\n");
    terminal.wait_for("1. web-1, running, private 10.0.1.21, public 3.36.112.8, SSM online, connect by ssm.");
    terminal.type_text("1 details\n");
    terminal.wait_for_raw("the details", |raw| String::from_utf8_lossy(raw).contains("vpc-04a438d68d05bf5d6"));
    terminal.type_text("back\n");
    terminal.type_text("connect-menu\n");
    terminal.wait_for("1. ssm");
    assert_text_only(&terminal.raw());
    terminal.type_text("1\n");
    terminal.wait_for("Nothing here is on AWS");
    terminal.wait_for("$ ");
    terminal.type_text("echo $((6*7))\r");
    terminal.wait_for("\n42");
    let before = terminal.raw().len();
    terminal.type_text("exit\r");
    terminal
        .wait_for_raw("the end of the session", |raw| String::from_utf8_lossy(&raw[before..]).contains("Session on web-1 ended"));
    let after = terminal.raw().len();
    terminal.type_text("nothing-like-it\n");
    terminal.wait_for_raw("an answer", |raw| String::from_utf8_lossy(&raw[after..]).contains("Nothing matches"));
    assert_text_only(&terminal.raw()[after..]);
    terminal.type_text("quit\n");

    assert!(terminal.end().success());
    assert_eq!(left_in(&home), Vec::<String>::new());
}

#[test]
fn the_end_of_the_input_leaves_and_a_poor_terminal_needs_no_switch() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, ("TERM", "dumb"));

    terminal.wait_for("Plain mode (because TERM=dumb is set).");
    terminal.wait_for("connect by ssm.");
    terminal.type_text("\u{4}");

    assert!(terminal.end().success());
}

#[test]
fn ctrl_c_asks_and_the_second_leaves() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, ("EC2DASH_PLAIN", "1"));

    terminal.wait_for("connect by ssm.");
    terminal.type_text("\u{3}");
    terminal.wait_for("Ctrl-C again within 2 s quits.");
    terminal.type_text("\u{3}");

    assert!(terminal.end().success());
}

#[test]
fn it_works_over_a_pipe_in_korean_and_says_errors() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(ec2dash());
    command.args(["--demo", "--plain", "--lang", "ko"]).env_clear().envs(environment(&home, &[]));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, "/stat:x\n/web-1\nquit\n".as_bytes()).unwrap();

    let output = child.wait_with_output().unwrap();

    assert!(output.status.success(), "{output:?}");
    assert_text_only(&output.stdout);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("일반 텍스트 모드입니다(설정됨: --plain)."), "{told}");
    assert!(told.contains("오류: ") && told.contains(": stat. 비슷한 필드: state"), "{told}");
}

#[test]
fn a_pipe_that_holds_all_lines_at_once_is_answered_line_by_line() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(ec2dash());
    command.args(["--demo", "--plain"]).env_clear().envs(environment(&home, &[]));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, "2\ngroup\n2\n1\nEsc\n/web-1\n2 exec\nuptime\n\nEsc\nquit\n".as_bytes()).unwrap();

    let output = child.wait_with_output().unwrap();

    assert!(output.status.success(), "{output:?}");
    assert_text_only(&output.stdout);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("\n2. batch-worker-1, stopped") && !told.contains("There is no number"), "{told}");
    assert!(told.contains("\n1. Group load, instances: 1."), "{told}");
    // What the command has come to is told before the next line is taken.
    assert!(told.contains("The command has ended: 1 of 1 done."), "{told}");
}
