//! A changed host key is refused wherever one connects from, whatever has become of the file of known ones.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::pty::Terminal;
use crate::support::tools::{SimulatedCloud, ec2dash};

const WEB: &str = "i-0123456789abcdef0";
/// Not the key of any simulated instance.
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
const REFUSED: &str = "is not the one seen before";
const SEEN_BEFORE: &str = "SHA256:";

#[test]
fn a_changed_key_is_refused_although_the_file_is_a_link_that_is_not_written() {
    let (cloud, known_hosts) = desk();
    let elsewhere = cloud.home().join("dotfiles");
    fs::write(&elsewhere, format!("{WEB} {OTHER}\n")).unwrap();
    symlink(&elsewhere, &known_hosts).unwrap();

    let typed = on_the_command_line(&cloud);
    let shown = in_the_dashboard(&cloud, REFUSED);

    for told in [&typed, &shown] {
        assert!(told.contains(REFUSED) && told.matches(SEEN_BEFORE).count() >= 2, "{told}");
    }
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), format!("{WEB} {OTHER}\n"));
}

#[test]
fn with_keys_that_cannot_be_read_nobody_is_let_in() {
    let (cloud, known_hosts) = desk();
    fs::create_dir(&known_hosts).unwrap();

    let typed = on_the_command_line(&cloud);
    let shown = in_the_dashboard(&cloud, "cannot be read");

    for told in [&typed, &shown] {
        assert!(told.contains("cannot be read") && told.contains("known_hosts"), "{told}");
    }
    assert!(typed.starts_with("error[known-hosts]: cannot connect to web-1"), "{typed}");
}

fn desk() -> (SimulatedCloud, PathBuf) {
    let cloud = SimulatedCloud::start(&[]);
    let state = cloud.home().join(".local/state/ec2dash");
    fs::create_dir_all(&state).unwrap();
    (cloud, state.join("known_hosts"))
}

/// What is said on stderr; the command itself must not run.
fn on_the_command_line(cloud: &SimulatedCloud) -> String {
    let output = cloud.ec2dash(&["ssh", "web-1", "-m", "ssh", "--", "echo let in"]).output().unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(255), &b""[..]));
    String::from_utf8(output.stderr).unwrap()
}

/// The screen once it says `awaited`. A shell instead of that has the simulated computer's greeting.
fn in_the_dashboard(cloud: &SimulatedCloud, awaited: &str) -> String {
    let terminal = Terminal::start(Path::new(ec2dash()), &[], &cloud.environment, (120, 32));
    // The card of the first start has no place here.
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_for("bastion");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| screen.contains("web-1") && !screen.contains("bastion"));
    terminal.type_text("\r");
    terminal.wait_for("5 ssh");
    terminal.type_text("5\r");
    let screen =
        terminal.wait_until("the end of the try", |screen| screen.contains(awaited) || screen.contains("Nothing here is on AWS"));
    assert!(!screen.contains("Nothing here is on AWS"), "{screen}");
    terminal.type_text("\x1b");
    terminal.wait_until("the rows again", |screen| !screen.contains(awaited) && screen.contains("web-1"));
    terminal.type_text("q");
    assert!(terminal.end().success());
    screen
}
