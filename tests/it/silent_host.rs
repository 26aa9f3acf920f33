//! An address that takes connections and says nothing: how long ssh waits for it, and what is said of it then.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::openssh::Host;
use crate::support::tools::ec2dash;

/// The facts that are there may be wrong, so that it is tried; but what they say is said.
#[test]
fn a_way_that_is_named_and_known_to_be_blocked_is_said_to_be_so() {
    let home = tempfile::tempdir().unwrap();
    let path = std::env::var("PATH").unwrap();
    let warning = |target: &str, method: &str| {
        let mut command = Command::new(ec2dash());
        command.args(["--demo", "--profile", "lab", "connect", target, "-m", method, "--dry-run"]);
        let output = command.env_clear().env("HOME", home.path()).env("PATH", &path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        said.lines().find(|line| line.contains("does not seem to lead in")).map(str::to_owned)
    };

    let said = warning("h-ssm-1", "ssm").unwrap();

    assert!(said.contains("not registered with Systems Manager") && said.contains("ec2dash doctor i-"), "{said}");
    // What is not known is no reason to warn.
    assert_eq!(warning("h-net-8", "eic"), None);
}

#[test]
fn an_address_that_says_nothing_is_waited_for_as_long_as_the_user_says_and_else_not_for_minutes() {
    let host = Host::start();
    // The system accepts what nobody ever reads.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let rules = fs::read_to_string(host.config()).unwrap();
    let port = format!("port = {}", silent.local_addr().unwrap().port());
    fs::write(host.config(), rules.replace(&format!("port = {}", host.port()), &port)).unwrap();
    let start = |arguments: &[&str]| {
        let mut command = host.program(ec2dash(), arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };

    let mut unlimited = start(&["exec", "-m", "eic", "web-1", "--", "true"]);
    let patient = start(&["ssh", "-m", "eic", "web-1", "--", "-o", "ConnectTimeout=2", "true"]);

    // Theirs is the shorter one here.
    let patient = patient.wait_with_output().unwrap();
    assert!(unlimited.try_wait().unwrap().is_none());
    for output in [patient, unlimited.wait_with_output().unwrap()] {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(255), "{said}");
        assert!(said.contains("timed out during banner exchange"), "{said}");
        assert!(said.contains("error[timed-out]") && said.contains(&format!("ec2dash doctor {}", host.id())), "{said}");
    }
}
