//! SSH through Session Manager: into the simulated instances, and into OpenSSH's own sshd behind a simulated agent.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::openssh::Host;
use crate::proxy::{Desk, WEB, noise};
use crate::support::tools::{ec2dash, system_tool};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn ssh(desk: &Desk, ours: &[&str], theirs: &[&str]) -> Command {
    desk.plain(&[&["ssh", "--method", "ssm-ssh"], ours, &["web-1", "--"], theirs].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_codes_pass_through_and_no_session_stays_behind() {
    let desk = Desk::new(&[]).await;

    for (script, code) in [("exit 0", 0), ("exit 1", 1), ("exit 42", 42), ("exit 255", 255), ("kill -TERM $$", 143)] {
        let script = format!("sh -c '{script}'");
        let output = ssh(&desk, &[], &[&script]).output().unwrap();

        assert_eq!(output.status.code(), Some(code), "{script}: {}", text(&output.stderr));
    }
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ec2-instance-connect:SendSSHPublicKey")), (5, 5));
    // ssh hangs up on its proxy and does not wait for it.
    let begun = std::time::Instant::now();
    while desk.sim.sessions().iter().any(|session| session.ended.is_none()) {
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "a session stays behind");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_byte_passes_both_ways_and_the_streams_stay_apart() {
    let desk = Desk::new(&[]).await;
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(4096).chain(noise(2_000_000)).collect();
    let input = desk.home.path().join("bytes");
    fs::write(&input, &bytes).unwrap();

    let output = ssh(&desk, &[], &["cat; echo words >&2"]).stdin(fs::File::open(&input).unwrap()).output().unwrap();

    assert!(output.stdout == bytes, "{} bytes came back: {}", output.stdout.len(), text(&output.stderr));
    assert!(text(&output.stderr).contains("words"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_the_proxy_from_its_session_is_said_once_and_in_its_words() {
    let desk = Desk::new(&["ssm:StartSession=deny"]).await;

    let output = ssh(&desk, &[], &["true"]).output().unwrap();

    let words = text(&output.stderr);
    assert_eq!(output.status.code(), Some(255));
    assert!(words.contains("ssm:StartSession") && !words.contains("jump host"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_proxy_and_calls_nothing_that_changes() {
    let desk = Desk::new(&[]).await;

    let output = desk.plain(&["connect", "web-1", "--method", "ssm-ssh", "--dry-run"]).output().unwrap();

    let lines = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(lines.contains("ProxyCommand=") && lines.contains(&format!("proxy --yes --port 22 -- {WEB}")), "{lines}");
    assert_eq!(desk.calls("ssm:StartSession") + desk.calls("ec2-instance-connect:SendSSHPublicKey"), 0);
}

/// A program at a path that ssh and a shell would both take apart.
#[test]
fn the_programs_own_path_survives_ssh_and_its_shell() {
    let host = Host::start();
    let place = host.home().join("my 'tools' 100%h $HOME");
    fs::create_dir(&place).unwrap();
    let program = place.join("ec2 dash");
    fs::copy(ec2dash(), &program).unwrap();

    let output = host.program(&program, &["ssh", "--method", "ssm-ssh", "web-1", "--", "echo through"]).output().unwrap();

    assert_eq!(text(&output.stdout), "through\n", "{}", text(&output.stderr));
}

/// What other programs need to go through `ec2dash proxy` by themselves: a key that sshd takes, and the command.
struct Outsider {
    host: Host,
    key: PathBuf,
    directory: PathBuf,
}

impl Outsider {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap().keep();
        let key = directory.join("key");
        let keygen = system_tool("ssh-keygen", "apt-get install openssh-client");
        let made = Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status().unwrap();
        assert!(made.success());
        let host = Host::taking(&key.with_extension("pub"));
        Self { host, key, directory }
    }

    /// Options as a user's ssh_config has them.
    fn config(&self) -> PathBuf {
        let path = self.directory.join("config");
        let config = format!(
            "Host i-*\n  ProxyCommand {} proxy %h --port %p\n  Port {}\n  IdentityFile {}\n  IdentitiesOnly yes\n  \
             UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n  LogLevel ERROR\n",
            ec2dash().display(),
            self.host.port(),
            self.key.display()
        );
        fs::write(&path, config).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let tool = system_tool(program, "apt-get install openssh-client git rsync");
        let mut command = Command::new(tool);
        command.env_clear().envs(self.host.environment()).current_dir(&self.directory).stdin(Stdio::null());
        command.env("GIT_SSH_COMMAND", format!("ssh -F {}", self.config().display()));
        command.args(arguments).output().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

impl Drop for Outsider {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    fs::read(one).unwrap() == fs::read(other).unwrap_or_default()
}

#[test]
fn scp_sftp_and_rsync_copy_both_ways_through_the_proxy() {
    let outsider = Outsider::new();
    fs::write(outsider.path("file"), noise(8 * 1024 * 1024)).unwrap();
    let config = outsider.config().display().to_string();
    let remote = |name: &str| format!("{WEB}:{}", outsider.path(name).display());

    let up = outsider.run("scp", &["-F", &config, "file", &remote("scp-up")]);
    let down = outsider.run("scp", &["-F", &config, &remote("scp-up"), "scp-down"]);
    fs::write(outsider.path("batch"), format!("put file {0}/sftp-up\nget {0}/sftp-up sftp-down\n", outsider.directory.display()))
        .unwrap();
    let sftp = outsider.run("sftp", &["-F", &config, "-b", "batch", WEB]);

    let shell = format!("ssh -F {config}");
    let synced_up = outsider.run("rsync", &["-e", &shell, "file", &remote("rsync-up")]);
    let synced_down = outsider.run("rsync", &["-e", &shell, &remote("rsync-up"), "rsync-down"]);

    for (output, name) in [
        (&up, "scp-up"),
        (&down, "scp-down"),
        (&sftp, "sftp-up"),
        (&sftp, "sftp-down"),
        (&synced_up, "rsync-up"),
        (&synced_down, "rsync-down"),
    ] {
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        assert!(is_same(&outsider.path("file"), &outsider.path(name)), "{name}");
    }
}

#[test]
fn git_clones_through_the_proxy() {
    let outsider = Outsider::new();
    let repository = outsider.path("repository");
    fs::create_dir(&repository).unwrap();
    fs::write(repository.join("file"), noise(300_000)).unwrap();
    let at = repository.display().to_string();
    let own = ["-C", &at, "-c", "user.name=Jane", "-c", "user.email=jane@example.com"];
    for arguments in [&["init", "-q"][..], &["add", "file"], &["commit", "-q", "-m", "Begin"]] {
        let output = outsider.run("git", &[&own[..], arguments].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    let output = outsider.run("git", &["clone", "-q", &format!("ssh://{WEB}{at}"), "clone"]);

    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(is_same(&repository.join("file"), &outsider.path("clone/file")));
}
