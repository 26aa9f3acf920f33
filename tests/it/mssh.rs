//! `mssh` and `msftp` against OpenSSH's own sshd, which takes only keys pushed to the simulated cloud.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::openssh::{Host, keygen, user};
use crate::support::tools::{ec2dash, system_tool};
use crate::support::waiting::wait_for;

#[test]
fn under_the_names_of_awss_programs_ssh_and_its_exit_code_are_as_theirs() {
    let host = Host::start();

    let output = run(&host, "mssh", &[host.id(), "echo $((6*7)); exit 3"]);

    assert_eq!((said(&output.stdout), output.status.code()), ("42\n".to_owned(), Some(3)), "{}", said(&output.stderr));
    let output = host.program(ec2dash(), &["mssh", "-p", &host.port().to_string(), "web-1", "echo in"]).output().unwrap();
    assert_eq!(said(&output.stdout), "in\n", "{}", said(&output.stderr));
}

#[test]
fn several_words_arrive_as_they_are_and_theirs_are_left_alone_there() {
    let host = Host::start();

    let output = run(&host, "mssh", &[host.id(), "printf", "%s|", "a b", "$HOME", "-t", "-z", "it's", ""]);

    assert_eq!(said(&output.stdout), "a b|$HOME|-t|-z|it's||", "{}", said(&output.stderr));
    // ssh's own flags behind the target are ssh's.
    let output = run(&host, "mssh", &[host.id(), "-T", "-o", "LogLevel=ERROR", "uname", "-s"]);
    assert_eq!(said(&output.stdout).trim(), std::env::consts::OS.replace("linux", "Linux"), "{}", said(&output.stderr));
}

#[test]
fn a_key_that_is_named_is_pushed_and_used() {
    let host = Host::start();
    let key = host.home().join("own");
    keygen(&key.display().to_string());
    let fingerprint = Command::new("ssh-keygen").arg("-lf").arg(&key).output().unwrap();
    let fingerprint = said(&fingerprint.stdout).split(' ').nth(1).unwrap().to_owned();

    let output = run(&host, "mssh", &["-i", &key.display().to_string(), "-v", host.id(), "echo in"]);

    assert_eq!(said(&output.stdout), "in\n", "{}", said(&output.stderr));
    assert!(host.log().contains(&fingerprint), "{}", host.log());
    let same = host.program(ec2dash(), &["ssh", "-m", "eic", "-i", &key.display().to_string(), "web-1", "--", "echo in"]);
    let output = { same }.output().unwrap();
    assert_eq!(said(&output.stdout), "in\n", "{}", said(&output.stderr));
    assert_eq!(host.log().matches("Accepted publickey").count(), 2, "{}", host.log());
    assert_eq!(host.log().matches(&fingerprint).count(), host.log().matches("SHA256:").count(), "{}", host.log());
}

#[test]
fn with_an_id_a_zone_and_an_address_ec2_is_not_called() {
    let host = Host::start_with(&["--fault", "ec2:*=deny"]);
    let port = host.port().to_string();
    let at = |target: &str| format!("{}@{target}", user());
    let known = ["-t", host.id(), "-r", "ap-northeast-2", "-p", &port];

    let log = host.home().join("calls.log");
    for address in ["127.0.0.1", "localhost"] {
        let target = at(address);
        let words = [&known[..], &["-z", "ap-northeast-2a", &target, "echo in"]].concat();
        let output = call(&host, "mssh", &words).env("EC2DASH_LOG_FILE", &log).output().unwrap();
        assert_eq!(said(&output.stdout), "in\n", "{}", said(&output.stderr));
    }
    let calls = std::fs::read_to_string(log).unwrap();
    assert!(calls.contains("ec2-instance-connect:SendSSHPublicKey") && !calls.contains("\"ec2:"), "{calls}");

    let output = run(&host, "mssh", &[&known[..], &[&at("127.0.0.1"), "echo in"]].concat());
    assert_ne!(output.status.code(), Some(0), "without the zone EC2 is asked, and it denies");
    assert!(said(&output.stderr).contains("ec2:DescribeInstances"), "{}", said(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_ssh_too() {
    let host = Host::start();
    let mut running = call(&host, "mssh", &[host.id(), "echo in; exec sleep 30"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(running.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let children = Command::new("pgrep").args(["-P", &running.id().to_string()]).output().unwrap();
    let ssh: u32 = said(&children.stdout).split_whitespace().next().unwrap().parse().unwrap();

    Command::new("kill").arg(running.id().to_string()).status().unwrap();

    let ended = running.wait().unwrap();
    assert_eq!(ended.code(), Some(143));
    wait_for(|| !Path::new(&format!("/proc/{ssh}")).exists()).await;
}

#[test]
fn msftp_puts_lists_and_gets_a_file() {
    let host = Host::start();
    let (here, there) = (host.home().join("here"), host.home().join("there"));
    fs::create_dir(&there).unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    fs::write(&here, &bytes).unwrap();
    let batch = host.home().join("batch");
    fs::write(&batch, format!("put {} copy\nls\n", here.display())).unwrap();

    let target = format!("{}:{}", host.id(), there.display());
    let output = run(&host, "msftp", &["-q", "-b", &batch.display().to_string(), &target]);
    assert!(output.status.success(), "{}", said(&output.stderr));
    assert!(said(&output.stdout).contains("copy"), "{}", said(&output.stdout));
    assert!(fs::read(there.join("copy")).unwrap() == bytes);

    let back = format!("{target}/copy");
    let output = call(&host, "msftp", &["-q", &back]).current_dir(host.home()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output.stderr));
    assert!(fs::read(host.home().join("copy")).unwrap() == bytes);

    let output = call(&host, "msftp", &["-b", "/nowhere", &target]).output().unwrap();
    assert_eq!(output.status.code(), Some(255), "sftp's own: {}", said(&output.stderr));
}

#[test]
fn wrong_use_is_told_on_stderr() {
    let host = Host::start();
    for (words, told) in [
        (&["-v"][..], "mssh-no-target"),
        (&["--nothing", "web-1"], "mssh-flag"),
        (&["-p", "x", "web-1"], "mssh-value"),
        (&["-r"], "mssh-no-value"),
        (&["-t", host.id(), "no-such-host.invalid"], "mssh-host"),
    ] {
        let output = run(&host, "mssh", words);

        assert!(output.stdout.is_empty());
        assert!(said(&output.stderr).contains(&format!("error[{told}]")), "{words:?}: {}", said(&output.stderr));
        let code = if told == "mssh-host" { 255 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{words:?}");
    }
    let help = run(&host, "mssh", &["--help"]);
    assert!(help.status.success() && said(&help.stdout).contains("-z ZONE"), "{}", said(&help.stdout));
}

fn run(host: &Host, name: &str, words: &[&str]) -> Output {
    call(host, name, words).output().unwrap()
}

/// Our program under another name.
fn call(host: &Host, name: &str, words: &[&str]) -> Command {
    system_tool("pgrep", "apt-get install procps");
    let path: PathBuf = host.home().join(name);
    if !path.exists() {
        symlink(ec2dash(), &path).unwrap();
    }
    let mut command = Command::new(path);
    command.args(words).env_clear().envs(host.environment()).env("EC2DASH_CONFIG", host.config());
    command.stdin(Stdio::null());
    command
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
