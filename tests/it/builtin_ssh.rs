//! A computer without OpenSSH: the ways that run it work all the same, into OpenSSH's own sshd and into the simulated instances.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::openssh::{Host, Sshd, keygen};
use crate::proxy::{Desk, WEB, noise};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// The database of the demo: only an endpoint leads there.
const DB: &str = "i-03b2c1d0e9f8a7b65";
const SAID: &str = "the built-in SSH client is used";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every byte value, and a lot more than a window of SSH.
fn bytes() -> Vec<u8> {
    // What would take a terminal's screen is nothing but bytes where there is none.
    (0..=255_u8).cycle().take(4096).chain(noise(6_000_000)).chain(*b"\x1b[?1049h").collect()
}

trait WithoutSsh {
    /// The same with no program in PATH at all.
    fn without_ssh(&mut self) -> &mut Self;
}

impl WithoutSsh for Command {
    fn without_ssh(&mut self) -> &mut Self {
        self.env("PATH", "/no/such/directory").stdout(Stdio::piped()).stderr(Stdio::piped())
    }
}

fn on_sshd(host: &Host, arguments: &[&str]) -> Command {
    let mut command = host.program(ec2dash(), arguments);
    command.without_ssh();
    command
}

#[test]
fn a_command_runs_on_a_real_sshd_with_every_byte_and_the_exit_code_comes_back() {
    let host = Host::start();
    let bytes = bytes();
    let input = host.home().join("bytes");
    fs::write(&input, &bytes).unwrap();

    let mut command = on_sshd(&host, &["exec", "web-1", "-m", "eic", "--", "cat; echo words >&2; exit 7"]);
    let output = command.stdin(fs::File::open(&input).unwrap()).output().unwrap();

    let said = text(&output.stderr);
    assert!(output.stdout == bytes, "{} bytes came back: {said}", output.stdout.len());
    assert_eq!(output.status.code(), Some(7), "{said}");
    assert!(said.contains("words"), "{said}");
    assert_eq!(said.matches(SAID).count(), 1, "{said}");
    assert!(host.log().contains("Accepted publickey"), "{}", host.log());
}

#[test]
fn codes_and_signals_pass_through() {
    let host = Host::start();

    for (script, code) in [("exit 0", 0), ("exit 42", 42), ("kill -TERM $$", 143), ("kill -KILL $$", 137)] {
        let output = on_sshd(&host, &["ssh", "web-1", "-m", "eic", "--", script]).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{script}: {}", text(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_that_runs_ssh_carries_a_command_and_leaves_nothing() {
    let desk = Desk::new(&[]).await;
    let bytes = bytes();
    let input = desk.home.path().join("bytes");
    fs::write(&input, &bytes).unwrap();

    for (method, target) in [("ssh", WEB), ("eic", WEB), ("ssm-ssh", WEB), ("eice", DB)] {
        let mut command = desk.command(&["exec", target, "-m", method, "--", "cat; exit 3"]);
        let output = command.without_ssh().stdin(fs::File::open(&input).unwrap()).output().unwrap();

        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{method}: {said}");
        assert!(output.stdout == bytes, "{method}: {} bytes came back: {said}", output.stdout.len());
    }
    crate::support::waiting::wait_for(|| desk.sim.sessions().iter().all(|session| session.ended.is_some())).await;
    let left = crate::openssh::files_below(desk.home.path());
    assert!(!left.iter().any(|file| file.contains("ec2dash-run-")), "{left:?}");
}

#[test]
fn a_shell_has_a_terminal_of_this_size_and_gives_ours_back() {
    let host = Host::start();
    let arguments = ["--config", host.config(), "ssh", "web-1", "-m", "eic"];
    let environment: Vec<_> = host
        .environment()
        .into_iter()
        .map(|(name, value)| if name == "PATH" { (name, "/none".to_owned()) } else { (name, value) })
        .collect();
    let mut terminal = Terminal::start(ec2dash(), &arguments, &environment, (120, 32));

    terminal.wait_until_raw();
    terminal.type_text("stty size; echo $TERM; echo ready-$((6*7))\r");
    let shown = terminal.wait_for("ready-42");
    assert!(shown.contains("32 120") && shown.contains("xterm-256color"), "{shown}");
    terminal.resize(90, 20);
    terminal.type_text("sleep 0.3; stty size; echo again-$((6*7))\r");
    let shown = terminal.wait_for("again-42");
    assert!(shown.contains("20 90"), "{shown}");
    terminal.type_text("exit 9\r");

    let status = terminal.wait();
    assert_eq!(status.code(), Some(9));
    terminal.assert_as_found();
}

#[test]
fn tilde_and_dot_leave_a_shell_that_says_nothing() {
    let host = Host::start();
    let arguments = ["--config", host.config(), "ssh", "web-1", "-m", "eic"];
    let environment: Vec<_> = host
        .environment()
        .into_iter()
        .map(|(name, value)| if name == "PATH" { (name, "/none".to_owned()) } else { (name, value) })
        .collect();
    let mut terminal = Terminal::start(ec2dash(), &arguments, &environment, (80, 24));
    terminal.wait_until_raw();
    terminal.type_text("echo ready-$((6*7)); exec sleep 1000\r");
    terminal.wait_for("ready-42");

    terminal.type_text("\r~?");
    terminal.wait_for("~.");
    terminal.type_text("\r~.");

    assert_eq!(terminal.wait().code(), Some(255));
    terminal.assert_as_found();
}

#[test]
fn another_host_key_than_the_kept_one_is_refused_before_a_login() {
    let host = Host::start();
    assert!(on_sshd(&host, &["exec", "web-1", "-m", "eic", "--", "true"]).output().unwrap().status.success());
    let other = host.home().join("other_host_key");
    keygen(&other.display().to_string());
    let changed = Sshd::with_host_key(host.home(), "changed", &other, "AuthorizedKeysFile none");
    let moved = host.home().join("moved.toml");
    let rules = fs::read_to_string(host.config()).unwrap();
    fs::write(&moved, rules.replace(&format!("port = {}", host.port()), &format!("port = {}", changed.port))).unwrap();

    let moved = moved.display().to_string();
    let mut command = Command::new(ec2dash());
    command.args(["--config", &moved, "exec", "web-1", "-m", "eic", "--", "true"]).env_clear().envs(host.environment());
    let output = command.without_ssh().output().unwrap();

    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(said.contains("error[host-key-changed]") && said.contains("known-hosts forget"), "{said}");
    assert!(said.matches("SHA256:").count() >= 2, "{said}");
    assert!(!changed.log().contains("publickey"), "{}", changed.log());
}

#[test]
fn strict_refuses_a_host_that_nobody_knows() {
    let host = Host::start_with(&["--fault", "ec2:GetConsoleOutput=deny", "--fault", "ssm:StartSession=deny"]);
    let strict = format!("[connect]\nhost_keys = \"strict\"\n\n{}", fs::read_to_string(host.config()).unwrap());
    fs::write(host.config(), strict).unwrap();

    let output = on_sshd(&host, &["exec", "web-1", "-m", "eic", "--", "true"]).output().unwrap();

    assert_eq!(output.status.code(), Some(255), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("error[host-key"), "{}", text(&output.stderr));
    assert!(!host.log().contains("Accepted"), "{}", host.log());
}

#[test]
fn a_key_pair_of_rsa_logs_in_and_a_key_that_does_not_fit_is_denied_in_words() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs");
    let key = tempfile::tempdir().unwrap();
    let put = |name: &str, vector: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        let path = key.path().join(name);
        fs::copy(vectors.join(format!("TEST-ONLY-{vector}")), &path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.display().to_string()
    };
    let (rsa, other) = (put("rsa", "rsa2048.pkcs1.pem"), put("other", "ed25519.pkcs8.pem"));
    let public = key.path().join("rsa.pub");
    let line = Command::new("ssh-keygen").args(["-y", "-f", &rsa]).output().unwrap().stdout;
    fs::write(&public, line).unwrap();
    let host = Host::taking(&public);

    let output = on_sshd(&host, &["exec", "web-1", "-m", "ssh", "-i", &rsa, "--", "echo in"]).output().unwrap();
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("in\n", Some(0)), "{}", text(&output.stderr));
    let output = on_sshd(&host, &["exec", "web-1", "-m", "ssh", "-i", &other, "--", "echo in"]).output().unwrap();
    assert_eq!(output.status.code(), Some(255));
    assert!(text(&output.stderr).contains("error[key-refused]"), "{}", text(&output.stderr));
}

#[test]
fn what_only_openssh_does_is_refused_before_anything_is_done() {
    let host = Host::start();

    for option in ["-v", "-C", "-oCiphers=aes128-ctr"] {
        let output = on_sshd(&host, &["ssh", "web-1", "-m", "eic", "--", option, "true"]).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(255), "{said}");
        assert!(said.contains("error[needs-openssh]") && said.contains("OpenSSH"), "{said}");
    }
    assert!(!host.log().contains("Accepted"), "{}", host.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_both_ways() {
    let desk = Desk::new(&[]).await;
    let (here, back) = (desk.home.path().join("here"), desk.home.path().join("back"));
    fs::write(&here, bytes()).unwrap();

    for (method, target) in [("eic", "web-1"), ("ssm-ssh", "web-1"), ("eice", DB)] {
        let _ = fs::remove_file(&back);
        let there = format!("{target}:copied");
        for words in [[here.to_str().unwrap(), there.as_str()], [there.as_str(), back.to_str().unwrap()]] {
            let output = desk.command(&[&["cp", "-m", method][..], &words].concat()).without_ssh().output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{method}: {}", text(&output.stderr));
        }
        assert!(fs::read(&back).unwrap() == bytes(), "{method}");
    }
}

#[test]
fn mssh_goes_by_it_and_msftp_names_what_it_needs() {
    let host = Host::start();

    let output = on_sshd(&host, &["mssh", host.id(), "echo in; exit 4"]).output().unwrap();
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("in\n", Some(4)), "{}", text(&output.stderr));
    let output = on_sshd(&host, &["msftp", host.id()]).output().unwrap();
    assert!(!output.status.success() && text(&output.stderr).contains("sftp needs OpenSSH"), "{}", text(&output.stderr));
}

#[test]
fn the_users_agent_is_forwarded_where_it_is_asked_for_and_never_ours() {
    let host = Host::start();
    let agent = tempfile::tempdir().unwrap();
    let socket = agent.path().join("agent");
    let mut running = Command::new("ssh-agent").args(["-D", "-a"]).arg(&socket).stdout(Stdio::null()).spawn().unwrap();
    while !socket.exists() {
        std::thread::yield_now();
    }
    let key = agent.path().join("key").display().to_string();
    keygen(&key);
    let added = Command::new("ssh-add").args(["-q", &key]).env("SSH_AUTH_SOCK", &socket).status().unwrap();
    let own = fs::read_to_string(format!("{key}.pub")).unwrap();

    let listed = |flag: &str| {
        let mut command = on_sshd(&host, &["ssh", "web-1", "-m", "eic", "--", flag, "/usr/bin/ssh-add -L"]);
        text(&command.env("SSH_AUTH_SOCK", &socket).output().unwrap().stdout)
    };
    let (with, without) = (listed("-A"), listed("-a"));
    running.kill().unwrap();
    running.wait().unwrap();

    assert!(added.success());
    assert_eq!(with.split(' ').nth(1), own.split(' ').nth(1), "{with}");
    assert!(!without.contains("ssh-ed25519"), "{without}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fingerprints_that_are_told_are_compared_and_another_key_is_refused() {
    for (told, code) in [("fingerprints", 0), ("md5", 0), ("other", 255)] {
        let desk = Desk::new(&[&format!("ec2:GetConsoleOutput=console:{told}"), "ssm:StartSession=deny"]).await;

        let output = desk.command(&["ssh", "web-1", "-m", "eic", "--", "echo in"]).without_ssh().output().unwrap();

        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{told}: {said}");
        assert_eq!(said.contains("error[host-key-not-told]"), code == 255, "{told}: {said}");
        assert!(!said.contains("was not checked"), "{told}: {said}");
    }
}

#[test]
fn a_host_with_keys_of_rsa_alone_is_refused_in_words() {
    let host = Host::start();
    let key = host.home().join("rsa_host_key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f"]).arg(&key).status().unwrap();
    assert!(made.success());
    let old = Sshd::with_host_key(host.home(), "old", &key, "AuthorizedKeysFile none");
    let moved = host.home().join("moved.toml").display().to_string();
    let rules = fs::read_to_string(host.config()).unwrap();
    fs::write(&moved, rules.replace(&format!("port = {}", host.port()), &format!("port = {}", old.port))).unwrap();

    let mut command = Command::new(ec2dash());
    command.args(["--config", &moved, "exec", "web-1", "-m", "eic", "--", "true"]).env_clear().envs(host.environment());
    let output = command.without_ssh().output().unwrap();

    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(said.contains("error[built-in-algorithms]") && said.contains("install OpenSSH"), "{said}");
}

#[test]
fn what_a_host_says_before_the_login_is_not_shown_where_only_errors_are() {
    let home = tempfile::tempdir().unwrap();
    let (key, banner) = (home.path().join("host_key"), home.path().join("banner"));
    keygen(&key.display().to_string());
    fs::write(&banner, "for members only\n").unwrap();
    let sshd = Sshd::with_host_key(home.path(), "sshd", &key, &format!("AuthorizedKeysFile none\nBanner {}", banner.display()));
    let known = format!("UserKnownHostsFile={}", home.path().join("known_hosts").display());
    let port = sshd.port.to_string();

    for (more, is_shown) in [(&[][..], true), (&["-q"], false), (&["-o", "LogLevel=ERROR"], false)] {
        let mut command = Command::new(ec2dash());
        command.args(["--built-in-ssh", "-o", "StrictHostKeyChecking=accept-new", "-o", &known, "-p", &port]).args(more);
        let output = command.args(["--", "nobody@127.0.0.1", "true"]).env_clear().without_ssh().output().unwrap();

        let said = text(&output.stderr);
        assert!(said.contains("Permission denied"), "{more:?}: {said}");
        assert_eq!(said.contains("for members only"), is_shown, "{more:?}: {said}");
    }
}

#[test]
fn a_program_that_leads_nowhere_is_let_end_in_good_order() {
    let home = tempfile::tempdir().unwrap();
    let [leads, started, ended] = ["leads", "started", "ended"].map(|name| home.path().join(name).display().to_string());
    let script = format!("#!/bin/sh\ntrap 'echo > {ended}; exit' HUP\necho > {started}\nwhile :; do read -r word; done\n");
    fs::write(&leads, script).unwrap();
    fs::set_permissions(&leads, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let proxy = format!("ProxyCommand={leads}");

    for is_told in [true, false] {
        let patience = if is_told { "ConnectTimeout=60" } else { "ConnectTimeout=1" };
        let mut command = Command::new(ec2dash());
        command.args(["--built-in-ssh", "-o", &proxy, "-o", patience, "--", "nobody@host.example", "true"]).env_clear();
        let running = command.without_ssh().spawn().unwrap();
        while !Path::new(&started).exists() {
            std::thread::yield_now();
        }
        if is_told {
            rustix::process::kill_process(rustix::process::Pid::from_child(&running), rustix::process::Signal::TERM).unwrap();
        }
        let output = running.wait_with_output().unwrap();

        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(255), "{said}");
        assert_eq!(said.contains("Connection timed out"), !is_told, "{said}");
        assert!(Path::new(&ended).exists(), "{patience}: {said}");
        fs::remove_file(&started).unwrap();
        fs::remove_file(&ended).unwrap();
    }
}

#[test]
fn a_forwarded_connection_that_the_host_closes_is_closed_here() {
    use std::io::{ErrorKind, Read as _, Write as _};

    let home = tempfile::tempdir().unwrap();
    let [host_key, key, agent, socket] =
        ["host_key", "key", "agent", "socket"].map(|name| home.path().join(name).display().to_string());
    [&host_key, &key].into_iter().for_each(|key| keygen(key));
    let sshd = Sshd::with_host_key(home.path(), "sshd", Path::new(&host_key), &format!("AuthorizedKeysFile {key}.pub"));
    let mut signing = Command::new("ssh-agent").args(["-D", "-a", &agent]).stdout(Stdio::null()).spawn().unwrap();
    while !Path::new(&agent).exists() {
        std::thread::yield_now();
    }
    assert!(Command::new("ssh-add").args(["-q", &key]).env("SSH_AUTH_SOCK", &agent).status().unwrap().success());
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let forward = format!("{socket}:127.0.0.1:{}", server.local_addr().unwrap().port());
    let mut command = Command::new(ec2dash());
    command.args(["--built-in-ssh", "-N", "-o", "StrictHostKeyChecking=accept-new"]);
    let files =
        [format!("UserKnownHostsFile={socket}.known"), format!("IdentityAgent={agent}"), format!("IdentityFile={key}.pub")];
    for file in &files {
        command.args(["-o", file]);
    }
    command.args(["-p", &sshd.port.to_string(), "-L", &forward, "--", &format!("{}@127.0.0.1", crate::openssh::user())]);
    let mut running = command.env_clear().without_ssh().spawn().unwrap();
    while !Path::new(&socket).exists() {
        assert_eq!(running.try_wait().unwrap(), None);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }

    let mut near = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    near.set_write_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let (far, _) = server.accept().unwrap();
    drop(far);
    assert_eq!(near.read(&mut [0]).unwrap(), 0);
    // What comes there now, nobody takes: the host closes the channel.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let ended = loop {
        match near.write_all(b"x") {
            Err(error) => break Some(error.kind()),
            Ok(()) if std::time::Instant::now() > deadline => break None,
            Ok(()) => std::thread::sleep(std::time::Duration::from_millis(20)),
        }
    };
    for child in [&mut running, &mut signing] {
        child.kill().unwrap();
        child.wait().unwrap();
    }

    assert_eq!(ended, Some(ErrorKind::BrokenPipe));
}
