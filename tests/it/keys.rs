//! Keys found, not configured: a home full of keys, key pairs of every kind, and logins on a real sshd.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ec2dash_sim::{FleetSource, Options, Sim};
use serde_json::{Value, json};

use crate::openssh::{Sshd, user};
use crate::proxy::noise;
use crate::support::pty::Terminal;
use crate::support::tools::{Service, ec2dash};

const PASSPHRASE: &str = "test-passphrase";

#[tokio::test(flavor = "multi_thread")]
async fn in_a_home_of_forty_keys_the_right_one_is_found_for_every_kind_of_pair_and_logs_in_alone() {
    let home = Home::new(&["ed25519", "rsa2048-swapped", "rsa4096"]).await;
    home.put("ed25519.pkcs8.pem", "old/a", 0o600);
    home.put("rsa2048-swapped.v3.ppk", "b.ppk", 0o644);
    home.put("rsa4096.pkcs1.pem", "c", 0o600);
    home.fill(40);
    let agent = Agent::start(home.path());
    home.add_all_but(&agent, &["old/a", "b.ppk", "c"]);
    let pairs = [
        ("ed25519", Tells::PublicKey, "old/a", "public_key", json!("conversion")),
        ("rsa2048-swapped", Tells::Created, "b.ppk", "fingerprint", json!("conversion")),
        ("rsa4096", Tells::Imported, "c", "fingerprint", json!(null)),
        ("rsa4096", Tells::PublicKey, "c", "public_key", json!(null)),
    ];
    let logins = pairs.len();
    for (key, tells, file, by, needs) in pairs {
        home.launch_with(key, tells);

        let found = home.shown(&agent);
        assert_eq!(found, json!({"pair": "team-prod", "file": home.ssh(file), "by": by, "needs": needs}), "{key} {tells:?}");
        let output = home.command(&["ssh", "web-1", "--method", "ssh", "--", "echo in $((6*7))"], &agent).output().unwrap();

        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "in 42\n", "{key} {tells:?}: {said}\n{}", home.sshd.log());
    }
    assert_eq!(home.sshd.log().matches("Accepted publickey").count(), logins, "{}", home.sshd.log());
    assert!(!home.sshd.log().contains("Failed publickey"), "only the one key is offered: {}", home.sshd.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_asked_once_at_the_login_and_by_nothing_else() {
    let home = Home::new(&["rsa2048"]).await;
    home.put("rsa2048.v3-encrypted.ppk", "locked", 0o600);
    home.launch_with("rsa2048", Tells::Imported);
    let agent = Agent::start(home.path());
    let asked = home.path().join("asked");
    let askpass = home.path().join("askpass");
    fs::write(&askpass, format!("#!/bin/sh\ntouch {}\necho wrong\n", asked.display())).unwrap();
    fs::set_permissions(&askpass, fs::Permissions::from_mode(0o700)).unwrap();
    let with_askpass = |arguments: &[&str]| {
        let mut command = home.command(arguments, &agent);
        command.env("SSH_ASKPASS", &askpass).env("SSH_ASKPASS_REQUIRE", "force").env("DISPLAY", ":9").output().unwrap()
    };
    assert_eq!(home.shown(&agent)["needs"], "passphrase");
    let plan = with_askpass(&["connect", "web-1", "--method", "ssh", "--dry-run", "-o", "json"]);
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(plan["plan"]["steps"][2], json!({"step": "open-key", "file": home.ssh("locked")}));
    let without = with_askpass(&["ssh", "web-1", "--method", "ssh", "--", "true"]);
    assert_eq!(without.status.code(), Some(255));
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(said.contains("nobody can be asked") && said.contains("puttygen"), "{said}");
    assert!(!asked.exists(), "neither asks");

    let mut terminal = home.terminal(&["ssh", "web-1", "--method", "ssh", "--", "echo in $((6*7))"], &agent);
    terminal.wait_for("Passphrase of");
    terminal.type_text(&format!("{PASSPHRASE}\r"));
    let screen = terminal.wait_for("in 42");

    assert!(terminal.wait().success());
    assert_eq!(screen.matches("Passphrase").count(), 1, "{screen}");
    assert!(!screen.contains(PASSPHRASE), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_sessions_of_one_command_ask_for_a_passphrase_once() {
    let home = Home::new(&["rsa2048"]).await;
    home.put("rsa2048.v3-encrypted.ppk", "locked", 0o600);
    home.launch_with("rsa2048", Tells::Imported);
    let agent = Agent::start(home.path());
    let (there, here) = (home.path().join("there"), home.path().join("here"));
    fs::write(&there, noise(20_000_000)).unwrap();
    let source = format!("web-1:{}", there.display());

    let arguments = ["cp", "-q", "--sessions", "3", "--method", "ssh", &source, here.to_str().unwrap()];
    let mut terminal = home.terminal(&arguments, &agent);
    terminal.wait_for("Passphrase of");
    terminal.type_text(&format!("{PASSPHRASE}\r"));

    assert!(terminal.wait().success(), "{}", terminal.shown());
    let screen = terminal.shown();
    assert_eq!(screen.matches("Passphrase").count(), 1, "{screen}");
    assert!(!screen.contains(PASSPHRASE), "{screen}");
    assert!(fs::read(here).unwrap() == fs::read(there).unwrap());
    assert_eq!(home.sshd.log().matches("Accepted publickey").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_wrong_passphrases_end_it_in_words() {
    let home = Home::new(&["rsa2048"]).await;
    home.put("rsa2048.v2-encrypted.ppk", "locked", 0o600);
    home.launch_with("rsa2048", Tells::PublicKey);
    let agent = Agent::start(home.path());

    let mut terminal = home.terminal(&["ssh", "web-1", "--method", "ssh", "--", "echo in"], &agent);
    for count in 1..=3 {
        terminal.wait_until("the question", |screen| screen.matches("Passphrase of").count() == count);
        terminal.type_text("another\r");
    }
    terminal.wait_for("three times");

    assert_eq!(terminal.wait().code(), Some(255));
    assert!(!home.sshd.log().contains("Accepted publickey"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_only_the_agent_holds_logs_in_and_no_other_of_its_keys_is_offered() {
    let home = Home::new(&["ed25519"]).await;
    home.fill(12);
    home.put("ed25519.openssh.key", "mine", 0o600);
    let agent = Agent::start(home.path());
    home.add_all_but(&agent, &[]);
    fs::remove_file(home.ssh("mine")).unwrap();
    home.launch_with("ed25519", Tells::PublicKey);

    assert_eq!(home.shown(&agent), json!({"pair": "team-prod", "file": null, "by": "agent", "needs": null}));
    let output = home.command(&["ssh", "web-1", "--method", "ssh", "--", "echo in"], &agent).output().unwrap();

    assert_eq!(String::from_utf8_lossy(&output.stdout), "in\n", "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!home.sshd.log().contains("Failed publickey"), "{}", home.sshd.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_is_changed_only_after_a_yes() {
    let home = Home::new(&["ed25519"]).await;
    let key = home.put("ed25519.openssh.key", "mine", 0o644);
    home.launch_with("ed25519", Tells::PublicKey);
    let agent = Agent::start(home.path());
    let mode = || fs::metadata(&key).unwrap().permissions().mode() & 0o777;
    assert_eq!(home.shown(&agent)["needs"], "mode");

    for (answer, after) in [("n\r", 0o644), ("y\r", 0o600)] {
        let mut terminal = home.terminal(&["ssh", "web-1", "--method", "ssh", "--", "echo in $((6*7))"], &agent);
        terminal.wait_for("chmod 600");
        assert_eq!(mode(), 0o644);
        terminal.type_text(answer);
        let is_in = terminal.wait().success();

        assert_eq!((mode(), is_in), (after, after == 0o600));
    }
}

/// What EC2 tells of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    PublicKey,
    /// Its fingerprint alone, as if EC2 had made it.
    Created,
    /// Its fingerprint alone, as if it had been imported.
    Imported,
}

/// A home directory, a simulated cloud, and an sshd in place of `web-1`.
struct Home {
    sim: Sim,
    directory: tempfile::TempDir,
    sshd: Sshd,
    config: PathBuf,
}

impl Home {
    /// Its sshd takes these keys of the vectors.
    async fn new(takes: &[&str]) -> Self {
        let sim = Sim::start(Options { fleet: FleetSource::Demo, ..Options::default() }).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join(".ssh/old")).unwrap();
        let taken = directory.path().join("taken_keys");
        let lines: Vec<String> = takes.iter().map(|key| vector(&format!("{key}.pub"))).collect();
        fs::write(&taken, lines.join("\n")).unwrap();
        let sshd = Sshd::start(
            directory.path(),
            "sshd",
            &format!("AuthorizedKeysFile {}\nSubsystem sftp internal-sftp", taken.display()),
        );
        let config = directory.path().join("ec2dash.toml");
        let rule = format!(
            "[[rule]]\nmatch = {{ id = \"i-0123456789abcdef0\" }}\naddress = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n",
            sshd.port,
            user()
        );
        fs::write(&config, rule).unwrap();
        fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
        Self { sim, directory, sshd, config }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn ssh(&self, name: &str) -> PathBuf {
        self.path().join(".ssh").join(name)
    }

    fn put(&self, of: &str, name: &str, mode: u32) -> PathBuf {
        let path = self.ssh(name);
        fs::write(&path, vector(of)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    /// Other keys until there are so many, and things that are none.
    fn fill(&self, count: usize) {
        for number in 0..count {
            let path = self.ssh(&format!("other-{number}"));
            let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path).status();
            assert!(made.unwrap().success());
            // One bears the name of the pair, and is another key.
            if number == 0 {
                fs::copy(&path, self.ssh("team-prod.pem")).unwrap();
            }
        }
        fs::write(self.ssh("notes"), "-----BEGIN RSA PRIVATE KEY-----\nnot one\n").unwrap();
        assert!(Command::new("mkfifo").arg(self.ssh("pipe")).status().unwrap().success());
    }

    fn add_all_but(&self, agent: &Agent, names: &[&str]) {
        for entry in fs::read_dir(self.ssh("")).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            let is_key = name.starts_with("other-") && !name.ends_with(".pub") || name == "mine";
            if is_key && !names.contains(&name.as_str()) {
                let added = Command::new("ssh-add").arg("-q").arg(entry.path()).env("SSH_AUTH_SOCK", &agent.socket).status();
                assert!(added.unwrap().success(), "{name}");
            }
        }
    }

    /// `web-1` has this key, of which EC2 tells so much.
    fn launch_with(&self, key: &str, tells: Tells) {
        let expected: Value = serde_json::from_str(&fs::read_to_string(vectors().join("expected.json")).unwrap()).unwrap();
        let of_key = |name: &str| expected["keys"][key][name].as_str().unwrap().to_owned();
        let (public, fingerprint) = match tells {
            Tells::PublicKey => (of_key("public_key"), of_key("ec2_fingerprint_if_imported")),
            Tells::Created => (String::new(), of_key("ec2_fingerprint_if_created_by_ec2")),
            Tells::Imported => (String::new(), of_key("ec2_fingerprint_if_imported")),
        };
        self.sim.edit(|fleet| {
            for pair in
                fleet.accounts.iter_mut().flat_map(|account| &mut account.key_pairs).filter(|pair| pair.name == "team-prod")
            {
                (pair.public, pair.fingerprint) = (public.clone(), fingerprint.clone());
            }
            fleet.instance_mut("web-1").unwrap().key_name = Some("team-prod".to_owned());
        });
    }

    fn environment(&self, agent: &Agent) -> Vec<(String, String)> {
        let own = [
            ("HOME", self.path().display().to_string()),
            ("TMPDIR", self.path().display().to_string()),
            ("PATH", std::env::var("PATH").unwrap()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("SSH_AUTH_SOCK", agent.socket.display().to_string()),
        ];
        let of_sim = self.sim.environment().into_iter();
        own.into_iter().chain(of_sim).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn command(&self, arguments: &[&str], agent: &Agent) -> Command {
        let mut command = Command::new(ec2dash());
        command.arg("--config").arg(&self.config).args(arguments).env_clear().envs(self.environment(agent)).stdin(Stdio::null());
        command
    }

    fn terminal(&self, arguments: &[&str], agent: &Agent) -> Terminal {
        let config = self.config.display().to_string();
        let arguments: Vec<&str> = ["--config", &config].into_iter().chain(arguments.iter().copied()).collect();
        Terminal::start(ec2dash(), &arguments, &self.environment(agent), (200, 50))
    }

    /// The `key` of `show`.
    fn shown(&self, agent: &Agent) -> Value {
        let output = self.command(&["show", "web-1", "-o", "json"], agent).output().unwrap();
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        shown["key"].clone()
    }
}

/// The user's own agent.
struct Agent {
    socket: PathBuf,
    _service: Service,
}

impl Agent {
    fn start(directory: &Path) -> Self {
        let socket = directory.join("their-agent");
        let mut command = Command::new("ssh-agent");
        command.args(["-D", "-a"]).arg(&socket).stdin(Stdio::null()).stdout(Stdio::null());
        let service = Service::start(&mut command);
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            std::thread::yield_now();
        }
        Self { socket, _service: service }
    }
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs")
}

fn vector(name: &str) -> String {
    fs::read_to_string(vectors().join(format!("TEST-ONLY-{name}"))).unwrap()
}
