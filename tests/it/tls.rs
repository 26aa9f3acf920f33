//! TLS: a cloud whose certificate authority is known to nobody but its user.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Output, Stdio};

use crate::proxy::{Desk, WEB, echo, ended, noise, through};
use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::{SimulatedCloud, ec2dash};

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
    let cloud = SimulatedCloud::start(&["--tls"]);

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
    let output = Command::new(ec2dash()).args(["sim", "--fault", "*=certificate:expired"]).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("fault `*=certificate:expired` needs TLS (--tls)"), "{}", text(&output.stderr));
}

/// What is wrong with a certificate, the code of our error, and words that say what to do.
const FLAWS: [(&str, &str, &str); 4] = [
    ("expired", "certificate-expired", "Set this computer's clock if it is wrong; if not, whoever runs"),
    ("not-yet-valid", "certificate-not-yet-valid", "Set this computer's clock if it is wrong; if not, whoever runs"),
    ("wrong-name", "certificate-wrong-name", "Check the endpoint (AWS_ENDPOINT_URL"),
    ("unknown-issuer", "unknown-issuer", "AWS_CA_BUNDLE"),
];

/// Each flaw in a cloud of its own, all at once: a call is tried again before it fails.
async fn with_each_flaw(action: &str, work: impl Fn(&Desk, &str, &str) + Clone + Send + 'static) {
    let mut tasks = tokio::task::JoinSet::new();
    for (flaw, code, remedy) in FLAWS {
        let desk = desk(&[&format!("{action}=certificate:{flaw}")]).await;
        let work = work.clone();
        tasks.spawn_blocking(move || work(&desk, code, remedy));
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

/// It is refused in these words, and the host is named.
#[track_caller]
fn assert_refused(output: &Output, exit: i32, code: &str, remedy: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert!(
        said.contains(&format!("error[{code}]")) && said.contains("The certificate ") && said.contains("127.0.0.1:"),
        "{said}"
    );
    assert!(said.contains(remedy), "{said}");
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_with_a_flawed_certificate_is_refused_in_words_to_act_on() {
    with_each_flaw("*", |desk, code, remedy| {
        assert_refused(&run(desk.plain(&["whoami"])), 1, code, remedy);
        assert!(desk.sim.calls().is_empty(), "nothing was sent");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_channel_with_a_flawed_certificate_is_refused_in_the_same_words_and_sent_nothing() {
    with_each_flaw("ssmmessages:OpenDataChannel", |desk, code, remedy| {
        assert_refused(&run(desk.plain(&["proxy", WEB, "--port", "22"])), 255, code, remedy);
        assert_refused(&run(desk.plain(&["exec", WEB, "--method", "ssm-ssh", "--", "echo out"])), 255, code, remedy);
        assert_refused(&run(desk.plain(&["exec", WEB, "--method", "ssm", "--", "echo out"])), 255, code, remedy);
        assert_eq!(desk.calls("ssmmessages:OpenDataChannel"), 0, "nothing was sent");
        assert_eq!(desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession"), "no session is left");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_whose_data_channel_has_a_flawed_certificate_says_so() {
    let desk = desk(&["ssmmessages:OpenDataChannel=certificate:expired"]).await;
    let variables = desk.sim.environment();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let environment = environment(desk.home.path(), &variables);
    let mut terminal = Terminal::start(ec2dash(), &["connect", "web-1", "-m", "ssm"], &environment, LARGE);

    assert_eq!(terminal.wait().code(), Some(255), "{}", terminal.shown());

    let screen = terminal.wait_for("error[certificate-expired]");
    assert!(screen.contains("It ended on ") && screen.contains("clock says"), "{screen}");
    terminal.assert_as_found();
}

/// A proxy whose connection breaks after its first bytes, and then another certificate is shown.
async fn broken_under(certificate: &str, arguments: &[&str]) -> (Desk, std::process::Child, Vec<u8>) {
    let desk = desk(&["ssmmessages:Down=close:100kB@1"]).await;
    let port = echo().to_string();
    let mut child = desk.command(&[arguments, &["proxy", WEB, "--port", &port]].concat());
    let mut child = child.stdin(Stdio::piped()).spawn().unwrap();
    assert_eq!(through(&mut child, b"begun", 5), b"begun");
    let fault = format!("ssmmessages:OpenDataChannel=certificate:{certificate}");
    desk.sim.set_faults(vec![fault.parse().unwrap()]);
    (desk, child, noise(300_000))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_turns_bad_before_a_resume_is_told_as_that_and_the_session_outlives_it() {
    let (desk, mut child, bytes) = broken_under("wrong-name", &[]).await;
    let words = BufReader::new(child.stderr.take().unwrap());

    let carried = bytes.clone();
    let carrying = std::thread::spawn(move || {
        let back = through(&mut child, &carried, carried.len());
        (child, back)
    });
    // Where nothing is said, it is the assertion that tells.
    let (told, telling) = std::sync::mpsc::channel();
    std::thread::spawn(move || told.send(words.lines().next().unwrap().unwrap()));
    let line = telling.recv_timeout(std::time::Duration::from_secs(30)).unwrap_or_default();
    assert!(line.contains("The certificate that came for 127.0.0.1:") && line.contains("is for another host."), "{line}");
    assert!(line.ends_with("This goes on trying."), "{line}");
    desk.sim.set_faults(Vec::new());
    let (mut child, back) = carrying.join().unwrap();
    drop(child.stdout.take());

    assert!(back == bytes, "bytes differ");
    assert_eq!(ended(child).status.code(), Some(0));
    assert_eq!(desk.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_given_up_under_a_bad_certificate_names_it_and_no_network() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    std::fs::write(&config, "[connect]\nreconnect = \"2s\"\n").unwrap();
    let (_desk, mut child, bytes) = broken_under("unknown-issuer", &["--config", config.to_str().unwrap()]).await;
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&bytes));

    let output = child.wait_with_output().unwrap();
    let said = text(&output.stderr);
    // Whether all of it was taken says nothing.
    let _ = writer.join().unwrap();

    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(
        said.contains("error[session-not-resumed]") && said.contains("is signed by nobody whom this computer trusts"),
        "{said}"
    );
    assert!(said.contains("AWS_CA_BUNDLE") && !said.contains("when the network is back"), "{said}");
}

#[test]
fn no_flag_and_no_setting_takes_a_certificate_that_does_not_hold() {
    let manual = run({
        let mut command = Command::new(ec2dash());
        command.arg("man");
        command
    });
    let manual = text(&manual.stdout).replace("\\-", "-");
    let settings = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml")).unwrap();
    assert!(manual.contains("--api-timeout") && settings.contains("reconnect"), "{manual}");
    for named in ["insecure", "verify", "skip", "trust", "unsafe", "ignore-cert", "ignore_cert"] {
        let flag = manual.split_whitespace().find(|word| word.contains("--") && word.contains(named));
        let key = settings.lines().filter_map(|line| line.split_once('=')).find(|(key, _)| key.contains(named));
        assert_eq!((flag, key), (None, None), "{named}");
    }
}
