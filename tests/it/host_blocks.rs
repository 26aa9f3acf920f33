//! The blocks of `ssh-config`: plain ssh and what builds on it, through our proxy, with one-time keys of our agent, on a real sshd.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ec2dash_sim::fleet::State;
use ec2dash_sim::{Fault, FleetSource, Options, Sim};
use serde_json::Value;

use crate::openssh::{Sshd, user};
use crate::support::tools::{ec2dash, free_port, python_tool, system_tool};

const WEB: &str = "i-0123456789abcdef0";
const PUSH: &str = "ec2-instance-connect:SendSSHPublicKey";
/// Two addresses of this computer, at both of which the sshd of a desk listens.
const BEFORE: &str = "127.0.0.2";
const AFTER: &str = "127.0.0.3";

/// A simulated cloud, an sshd in place of `web-1` that takes only keys pushed for it, and a home with a file of blocks.
struct Desk {
    sim: Sim,
    home: tempfile::TempDir,
    sshd: Sshd,
}

impl Desk {
    async fn new(faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
        let sim = Sim::start(Options { fleet: FleetSource::Demo, faults, ..Options::default() }).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let environment = sim.environment();
        let endpoint = &environment.iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL").unwrap().1;
        let curl = system_tool("curl", "apt-get install curl");
        let sshd = Sshd::start(
            home.path(),
            "sshd",
            &format!(
                "ListenAddress {BEFORE}\nListenAddress {AFTER}\nSubsystem sftp internal-sftp\nAuthorizedKeysFile none\n\
                 AuthorizedKeysCommand {} -sf {endpoint}/sim/keys/{WEB}/%u\nAuthorizedKeysCommandUser {}",
                curl.display(),
                user()
            ),
        );
        let desk = Self { sim, home, sshd };
        desk.configure("method = [\"eic\"]\n");
        desk.moves_to(BEFORE);
        desk
    }

    /// Rules for `web-1`.
    fn configure(&self, rules: &str) {
        let text = format!("[[rule]]\nmatch = {{ id = \"{WEB}\" }}\nuser = \"{}\"\nport = {}\n{rules}", user(), self.sshd.port);
        fs::write(self.path("ec2dash.toml"), text).unwrap();
        fs::set_permissions(self.path("ec2dash.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn moves_to(&self, address: &str) {
        self.sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().public_ip = Some(address.to_owned()));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A program in this cloud, with nobody at a terminal.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.home.path());
        command.env("TMPDIR", self.home.path()).env("LANG", "C.UTF-8").env("SHELL", "/bin/sh").envs(self.sim.environment());
        command.env("EC2DASH_CONFIG", self.path("ec2dash.toml"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn ours(&self, arguments: &[&str]) -> Output {
        self.command(ec2dash()).args(arguments).output().unwrap()
    }

    /// Write the file of blocks; its path.
    fn written(&self) -> String {
        let path = self.path("hosts").display().to_string();
        let output = self.ours(&["ssh-config", "--write", &path]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        path
    }

    fn ssh(&self, arguments: &[&str]) -> Output {
        let ssh = system_tool("ssh", "apt-get install openssh-client");
        self.command(&ssh).arg("-F").arg(self.path("hosts")).args(arguments).output().unwrap()
    }

    /// What ssh makes of a name.
    fn read_by_ssh(&self, name: &str) -> String {
        let output = self.ssh(&["-G", "--", name]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn agent(&self) -> Value {
        serde_json::from_slice(&self.ours(&["agent", "--status", "-o", "json"]).stdout).unwrap()
    }

    fn pushes(&self) -> usize {
        self.sim.calls().iter().filter(|call| call.action == PUSH).count()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.ours(&["agent", "--stop"]);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn assert_said(output: &Output, expected: &str, desk: &Desk) {
    assert_eq!(
        (text(&output.stdout).as_str(), output.status.code()),
        (expected, Some(0)),
        "{}\n{}",
        text(&output.stderr),
        desk.sshd.log()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_ssh_gets_in_by_name_and_by_id_before_and_after_the_address_has_changed() {
    let desk = Desk::new(&[]).await;
    desk.written();
    let before = fs::read(desk.path("hosts")).unwrap();

    for address in [BEFORE, AFTER] {
        desk.moves_to(address);
        for name in ["web-1", WEB] {
            let output = desk.ssh(&[name, "set -- $SSH_CONNECTION; echo in $3; exit 3"]);
            assert_eq!(
                (text(&output.stdout), output.status.code()),
                (format!("in {address}\n"), Some(3)),
                "{}",
                text(&output.stderr)
            );
        }
    }

    assert_eq!(desk.pushes(), 4);
    assert_eq!(desk.written(), desk.path("hosts").display().to_string());
    assert!(fs::read(desk.path("hosts")).unwrap() == before, "the file says nothing of addresses");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_by_scp_sftp_rsync_and_git_before_and_after_the_address_has_changed() {
    let desk = Desk::new(&[]).await;
    let hosts = desk.written();
    let ssh = format!("ssh -F {hosts}");
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(3 << 20).collect();
    fs::write(desk.path("here"), &bytes).unwrap();
    let there = |name: &str| format!("web-1:{}", desk.path(name).display());
    let here = desk.path("here").display().to_string();
    let git = system_tool("git", "apt-get install git");
    let run = |arguments: &[&str]| {
        let mut command = desk.command(&git);
        command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]).args(arguments);
        let output = command.env("GIT_SSH_COMMAND", &ssh).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    };
    let bare = desk.path("bare").display().to_string();
    run(&["init", "-q", &bare]);
    run(&["-C", &bare, "commit", "-q", "--allow-empty", "-m", "first"]);

    for address in [BEFORE, AFTER] {
        desk.moves_to(address);
        let [by_scp, by_sftp, by_rsync, clone] = ["scp", "sftp", "rsync", "git"].map(|program| format!("{program}-{address}"));
        let scp = system_tool("scp", "apt-get install openssh-client");
        let copied = desk.command(&scp).args(["-q", "-F", &hosts, &here, &there(&by_scp)]).output().unwrap();
        assert!(copied.status.success(), "{}", text(&copied.stderr));
        let mut batch = desk.command(&system_tool("sftp", "apt-get install openssh-client"));
        let mut batch = batch.args(["-q", "-F", &hosts, "-b", "-", "web-1"]).stdin(Stdio::piped()).spawn().unwrap();
        let order = format!("put {here} {}\n", desk.path(&by_sftp).display());
        batch.stdin.take().unwrap().write_all(order.as_bytes()).unwrap();
        let put = batch.wait_with_output().unwrap();
        assert!(put.status.success(), "{}", text(&put.stderr));
        let rsync = system_tool("rsync", "apt-get install rsync");
        let synced = desk.command(&rsync).args(["-a", "-e", &ssh, &here, &there(&by_rsync)]).output().unwrap();
        assert!(synced.status.success(), "{}", text(&synced.stderr));
        for name in [&by_scp, &by_sftp, &by_rsync] {
            assert!(fs::read(desk.path(name)).unwrap() == bytes, "{name}");
        }
        let clone = desk.path(&clone).display().to_string();
        run(&["clone", "-q", &there("bare"), &clone]);
        run(&["-C", &clone, "log", "-1", "--format=%s"]);
    }
    assert_eq!(desk.pushes(), 8, "one login each");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_login_than_the_blocks_has_the_key_pushed_for_it_and_no_shell_reads_its_name() {
    let desk = Desk::new(&[]).await;
    let rules = fs::read_to_string(desk.path("ec2dash.toml")).unwrap();
    let others = rules.replace(&format!("user = \"{}\"", user()), "user = \"somebody-else\"");
    assert_ne!(rules, others);
    fs::write(desk.path("ec2dash.toml"), others).unwrap();
    desk.written();

    let output = desk.ssh(&[&format!("{}@web-1", user()), "echo in"]);

    assert_said(&output, "in\n", &desk);
    assert_eq!(desk.pushes(), 1, "none for the block's own");
    let hostile = desk.ssh(&["-l", "$(touch pwned)", "web-1", "true"]);
    assert_eq!(hostile.status.code(), Some(255), "{}", text(&hostile.stderr));
    assert!(!desk.path("pwned").exists() && !Path::new("pwned").exists());
    let notes = desk.path(".local/state/ec2dash/logins");
    assert_eq!(fs::read_dir(&notes).unwrap().count(), 0, "of each the note is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_that_runs_a_shell_behind_a_dynamic_forward_gets_both() {
    let desk = Desk::new(&[]).await;
    let hosts = desk.written();
    for address in [BEFORE, AFTER] {
        desk.moves_to(address);
        an_editor(&desk, &hosts, address);
    }
}

fn an_editor(desk: &Desk, hosts: &str, address: &str) {
    let port = free_port();
    let mut command = desk.command(&system_tool("ssh", "apt-get install openssh-client"));
    // What VS Code Remote-SSH runs.
    command.args(["-v", "-T", "-D", &port.to_string(), "-o", "ConnectTimeout=15", "-F", hosts, "web-1", "bash"]);
    let mut session = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = session.stdin.take().unwrap();
    let mut output = session.stdout.take().unwrap();

    input.write_all(b"set -- $SSH_CONNECTION; echo $3; read word; echo got $word\n").unwrap();
    let mut said = [0; AFTER.len() + 1];
    output.read_exact(&mut said).unwrap();
    assert_eq!(text(&said), format!("{address}\n"));
    // A server there, by SOCKS5: the sshd itself.
    let mut through = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let there = [&[5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1][..], &desk.sshd.port.to_be_bytes()].concat();
    through.write_all(&there).unwrap();
    let mut answer = [0; 12];
    through.read_exact(&mut answer).unwrap();
    let mut banner = [0; 8];
    through.read_exact(&mut banner).unwrap();
    assert_eq!(&banner, b"SSH-2.0-");
    drop(through);
    input.write_all(b"word\n").unwrap();
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();

    assert_eq!(rest, "got word\n");
    assert!(session.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_start_one_agent_which_holds_no_credentials_and_writes_no_key() {
    let desk = Desk::new(&[]).await;
    desk.written();
    let ssh = system_tool("ssh", "apt-get install openssh-client");
    let sessions: Vec<_> = (0..6)
        .map(|_| {
            let mut command = desk.command(&ssh);
            command.arg("-F").arg(desk.path("hosts")).args(["web-1", "echo in; cat"]).stdin(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    let sessions: Vec<_> = sessions
        .into_iter()
        .map(|mut session| {
            let mut said = [0; 3];
            session.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
            assert_eq!(&said, b"in\n");
            session
        })
        .collect();

    let status = desk.agent();
    assert_eq!(status["keys"], serde_json::json!([{"id": WEB, "connections": 6}]));
    let environment = fs::read(format!("/proc/{}/environ", status["process"])).unwrap();
    assert!(!text(&environment).contains("AWS_"), "{}", text(&environment));
    let private = crate::openssh::files_below(desk.home.path()).into_iter().filter(|file| {
        !file.ends_with("sshd_host_key")
            && fs::read(file).is_ok_and(|content| content.windows(11).any(|part| part == b"PRIVATE KEY"))
    });
    assert_eq!(private.collect::<Vec<_>>(), [""; 0]);
    for mut session in sessions {
        drop(session.stdin.take());
        assert!(session.wait().unwrap().success());
    }
    while desk.agent()["keys"] != serde_json::json!([]) {}
    assert_eq!(desk.sshd.log().matches("Accepted publickey").count(), 6);
    assert!(!desk.sshd.log().contains("Failed publickey"));

    assert!(desk.ours(&["agent", "--stop"]).status.success());
    assert_eq!(desk.agent()["process"], Value::Null);
    assert_said(&desk.ssh(&["web-1", "echo in again"]), "in again\n", &desk);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_checked_against_its_console_and_another_key_ends_it_before_a_login() {
    let desk = Desk::new(&["ssm:StartSession=deny"]).await;
    desk.written();
    let tells = |line: String| {
        let text = format!("-----BEGIN SSH HOST KEY KEYS-----\n{line}\n-----END SSH HOST KEY KEYS-----\n");
        desk.sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().console_text = Some(text));
    };
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
    let known = || fs::read_to_string(desk.path(".local/state/ec2dash/known_hosts")).unwrap_or_default();
    tells(other.to_owned());

    let output = desk.ssh(&["web-1", "echo in"]);

    let said = text(&output.stderr);
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(255)), "{said}");
    assert!(said.contains("error[host-key-not-told]") && said.matches("SHA256:").count() >= 2, "{said}");
    assert_eq!(known(), "");
    assert!(!desk.sshd.log().contains("publickey"), "{}", desk.sshd.log());

    tells(fs::read_to_string(desk.path("sshd_host_key.pub")).unwrap().trim().to_owned());
    let output = desk.ssh(&["web-1", "echo in"]);
    assert_said(&output, "in\n", &desk);
    assert!(!text(&output.stderr).contains("was not checked"), "{}", text(&output.stderr));
    let listed: Value = serde_json::from_slice(&desk.ours(&["known-hosts", "list", "-o", "json"]).stdout).unwrap();
    assert_eq!((&listed["known_hosts"][0]["id"], &listed["known_hosts"][0]["origin"]), (&WEB.into(), &"console".into()));
    // What is kept counts more than what the console says now.
    tells(other.to_owned());
    assert_said(&desk.ssh(&["web-1", "echo in"]), "in\n", &desk);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_away_is_said_in_words() {
    let desk = Desk::new(&[]).await;
    desk.written();
    let refused = |expected: &str| {
        let output = desk.ssh(&["web-1", "true"]);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(255), 0), "{said}");
        assert!(said.contains(expected), "{expected}: {said}");
    };

    desk.sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Stopped);
    refused("stopped");
    desk.sim.edit(|fleet| {
        let instance = fleet.instance_mut("web-1").unwrap();
        (instance.state, instance.public_ip) = (State::Running, Some("127.0.0.9".to_owned()));
    });
    refused("error[proxy-not-dialled]");
    desk.moves_to(BEFORE);
    desk.sim.set_faults(vec![format!("{PUSH}=deny").parse().unwrap()]);
    refused(PUSH);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_tag_says_stands_in_the_file() {
    let desk = Desk::new(&[]).await;
    let long = "x".repeat(255);
    let names = [
        ("web\nHost *\n  ProxyCommand touch pwned", Some("web-host-----proxycommand-touch-pwned")),
        ("*", None),
        ("!x", Some("x")),
        ("we b", Some("we-b")),
        ("#", None),
        ("Match exec touch", Some("match-exec-touch")),
        ("%h", Some("h")),
        ("\"quoted\"", Some("quoted")),
        ("-oProxyCommand=touch pwned", Some("oproxycommand-touch-pwned")),
        ("$(touch pwned)`touch pwned`", Some("touch-pwned--touch-pwned")),
        ("github.com", Some("github-com")),
        ("localhost", None),
        ("10.0.0.1", Some("10-0-0-1")),
        ("2130706433", None),
        ("i-0aaaaaaaaaaaaaaaa", None),
        ("\u{202e}خادم", Some("خادم")),
        ("e\u{301}te", Some("éte")),
        (&long, Some(&long)),
        ("same name", None),
        ("same-name", None),
    ];
    desk.sim.edit(|fleet| {
        let account = fleet.accounts.iter_mut().find(|account| account.instances.iter().any(|own| own.id == WEB)).unwrap();
        let like = account.instances.iter().find(|own| own.id == WEB).unwrap().clone();
        for (number, (name, _)) in names.iter().enumerate() {
            let mut instance = like.clone();
            instance.id = format!("i-0000000000000{number:04x}");
            instance.tags = vec![("Name".to_owned(), (*name).to_owned())];
            account.instances.push(instance);
        }
    });
    let hosts = desk.written();
    let file = fs::read_to_string(&hosts).unwrap();

    let options = [
        "HostName",
        "HostKeyAlias",
        "User",
        "Port",
        "ProxyCommand",
        "ProxyUseFdpass",
        "CanonicalizeHostname",
        "UserKnownHostsFile",
        "StrictHostKeyChecking",
        "KnownHostsCommand",
        "CheckHostIP",
        "HashKnownHosts",
        "VerifyHostKeyDNS",
        "UpdateHostKeys",
        "IdentityAgent",
        "IdentitiesOnly",
        "IdentityFile",
        "PreferredAuthentications",
        "ForwardAgent",
        "AddKeysToAgent",
        "ServerAliveInterval",
        "ServerAliveCountMax",
    ];
    for line in file.lines().skip(1).filter(|line| !line.is_empty()) {
        let is_option =
            line.strip_prefix("  ").and_then(|line| line.split_once(' ')).is_some_and(|(name, _)| options.contains(&name));
        let is_host = line.strip_prefix("Host ").is_some_and(|words| (1..=2).contains(&words.split(' ').count()));
        assert!(is_option || is_host, "{line:?}");
    }
    for (number, (name, alias)) in names.iter().enumerate() {
        let id = format!("i-0000000000000{number:04x}");
        let expected = alias.map_or_else(|| format!("Host {id}\n"), |alias| format!("Host {id} {alias}\n"));
        assert!(file.contains(&expected), "{name:?}: {expected:?}");
        for word in [Some(id.as_str()), *alias].into_iter().flatten() {
            let read = desk.read_by_ssh(word);
            let proxy: Vec<&str> = read.lines().filter(|line| line.starts_with("proxycommand ")).collect();
            assert!(
                matches!(proxy.as_slice(), [only] if only.contains(" proxy --user ") && only.ends_with(&format!(" --port %p -- {id}"))),
                "{word}: {proxy:?}"
            );
            assert!(read.contains(&format!("\nhostkeyalias {id}\n")), "{word}");
            assert!(
                !read.contains("\nlocalcommand ") && !read.contains("\nremotecommand ") && !read.contains("\nproxyjump "),
                "{read}"
            );
        }
    }
    for word in ["github.com", "localhost", "10.0.0.1", "2130706433", "same-name", "web", "anything"] {
        assert!(!desk.read_by_ssh(word).contains("proxycommand"), "{word}");
    }
    assert!(!crate::openssh::files_below(Path::new(".")).iter().any(|file| file.ends_with("/pwned")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_checked_written_and_left_alone() {
    let desk = Desk::new(&[]).await;
    let hosts = desk.written();
    let run = |arguments: &[&str]| desk.ours(&[&["ssh-config"], arguments].concat());
    let check = || run(&["--write", &hosts, "--check"]);
    assert_eq!((check().status.code(), check().stdout.len()), (Some(0), 0));
    assert_eq!(fs::metadata(&hosts).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(text(&run(&[]).stdout), fs::read_to_string(&hosts).unwrap());

    desk.sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Stopped);
    let differs = check();
    assert_eq!((differs.status.code(), text(&differs.stdout)), (Some(1), format!("- {WEB} web-1\n")));
    assert!(text(&differs.stderr).contains("error[ssh-config-differs]"));
    assert!(fs::read_to_string(&hosts).unwrap().contains("web-1\n"), "a check writes nothing");
    let written = run(&["--write", &hosts]);
    assert!(text(&written.stderr).contains(&hosts) && written.stdout.is_empty(), "{written:?}");
    assert!(!fs::read_to_string(&hosts).unwrap().contains(WEB));

    let theirs = desk.path("theirs");
    fs::write(&theirs, "Host mine\n").unwrap();
    let refused = run(&["--write", theirs.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("error[ssh-config-not-ours]"));
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "Host mine\n");

    let old = fs::read(&hosts).unwrap();
    desk.sim.set_faults(vec!["ec2:DescribeInstances=deny".parse().unwrap()]);
    assert_eq!(run(&["--write", &hosts]).status.code(), Some(5));
    assert!(fs::read(&hosts).unwrap() == old, "what cannot be listed is not gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_include_line_is_added_once_at_the_top_after_a_yes() {
    let desk = Desk::new(&[]).await;
    let hosts = desk.path("hosts").display().to_string();
    let (folder, config) = (desk.path(".ssh"), desk.path(".ssh/config"));
    fs::create_dir(&folder).unwrap();
    fs::write(desk.path("dotfiles"), "Host mine web-2\n  User me\n").unwrap();
    fs::set_permissions(desk.path("dotfiles"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(desk.path("dotfiles"), &config).unwrap();

    let unasked = desk.ours(&["ssh-config", "--write", &hosts, "--include"]);
    assert_eq!(unasked.status.code(), Some(2), "nobody can say yes");
    assert_eq!(fs::read_to_string(&config).unwrap(), "Host mine web-2\n  User me\n");
    for _ in 0..2 {
        let added = desk.ours(&["ssh-config", "--write", &hosts, "--include", "--yes"]);
        assert!(added.status.success(), "{}", text(&added.stderr));
        let expected = format!("Include \"{hosts}\"\nHost mine web-2\n  User me\n");
        assert_eq!(fs::read_to_string(desk.path("dotfiles")).unwrap(), expected);
    }
    assert!(config.is_symlink());
    assert_eq!(fs::metadata(&config).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(desk.path("dotfiles.before-ec2dash")).unwrap(), "Host mine web-2\n  User me\n");
    // A tag does not answer for a name that the user has already.
    let file = fs::read_to_string(&hosts).unwrap();
    assert!(file.contains(&format!("Host {WEB} web-1\n")) && !file.contains(" web-2\n"), "{file}");
    let ssh = system_tool("ssh", "apt-get install openssh-client");
    let output = desk.command(&ssh).arg("-F").arg(&config).args(["web-1", "echo in"]).output().unwrap();
    assert_said(&output, "in\n", &desk);
}

#[tokio::test(flavor = "multi_thread")]
async fn ansible_takes_the_inventory_and_gets_in() {
    let desk = Desk::new(&[]).await;
    let script = desk.path("inventory");
    fs::write(&script, format!("#!/bin/sh\nexec {} ls -o ansible state:running \"$@\"\n", ec2dash().display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let run = |tool: &str, arguments: &[&str]| {
        let mut command = desk.command(&python_tool(tool));
        command.arg("-i").arg(&script).args(arguments).env("ANSIBLE_LOCAL_TEMP", desk.path("ansible"));
        let output = command.env("ANSIBLE_SSH_CONTROL_PATH_DIR", desk.path("cp")).env("LC_ALL", "C.UTF-8").output().unwrap();
        assert!(output.status.success(), "{tool}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    };

    let listed: Value = serde_json::from_str(&run("ansible-inventory", &["--list"])).unwrap();
    let host = &listed["_meta"]["hostvars"]["web-1"];
    assert_eq!((&host["ansible_host"], &host["ansible_user"]), (&WEB.into(), &user().into()));
    for group in ["region_ap_northeast_2", "platform_linux", "tag_env_prod"] {
        let hosts = listed[group]["hosts"].as_array().unwrap_or_else(|| panic!("{group}: {listed}"));
        assert!(hosts.contains(&"web-1".into()), "{group}");
    }
    for address in [BEFORE, AFTER] {
        desk.moves_to(address);
        // Which Python it would find there is none of this test's business.
        let python = format!("ansible_python_interpreter={}", python_tool("python").display());
        let pong = run("ansible", &["web-1", "-m", "ping", "-e", &python]);
        assert!(pong.contains("SUCCESS") && pong.contains("\"pong\""), "{pong}");
        // The connection that Ansible keeps would lead to where it was.
        run("ansible", &["web-1", "-m", "meta", "-a", "reset_connection"]);
    }
    let one = desk.ours(&["ls", "-o", "ansible", "--host", "web-1"]);
    assert_eq!(serde_json::from_slice::<Value>(&one.stdout).unwrap()["instance_id"], WEB);
    assert_eq!(text(&desk.ours(&["ls", "-o", "ansible", "--host", "nobody"]).stdout), "{}\n");
    assert_eq!(desk.ours(&["show", "web-1", "-o", "ansible"]).status.code(), Some(2));
    assert_eq!(desk.ours(&["ls", "--list"]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_than_the_kept_one_is_refused_in_our_words() {
    let desk = Desk::new(&[]).await;
    desk.written();
    let known_hosts = desk.path(".local/state/ec2dash/known_hosts");
    fs::create_dir_all(known_hosts.parent().unwrap()).unwrap();
    for kept in [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm",
        // The host has none of this type: to ssh its own would be a new one.
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPxZM9taWeJzXFlFHPy7LIv/YM4Mcbu+SkLNbTv/8s3WO4zhclmvdls+IxGr4i58Fxb9hgU0bHWY7ryRXS8yq3A=",
    ] {
        fs::write(&known_hosts, format!("{WEB} {kept}\n")).unwrap();

        let output = desk.ssh(&["web-1", "echo in"]);

        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(255), 0), "{said}");
        assert!(
            said.contains("error[host-key-changed]") && said.contains(&format!("ec2dash known-hosts forget {WEB}")),
            "{said}"
        );
        assert_eq!(fs::read_to_string(&known_hosts).unwrap(), format!("{WEB} {kept}\n"));
    }
    assert!(!desk.sshd.log().contains("publickey"), "{}", desk.sshd.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_pairs_own_file_is_taken_and_nothing_is_pushed() {
    let desk = Desk::new(&[]).await;
    fs::create_dir(desk.path(".ssh")).unwrap();
    let key = desk.path(".ssh/mine").display().to_string();
    crate::openssh::keygen(&key);
    let public = fs::read_to_string(format!("{key}.pub")).unwrap().trim().to_owned();
    desk.sim.edit(|fleet| {
        for pair in fleet.accounts.iter_mut().flat_map(|account| &mut account.key_pairs).filter(|pair| pair.name == "team-prod") {
            pair.public.clone_from(&public);
        }
        fleet.instance_mut("web-1").unwrap().key_name = Some("team-prod".to_owned());
    });
    let other = Sshd::start(desk.home.path(), "by-file", &format!("ListenAddress {BEFORE}\nAuthorizedKeysFile {key}.pub"));
    desk.configure("method = [\"ssh\"]\n");
    let config = fs::read_to_string(desk.path("ec2dash.toml")).unwrap();
    fs::write(desk.path("ec2dash.toml"), config.replace(&desk.sshd.port.to_string(), &other.port.to_string())).unwrap();
    desk.written();

    let output = desk.ssh(&["web-1", "echo in"]);

    assert_eq!(text(&output.stdout), "in\n", "{}\n{}", text(&output.stderr), other.log());
    assert!(desk.read_by_ssh("web-1").contains(&format!("\nidentityfile {key}\n")));
    assert_eq!(desk.pushes(), 0);
    assert_eq!(desk.agent()["process"], Value::Null, "no agent is needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn session_manager_and_endpoints_carry_a_block_with_a_pushed_key() {
    let desk = Desk::new(&[]).await;
    let environment = desk.sim.environment();
    let rules = fs::read_to_string(&environment.iter().find(|(name, _)| *name == "EC2DASH_CONFIG").unwrap().1).unwrap();
    fs::write(desk.path("ec2dash.toml"), rules.lines().filter(|line| !line.starts_with("key = ")).collect::<Vec<_>>().join("\n"))
        .unwrap();
    desk.written();
    for (name, method) in [("web-1", "ssm-ssh"), ("결제-api-2", "eice")] {
        let before = desk.pushes();

        let output = desk.ssh(&[name, "echo in"]);

        assert_eq!(text(&output.stdout), "in\n", "{name} {method}: {}", text(&output.stderr));
        assert_eq!(desk.pushes(), before + 1, "{name}");
        let action = if method == "eice" { "ec2-instance-connect:OpenTunnel" } else { "ssm:StartSession" };
        assert!(desk.sim.calls().iter().any(|call| call.action == action), "{action}");
    }
}
