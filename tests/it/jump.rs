//! Jump hosts: real sshds one behind the other, each entered by its own rule, way, key and host key, and nothing of ours on the way.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use ec2dash_sim::{FleetSource, Options, Sim};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use crate::openssh::{Sshd, keygen, user};
use crate::proxy::{Desk, WEB, echo, noise, server, through};
use crate::support::tools::{ClosedPort, ec2dash};
use crate::support::waiting::wait_for;

const BASTION: &str = "i-0c41d2a9be7730f12";
const GATE: &str = "i-0fedcba9876543210";
const PUSH: &str = "ec2-instance-connect:SendSSHPublicKey";
/// What nobody may find at a jump host.
const PRIVATE: &[u8] = b"PRIVATE KEY";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every byte value, with 200 KB around them.
fn every_byte() -> Vec<u8> {
    let all = (0..=255_u8).cycle().take(200_000 - 4_096);
    all.chain(noise(4_096)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nested_jumps_lead_to_the_instance_and_nothing_of_ours_is_on_them() {
    let line = Line::start().await;
    let mut session = line
        .command(&["ssh", "web-1", "--", "echo in $SSH_CONNECTION agent=$SSH_AUTH_SOCK; cat"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = vec![0; 3];
    session.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();

    for hop in [&line.bastion, &line.gate] {
        let below = descendants(hop.process());
        assert!(!below.is_empty(), "somebody is logged in");
        for process in below {
            let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
            assert!(name.starts_with("sshd"), "nothing runs on a jump host: {name}");
        }
    }
    let listed = text(&Command::new("ps").args(["-eo", "args"]).output().unwrap().stdout);
    assert!(!listed.contains("PRIVATE KEY"), "{listed}");
    for directory in [line.home.path(), Path::new("/tmp")] {
        let held = files_with(directory, PRIVATE, &line.host_keys());
        assert!(held.is_empty(), "{held:?}");
    }
    drop(session.stdin.take());
    let rest = session.wait_with_output().unwrap();

    let said = text(&said) + &text(&rest.stdout);
    assert!(
        rest.status.success() && said.starts_with("in 127.0.0.1") && said.ends_with("agent=\n"),
        "{said}{}",
        text(&rest.stderr)
    );
    for (host, method) in [(&line.web, "publickey"), (&line.bastion, "publickey"), (&line.gate, "publickey")] {
        let log = host.log();
        assert_eq!(log.matches(&format!("Accepted {method}")).count(), 1, "{log}");
    }
    for hop in [&line.bastion, &line.gate] {
        assert!(!hop.log().contains("Starting session"), "{}", hop.log());
    }
    // A key of its own for each, kept hosts by id, and the last target is not a jump host.
    let pushed: Vec<String> =
        line.sim.calls().iter().filter(|call| call.action == PUSH).map(|call| format!("{call:?}")).collect();
    assert_eq!(pushed.len(), 3, "{pushed:?}");
    let kept = fs::read_to_string(line.home.path().join(".local/state/ec2dash/known_hosts")).unwrap();
    let mut ids: Vec<&str> = kept.lines().filter_map(|line| line.split(' ').next()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [WEB, BASTION, GATE]);
    let last = fs::read_to_string(line.home.path().join(".local/state/ec2dash/state.toml")).unwrap_or_default();
    assert!(!last.contains(BASTION) && !last.contains(GATE), "{last}");
    line.wait_until_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_cp_tunnel_and_proxy_go_through_them() {
    everything_goes_through(Line::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_they_do_where_there_is_no_openssh() {
    everything_goes_through(Line { path: "/no/such/directory".into(), ..Line::start().await }).await;
}

async fn everything_goes_through(line: Line) {
    let bytes = every_byte();
    let input = line.home.path().join("bytes");
    fs::write(&input, &bytes).unwrap();

    let output = line.command(&["exec", "web-1", "--", "cat"]).stdin(fs::File::open(&input).unwrap()).output().unwrap();
    assert!(output.stdout == bytes, "{} bytes came back: {}", output.stdout.len(), text(&output.stderr));

    let there = line.home.path().join("there").display().to_string();
    let here = line.home.path().join("here").display().to_string();
    let up = line.run(&["cp", &input.display().to_string(), &format!("web-1:{there}")]);
    assert!(up.status.success(), "{}", text(&up.stderr));
    let down = line.run(&["cp", &format!("web-1:{there}"), &here]);
    assert!(down.status.success() && fs::read(&here).unwrap() == bytes, "{}", text(&down.stderr));

    let port = echo();
    let mut proxy =
        line.command(&["proxy", WEB, "--method", "eic", "--port", &port.to_string()]).stdin(Stdio::piped()).spawn().unwrap();
    assert!(through(&mut proxy, &bytes, bytes.len()) == bytes);
    assert_eq!(proxy.wait_with_output().unwrap().status.code(), Some(0));

    let mut tunnel = line.command(&["tunnel", "web-1", &format!("0:{port}"), "--method", "eic", "-o", "jsonl"]).spawn().unwrap();
    let mut listening = std::io::BufReader::new(tunnel.stdout.take().unwrap());
    let mut row = String::new();
    std::io::BufRead::read_line(&mut listening, &mut row).unwrap();
    let row: Value = serde_json::from_str(&row).unwrap();
    let mut stream = std::net::TcpStream::connect(row["addresses"][0].as_str().unwrap()).unwrap();
    let mut writing = stream.try_clone().unwrap();
    let sent = bytes.clone();
    let writer = std::thread::spawn(move || writing.write_all(&sent));
    let mut back = vec![0; bytes.len()];
    stream.read_exact(&mut back).unwrap();
    writer.join().unwrap().unwrap();
    assert!(back == bytes);
    rustix::process::kill_process(Pid::from_child(&tunnel), Signal::TERM).unwrap();
    tunnel.wait().unwrap();
    line.wait_until_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_names_another_or_none_and_a_plan_names_every_one() {
    let line = Line::start().await;

    let plan = line.run(&["ssh", "web-1", "--dry-run", "--", "true"]);
    let plan = text(&plan.stdout);
    assert!(plan.contains(", through the jump host bastion (i-0c41d2a9be7730f12)"), "{plan}");
    let steps: Vec<&str> = plan.lines().filter(|line| line.get(2..7) == Some("jump ")).collect();
    assert!(
        matches!(steps[..], [first, second] if first.contains("web-2 (") && first.contains("by ssm-ssh") && second.contains("bastion (") && second.contains("by eic")),
        "{plan}"
    );

    let plan = line.run(&["ssh", "web-1", "--jump", "none", "--dry-run", "-o", "json", "--", "true"]);
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    let steps: Vec<&str> = plan["plan"]["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert!(!steps.contains(&"jump"), "{steps:?}");

    let output = line.run(&["ssh", "web-1", "--jump", GATE, "--", "echo in"]);
    assert_eq!(text(&output.stdout), "in\n", "{}", text(&output.stderr));
    assert!(!line.bastion.log().contains("Accepted"), "only the one that was named");

    let output = line.run(&["ssh", "web-1", "--jump", GATE, "-m", "ssm-ssh", "--", "true"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("error[jump-not-by]"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_leads_nowhere_is_refused_at_once_with_its_names() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("rules.toml");
    let rule = |name: &str, jump: &str| format!("[[rule]]\nmatch = {{ name = \"{name}\" }}\njump = \"{jump}\"\n");
    let mut long = String::new();
    for (name, jump) in
        [("web-1", "web-2"), ("web-2", "web-3"), ("web-3", "bastion"), ("bastion", "결제-api-1"), ("결제-api-1", "결제-api-2")]
    {
        long += &rule(name, jump);
    }
    for (rules, code, chain) in [
        (rule("*", "web-1"), "jump-loop", "web-1 → web-1"),
        (
            rule("web-1", "bastion") + &rule("bastion", "web-2") + &rule("web-2", "web-1"),
            "jump-loop",
            "web-1 → bastion → web-2 → web-1",
        ),
        (rule("web-1", "no-such"), "jump-missing", "web-1 → no-such"),
        (rule("web-1", "tag:team=shop"), "jump-ambiguous", "web-1 → tag:team=shop"),
        (rule("web-1", "-oX"), "jump-missing", "web-1 → -oX"),
        (long, "jump-too-long", "web-1 → web-2 → web-3 → bastion → 결제-api-1 → 결제-api-2"),
    ] {
        fs::write(&config, rules).unwrap();
        let config = config.display().to_string();
        for arguments in [
            &["connect", "web-1", "--dry-run"][..],
            &["ssh", "web-1", "--", "true"],
            &["exec", "web-1", "--", "true"],
            &["proxy", "web-1", "-m", "eic"],
        ] {
            let output = desk.command(&[&["--config", config.as_str()], arguments].concat()).output().unwrap();

            let said = text(&output.stderr);
            assert_eq!((output.stdout.len(), output.status.code()), (0, Some(2)), "{arguments:?}: {said}");
            assert!(said.contains(&format!("error[{code}]")) && said.contains(chain), "{arguments:?}: {said}");
        }
        let shown = desk.command(&["--config", &config, "show", "web-1", "-o", "json"]).output().unwrap();
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
        let methods = shown["instance"]["methods"].as_array().unwrap();
        let eic = methods.iter().find(|method| method["method"] == "eic").unwrap();
        assert_eq!((&eic["verdict"], &eic["reasons"][0]["code"]), (&"blocked".into(), &code.into()), "{eic}");
    }
    assert_eq!(desk.calls(PUSH), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_host_whose_key_has_changed_is_named_and_not_gone_through() {
    let line = Line::start().await;
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    let known_hosts = line.home.path().join(".local/state/ec2dash/known_hosts");
    fs::create_dir_all(known_hosts.parent().unwrap()).unwrap();
    fs::write(&known_hosts, format!("{BASTION} {other}\n")).unwrap();

    let output = line.run(&["ssh", "web-1", "--", "echo in"]);

    let said = text(&output.stderr);
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(255)), "{said}");
    assert!(said.contains("error[host-key-changed]") && said.contains(&format!("the host key of {BASTION}")), "{said}");
    assert!(said.contains(&format!("ec2dash known-hosts forget {BASTION}")), "{said}");
    assert!(said.contains("error[jump-host-failed]: the login to the jump host bastion (i-0c41d2a9be7730f12) failed"), "{said}");
    assert!(!said.contains(&format!("the host key of {WEB}")), "{said}");
    let log = line.web.log();
    assert!(!log.contains("Accepted") && log.matches("Connection from").count() <= 1, "only whoever waited for it: {log}");
    line.wait_until_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_jump_host_is_named_and_so_is_one_that_leads_no_further() {
    let line = Line::start().await;
    let closed = ClosedPort::new();
    line.configure(line.web.port, closed.number());
    let output = line.run(&["ssh", "web-1", "--", "echo in"]);
    let said = text(&output.stderr);
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(255)), "{said}");
    assert!(said.contains("error[jump-host-failed]: the login to the jump host bastion"), "{said}");

    line.configure(closed.number(), line.bastion.port);
    let output = line.run(&["ssh", "web-1", "--", "echo in"]);
    let said = text(&output.stderr);
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(255)), "{said}");
    assert!(said.contains("error[jump-not-led-on]: the jump host bastion"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_during_the_login_to_a_jump_host_leaves_nothing_running() {
    let line = Line::start().await;
    // It takes the connection, and says nothing.
    let (met, meets) = std::sync::mpsc::channel();
    let silent = server(move |mut stream| {
        met.send(()).unwrap();
        let _ = stream.read(&mut [0; 1024]);
        std::thread::sleep(std::time::Duration::from_secs(60));
    });
    line.configure(line.web.port, silent);
    let mut command = line.command(&["ssh", "web-1", "--", "echo in"]);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command.spawn().unwrap();
    meets.recv_timeout(std::time::Duration::from_secs(60)).unwrap();

    kill_process_group(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();

    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    line.wait_until_quiet().await;
}

/// `web-1`, behind `bastion`, behind `web-2`, which is come to by Session Manager: each a real sshd that takes pushed keys alone, and whose
/// console tells its host key.
struct Line {
    sim: Sim,
    /// What its programs have as PATH.
    path: std::ffi::OsString,
    home: tempfile::TempDir,
    web: Sshd,
    bastion: Sshd,
    gate: Sshd,
}

impl Line {
    async fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut fleet = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/fleet.toml")).unwrap();
        for id in [WEB, BASTION, GATE] {
            let key = home.path().join(format!("{id}_host_key"));
            keygen(&key.display().to_string());
            let public = fs::read_to_string(key.with_extension("pub")).unwrap();
            let told = format!("-----BEGIN SSH HOST KEY KEYS-----\n{public}-----END SSH HOST KEY KEYS-----\n");
            let line = format!("id = \"{id}\"\n");
            assert!(fleet.contains(&line));
            fleet = fleet.replacen(&line, &format!("{line}console_text = '''\n{told}'''\n"), 1);
        }
        fs::write(home.path().join("fleet.toml"), &fleet).unwrap();
        let source = FleetSource::File(home.path().join("fleet.toml"));
        let sim = Sim::start(Options { fleet: source, ..Options::default() }).await.unwrap();
        let sshd = |id: &str| {
            let keys = format!(
                "AuthorizedKeysFile none\nAuthorizedKeysCommand /usr/bin/curl -sf {}/sim/keys/{id}/%u\nAuthorizedKeysCommandUser {}\n\
                 Subsystem sftp internal-sftp",
                sim.endpoint(),
                user()
            );
            Sshd::with_host_key(home.path(), &format!("sshd-{id}"), &home.path().join(format!("{id}_host_key")), &keys)
        };
        let (web, bastion, gate) = (sshd(WEB), sshd(BASTION), sshd(GATE));
        let line = Self { sim, path: std::env::var_os("PATH").unwrap_or_default(), web, bastion, gate, home };
        line.configure(line.web.port, line.bastion.port);
        line
    }

    fn configure(&self, web: u16, bastion: u16) {
        let rule = |id: &str, port: u16, more: &str| {
            let place = format!("address = \"127.0.0.1\"\nport = {port}\nuser = \"{}\"\n", user());
            format!("[[rule]]\nmatch = {{ id = \"{id}\" }}\n{place}{more}\n")
        };
        let rules = rule(WEB, web, "jump = \"bastion\"\nmethod = [\"eic\"]")
            + &rule(BASTION, bastion, "jump = \"web-2\"\nmethod = [\"eic\"]")
            + &rule(GATE, self.gate.port, "method = [\"ssm-ssh\"]");
        fs::write(self.home.path().join("ec2dash.toml"), rules).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ec2dash());
        let home = self.home.path();
        command.env_clear().env("PATH", &self.path).env("HOME", home);
        command.env("TMPDIR", home).env("LANG", "C.UTF-8").envs(self.sim.environment());
        command.arg("--config").arg(home.join("ec2dash.toml")).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The files of the sshds' own keys.
    fn host_keys(&self) -> Vec<std::path::PathBuf> {
        [WEB, BASTION, GATE].map(|id| self.home.path().join(format!("{id}_host_key"))).into()
    }

    /// Nothing of ours runs any more, and no directory of a session is left.
    async fn wait_until_quiet(&self) {
        let config = self.home.path().join("ec2dash.toml").display().to_string();
        wait_for(|| !text(&Command::new("ps").args(["-eo", "args"]).output().unwrap().stdout).contains(&config)).await;
        let left: Vec<_> = fs::read_dir(self.home.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("ec2dash-run-")), "{left:?}");
    }
}

/// The processes below this one.
fn descendants(process: u32) -> Vec<u32> {
    let listed = text(&Command::new("ps").args(["-eo", "pid=,ppid="]).output().unwrap().stdout);
    let pairs: Vec<(u32, u32)> = listed
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter_map(|(own, parent)| Some((own.parse().ok()?, parent.trim().parse().ok()?)))
        .collect();
    let mut found = vec![process];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(own, _)| *own));
        at += 1;
    }
    found.split_off(1)
}

/// The regular files at the top of a directory and one below that hold these bytes, but for those that are known.
fn files_with(directory: &Path, bytes: &[u8], known: &[std::path::PathBuf]) -> Vec<std::path::PathBuf> {
    let entries =
        |directory: &Path| fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    let mut files = entries(directory);
    let of_sessions = files.iter().filter(|path| path.is_dir() && path.to_string_lossy().contains("ec2dash-run-")).cloned();
    files.extend(of_sessions.collect::<Vec<_>>().iter().flat_map(|path| entries(path)));
    files.retain(|path| path.is_file() && !known.contains(path));
    files.retain(|path| {
        let is_small = fs::metadata(path).is_ok_and(|metadata| metadata.len() < 100_000);
        let is_ours = directory != Path::new("/tmp") || path.to_string_lossy().contains("ec2dash");
        is_small && is_ours && fs::read(path).is_ok_and(|content| content.windows(bytes.len()).any(|part| part == bytes))
    });
    files
}
