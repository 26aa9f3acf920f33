//! The way in by EC2 Instance Connect against OpenSSH's own sshd, which takes only keys pushed to the simulated cloud.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::tools::{Service, SimulatedCloud, free_port, system_tool, wait_for_port};

#[test]
fn a_pushed_key_logs_in_and_the_exit_code_passes_through() {
    let host = Host::start();

    let output = host.ssh(&[], &["echo $((6*7)); exit 3"]);

    assert_eq!(text(&output.stdout), "42\n", "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn the_users_own_jump_host_is_gone_through() {
    let host = Host::start();
    let jump = Sshd::start(host.cloud.home(), "jump", &format!("AuthorizedKeysFile {}", host.path("jump_key.pub")));
    keygen(&host.path("jump_key"));
    let config = host.path("their_config");
    let user = user();
    fs::write(
        &config,
        format!(
            "Host 127.0.0.1\n  ProxyJump hop\nHost hop\n  HostName 127.0.0.1\n  Port {}\n  User {user}\n  IdentityFile {}\n  IdentitiesOnly yes\n  \
             UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n",
            jump.port,
            host.path("jump_key")
        ),
    )
    .unwrap();

    let output = host.ssh(&[], &["-F", &config, "echo $SSH_CONNECTION"]);

    assert!(output.status.success(), "{}\n{}", text(&output.stderr), jump.log());
    assert!(jump.log().contains("Accepted publickey"), "{}", jump.log());
}

#[test]
fn another_method_than_the_pushed_key_is_refused_and_explained() {
    let host = Host::start();
    keygen(&host.path("other"));

    let output = host.ssh(&["--method", "ssh", "--identity", &host.path("other")], &["true"]);

    assert_eq!(output.status.code(), Some(255));
    assert!(text(&output.stderr).contains("Permission denied"), "{}", text(&output.stderr));
}

#[test]
fn every_byte_passes_both_ways() {
    let host = Host::start();
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(1 << 20).collect();
    let input = host.path("bytes");
    fs::write(&input, &bytes).unwrap();

    let output = host.command(&[], &["cat"]).stdin(fs::File::open(&input).unwrap()).output().unwrap();

    assert!(output.stdout == bytes, "{} bytes came back; {}", output.stdout.len(), text(&output.stderr));
}

#[test]
fn no_private_key_of_ours_is_written() {
    let host = Host::start();
    let mut session =
        host.command(&[], &["echo in; cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = [0; 3];
    session.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();

    let files = files_below(host.cloud.home());
    drop(session.stdin.take());
    session.wait().unwrap();

    let known: Vec<_> = [host.path("sshd_host_key"), format!("{}/keys", directory_of(&host.cloud))].into();
    let private: Vec<_> = files
        .iter()
        .filter(|file| !known.iter().any(|known| file.starts_with(known)))
        .filter(|file| fs::read(file).is_ok_and(|content| content.windows(11).any(|part| part == b"PRIVATE KEY")))
        .collect();
    assert!(private.is_empty(), "{private:?}");
    let left: Vec<_> = files_below(host.cloud.home()).into_iter().filter(|file| file.contains("ec2dash-run-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A simulated cloud with one of its instances behind a real sshd.
pub struct Host {
    cloud: SimulatedCloud,
    config: String,
    id: String,
    sshd: Sshd,
}

impl Host {
    /// One that takes keys pushed for its instance.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same in a cloud that was started with these arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        Self::with(arguments, None, true)
    }

    /// One whose sshd has no server of files.
    pub fn without_files() -> Self {
        Self::with(&[], None, false)
    }

    /// One that takes this key.
    pub fn taking(key: &Path) -> Self {
        Self::with(&[], Some(key), true)
    }

    fn with(arguments: &[&str], key: Option<&Path>, serves_files: bool) -> Self {
        let cloud = SimulatedCloud::start(arguments);
        let id = first_web(&cloud).unwrap_or_else(|| first_web(&SimulatedCloud::start(&[])).unwrap());
        let endpoint = cloud.variable("AWS_ENDPOINT_URL").to_owned();
        let curl = system_tool("curl", "apt-get install curl");
        let keys = format!(
            "AuthorizedKeysFile none\nAuthorizedKeysCommand {} -sf {endpoint}/sim/keys/{id}/%u\nAuthorizedKeysCommandUser {}",
            curl.display(),
            user()
        );
        let keys = match key {
            Some(key) => format!("AuthorizedKeysFile {}", key.display()),
            None => keys,
        };
        let keys = if serves_files { format!("{keys}\nSubsystem sftp internal-sftp") } else { keys };
        let sshd = Sshd::start(cloud.home(), "sshd", &keys);
        let config = cloud.home().join("ec2dash.toml").display().to_string();
        let rule = format!(
            "[[rule]]\nmatch = {{ id = \"{id}\" }}\naddress = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n",
            sshd.port,
            user()
        );
        fs::write(&config, rule).unwrap();
        fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
        Self { cloud, config, id, sshd }
    }

    /// The port of its sshd on loopback, which is the instance's too.
    pub fn port(&self) -> u16 {
        self.sshd.port
    }

    /// The instance.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The file with the rules for this host.
    pub fn config(&self) -> &str {
        &self.config
    }

    /// What its sshd said so far.
    pub fn log(&self) -> String {
        self.sshd.log()
    }

    /// A directory that goes with it.
    pub fn home(&self) -> &Path {
        self.cloud.home()
    }

    /// What a user of this cloud has.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.cloud.environment.clone()
    }

    /// A program in this cloud, with the rules for this host.
    pub fn program(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.arg("--config").arg(&self.config).args(arguments);
        command.env_clear().envs(self.environment()).stdin(Stdio::null());
        command
    }

    fn path(&self, name: &str) -> String {
        self.cloud.home().join(name).display().to_string()
    }

    fn command(&self, ours: &[&str], theirs: &[&str]) -> Command {
        let mut arguments = vec!["--config", &self.config, "ssh", "web-1"];
        if ours.is_empty() {
            arguments.extend(["--method", "eic"]);
        }
        arguments.extend(ours);
        arguments.push("--");
        arguments.extend(theirs);
        self.cloud.ec2dash(&arguments)
    }

    fn ssh(&self, ours: &[&str], theirs: &[&str]) -> Output {
        self.command(ours, theirs).output().unwrap()
    }
}

/// OpenSSH's server on a port of loopback.
pub struct Sshd {
    /// Its port.
    pub port: u16,
    log: std::path::PathBuf,
    _service: Service,
}

impl Sshd {
    /// One with a host key of its own, and these settings.
    pub fn start(home: &Path, name: &str, keys: &str) -> Self {
        let key = home.join(format!("{name}_host_key"));
        keygen(&key.display().to_string());
        Self::with_host_key(home, name, &key, keys)
    }

    /// One with this host key, a private file.
    pub fn with_host_key(home: &Path, name: &str, key: &Path, keys: &str) -> Self {
        let sshd = system_tool("sshd", "apt-get install openssh-server");
        // sshd run by root wants its directory for the separated part.
        let _ = fs::create_dir_all("/run/sshd");
        let directory = home.join(name);
        fs::create_dir(&directory).unwrap();
        let port = free_port();
        let (log, config) = (directory.join("log"), directory.join("config"));
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nPermitRootLogin yes\nLogLevel VERBOSE\n{keys}\n",
            key.display()
        );
        fs::write(&config, settings).unwrap();
        let mut command = Command::new(sshd);
        command.args(["-D", "-f", &config.display().to_string(), "-E", &log.display().to_string()]);
        let service = Service::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()));
        wait_for_port(port);
        Self { port, log, _service: service }
    }

    /// What it said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A new ed25519 key without a passphrase in this file, its public half beside it.
pub fn keygen(path: &str) {
    let keygen = system_tool("ssh-keygen", "apt-get install openssh-client");
    let made =
        Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]).stdin(Stdio::null()).status().unwrap();
    assert!(made.success());
}

/// Who runs the tests.
pub fn user() -> String {
    text(&Command::new("id").arg("-un").output().unwrap().stdout).trim().to_owned()
}

/// The id of the first instance of that name that runs, the same in every simulated cloud; none where that is not told.
fn first_web(cloud: &SimulatedCloud) -> Option<String> {
    let listed = cloud.ec2dash(&["ls", "-o", "ids", "name:web-1", "state:running"]).output().unwrap();
    text(&listed.stdout).lines().next().map(str::to_owned)
}

fn directory_of(cloud: &SimulatedCloud) -> String {
    Path::new(cloud.variable("EC2DASH_CONFIG")).parent().unwrap().display().to_string()
}

/// Every file below.
pub fn files_below(directory: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_below(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path().display().to_string()),
            _ => {}
        }
    }
    files
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
