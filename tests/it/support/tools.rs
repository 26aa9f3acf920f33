//! Other people's programs that the tests need, and what to do when one is missing.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The program under test.
pub fn ec2dash() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_ec2dash"))
}

/// What the environment of a simulated cloud sets, in its order.
pub const SIM_VARIABLES: [&str; 9] = [
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "EC2DASH_CONFIG",
];

/// A program of the Python environment that `./tests/run` sets up.
#[track_caller]
pub fn python_tool(name: &str) -> PathBuf {
    let venv = std::env::var("EC2DASH_TEST_VENV")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-tools/venv"), PathBuf::from);
    let tool = venv.join("bin").join(name);
    assert!(tool.exists(), "{name} is missing: run ./tests/run, which sets up {}", venv.display());
    tool
}

/// A program of the operating system.
#[track_caller]
pub fn system_tool(name: &str, install: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    let found = places.map(|place| place.join(name)).find(|tool| tool.exists());
    found.unwrap_or_else(|| panic!("{name} is missing: {install}"))
}

/// A process that ends with its owner.
pub struct Service {
    child: Child,
}

impl Service {
    /// Start it.
    pub fn start(command: &mut Command) -> Self {
        Self { child: command.spawn().expect("the service starts") }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The process.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), rustix::process::Signal::TERM);
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of 127.0.0.1 for a program that wants a number and not a socket. It is below the range that the kernel hands out by itself
/// (`ip_local_port_range`, 32,768 and up), and each process of the tests counts from another one: nobody else takes it meanwhile.
pub fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(10_000 + (std::process::id() * 16 + next) % 22_000).expect("below 32,000");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A port of 127.0.0.1 where every connection is refused: bound, so that nobody else takes it, and not listening.
pub struct ClosedPort(tokio::net::TcpSocket);

impl ClosedPort {
    pub fn new() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).expect("a port");
        Self(socket)
    }

    pub fn number(&self) -> u16 {
        self.0.local_addr().expect("an address").port()
    }
}

/// Wait until something listens there.
#[track_caller]
pub fn wait_for_port(port: u16) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "nothing listens on port {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// `ec2dash sim` in a process of its own, with a home of its own.
pub struct SimulatedCloud {
    /// What it printed, for other programs.
    pub environment: Vec<(String, String)>,
    home: tempfile::TempDir,
    _service: Service,
}

impl SimulatedCloud {
    /// Start it with these arguments.
    pub fn start(arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a temporary directory");
        let base = vec![
            ("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()),
            ("HOME".to_owned(), home.path().display().to_string()),
            ("TMPDIR".to_owned(), home.path().display().to_string()),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("TERM".to_owned(), "xterm-256color".to_owned()),
        ];
        let mut command = Command::new(ec2dash());
        command.arg("sim").args(arguments).env_clear().envs(base.clone()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut service = Service::start(&mut command);
        let lines = BufReader::new(service.child().stdout.take().expect("its stdout"));
        let mut environment = base;
        for line in lines.lines() {
            let line = line.expect("a line");
            let (name, value) = line.strip_prefix("export ").and_then(|line| line.split_once('=')).expect("an export line");
            environment.push((name.to_owned(), value.to_owned()));
            if name == "EC2DASH_CONFIG" {
                break;
            }
        }
        Self { environment, home, _service: service }
    }

    /// The value of a variable it printed.
    #[track_caller]
    pub fn variable(&self, name: &str) -> &str {
        &self.environment.iter().find(|(key, _)| key == name).expect("a printed variable").1
    }

    /// A directory that goes with it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// ec2dash with the environment it printed.
    pub fn ec2dash(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ec2dash());
        command.args(arguments).env_clear().envs(self.environment.clone()).stdin(Stdio::null());
        command
    }
}
