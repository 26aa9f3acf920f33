//! A command on one instance: over ssh where a key can be had, else in a command session with what that can carry.

use std::fs::File;
use std::process::{Command, Output, Stdio};

use crate::proxy::{Desk, WEB, noise};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn exec(desk: &Desk, ours: &[&str], command: &[&str]) -> Command {
    desk.plain(&[&["exec"], ours, &["web-1", "--"], command].concat())
}

fn told(desk: &Desk, ours: &[&str], command: &[&str]) -> Output {
    exec(desk, ours, command).output().unwrap()
}

/// No key for `web-1` is to be had: its metadata service is off, and its key pair is nobody's here.
fn without_keys(desk: &Desk) {
    desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        for instance in all.filter(|instance| instance.id == WEB) {
            instance.has_metadata = false;
            instance.key_name = Some("nobodys".to_owned());
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn over_ssh_exit_codes_streams_stdin_and_every_byte_pass_through() {
    let desk = Desk::new(&[]).await;
    for method in ["ssm-ssh", "auto"] {
        for (script, code) in [("exit 0", 0), ("exit 1", 1), ("exit 42", 42), ("exit 255", 255), ("kill -TERM $$", 143)] {
            let output = told(&desk, &["--method", method], &["sh", "-c", script]);

            assert_eq!(output.status.code(), Some(code), "{method}, {script}: {}", text(&output.stderr));
        }
        let output = told(&desk, &["--method", method], &["echo out; echo err >&2"]);
        assert_eq!(text(&output.stdout), "out\n");
        assert!(text(&output.stderr).contains("err\n"), "{}", text(&output.stderr));
    }
    let bytes: Vec<u8> = (0..=255_u8).chain(noise(1_000_000)).collect();
    let input = desk.home.path().join("bytes");
    std::fs::write(&input, &bytes).unwrap();
    let output = exec(&desk, &["--method", "ssm-ssh"], &["cat"]).stdin(File::open(&input).unwrap()).output().unwrap();
    assert!(output.stdout == bytes, "{} bytes came back", output.stdout.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_words_arrive_as_that_argv_and_one_is_a_command_line() {
    let desk = Desk::new(&[]).await;
    let words = ["printf", "%s|", "a b", "it's", "$HOME", "", "*", "-x", "결제"];

    let several = told(&desk, &[], &words);
    let one = told(&desk, &[], &["echo a | tr a b"]);

    assert_eq!(text(&several.stdout), "a b|it's|$HOME||*|-x|결제|", "{}", text(&several.stderr));
    assert_eq!(text(&one.stdout), "b\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_it_is_a_command_session() {
    let desk = Desk::new(&[]).await;
    without_keys(&desk);

    let output = told(&desk, &[], &["echo out; echo $((6*7)); exit 0"]);

    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "out\n42\n".into()), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("command session"), "{}", text(&output.stderr));
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ec2-instance-connect:SendSSHPublicKey")), (1, 0));
    assert_eq!(desk.calls("ssm:TerminateSession"), 0, "its end was the session's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_session_cannot_carry_is_refused_before_anything_runs() {
    let desk = Desk::new(&[]).await;
    without_keys(&desk);

    let output = exec(&desk, &[], &["cat"]).stdin(Stdio::piped()).output().unwrap();

    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(text(&output.stderr).contains("exec-no-stdin"), "{}", text(&output.stderr));
    assert_eq!(desk.calls("ssm:StartSession"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_how_and_runs_nothing() {
    let desk = Desk::new(&[]).await;

    let by_ssh = told(&desk, &["--dry-run", "--method", "ssm-ssh"], &["uptime", "-p"]);
    let by_session = told(&desk, &["--dry-run", "--method", "ssm"], &["uptime"]);

    assert!(text(&by_ssh.stdout).contains("uptime -p"), "{}", text(&by_ssh.stdout));
    assert!(text(&by_session.stdout).contains("AWS-StartNonInteractiveCommand"), "{}", text(&by_session.stdout));
    assert_eq!(desk.calls("ssm:StartSession") + desk.calls("ec2-instance-connect:SendSSHPublicKey"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_takes_too_long_is_cut_off() {
    let desk = Desk::new(&[]).await;

    let output = told(&desk, &["--timeout", "3", "--method", "ssm-ssh"], &["sleep", "60"]);

    assert_eq!(output.status.code(), Some(255));
    assert!(text(&output.stderr).contains("exec-timed-out"), "{}", text(&output.stderr));
}
