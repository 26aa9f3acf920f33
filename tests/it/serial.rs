//! The serial console: with a real ssh, against a simulated service with a host key of its own.

use std::path::Path;

use serde_json::Value;

use crate::support::pty::Terminal;
use crate::support::tools::{SimulatedCloud, ec2dash};

const PUSH: &str = "ec2-instance-connect:SendSerialConsoleSSHPublicKey";

#[test]
fn enter_is_pressed_for_you_what_is_typed_arrives_and_tilde_dot_leaves() {
    let cloud = SimulatedCloud::start(&[]);

    let mut terminal = terminal(&cloud, &["connect", "web-1", "--method", "serial"]);
    // Nobody has typed anything yet.
    terminal.wait_for("simulated login:");
    terminal.type_text("root\r");
    terminal.wait_for("Password:");
    terminal.type_text("secret\r");
    let screen = terminal.wait_for("Login incorrect");

    assert!(screen.contains("Enter is pressed for you") && screen.contains("~."), "{screen}");
    assert!(!screen.contains("secret"), "{screen}");
    // Ctrl-C is the console's.
    terminal.type_text("\x03");
    terminal.type_text("\r");
    terminal.wait_until("another prompt", |screen| screen.matches("simulated login:").count() >= 3);
    terminal.type_text("~.");
    let status = terminal.wait();
    assert_eq!(status.code(), Some(255), "as ssh says of its ~.");
    terminal.assert_as_found();
}

#[test]
fn one_session_at_a_time() {
    let cloud = SimulatedCloud::start(&[]);
    let first = terminal(&cloud, &["connect", "web-1", "-m", "serial"]);
    first.wait_for("simulated login:");

    let second = cloud.ec2dash(&["connect", "web-1", "-m", "serial"]).output().unwrap();
    let other = terminal(&cloud, &["connect", "web-2", "-m", "serial"]);

    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!((second.status.code(), second.stdout.as_slice()), (Some(255), &b""[..]), "{said}");
    assert!(said.contains("[serial-taken]") && said.contains("30 seconds"), "{said}");
    other.wait_for("simulated login:");
}

#[test]
fn a_key_that_aws_does_not_publish_ends_it_before_any_login() {
    let cloud = SimulatedCloud::start(&[]);
    let config = std::fs::read_to_string(cloud.variable("EC2DASH_CONFIG")).unwrap();
    let own = config.split("fingerprint = \"").nth(1).unwrap().split('"').next().unwrap();
    let other = "SHA256:FoqWXNX+DZ++GuNTztg9PK49WYMqBX+FrcZM2dSrqrI";
    let path = cloud.home().join("config.toml");
    std::fs::write(&path, config.replace(own, other)).unwrap();

    let output = cloud.ec2dash(&["--config", path.to_str().unwrap(), "connect", "web-1", "-m", "serial"]).output().unwrap();

    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(255), &b""[..]), "{said}");
    assert!(said.contains("[serial-host-key]") && said.contains(own) && said.contains(other), "{said}");
    // The key was not used: the session is still free.
    let first = terminal(&cloud, &["connect", "web-1", "-m", "serial"]);
    first.wait_for("simulated login:");
}

#[test]
fn each_refusal_has_words_and_a_way_on() {
    for (code, ours, word) in [
        ("SerialConsoleAccessDisabledException", "serial-off", "aws ec2 enable-serial-console-access --region ap-northeast-2"),
        ("SerialConsoleSessionLimitExceededException", "serial-taken", "30 seconds"),
        ("SerialConsoleSessionUnavailableException", "serial-unavailable", "in a minute"),
        ("SerialConsoleSessionUnsupportedException", "serial-unsupported", "ec2dash reboot"),
        ("EC2InstanceTypeInvalidException", "serial-no-type", "has no serial console"),
        ("EC2InstanceUnavailableException", "serial-state", "in a minute"),
    ] {
        let cloud = SimulatedCloud::start(&["--fault", &format!("{PUSH}=error:{code}")]);

        let output = cloud.ec2dash(&["connect", "web-1", "-m", "serial"]).output().unwrap();

        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(255), "{code}: {said}");
        assert!(said.contains(&format!("error[{ours}]")) && said.contains(word), "{code}: {said}");
        // It did not open, and one hint is enough.
        assert!(!said.contains("Enter is pressed") && said.matches("ec2dash doctor").count() <= 1, "{code}: {said}");
    }
}

#[test]
fn the_switch_and_the_type_are_looked_at_first_and_unknown_is_not_no() {
    let denied = SimulatedCloud::start(&["--fault", "ec2:GetSerialConsoleAccessStatus=deny"]);

    let shown = denied.ec2dash(&["show", "web-1", "-o", "json"]).output().unwrap();
    let plan = denied.ec2dash(&["connect", "web-1", "-m", "serial", "--dry-run", "-o", "json"]).output().unwrap();

    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let methods = shown["instance"]["methods"].as_array().unwrap();
    let ids: Vec<&str> = methods.iter().map(|own| own["method"].as_str().unwrap()).collect();
    assert_eq!(ids, ["ssm", "ssm-ssh", "eice", "eic", "ssh", "serial", "rdp"]);
    assert_eq!(methods[5]["verdict"], "unknown", "{}", methods[5]);
    assert_eq!(methods[6]["verdict"], "not_applicable");
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    let steps: Vec<&str> = plan["plan"]["steps"].as_array().unwrap().iter().map(|own| own["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["describe", "serial"]);
    assert_eq!(plan["plan"]["steps"][1]["action"], PUSH);
    // It is never chosen by itself, and carries nothing but a person.
    for arguments in [&["exec", "web-1", "-m", "serial", "--", "true"][..], &["ssh", "web-1", "-m", "serial"]] {
        let output = denied.ec2dash(arguments).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stderr).contains("serial"), "{output:?}");
        assert!(!output.status.success());
    }
}

#[test]
fn what_carries_no_tunnel_says_so_and_opens_none() {
    let cloud = SimulatedCloud::start(&["--fault", "ssm:StartSession=deny"]);
    for (command, method) in [(&["tunnel", "web-1", "8080:80"][..], "serial"), (&["proxy", "web-1"], "rdp")] {
        let output = cloud.ec2dash(&[command, &["--method", method]].concat()).output().unwrap();

        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("error[method-no-tunnel]") && said.contains(method), "{command:?}: {said}");
        assert_eq!(output.status.code(), Some(2));
    }
    let output = cloud.ec2dash(&["cp", "-m", "serial", "/etc/hostname", "web-1:/tmp/"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("a serial console is for") && said.contains("no files") && !said.contains("Session Manager"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

fn terminal(cloud: &SimulatedCloud, arguments: &[&str]) -> Terminal {
    Terminal::start(Path::new(ec2dash()), arguments, &cloud.environment, (120, 32))
}
