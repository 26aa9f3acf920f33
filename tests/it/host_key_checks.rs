//! A host that is met for the first time is known by what AWS tells of it, and one whose key is another is not talked to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use ec2dash_sim::{Fault, FleetSource, Options, Sim};
use serde_json::Value;

use crate::openssh::{Sshd, keygen, user};
use crate::proxy::{Desk, WEB};

/// Nothing of the agent, and no key but by the console.
const NO_AGENT: &str = "ssm:StartSession=deny";
const CONSOLE: &str = "ec2:GetConsoleOutput";
const PUSH: &str = "ec2-instance-connect:SendSSHPublicKey";
const UNCHECKED: &str = "was not checked";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn known_hosts(desk: &Desk) -> PathBuf {
    desk.home.path().join(".local/state/ec2dash/known_hosts")
}

/// What is kept of the instance.
fn kept(desk: &Desk) -> Vec<String> {
    let content = fs::read_to_string(known_hosts(desk)).unwrap_or_default();
    content.lines().filter(|line| line.starts_with(WEB)).map(str::to_owned).collect()
}

/// The origins of the keys that are kept.
fn origins(desk: &Desk) -> Vec<String> {
    let listed: Value =
        serde_json::from_slice(&desk.command(&["known-hosts", "list", "-o", "json"]).output().unwrap().stdout).unwrap();
    let all = listed["known_hosts"].as_array().unwrap();
    all.iter().map(|host| host["origin"].as_str().unwrap().to_owned()).collect()
}

fn log_in(desk: &Desk, method: &str) -> Output {
    desk.command(&["ssh", "web-1", "-m", method, "--", "echo in"]).output().unwrap()
}

/// With `host_keys` as given, and the rules of the simulated cloud.
fn log_in_with(desk: &Desk, host_keys: &str) -> Output {
    let environment = desk.sim.environment();
    let rules = environment.iter().find(|(name, _)| *name == "EC2DASH_CONFIG").map(|(_, path)| fs::read_to_string(path).unwrap());
    let config = desk.home.path().join("own.toml");
    let rules = rules.unwrap();
    assert!(rules.contains("[connect]\n"), "{rules}");
    fs::write(&config, rules.replacen("[connect]\n", &format!("[connect]\nhost_keys = \"{host_keys}\"\n"), 1)).unwrap();
    let config = config.display().to_string();
    desk.command(&["--config", &config, "ssh", "web-1", "-m", "eic", "--", "echo in"]).output().unwrap()
}

#[track_caller]
fn assert_in(output: &Output) {
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("in\n", Some(0)), "{}", text(&output.stderr));
}

/// Refused by us, and nobody was let in.
#[track_caller]
fn assert_refused(output: &Output, code: &str) -> String {
    let said = text(&output.stderr);
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(255)), "{said}");
    assert!(said.contains(&format!("error[{code}]")), "{said}");
    said
}

fn fingerprints(said: &str) -> Vec<String> {
    let words = said.split(|c: char| c.is_whitespace() || c == ',');
    let mut found: Vec<String> =
        words.filter(|word| word.starts_with("SHA256:") && word.len() >= 50).map(|word| word[..50].to_owned()).collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_console_tells_is_kept_and_not_asked_for_again() {
    for method in ["ssh", "eic", "ssm-ssh"] {
        let desk = Desk::new(&[]).await;

        let first = log_in(&desk, method);
        assert_in(&first);
        assert_eq!((kept(&desk).len(), desk.calls(CONSOLE)), (1, 1), "{method}");
        assert_eq!(origins(&desk), ["console"], "{method}");
        assert!(!text(&first.stderr).contains(UNCHECKED), "{method}: {}", text(&first.stderr));

        assert_in(&log_in(&desk, method));
        assert_eq!((kept(&desk).len(), desk.calls(CONSOLE)), (1, 1), "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_than_the_one_told_is_refused_and_nothing_is_kept() {
    for method in ["ssh", "eic", "ssm-ssh"] {
        let desk = Desk::new(&["ec2:GetConsoleOutput=console:other"]).await;

        let said = assert_refused(&log_in(&desk, method), "host-key-not-told");

        assert_eq!(fingerprints(&said).len(), 2, "{method}: {said}");
        assert_eq!(kept(&desk), Vec::<String>::new(), "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fingerprints_alone_are_compared_with_the_key() {
    for told in ["fingerprints", "md5"] {
        let desk = Desk::new(&[&format!("ec2:GetConsoleOutput=console:{told}"), NO_AGENT]).await;

        let output = log_in(&desk, "eic");

        assert_in(&output);
        assert!(!text(&output.stderr).contains(UNCHECKED), "{told}: {}", text(&output.stderr));
        assert_eq!((kept(&desk).len(), origins(&desk)), (1, vec!["console".to_owned()]), "{told}");
        assert_in(&log_in(&desk, "eic"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_told_the_key_is_taken_once_with_a_word_and_strict_refuses() {
    for (fault, word) in [
        ("ec2:GetConsoleOutput=console:none", "its console tells none"),
        ("ec2:GetConsoleOutput=console:cut", "cut"),
        ("ec2:GetConsoleOutput=console:contradictory", "contradicts itself"),
        ("ec2:GetConsoleOutput=deny", "ec2:GetConsoleOutput"),
        ("ec2:GetConsoleOutput=corrupt", "ec2:GetConsoleOutput"),
    ] {
        let desk = Desk::new(&[fault, NO_AGENT]).await;

        let strict = assert_refused(&log_in_with(&desk, "strict"), "host-key-untold");
        assert!(strict.contains(word) && strict.contains("ssm:StartSession"), "{fault}: {strict}");
        assert_eq!((kept(&desk).len(), desk.calls(PUSH)), (0, 0), "{fault}");

        let output = log_in(&desk, "eic");
        let said = text(&output.stderr);
        assert_in(&output);
        assert!(said.contains(UNCHECKED) && said.contains(word), "{fault}: {said}");
        assert_eq!(origins(&desk), ["first-contact"], "{fault}");

        let again = log_in_with(&desk, "strict");
        assert_in(&again);
        assert!(!text(&again.stderr).contains(UNCHECKED), "{fault}: {}", text(&again.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_console_tells_nothing_the_agent_is_asked() {
    let desk = Desk::new(&["ec2:GetConsoleOutput=console:none"]).await;

    let output = log_in_with(&desk, "strict");

    assert_in(&output);
    assert_eq!((desk.calls(CONSOLE), origins(&desk)), (2, vec!["session-manager".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn strict_takes_what_is_told_and_accept_new_does_not_ask() {
    let desk = Desk::new(&[]).await;
    assert_in(&log_in_with(&desk, "strict"));
    assert_eq!(desk.calls(CONSOLE), 1);

    let desk = Desk::new(&["ec2:GetConsoleOutput=console:other"]).await;
    assert_in(&log_in_with(&desk, "accept-new"));
    assert_eq!((desk.calls(CONSOLE), origins(&desk)), (0, vec!["first-contact".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_key_wins_over_a_console_that_tells_another() {
    let desk = Desk::new(&[]).await;
    assert_in(&log_in(&desk, "eic"));

    desk.sim.set_faults(vec!["ec2:GetConsoleOutput=console:other".parse::<Fault>().unwrap()]);
    let output = log_in(&desk, "eic");

    assert_in(&output);
    assert_eq!(desk.calls(CONSOLE), 1);
}

/// Whatever its type: `accept-new` alone would take a key of a type that is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_is_refused_with_both_and_with_what_the_instance_tells_now() {
    let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPxZM9taWeJzXFlFHPy7LIv/YM4Mcbu+SkLNbTv/8s3WO4zhclmvdls+IxGr4i58Fxb9hgU0bHWY7ryRXS8yq3A=";
    for (key, hash) in [
        (ed25519, "SHA256:qNfWitDRsfy1R5QwcbOKqg60amZ8T3HZWIoLt0zC7X4"),
        (ecdsa, "SHA256:3/EI+OGxw58PKyA3+QumRV3XEzhUXCxwIfUfWKxCdOQ"),
    ] {
        for host_keys in ["verify", "accept-new", "strict"] {
            let desk = Desk::new(&[]).await;
            fs::create_dir_all(known_hosts(&desk).parent().unwrap()).unwrap();
            fs::write(known_hosts(&desk), format!("{WEB} {key}\n")).unwrap();

            let said = assert_refused(&log_in_with(&desk, host_keys), "host-key-changed");

            assert!(said.contains(hash) && said.contains("its console tells now: SHA256:"), "{host_keys}: {said}");
            assert!(said.contains(&format!("ec2dash known-hosts forget {WEB}")), "{said}");
            assert_eq!(fingerprints(&said).len(), 2, "{host_keys}: {said}");
            assert_eq!(fs::read_to_string(known_hosts(&desk)).unwrap(), format!("{WEB} {key}\n"));
        }
    }
}

/// Another key answers, and the console tells the one that is kept: there is nothing to replace it by.
#[tokio::test(flavor = "multi_thread")]
async fn where_what_is_kept_is_what_is_told_no_replacement_is_offered() {
    let desk = Desk::new(&["ec2:GetConsoleOutput=console:other"]).await;
    let replace = || desk.command(&["known-hosts", "replace", "web-1", "--yes"]).output().unwrap();
    fs::create_dir_all(known_hosts(&desk).parent().unwrap()).unwrap();
    let stale = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    fs::write(known_hosts(&desk), format!("{WEB} {stale}\n")).unwrap();
    assert_eq!(replace().status.code(), Some(0));

    let said = assert_refused(&log_in(&desk, "eic"), "host-key-changed");

    assert!(!said.contains("known-hosts replace") && said.contains("what AWS tells of it is what was seen before"), "{said}");
    assert!(said.contains(&format!("ec2dash known-hosts forget {WEB}")) && said.contains("accept-new"), "{said}");
    assert!(text(&replace().stderr).contains("error[host-keys-same]"));
    // The way on that is named is one.
    assert_eq!(desk.command(&["known-hosts", "forget", "web-1"]).output().unwrap().status.code(), Some(0));
    assert_refused(&log_in(&desk, "eic"), "host-key-not-told");
    assert_in(&log_in_with(&desk, "accept-new"));
    assert_in(&log_in(&desk, "eic"));
}

/// The instance was rebuilt: what AWS tells now takes the place of what is kept, after a yes.
#[tokio::test(flavor = "multi_thread")]
async fn kept_keys_are_replaced_by_those_that_are_told_now() {
    let stale = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    let old = "SHA256:qNfWitDRsfy1R5QwcbOKqg60amZ8T3HZWIoLt0zC7X4";
    for (fault, origin, both) in [
        ("", Some("console"), "told by its console now: SHA256:"),
        ("ec2:GetConsoleOutput=console:none", Some("session-manager"), "told by its agent now: SHA256:"),
        ("ec2:GetConsoleOutput=console:fingerprints", None, "the next login is compared with them"),
    ] {
        let desk = Desk::new(&Vec::from_iter((!fault.is_empty()).then_some(fault))).await;
        fs::create_dir_all(known_hosts(&desk).parent().unwrap()).unwrap();
        let line = format!("{WEB} {stale}\n");
        fs::write(known_hosts(&desk), &line).unwrap();

        let unanswered = desk.command(&["known-hosts", "replace", "web-1"]).output().unwrap();
        let said = text(&unanswered.stderr);
        assert!(said.contains("error[host-keys-not-replaced]") && said.contains(old) && said.contains(both), "{fault}: {said}");
        assert_eq!((unanswered.status.code(), fs::read_to_string(known_hosts(&desk)).unwrap()), (Some(1), line));

        let replaced = desk.command(&["known-hosts", "replace", "web-1", "--yes"]).output().unwrap();
        assert_eq!(replaced.status.code(), Some(0), "{fault}: {}", text(&replaced.stderr));
        assert!(!fs::read_to_string(known_hosts(&desk)).unwrap().contains(stale), "{fault}");
        assert_eq!(origins(&desk), origin.into_iter().map(str::to_owned).collect::<Vec<_>>(), "{fault}");
        assert_in(&log_in_with(&desk, "strict"));

        if origin.is_some() {
            let again = desk.command(&["known-hosts", "replace", "web-1", "--yes"]).output().unwrap();
            let said = text(&again.stderr);
            assert!(said.contains("error[host-keys-same]") && again.status.code() == Some(1), "{fault}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_keys_stay_where_nothing_is_told_and_there_is_nothing_to_replace_where_none_is_kept() {
    let desk = Desk::new(&["ec2:GetConsoleOutput=deny", NO_AGENT]).await;
    let replace = || desk.command(&["known-hosts", "replace", "web-1", "--yes"]).output().unwrap();

    let none = replace();
    assert!(text(&none.stderr).contains("error[host-key-unknown]"), "{}", text(&none.stderr));
    assert_eq!((none.status.code(), desk.calls(CONSOLE)), (Some(3), 0));

    assert_in(&log_in(&desk, "eic"));
    let before = fs::read_to_string(known_hosts(&desk)).unwrap();
    let said = text(&replace().stderr);
    assert!(
        said.contains("error[host-keys-untold]") && said.contains("ec2:GetConsoleOutput") && said.contains("forget"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(known_hosts(&desk)).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_names_the_check_where_it_would_be_made() {
    let desk = Desk::new(&[]).await;
    let plan = || text(&desk.command(&["connect", "web-1", "-m", "eic", "--dry-run"]).output().unwrap().stdout);

    let before = plan();
    assert!(before.contains("2 host-key  ec2:GetConsoleOutput") && before.contains("3 push-key"), "{before}");
    assert_eq!(desk.calls(CONSOLE), 0);

    assert_in(&log_in(&desk, "eic"));
    let after = plan();
    assert!(!after.contains("host-key ") && after.contains("2 push-key"), "{after}");
}

/// A real sshd behind an instance whose console tells `told` of the keys in the folder.
struct RealHost {
    sim: Sim,
    home: tempfile::TempDir,
    sshd: Sshd,
    config: String,
}

impl RealHost {
    async fn start(told: impl Fn(&Path) -> String) -> Self {
        let home = tempfile::tempdir().unwrap();
        for name in ["own", "other"] {
            keygen(&home.path().join(name).display().to_string());
        }
        let fleet = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/fleet.toml")).unwrap();
        let id = format!("id = \"{WEB}\"\n");
        let fleet = fleet.replacen(&id, &format!("{id}console_text = '''\n{}'''\n", told(home.path())), 1);
        fs::write(home.path().join("fleet.toml"), &fleet).unwrap();
        let faults = vec![NO_AGENT.parse::<Fault>().unwrap()];
        let source = FleetSource::File(home.path().join("fleet.toml"));
        let sim = Sim::start(Options { fleet: source, faults, ..Options::default() }).await.unwrap();
        let keys = format!(
            "AuthorizedKeysFile none\nAuthorizedKeysCommand /usr/bin/curl -sf {}/sim/keys/{WEB}/%u\nAuthorizedKeysCommandUser {}",
            sim.endpoint(),
            user()
        );
        let sshd = Sshd::with_host_key(home.path(), "sshd", &home.path().join("own"), &keys);
        let config = home.path().join("ec2dash.toml");
        let rule = format!(
            "[[rule]]\nmatch = {{ id = \"{WEB}\" }}\naddress = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n",
            sshd.port,
            user()
        );
        fs::write(&config, rule).unwrap();
        Self { sim, sshd, config: config.display().to_string(), home }
    }

    fn log_in(&self) -> Output {
        let mut command = std::process::Command::new(crate::support::tools::ec2dash());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.home.path());
        command.env("TMPDIR", self.home.path()).env("LANG", "C.UTF-8").envs(self.sim.environment());
        command.args(["--config", &self.config, "ssh", "web-1", "-m", "eic", "--", "echo in"]);
        command.stdin(std::process::Stdio::null()).output().unwrap()
    }

    fn known_hosts(&self) -> String {
        fs::read_to_string(self.home.path().join(".local/state/ec2dash/known_hosts")).unwrap_or_default()
    }
}

fn public(home: &Path, name: &str) -> String {
    let line = fs::read_to_string(home.join(format!("{name}.pub"))).unwrap();
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// As `ssh-keygen -l` prints it, of either hash.
fn printed(home: &Path, name: &str, hash: &str) -> String {
    let file = home.join(format!("{name}.pub"));
    let output = std::process::Command::new("ssh-keygen").args(["-l", "-E", hash, "-f"]).arg(file).output().unwrap();
    text(&output.stdout)
}

fn keys_block(home: &Path, name: &str) -> String {
    format!("-----BEGIN SSH HOST KEY KEYS-----\n{} root@here\n-----END SSH HOST KEY KEYS-----\n", public(home, name))
}

fn fingerprints_block(home: &Path, name: &str, hash: &str) -> String {
    format!(
        "ec2: -----BEGIN SSH HOST KEY FINGERPRINTS-----\nec2: {}ec2: -----END SSH HOST KEY FINGERPRINTS-----\n",
        printed(home, name, hash)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_sshd_is_known_by_its_console_and_another_is_not_logged_in_to() {
    let told: [fn(&Path, &str) -> String; 3] = [
        |home, name| fingerprints_block(home, name, "sha256") + &keys_block(home, name),
        |home, name| fingerprints_block(home, name, "sha256"),
        |home, name| fingerprints_block(home, name, "md5"),
    ];
    for (number, told) in told.into_iter().enumerate() {
        let right = RealHost::start(|home| told(home, "own")).await;
        assert_in(&right.log_in());
        assert_eq!(right.known_hosts(), format!("{WEB} {}\n", public(right.home.path(), "own")), "{number}");
        assert!(right.sshd.log().contains("Accepted publickey"), "{number}: {}", right.sshd.log());

        let wrong = RealHost::start(|home| told(home, "other")).await;
        let said = assert_refused(&wrong.log_in(), "host-key-not-told");
        let hash = |name: &str, kind| printed(wrong.home.path(), name, kind).split(' ').nth(1).unwrap().to_owned();
        let of_told = hash("other", if number == 2 { "md5" } else { "sha256" });
        assert!(said.contains(&of_told) && said.contains(&hash("own", "sha256")), "{number}: {said}");
        assert_eq!(wrong.known_hosts(), "", "{number}");
        let log = wrong.sshd.log();
        assert!(!log.contains("Accepted") && !log.contains("Failed") && !log.contains("Postponed"), "{number}: {log}");
    }
}
