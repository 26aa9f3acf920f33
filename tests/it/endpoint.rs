//! Through an EC2 Instance Connect Endpoint: commands, shells and bare bytes, and what is said when it does not carry them.

use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::proxy::{Desk, echo, ended, noise, server, through};

/// The database of the demo: only the endpoint's group may come in on port 22.
const DB: &str = "i-03b2c1d0e9f8a7b65";
/// The Windows of the demo: only the endpoint's group may come in on port 3389.
const WINDOWS: &str = "i-0bb22cc33dd44ee55";
const ENDPOINT: &str = "eice-0d1e2f3a4b5c6d7e8";
const OPEN: &str = "ec2-instance-connect:OpenTunnel";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn exec(desk: &Desk, target: &str, script: &str) -> Command {
    desk.plain(&["exec", target, "--method", "eice", "--", script])
}

fn proxy(desk: &Desk, target: &str, more: &[&str]) -> Command {
    let mut command = desk.plain(&[&["proxy", target, "--method", "eice"], more].concat());
    command.stdin(Stdio::piped());
    command
}

fn spawned(desk: &Desk, target: &str, more: &[&str]) -> Child {
    proxy(desk, target, more).spawn().unwrap()
}

/// A desktop behind the endpoint that sends back what it gets.
async fn with_echo(faults: &[&str]) -> Desk {
    let desk = Desk::new(faults).await;
    desk.sim.lead_tunnels(3389, echo());
    desk
}

fn rdp(desk: &Desk, more: &[&str]) -> Child {
    spawned(desk, WINDOWS, &[&["--port", "3389"], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_runs_behind_the_endpoint_and_its_bytes_and_exit_code_come_back() {
    let desk = Desk::new(&[]).await;
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(4096).chain(noise(2_000_000)).collect();
    let input = desk.home.path().join("bytes");
    fs::write(&input, &bytes).unwrap();

    let output = exec(&desk, DB, "cat; exit 7").stdin(fs::File::open(&input).unwrap()).output().unwrap();

    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    assert!(output.stdout == bytes, "{} bytes came back", output.stdout.len());
    assert_eq!((desk.calls(OPEN), desk.calls("ec2-instance-connect:SendSSHPublicKey")), (1, 1));
    assert_eq!(desk.calls("ssm:StartSession"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_byte_value_and_eight_mebibytes_come_back_equal_and_the_end_of_the_input_ends_it() {
    let desk = with_echo(&[]).await;
    let mut child = rdp(&desk, &[]);
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(65_536).chain(noise(8 * 1024 * 1024)).collect();

    let back = through(&mut child, &bytes, bytes.len());
    drop(child.stdout.take());
    let output = ended(child);

    assert!(back == bytes, "bytes differ");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_continue_each_other_are_one_stream() {
    let desk = with_echo(&[&format!("{OPEN}=tunnel:fragments")]).await;
    let mut child = rdp(&desk, &[]);
    let bytes = noise(300_000);

    let back = through(&mut child, &bytes, bytes.len());
    drop(child.stdout.take());

    assert!(back == bytes, "bytes differ");
    assert_eq!(ended(child).status.code(), Some(0));
}

/// What a refusal says, and that it is no byte of the tunnel.
#[track_caller]
fn refused(output: &Output, code: i32, words: &[&str]) {
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is missing: {said}");
    }
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_of_the_endpoint_is_told_in_its_words() {
    let table: &[(&str, &[&str])] = &[
        ("deny", &["ec2-instance-connect:OpenTunnel", "not authorized", "--tunnel-limit"]),
        ("throttle", &["Rate exceeded", "20 connections"]),
        ("error:ConnectionLimitExceeded", &["20 connections"]),
        ("error:ExpiredTokenException", &["the credentials have ended", "sign in again"]),
        ("error:InvalidSignatureException", &["does not take the signature", "clock"]),
        ("clock:+10m", &["does not take the signature", "clock"]),
        ("error:InternalServerError", &["HTTP 5", "cannot serve just now", "wait a moment"]),
        ("html", &["Airport", "proxy"]),
        ("tunnel:no-target", &["Unable to connect to target", "security group", "sshd", "port 22"]),
        ("tunnel:close", &["closed the tunnel (1011)", "no more"]),
        ("tunnel:reset", &["broke"]),
        ("tunnel:half-frame", &["in the middle of a frame"]),
        ("tunnel:text-frame", &["a text frame"]),
        ("tunnel:huge-frame", &["is no tunnel"]),
    ];
    for (fault, words) in table {
        let desk = Desk::new(&[&format!("{OPEN}={fault}")]).await;
        // An SSH client that says enough for what goes wrong after a few bytes.
        desk.sim.lead_tunnels(22, echo());
        let mut child = spawned(&desk, DB, &[]);
        use std::io::Write as _;
        let _ = child.stdin.as_mut().unwrap().write_all(&[b'x'; 200]);
        let output = child_ended(child);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(255), "{fault}: {said}");
        for word in *words {
            assert!(said.contains(word), "{fault}: {word} is missing: {said}");
        }
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{fault}: {said:?}");
    }
}

/// As it ends by itself: the input stays open.
fn child_ended(mut child: Child) -> Output {
    let input = child.stdin.take();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(input);
    child.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    let desk = Desk::new(&[&format!("{OPEN}=tunnel:silent")]).await;

    let begun = Instant::now();
    let output = child_ended(spawned(&desk, DB, &[]));

    refused(&output, 255, &["said nothing on port 22 for 20 seconds", "security group"]);
    assert!(begun.elapsed() >= Duration::from_secs(20));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_its_time_is_told_before_and_after() {
    let desk = with_echo(&[]).await;

    let output = child_ended(rdp(&desk, &["--tunnel-limit", "4s"]));

    refused(&output, 255, &["ends in 2 seconds", "the tunnel's time was over: 4 seconds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_ports_are_wrong_use_and_endpoints_that_are_not_there_are_named() {
    let desk = Desk::new(&[]).await;

    refused(&proxy(&desk, DB, &["--port", "5432"]).output().unwrap(), 2, &["22", "3389", "5432"]);
    refused(&proxy(&desk, DB, &["--endpoint", "eice-0nowhere"]).output().unwrap(), 255, &["eice-0nowhere"]);
    assert_eq!(desk.calls(OPEN), 0);

    desk.sim.edit(|fleet| {
        for endpoint in fleet.accounts.iter_mut().flat_map(|account| &mut account.endpoints) {
            endpoint.state = "delete-in-progress".to_owned();
            endpoint.state_message = Some("somebody deletes it\u{1b}[2J".to_owned());
        }
    });
    refused(&proxy(&desk, DB, &[]).output().unwrap(), 255, &[ENDPOINT, "delete-in-progress", "somebody deletes it"]);
    desk.sim.edit(|fleet| fleet.accounts.iter_mut().for_each(|account| account.endpoints.clear()));
    refused(&proxy(&desk, DB, &[]).output().unwrap(), 255, &["There is no EC2 Instance Connect Endpoint"]);
    assert_eq!(desk.calls(OPEN), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_goes_to_no_host_that_is_not_an_endpoints() {
    for name in ["evil.example", "x@127.0.0.1:1", "10.0.0.1", "EICE.EC2-INSTANCE-CONNECT-ENDPOINT.ap-northeast-2.amazonaws.com"] {
        let desk = Desk::new(&[]).await;
        desk.sim.edit(|fleet| {
            let endpoints = fleet.accounts.iter_mut().flat_map(|account| &mut account.endpoints);
            endpoints.for_each(|endpoint| endpoint.dns_name = Some(name.to_owned()));
        });

        let output = proxy(&desk, DB, &[]).output().unwrap();

        refused(&output, 255, &["nothing was sent there"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_fips_is_asked_for_the_plain_name_is_never_used() {
    let desk = Desk::new(&[]).await;
    let mut command = proxy(&desk, DB, &[]);

    let output = command.env("AWS_USE_FIPS_ENDPOINT", "true").output().unwrap();

    refused(&output, 255, &["FIPS"]);
    assert_eq!(desk.calls(OPEN), 0);
    desk.sim.edit(|fleet| {
        fleet.accounts.iter_mut().flat_map(|account| &mut account.endpoints).for_each(|endpoint| endpoint.has_fips = true);
    });
    let output = exec(&desk, DB, "echo in").env("AWS_USE_FIPS_ENDPOINT", "true").output().unwrap();
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_twenty_first_connection_is_told_why_it_is_one_too_many() {
    let desk = with_echo(&[]).await;
    let mut open: Vec<Child> = (0..20).map(|_| rdp(&desk, &[])).collect();
    for child in &mut open {
        assert_eq!(through(child, b"x", 1), b"x");
    }

    let output = child_ended(rdp(&desk, &[]));

    refused(&output, 255, &["20 connections"]);
    for child in open {
        assert_eq!(ended(child).status.code(), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_certificate_is_checked_before_anything_is_asked() {
    let desk = Desk::over_tls(&[]).await;
    let output = exec(&desk, DB, "echo in").output().unwrap();
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));

    for flaw in ["expired", "wrong-name", "unknown-issuer"] {
        let desk = Desk::over_tls(&[&format!("ssmmessages:OpenDataChannel=certificate:{flaw}")]).await;

        let output = child_ended(spawned(&desk, DB, &[]));

        refused(&output, 255, &["certificate"]);
        assert_eq!(desk.calls(OPEN), 0, "{flaw}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_the_groups_block_is_tried_when_it_is_named_and_told_by_the_endpoint() {
    let desk = Desk::new(&[]).await;

    let output = exec(&desk, "mail-1", "true").output().unwrap();

    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(said.contains("Unable to connect to target") && said.contains("security group"), "{said}");
    assert!(!said.contains("jump host"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_is_unknown_and_named() {
    for (action, code) in
        [("ec2:DescribeInstanceConnectEndpoints", "eice-unseen"), ("ec2:DescribeSecurityGroups", "eice-groups-unseen")]
    {
        let desk = Desk::new(&[&format!("{action}=deny")]).await;

        let output = desk.plain(&["show", DB, "-o", "json"]).output().unwrap();

        let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let methods = shown["instance"]["methods"].as_array().unwrap();
        let eice = methods.iter().find(|method| method["method"] == "eice").unwrap();
        assert_eq!((&eice["verdict"], &eice["reasons"][0]["code"]), (&"unknown".into(), &code.into()), "{eice}");
        assert!(shown["warnings"].as_array().unwrap().iter().any(|warning| warning["action"] == action), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_leaves_ends_the_tunnel() {
    let desk = Desk::new(&[]).await;
    desk.sim.lead_tunnels(3389, server(|mut stream| while std::io::Write::write_all(&mut stream, &[b'x'; 4096]).is_ok() {}));
    let mut child = rdp(&desk, &[]);
    let mut first = [0; 10];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();

    drop(child.stdout.take());

    child_ended(child);
}
