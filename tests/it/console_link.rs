//! `o` in the dashboard: the console's page with the opener that this computer has, or has not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::demo::{LARGE, demo, quit};
use crate::support::pty::Terminal;
use crate::support::waiting::wait_for;

const LINK: &str = "https://console.aws.amazon.com/ec2/home?region=ap-northeast-2#InstanceDetails:instanceId=i-0";

/// An `xdg-open` that does this, in a folder of its own.
fn opener(does: &str) -> tempfile::TempDir {
    let programs = tempfile::tempdir().unwrap();
    let path = programs.path().join(if cfg!(target_os = "macos") { "open" } else { "xdg-open" });
    fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    programs
}

/// The dashboard with these programs alone, and `o` on its first row.
fn open_console(home: &tempfile::TempDir, path: &str, display: &str) -> Terminal {
    let terminal = demo(home, LARGE, &[("PATH", path), ("DISPLAY", display), ("WAYLAND_DISPLAY", "")]);
    terminal.wait_for("bastion");
    terminal.type_text("o");
    terminal
}

#[tokio::test(flavor = "multi_thread")]
async fn the_opener_gets_the_link_as_one_argument_and_neither_our_keys_nor_our_screen() {
    let (home, told) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = told.path().join("told");
    let does = format!(
        "echo noise; echo noise >&2; printf '%s|%s|' \"$#\" \"$1\" > {0}.new; cat >> {0}.new; mv {0}.new {0}",
        file.display()
    );
    let programs = opener(&does);

    let terminal = open_console(&home, &format!("{}:/usr/bin:/bin", programs.path().display()), ":0");

    wait_for(|| file.exists()).await;
    let told = fs::read_to_string(&file).unwrap();
    assert!(told.starts_with(&format!("1|{LINK}")) && told.ends_with('|'), "{told}");
    let screen = terminal.wait_for("in the AWS console.");
    assert!(!screen.contains("noise"), "{screen}");
    quit(terminal, &home);
}

#[test]
#[cfg(not(target_os = "macos"))]
fn where_nothing_opens_it_the_link_is_shown() {
    let nothing = tempfile::tempdir().unwrap();
    let failing = opener("exit 3");
    let cases = [
        (failing.path(), ":0", "could not open the link"),
        (failing.path(), "", "There is no display here"),
        (nothing.path(), ":0", "xdg-open is not installed here."),
    ];
    for (programs, display, why) in cases {
        let home = tempfile::tempdir().unwrap();

        let terminal = open_console(&home, programs.to_str().unwrap(), display);

        let screen = terminal.wait_for(why);
        assert!(screen.contains(LINK) && screen.contains("y o copies it."), "{screen}");
        terminal.type_text("\u{1b}");
        terminal.wait_until("the table", |screen| !screen.contains(why));
        quit(terminal, &home);
    }
}
