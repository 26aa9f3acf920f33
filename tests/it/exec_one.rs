//! A command on one instance: over ssh where a key can be had, else in a command session with what that can carry.

use std::fs::File;
use std::io::{BufRead as _, Read as _};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::proxy::{Desk, WEB, noise};
use crate::support::waiting::wait_until_idle;

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
async fn without_a_key_it_is_a_command_session_with_the_commands_own_exit_code() {
    let desk = Desk::new(&[]).await;
    without_keys(&desk);

    for code in [0, 1, 42, 255] {
        let output = told(&desk, &[], &[&format!("echo out; echo err >&2; echo $((6*7)); exit {code}")]);

        let mut lines: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
        lines.sort();
        assert_eq!((output.status.code(), lines.join(" ")), (Some(code), "42 err out".into()), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("command session"), "{}", text(&output.stderr));
        assert!(!text(&output.stderr).contains("not known"), "{}", text(&output.stderr));
    }
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ec2-instance-connect:SendSSHPublicKey")), (4, 0));
    assert_eq!(desk.calls("ssm:TerminateSession"), 0, "its end was the session's");

    let bytes: Vec<u8> = (0..=255_u8).chain(noise(300_000)).collect();
    let input = desk.home.path().join("bytes");
    std::fs::write(&input, &bytes).unwrap();
    let output = told(&desk, &[], &["cat", input.to_str().unwrap()]);
    assert!(output.stdout == bytes, "{} bytes came", output.stdout.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exit_code_that_nobody_tells_is_said_to_be_unknown_also_to_the_quiet() {
    let desk = Desk::new(&[]).await;
    without_keys(&desk);

    let output = told(&desk, &["-q"], &["echo out; kill -KILL $PPID; sleep 0.3"]);

    assert_eq!(text(&output.stdout), "out\n");
    assert_eq!(text(&output.stderr), "warning: The exit code of the command is not known.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_names_a_login_never_gets_a_command_session() {
    let desk = Desk::new(&[]).await;
    without_keys(&desk);
    let key = desk.home.path().join("key");
    let key = key.to_str().unwrap();

    for ours in [
        &["--user", "postgres"][..],
        &["-i", key],
        &["-p", "2222"],
        &["--address", "private"],
        &["--ssh-config", "on"],
        &["-m", "ssm", "--user", "postgres"],
    ] {
        let ours = [ours, &["--dry-run"]].concat();
        let output = told(&desk, &ours, &["id", "-un"]);

        assert!(!text(&output.stdout).contains("StartNonInteractiveCommand"), "{ours:?}: {}", text(&output.stdout));
    }
    let output = told(&desk, &["-m", "ssm", "--user", "postgres"], &["id", "-un"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("needs-ssh"), "{}", text(&output.stderr));
    assert_eq!(desk.calls("ssm:StartSession"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_cannot_run_a_command_in_a_session_is_told_before() {
    let desk = Desk::new(&[]).await;
    without_keys(&desk);
    let edit = |change: fn(&mut ec2dash_sim::fleet::Instance)| {
        desk.sim.edit(|fleet| change(fleet.instance_mut(WEB).unwrap()));
    };

    edit(|instance| instance.agent.as_mut().unwrap().version = "3.0.1123.0".to_owned());
    let old = told(&desk, &["-m", "ssm"], &["true"]);
    edit(|instance| instance.agent.as_mut().unwrap().version = "3.0.1124".to_owned());
    let just = told(&desk, &["-m", "ssm"], &["true"]);
    edit(|instance| instance.platform_details = "Windows".to_owned());
    let windows = told(&desk, &["-m", "ssm"], &["true"]);

    assert!(
        text(&old.stderr).contains("exec-agent-too-old") && text(&old.stderr).contains("3.0.1124.0"),
        "{}",
        text(&old.stderr)
    );
    assert_eq!(just.status.code(), Some(0), "{}", text(&just.stderr));
    assert!(text(&windows.stderr).contains("exec-windows"), "{}", text(&windows.stderr));
    assert_eq!((old.status.code(), windows.status.code()), (Some(255), Some(255)));
    assert_eq!(desk.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_many_is_refused_for_one_and_a_dry_run_is_told_as_json() {
    let desk = Desk::new(&[]).await;

    for ours in [["-o", "json"], ["-o", "csv"]] {
        let output = told(&desk, &ours, &["true"]);
        assert_eq!(output.status.code(), Some(2), "{ours:?}");
        assert!(text(&output.stderr).contains("exec-one-is-raw"), "{}", text(&output.stderr));
    }
    let plan = told(&desk, &["-o", "json", "--dry-run", "-m", "ssm"], &["echo 1"]);
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!((&plan["plan"]["target"], &plan["plan"]["script"]), (&WEB.into(), &"echo 1".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stands_still_does_not_keep_us_from_leaving() {
    let desk = Desk::new(&[]).await;
    for signals in [&[Signal::TERM][..], &[Signal::INT, Signal::INT]] {
        let mut child = exec(&desk, &["-m", "ssm"], &["head -c 8000000 /dev/zero"]).spawn().unwrap();
        // Its pipe is full, and nobody empties it.
        let mut first = [0];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        wait_until_idle(child.id());
        let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
        let begun = Instant::now();

        let mut told = std::io::BufReader::new(child.stderr.take().unwrap());
        for (number, signal) in signals.iter().enumerate() {
            if number > 0 {
                // Two at once would be one: the first is answered.
                let answered = told.by_ref().lines().any(|line| line.unwrap().contains("Ctrl-C once more"));
                assert!(answered, "the first signal changes nothing");
            }
            kill_process(pid, *signal).unwrap();
        }

        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > Duration::from_secs(30) {
                child.kill().unwrap();
                panic!("{signals:?}: it hangs");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let mut rest = String::new();
        told.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(128 + signals[0].as_raw()), "{rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_what_runs_there_and_says_what_a_second_one_does() {
    let desk = Desk::new(&[]).await;
    let pid_file = desk.home.path().join("pid");
    let script = format!("echo begun; sh -c 'echo $$ > {}; exec sleep 1000'; echo never", pid_file.display());
    let child = exec(&desk, &["-m", "ssm"], &[&script]).spawn().unwrap();
    let sleeping = loop {
        let said = std::fs::read_to_string(&pid_file).unwrap_or_default();
        match said.trim().parse().ok().and_then(Pid::from_raw) {
            Some(pid) if said.ends_with('\n') => break pid,
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    };

    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();

    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(130), "begun\n"), "{}", text(&output.stderr));
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", sleeping.as_raw_nonzero())).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z"), "it still runs: {stat}");
    let stderr = text(&output.stderr);
    assert!(stderr.contains("shown when it has ended") && stderr.contains("Ctrl-C once more leaves"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_streams_of_a_command_session_come_in_the_order_in_which_they_were_said() {
    let desk = Desk::new(&[]).await;
    let script = "for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done";
    let expected: String = (1..=9).flat_map(|i| [format!("o{i}\n"), format!("e{i}\n")]).collect();

    for _ in 0..5 {
        let output = told(&desk, &["-m", "ssm"], &[script]);

        assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_setting_refuses_a_command_on_one_as_on_many() {
    let desk = Desk::new(&[]).await;
    let targets: [&[&str]; 4] =
        [&["web-1"], &["web-1", "--method", "ssm-ssh"], &["web-1", "--method", "ssm"], &["--filter", "name:web-1"]];
    for target in targets {
        let output = desk.plain(&[&["exec", "--read-only"], target, &["--", "echo it ran"]].concat()).output().unwrap();

        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{target:?}");
        assert!(text(&output.stderr).starts_with("error[exec-read-only]"), "{}", text(&output.stderr));
    }
    let plan = desk.plain(&["exec", "--read-only", "--dry-run", "web-1", "--", "echo it ran"]).output().unwrap();
    assert_eq!(plan.status.code(), Some(0), "{}", text(&plan.stderr));
    let login = desk.plain(&["ssh", "--read-only", "web-1", "-m", "ssm-ssh", "--", "true"]).output().unwrap();
    assert_eq!(login.status.code(), Some(0), "connecting stays: {}", text(&login.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_prefix_each_line_has_the_name_and_no_byte_is_lost() {
    let desk = Desk::new(&[]).await;
    let bytes = noise(300_000);
    let input = desk.home.path().join("bytes");
    std::fs::write(&input, &bytes).unwrap();
    let named: Vec<u8> = bytes.split_inclusive(|byte| *byte == b'\n').flat_map(|line| [b"web-1: ", line].concat()).collect();

    for method in ["ssm-ssh", "ssm"] {
        let ours = ["--prefix", "--method", method];
        let spoken = told(&desk, &ours, &["printf 'one\\n\\nlast'; exit 7"]);
        assert_eq!((spoken.status.code(), text(&spoken.stdout).as_str()), (Some(7), "web-1: one\nweb-1: \nweb-1: last"));
        let all = told(&desk, &ours, &["cat", input.to_str().unwrap()]);
        assert!(all.stdout == named, "{method}: {} bytes came of {}", all.stdout.len(), named.len());
    }

    let apart = told(&desk, &["-q", "--prefix", "--method", "ssm-ssh"], &["echo out; printf err >&2"]);
    assert_eq!((text(&apart.stdout), text(&apart.stderr)), ("web-1: out\n".into(), "web-1: err".into()));
    let plain = told(&desk, &["--no-prefix", "--method", "ssm-ssh"], &["echo out"]);
    assert_eq!(text(&plain.stdout), "out\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_prefix_too_a_reader_that_has_enough_ends_it() {
    let desk = Desk::new(&[]).await;
    let mut child = exec(&desk, &["--prefix", "--method", "ssm-ssh"], &["yes"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut reader = std::io::BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    drop(reader);

    let output = child.wait_with_output().unwrap();

    assert_eq!(first, "web-1: y\n");
    assert!(!text(&output.stderr).contains("error["), "{}", text(&output.stderr));
}
