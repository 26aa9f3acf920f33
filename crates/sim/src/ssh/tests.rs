//! The simulated instances as OpenSSH's own client sees them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use pretty::same;
use ssh_key::{Algorithm, LineEnding, PrivateKey};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::*;

const WEB: &str = "i-0aaaaaaaaaaaaaaaa";
const API: &str = "i-0bbbbbbbbbbbbbbbb";
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn the_key_pair_logs_in() {
    let rig = Rig::new().await;

    let output = rig.run("ec2-user", &["echo $((6*7)); echo no >&2"], b"").await;

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(output.stdout, b"42\n");
    assert_eq!(output.stderr, b"no\n");
}

#[tokio::test]
async fn another_key_is_refused() {
    let rig = Rig::new().await;
    let stranger = rig.key("stranger");

    let output = rig.ssh_with(&stranger.0, WEB, "ec2-user", &["true"], b"").await;

    assert_refused(&output, "ec2-user");
}

#[tokio::test]
async fn a_user_the_system_does_not_have_is_refused_even_with_a_good_key() {
    let rig = Rig::new().await;
    let (file, line) = rig.key("pushed");
    rig.keys.push(WEB, "root", &line);

    assert_refused(&rig.run("root", &["true"], b"").await, "root");
    assert_refused(&rig.ssh_with(&file, WEB, "root", &["true"], b"").await, "root");
}

#[tokio::test]
async fn a_pushed_key_logs_in_to_its_instance_for_sixty_seconds() {
    let rig = Rig::new().await;
    let (file, line) = rig.key("pushed");
    rig.keys.push(WEB, "ec2-user", &line);

    let at_once = rig.ssh_with(&file, WEB, "ec2-user", &["echo in"], b"").await;
    let elsewhere = rig.ssh_with(&file, API, "ec2-user", &["true"], b"").await;
    rig.advance(Duration::from_secs(61));
    let later = rig.ssh_with(&file, WEB, "ec2-user", &["true"], b"").await;

    assert_eq!(at_once.stdout, b"in\n", "{at_once:?}");
    assert_refused(&elsewhere, "ec2-user");
    assert_refused(&later, "ec2-user");
}

#[tokio::test]
async fn the_seventh_key_of_a_full_agent_is_too_much() {
    let rig = Rig::new().await;
    let mut arguments: Vec<OsString> = Vec::new();
    for index in 0..7 {
        arguments.extend(["-i".into(), rig.key(&format!("other-{index}")).0.into()]);
    }
    arguments.extend(["-i".into(), rig.pair.clone().into()]);

    let output = rig.ssh(WEB, "ec2-user", &arguments, &["true"], b"").await;

    assert_eq!(output.status.code(), Some(255));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Too many authentication"), "{output:?}");
}

#[tokio::test]
async fn exit_codes_arrive() {
    let rig = Rig::new().await;

    for code in [0, 3, 255] {
        let output = rig.run("ec2-user", &[&format!("exit {code}")], b"").await;
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
}

#[tokio::test]
async fn a_signal_has_its_name_on_the_wire() {
    let rig = Rig::new().await;

    let output = rig.ssh(WEB, "ec2-user", &rig.identity(&["-v"]), &["kill -TERM $$"], b"").await;

    assert_eq!(output.status.code(), Some(255), "OpenSSH's own code for a signal");
    assert!(String::from_utf8_lossy(&output.stderr).contains("exit-signal"), "{output:?}");
}

#[tokio::test]
async fn eight_mebibytes_come_back_equal() {
    let rig = Rig::new().await;
    let sent = noise(8 * 1024 * 1024);

    let output = rig.run("ec2-user", &["cat"], &sent).await;

    assert_eq!(output.status.code(), Some(0));
    same(&output.stdout, &sent);
}

#[tokio::test]
async fn a_program_that_listens_late_misses_nothing() {
    let rig = Rig::new().await;
    let sent = noise(16 * 1024 * 1024);

    let output = rig.run("ec2-user", &["sleep 1; cat"], &sent).await;

    same(&output.stdout, &sent);
}

#[tokio::test]
async fn a_client_that_reads_late_misses_nothing() {
    let rig = Rig::new().await;
    let sent = noise(24 * 1024 * 1024);
    let mut command = Command::new("ssh");
    command.args(rig.identity(&[])).args(rig.options(WEB)).args(["ec2-user@127.0.0.1", "cat"]);
    let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut input = client.stdin.take().unwrap();

    let feeding = async {
        input.write_all(&sent).await.unwrap();
        drop(input);
    };
    tokio::time::timeout(PATIENCE, feeding).await.expect("nobody takes the input");
    let output = tokio::time::timeout(PATIENCE, client.wait_with_output()).await.expect("ssh did not end").unwrap();

    same(&output.stdout, &sent);
}

#[tokio::test]
async fn a_program_that_does_not_listen_ends_in_its_own_time() {
    let rig = Rig::new().await;

    let output = rig.run("ec2-user", &["head -c 3; exit 7"], &noise(16 * 1024 * 1024)).await;

    assert_eq!(output.status.code(), Some(7));
    assert_eq!(output.stdout.len(), 3);
}

#[tokio::test]
async fn both_streams_are_whole_when_both_are_full() {
    let rig = Rig::new().await;

    let line = "i=0; while [ $i -lt 20000 ]; do echo out-$i; echo err-$i >&2; i=$((i+1)); done";
    let output = rig.run("ec2-user", &[line], b"").await;

    let expected = |name: &str| (0..20_000).map(|i| format!("{name}-{i}\n")).collect::<String>().into_bytes();
    same(&output.stdout, &expected("out"));
    same(&output.stderr, &expected("err"));
}

#[tokio::test]
async fn a_shell_without_a_terminal_reads_its_commands() {
    let rig = Rig::new().await;

    let output = rig.run("ec2-user", &["-T"], b"echo $USER; tty; exit 4\n").await;

    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert_eq!(output.stdout, b"ec2-user\nnot a tty\n");
}

#[tokio::test]
async fn dev_tty_is_not_the_terminal_this_process_was_started_on() {
    let rig = Rig::new().await;

    let line = "head -c 200000 /dev/zero >/dev/tty && echo done";
    let output = rig.run("ec2-user", &[line], b"").await;

    assert_eq!(output.stdout, b"done\n", "{output:?}");
}

#[tokio::test]
async fn the_environment_is_small_and_the_home_is_private() {
    let rig = Rig::new().await;

    let line = "env | cut -d= -f1 | sort | tr '\\n' ' '; pwd; ls -ld . | cut -c1-10";
    let output = rig.ssh(WEB, "ec2-user", &rig.identity(&["-oSendEnv=LC_TEST"]), &[line], b"").await;

    let text = String::from_utf8(output.stdout).unwrap();
    let (names, rest) = text.split_once(" /").unwrap();
    assert_eq!(names, "HOME LANG LC_TEST LOGNAME PATH PS1 PWD SHELL USER");
    assert!(rest.ends_with("/i-0aaaaaaaaaaaaaaaa-ec2-user\ndrwx------\n"), "{rest}");
}

#[tokio::test]
async fn a_shell_has_a_terminal_a_greeting_and_a_prompt() {
    let rig = Rig::new().await;
    let mut terminal = rig.terminal(24, 80);

    terminal.wait_for("Nothing here is on AWS.\r\n").await;
    terminal.wait_for("[web-1 ~]$ ").await;
    terminal.send("echo $((6*7)) $TERM\n").await;
    terminal.wait_for("42 xterm-test\r\n").await;
    terminal.send("exit 3\n").await;

    assert_eq!(terminal.exit().await, Some(3));
}

#[tokio::test]
async fn the_window_arrives_and_follows() {
    let rig = Rig::new().await;
    let mut terminal = rig.terminal(33, 101);

    terminal.wait_for("]$ ").await;
    terminal.send("stty size\n").await;
    terminal.wait_for("33 101\r\n").await;
    terminal.pty.resize(pty_process::Size::new(20, 64)).unwrap();
    terminal.send("while [ \"$(stty size)\" != '20 64' ]; do sleep 0.1; done; echo resi''zed\n").await;
    terminal.wait_for("resized\r\n").await;
    terminal.send("exit\n").await;

    assert_eq!(terminal.exit().await, Some(0));
}

#[tokio::test]
async fn all_of_a_terminals_last_output_arrives() {
    let rig = Rig::new().await;

    let output = rig.ssh(WEB, "ec2-user", &rig.identity(&["-tt"]), &["seq 1 50000"], b"").await;

    let expected: String = (1..=50_000).map(|n| format!("{n}\r\n")).collect();
    same(&output.stdout, expected.as_bytes());
}

#[tokio::test]
async fn it_is_a_jump_host_to_other_instances() {
    let rig = Rig::new().await;
    let config = rig.directory.path().join("config");
    let jump = format!(
        "Host *\n IdentityFile {}\n IdentitiesOnly yes\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR\nHost jump\n HostName 127.0.0.1\n Port {}\n User ec2-user\n",
        rig.pair.display(),
        rig.servers.port(WEB).unwrap()
    );
    std::fs::write(&config, jump).unwrap();
    let port = rig.servers.port(API).unwrap();
    let sent = noise(1024 * 1024);

    let mut command = Command::new("ssh");
    command.arg("-F").arg(&config).args(["-J", "jump", "-p", &port.to_string(), "ec2-user@127.0.0.1", "pwd >&2; cat"]);
    let output = finish(command, &sent).await;

    same(&output.stdout, &sent);
    assert!(String::from_utf8_lossy(&output.stderr).contains(API), "{:?}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn scp_and_sftp_copy_both_ways() {
    let rig = Rig::new().await;
    let place = |name: &str| rig.directory.path().join(name).display().to_string();
    std::fs::write(place("up"), noise(1_000_000)).unwrap();
    std::fs::write(place("batch"), format!("put {} by-sftp\nget by-sftp {}\n", place("up"), place("by-sftp"))).unwrap();
    let run = async |program: &str, arguments: &[String]| {
        let port = format!("-oPort={}", rig.servers.port(WEB).unwrap());
        let options = rig.options(WEB).into_iter().filter(|option| option.starts_with("-o")).chain([port]);
        let mut command = Command::new(program);
        command.args(["-F", "none"]).args(rig.identity(&[])).args(options).args(arguments);
        let output = finish(command, b"").await;
        assert_eq!(output.status.code(), Some(0), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let there = |name: &str| format!("ec2-user@127.0.0.1:{name}");

    run("scp", &[place("up"), there("by-scp")]).await;
    run("scp", &[there("by-scp"), place("by-scp")]).await;
    run("sftp", &["-b".to_owned(), place("batch"), "ec2-user@127.0.0.1".to_owned()]).await;

    for name in ["by-scp", "by-sftp"] {
        same(&std::fs::read(place(name)).unwrap(), &noise(1_000_000));
    }
    assert!(rig.servers.machine.homes.of(WEB, "ec2-user").unwrap().join("by-scp").is_file(), "a name alone is one at home");
}

#[tokio::test]
async fn it_forwards_to_loopback_only() {
    let rig = Rig::new().await;

    let elsewhere = rig.ssh(WEB, "ec2-user", &rig.identity(&["-oLogLevel=INFO", "-W", "192.0.2.1:22"]), &[], b"").await;

    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("administratively prohibited"), "{elsewhere:?}");
}

#[tokio::test]
async fn a_session_takes_its_background_jobs_along() {
    let rig = Rig::new().await;
    let mut terminal = rig.terminal(24, 80);
    terminal.wait_for("]$ ").await;
    terminal.send("sleep 98765 & echo job=$!.\n").await;
    let job = terminal.number_after("job=").await;
    assert!(is_running(job));

    drop(terminal); // the client is killed

    gone(job).await;
}

#[tokio::test]
async fn who_hears_no_hangup_finds_the_terminal_closed() {
    let rig = Rig::new().await;
    let mut terminal = rig.terminal(24, 80);
    terminal.wait_for("]$ ").await;
    terminal.send("(trap '' HUP; echo job=$$.; cat; echo $? >closed)\n").await;
    terminal.number_after("job=").await;

    drop(terminal); // the client is killed

    let home = rig.servers.machine.homes.of(WEB, "ec2-user").unwrap();
    let closed = async {
        while !home.join("closed").exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), closed).await.expect("it still reads the terminal");
}

#[tokio::test]
async fn a_command_without_an_end_ends_with_its_client() {
    let rig = Rig::new().await;
    let mut command = Command::new("ssh");
    command.args(rig.options(WEB)).args(rig.identity(&[])).args(["ec2-user@127.0.0.1", "echo $$.; exec yes"]);
    let mut client = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut said = String::new();
    let mut output = client.stdout.take().unwrap();
    while !said.contains('.') {
        said.push(char::from(output.read_u8().await.unwrap()));
    }
    let pid = said.trim_end_matches('.').parse().unwrap();
    assert!(is_running(pid));

    client.kill().await.unwrap();

    gone(pid).await;
}

#[tokio::test]
async fn dropping_the_servers_leaves_no_program_and_no_home() {
    let rig = Rig::new().await;
    let mut terminal = rig.terminal(24, 80);
    terminal.wait_for("]$ ").await;
    terminal.send("trap '' HUP; pwd; sleep 98765 & echo job=$!.\n").await;
    let job = terminal.number_after("job=").await;
    let homes = rig.servers.machine.homes.of(WEB, "ec2-user").unwrap();
    let port = rig.servers.port(WEB).unwrap();

    drop(rig);

    gone(job).await;
    assert!(!homes.exists());
    assert_eq!(terminal.exit().await, Some(255));
    assert!(tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err());
}

#[tokio::test]
async fn an_orderly_stop_ends_sessions_too() {
    let rig = Rig::new().await;
    let mut terminal = rig.terminal(24, 80);
    terminal.wait_for("]$ ").await;
    terminal.send("sleep 98765 & echo job=$!.\n").await;
    let job = terminal.number_after("job=").await;

    rig.servers.stop().await;

    assert!(!is_running(job));
    assert_eq!(terminal.exit().await, Some(255));
}

#[tokio::test]
async fn a_generated_fleet_shares_one_server() {
    let keys = KeyStore::new();
    let servers = serve(vec![host("*", "any", "")], keys).await.unwrap();

    assert!(servers.port(WEB).is_some());
    assert_eq!(servers.port(WEB), servers.port(API));
}

/// Two instances, a fleet key pair, and a clock that can be turned.
struct Rig {
    servers: Servers,
    keys: KeyStore,
    directory: TempDir,
    pair: PathBuf,
    now: Arc<Mutex<Instant>>,
}

impl Rig {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(Instant::now()));
        let clock = Arc::clone(&now);
        let keys = KeyStore::with_clock(move || *clock.lock().unwrap());
        let (pair, line) = make_key(&directory, "team");
        let hosts = vec![host(WEB, "web-1", &line), host(API, "결제-api-1", &line)];
        let servers = serve(hosts, keys.clone()).await.unwrap();
        Self { servers, keys, directory, pair, now }
    }

    fn advance(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
    }

    fn key(&self, name: &str) -> (PathBuf, String) {
        make_key(&self.directory, name)
    }

    fn identity(&self, more: &[&str]) -> Vec<OsString> {
        let mut arguments = vec!["-i".into(), self.pair.clone().into()];
        arguments.extend(more.iter().map(OsString::from));
        arguments
    }

    async fn run(&self, user: &str, remote: &[&str], stdin: &[u8]) -> Output {
        self.ssh(WEB, user, &self.identity(&[]), remote, stdin).await
    }

    async fn ssh_with(&self, key: &Path, instance: &str, user: &str, remote: &[&str], stdin: &[u8]) -> Output {
        self.ssh(instance, user, &["-i".into(), key.into()], remote, stdin).await
    }

    async fn ssh(&self, instance: &str, user: &str, options: &[OsString], remote: &[&str], stdin: &[u8]) -> Output {
        let mut command = Command::new("ssh");
        command.args(options).args(self.options(instance)).arg(format!("{user}@127.0.0.1")).args(remote);
        command.env("LC_TEST", "x");
        finish(command, stdin).await
    }

    fn options(&self, instance: &str) -> Vec<String> {
        let port = self.servers.port(instance).unwrap().to_string();
        let known = self.directory.path().join("known_hosts").display().to_string();
        ["-F", "none", "-p", &port]
            .into_iter()
            .map(str::to_owned)
            .chain(
                [
                    format!("UserKnownHostsFile={known}"),
                    format!("HostKeyAlias={instance}"),
                    "StrictHostKeyChecking=accept-new".into(),
                    "IdentitiesOnly=yes".into(),
                    "IdentityAgent=none".into(),
                    "BatchMode=yes".into(),
                    "LogLevel=ERROR".into(),
                ]
                .into_iter()
                .map(|option| format!("-o{option}")),
            )
            .collect()
    }

    fn terminal(&self, rows: u16, columns: u16) -> Terminal {
        let (pty, far_end) = pty_process::open().unwrap();
        pty.resize(pty_process::Size::new(rows, columns)).unwrap();
        let client = pty_process::Command::new("ssh")
            .args(self.options(WEB))
            .args(self.identity(&[]))
            .arg("ec2-user@127.0.0.1")
            .env("TERM", "xterm-test")
            .kill_on_drop(true)
            .spawn(far_end)
            .unwrap();
        Terminal { pty, client, seen: String::new() }
    }
}

/// A person at a terminal with `ssh` in it.
struct Terminal {
    pty: pty_process::Pty,
    client: tokio::process::Child,
    seen: String,
}

impl Terminal {
    async fn send(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).await.unwrap();
    }

    /// Read until `text` was shown, and forget all up to its end.
    async fn wait_for(&mut self, text: &str) {
        let end = self.find(|seen| Some(seen.find(text)? + text.len()), text).await;
        self.seen.drain(..end);
    }

    async fn number_after(&mut self, label: &str) -> i32 {
        let number = |seen: &str| {
            let digits: Vec<_> = seen.match_indices(label).map(|(at, _)| &seen[at + label.len()..]).collect();
            digits.iter().find_map(|rest| rest.split_once('.')?.0.parse().ok())
        };
        self.find(number, label).await
    }

    async fn find<T>(&mut self, look: impl Fn(&str) -> Option<T>, wanted: &str) -> T {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(&self.seen) {
                return found;
            }
            let mut bytes = [0; 4096];
            match tokio::time::timeout_at(deadline, self.pty.read(&mut bytes)).await {
                Ok(Ok(length)) => self.seen.push_str(&String::from_utf8_lossy(&bytes[..length])),
                other => panic!("{wanted:?} was not shown ({other:?}), but: {:?}", self.seen),
            }
        }
    }

    async fn exit(&mut self) -> Option<i32> {
        let wait = async {
            tokio::select! {
                status = self.client.wait() => status.unwrap().code(),
                _ = async { while self.pty.read(&mut [0; 4096]).await.is_ok() {} std::future::pending::<()>().await } => None,
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("ssh did not end")
    }
}

fn host(instance: &str, name: &str, authorized: &str) -> Host {
    Host {
        instance: instance.to_owned(),
        name: name.to_owned(),
        users: vec!["ec2-user".to_owned()],
        authorized: Some(authorized.to_owned()).filter(|line| !line.is_empty()).into_iter().collect(),
        is_windows: false,
    }
}

fn make_key(directory: &TempDir, name: &str) -> (PathBuf, String) {
    let key = PrivateKey::random(&mut ssh_key::rand_core::OsRng, Algorithm::Ed25519).unwrap();
    let file = directory.path().join(name);
    key.write_openssh_file(&file, LineEnding::LF).unwrap();
    (file, key.public_key().to_openssh().unwrap())
}

async fn finish(mut command: Command, stdin: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeding = async {
        let _ = input.write_all(stdin).await; // the program may have ended before it has read everything
        drop(input);
    };
    let both = async { tokio::join!(child.wait_with_output(), feeding).0.unwrap() };
    tokio::time::timeout(PATIENCE, both).await.expect("ssh did not end")
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect()
}

fn assert_refused(output: &Output, user: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{text}");
    assert_eq!(text.trim(), format!("{user}@127.0.0.1: Permission denied (publickey)."));
}

fn is_running(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z"))
}

async fn gone(pid: i32) {
    let waiting = async {
        while is_running(pid) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("a program was left behind");
}

mod pretty {
    /// Megabytes are not for an assertion's message.
    pub(super) fn same(left: &[u8], right: &[u8]) {
        let first = left.iter().zip(right).position(|(a, b)| a != b);
        assert!(left == right, "{} and {} bytes, first difference at {first:?}", left.len(), right.len());
    }
}
