//! Commands of the user's own in a real terminal: their arguments, their environment, and the terminal they get.

use std::path::Path;

use ec2dash_sim::{Options, Sim};
use tempfile::TempDir;

use crate::support::demo::environment;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;
use crate::support::waiting::eventually;

const WEB_1: &str = "i-0123456789abcdef0";
/// Says what it was given, and whether it has a terminal and credentials.
const SCRIPT: &str = r#"#!/bin/sh
where="$HOME/said"
{ printf '%s\n' "$@"; test -t 0 && echo terminal; echo "key ${AWS_ACCESS_KEY_ID:+set}"; echo "profile ${AWS_PROFILE-none}"; } > "$where.$$"
mv "$where.$$" "$where"
if test -t 0; then echo "ask me"; read -r line; echo "$line" > "$HOME/read"; fi
echo "the last line"
exit "${EXIT_WITH:-0}"
"#;

fn dashboard(sim: &Sim, home: &TempDir, command: &str) -> Terminal {
    let script = home.path().join("own.sh");
    std::fs::write(&script, SCRIPT).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let mut config = std::fs::read_to_string(sim.directory().join("config.toml")).unwrap();
    config.push_str(&format!("\n[[command]]\nname = \"own\"\nkey = \"Ctrl-E\"\nrun = [\"{}\", {command}\n", script.display()));
    let path = home.path().join("config.toml");
    std::fs::write(&path, config).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let aws =
        sim.environment().into_iter().filter(|(name, _)| !name.starts_with("AWS_ACCESS") && !name.starts_with("AWS_SECRET"));
    let mut variables: Vec<(&str, String)> = aws.collect();
    variables.retain(|(name, _)| *name != "EC2DASH_CONFIG");
    variables.extend([("EC2DASH_CONFIG", path.display().to_string()), ("AWS_PROFILE", "haneul-prod".to_owned())]);
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let terminal = Terminal::start(ec2dash(), &[], &environment(home.path(), &variables), (120, 32));
    terminal.wait_for("any key goes on");
    terminal.type_text(" ");
    terminal.wait_for("bastion");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| !screen.contains("bastion"));
    terminal
}

async fn said(home: &Path) -> Vec<String> {
    let path = home.join("said");
    let text = eventually(async || std::fs::read_to_string(&path).ok()).await;
    text.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_beside_the_dashboard_has_no_terminal_and_its_end_is_told_in_one_line() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut terminal = dashboard(&sim, &home, "\"{id}\", \"a {name}; id\", \"x={region}\"]\nterminal = false");

    terminal.type_text("\u{5}");

    terminal.wait_for("ended: the last line");
    let given = said(home.path()).await;
    assert_eq!(given, [WEB_1, "a web-1; id", "x=ap-northeast-2", "key ", "profile haneul-prod"]);
    terminal.type_text("q");
    assert!(terminal.wait().success());
    terminal.assert_as_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_in_the_terminal_is_typed_at_and_hands_it_back_and_credentials_come_only_when_asked_for() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut terminal = dashboard(&sim, &home, "\"{id}\"]\ncredentials = true");

    terminal.type_text("\u{5}");
    terminal.wait_for("ask me");
    assert_eq!(said(home.path()).await, [WEB_1, "terminal", "key set", "profile none"]);
    terminal.type_text("typed\r");
    terminal.wait_for("web-1 (i-0123456789abcdef0) ended");

    assert_eq!(std::fs::read_to_string(home.path().join("read")).unwrap(), "typed\n");
    terminal.type_text("q");
    assert!(terminal.wait().success());
    terminal.assert_as_found();
}
