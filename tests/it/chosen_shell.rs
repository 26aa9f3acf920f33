//! A shell of one's own in Session Manager: what runs, what a plan says of it, and what happens where it is denied.

use std::io::Write as _;
use std::process::{Output, Stdio};

use crate::proxy::Desk;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `connect web-1` by Session Manager with these settings, and this typed into it.
fn connect(desk: &Desk, settings: &str, more: &[&str], typed: &str) -> Output {
    let config = desk.home.path().join("shell.toml");
    std::fs::write(&config, settings).unwrap();
    let config = config.display().to_string();
    let mut command = desk.command(&[&["--config", config.as_str(), "connect", "web-1", "--method", "ssm"], more].concat());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chosen_command_line_runs_on_a_terminal_and_reads_what_is_typed() {
    let desk = Desk::new(&[]).await;
    let settings = "[connect]\nshell = \"test -t 0 && echo ready && read word && echo \\\"it's <$word>\\\"\"\n";

    let output = connect(&desk, settings, &[], "canary\n");

    let shown = text(&output.stdout);
    assert!(shown.contains("it's <canary>"), "{shown}{}", text(&output.stderr));
    assert_eq!(desk.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_denied_the_accounts_own_runs_and_the_permission_is_named() {
    let desk = Desk::new(&["ssm:StartSession=deny@1"]).await;

    let output = connect(&desk, "[connect]\nshell = \"echo chosen\"\n", &[], "echo o''wn\nexit\n");

    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    assert!(shown.contains("own") && !shown.contains("chosen"), "{shown}{said}");
    assert!(said.contains("ssm:StartSession on document/AWS-StartInteractiveCommand"), "{said}");
    assert!(said.contains("The account's own shell runs instead."), "{said}");
    assert_eq!((desk.calls("ssm:StartSession"), output.status.code()), (2, Some(0)), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_denied_altogether_is_told_as_that() {
    let desk = Desk::new(&["ssm:StartSession=deny"]).await;

    let output = connect(&desk, "[connect]\nshell = \"bash -l\"\n", &[], "");

    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(said.contains("ssm:StartSession is denied") && !said.contains("runs instead"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_names_the_document_and_the_command_line() {
    let desk = Desk::new(&[]).await;
    let settings = "[[rule]]\nmatch = { name = \"web-*\" }\nshell = \"sudo -u app -i\"\n";

    let shown = connect(&desk, settings, &["--dry-run"], "");
    let json = connect(&desk, settings, &["--dry-run", "-o", "json"], "");
    let wrong = connect(&desk, "[connect]\nshell = \"a\\nb\"\n", &["--dry-run"], "");

    let shown = text(&shown.stdout);
    assert!(shown.contains("(AWS-StartInteractiveCommand command='sudo -u app -i')"), "{shown}");
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let step = &json["plan"]["steps"][1];
    assert_eq!((&step["document"], &step["command"]), (&"AWS-StartInteractiveCommand".into(), &"sudo -u app -i".into()));
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("is no shell"), "{}", text(&wrong.stderr));
    assert_eq!(desk.calls("ssm:StartSession"), 0);
}
