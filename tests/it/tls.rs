//! TLS: a cloud whose certificate authority is known to nobody but its user.

use std::fs::File;
use std::process::{Command, Output};

use crate::proxy::{Desk, echo, ended, noise, through};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Calls and data channels over TLS, with these faults.
async fn desk(faults: &[&str]) -> Desk {
    let desk = Desk::over_tls(faults).await;
    assert!(desk.sim.endpoint().starts_with("https://127.0.0.1:"), "{}", desk.sim.endpoint());
    desk
}

fn run(mut command: Command) -> Output {
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_over_tls_runs_a_command_and_every_byte_comes_whole() {
    let desk = desk(&[]).await;
    let input = desk.home.path().join("bytes");
    let bytes = noise(1_000_000);
    std::fs::write(&input, &bytes).unwrap();

    let mut cat = desk.plain(&["exec", "web-1", "--method", "ssm-ssh", "--", "cat; exit 7"]);
    let output = cat.stdin(File::open(&input).unwrap()).output().unwrap();

    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    assert!(output.stdout == bytes, "{} bytes came back", output.stdout.len());
    assert_eq!(desk.calls("ssmmessages:OpenDataChannel"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_mebibytes_go_through_a_port_over_tls_both_ways_and_come_back_equal() {
    let desk = desk(&[]).await;
    let mut child = desk.proxy(echo(), &[]);
    let bytes = noise(8 * 1024 * 1024);

    let back = through(&mut child, &bytes, bytes.len());
    drop(child.stdout.take());
    let output = ended(child);

    assert!(back == bytes, "bytes differ");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_is_taken_from_the_variable_or_the_profile_and_without_either_nothing_is_trusted() {
    let desk = desk(&[]).await;
    let exec = || desk.plain(&["exec", "web-1", "--method", "ssm-ssh", "--", "echo out"]);
    let config = desk.sim.directory().join("aws-config");
    let bare: String = std::fs::read_to_string(&config)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("ca_bundle"))
        .map(|line| format!("{line}\n"))
        .collect();
    let without = desk.home.path().join("aws-config");
    std::fs::write(&without, bare).unwrap();

    for (variable, profile) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut command = exec();
        if !variable {
            command.env_remove("AWS_CA_BUNDLE");
        }
        if !profile {
            command.env("AWS_CONFIG_FILE", &without);
        }
        let output = run(command);
        let said = text(&output.stderr);
        if variable || profile {
            assert_eq!(text(&output.stdout), "out\n", "{variable} {profile}: {said}");
        } else {
            assert_eq!(output.status.code(), Some(255), "{said}");
            assert!(said.contains("error[unknown-issuer]: The certificate of 127.0.0.1"), "{said}");
            assert!(said.contains("AWS_CA_BUNDLE"), "{said}");
        }
    }
}

#[test]
fn the_simulated_cloud_prints_where_its_authority_is_and_keeps_the_key_to_itself() {
    let cloud = crate::support::tools::SimulatedCloud::start(&["--tls"]);

    let bundle = std::fs::read_to_string(cloud.variable("AWS_CA_BUNDLE")).unwrap();

    assert!(cloud.variable("AWS_ENDPOINT_URL").starts_with("https://127.0.0.1:"));
    assert!(bundle.starts_with("-----BEGIN CERTIFICATE-----\n") && bundle.ends_with("-----END CERTIFICATE-----\n"), "{bundle}");
    assert!(bundle.lines().all(|line| line.len() <= 64) && !bundle.contains("PRIVATE"), "{bundle}");
    let directory = std::path::Path::new(cloud.variable("AWS_CA_BUNDLE")).parent().unwrap().to_owned();
    for file in std::fs::read_dir(directory).unwrap().flatten().filter(|file| file.path().is_file()) {
        assert!(!text(&std::fs::read(file.path()).unwrap()).contains("PRIVATE KEY-----\n"), "{:?}", file.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flawed_certificate_is_a_fault_of_a_cloud_with_tls_alone() {
    let output =
        Command::new(crate::support::tools::ec2dash()).args(["sim", "--fault", "*=certificate:expired"]).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("fault `*=certificate:expired` needs TLS (--tls)"), "{}", text(&output.stderr));
}
