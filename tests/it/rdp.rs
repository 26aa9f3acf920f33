//! A Windows desktop through a tunnel: a stand-in that speaks RDP's first words, and a client that notes how it was started.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use ec2dash_sim::{Options, Sim};
use rustix::process::{Pid, Signal, kill_process};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::tools::{Service, ec2dash, system_tool};

const WINDOWS: &str = "win-ad-01";
const CONFIRM: [u8; 19] = [3, 0, 0, 0x13, 0x0e, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 1, 0, 0, 0];

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_where_and_as_whom_and_never_a_password_and_the_tunnel_ends_with_it() {
    let room = Room::new().await;
    room.console_tells(&room.thumbprint);

    for method in ["ssm", "eice"] {
        let output = room.command(&["rdp", WINDOWS, "--method", method]).output().unwrap();

        let said = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(7), String::new()), "{method}: {said}");
        let started = fs::read_to_string(room.path().join("started")).unwrap();
        let words: Vec<&str> = started.lines().collect();
        let [address, user, certificate] = words.as_slice() else { panic!("{words:?}") };
        assert!(address.starts_with("/v:127.0.0.1:") && *user == "/u:Administrator", "{words:?}");
        assert!(said.contains("shows the certificate that the console tells") && said.contains(&room.thumbprint), "{said}");
        assert!(said.contains("ec2dash password i-"), "{said}");
        // What FreeRDP asks about.
        let sha256 = said.split("by SHA-256").nth(1).unwrap().lines().next().unwrap();
        let sha256 = sha256.rsplit(": ").next().unwrap();
        assert_eq!(sha256.split(':').count(), 32, "{said}");
        // It was checked, so that nobody is asked.
        assert_eq!(*certificate, format!("/cert:fingerprint:sha256:{sha256}"));
        let port: u16 = address.rsplit(':').next().unwrap().parse().unwrap();
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "nobody listens any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_checked_and_a_client_that_takes_none_leave_the_question_to_the_client() {
    let room = Room::new().await;
    let words = |room: &Room| {
        let output = room.command(&["rdp", WINDOWS]).output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
        fs::read_to_string(room.path().join("started")).unwrap()
    };
    assert!(!words(&room).contains("/cert"));

    room.console_tells(&room.thumbprint);
    assert!(words(&room).contains("/cert:fingerprint:sha256:"));

    room.client_tells("    /cert-ignore");
    assert!(!words(&room).contains("/cert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_than_the_consoles_starts_nothing() {
    let room = Room::new().await;
    let other = "00112233445566778899AABBCCDDEEFF00112233";
    // The last one counts.
    room.console_tells(&room.thumbprint);
    room.console_tells(other);

    let output = room.command(&["rdp", WINDOWS]).output().unwrap();

    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{said}");
    assert!(said.contains("error[rdp-certificate-other]") && said.contains(other) && said.contains(&room.thumbprint), "{said}");
    assert!(!room.path().join("started").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn printed_it_carries_every_byte_until_somebody_ends_it() {
    let room = Room::new().await;

    for (method, arguments) in [("ssm", &["--print"][..]), ("eice", &["--print"]), ("ssm", &["--file", "a.rdp"])] {
        let mut running = room.begin(&[&["rdp", WINDOWS, "--method", method], arguments].concat());
        let line = running.line();
        let (address, user) = line.split_once(' ').unwrap();
        assert_eq!(user, "Administrator");
        if arguments.contains(&"--file") {
            let file = fs::read_to_string(room.path().join("a.rdp")).unwrap();
            assert!(file.starts_with(&format!("full address:s:{address}\r\nusername:s:Administrator\r\n")), "{file}");
        }

        let sent: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let echoed = echoed(address, &sent).await;

        assert!(echoed == sent, "{method}");
        let (code, said) = running.told(Signal::INT);
        assert_eq!(code, Some(130), "{said}");
        assert!(said.contains("The console tells no certificate") && said.contains(&room.thumbprint), "{said}");
        assert!(!room.path().join("started").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_from_opening_is_said() {
    let room = Room::new().await;
    let fails = |arguments: &[&str], code: i32, word: &str| {
        let output = room.command(arguments).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), String::new()), "{said}");
        assert!(said.contains(word), "{said}");
        said
    };

    fails(&["rdp", "web-1"], 6, "error[rdp-not-windows]");
    fails(&["rdp", WINDOWS, "--method", "rdp"], 2, "one of: auto, ssm, eice, direct");
    // A desktop carries neither commands nor files.
    fs::write(room.path().join("file"), "x").unwrap();
    for arguments in [
        &["exec", "--method", "rdp", WINDOWS, "--", "whoami"][..],
        &["ssh", "--method", "rdp", WINDOWS],
        &["cp", "--method", "rdp", "file", &format!("{WINDOWS}:")],
    ] {
        let said = fails(arguments, 2, "error[needs-ssh]");
        assert!(said.contains("a desktop is for somebody who looks at it"), "{said}");
    }
    // Nobody listens there.
    let closed = crate::support::tools::ClosedPort::new();
    room.sim.lead_tunnels(3389, closed.number());
    fails(&["rdp", WINDOWS, "--method", "eice"], 1, "error[rdp-no-answer]");
    room.sim.edit(|fleet| {
        let own = fleet.instance_mut(WINDOWS).unwrap();
        (own.agent, own.security_groups) = (None, Vec::new());
        own.private_ip = None;
    });
    let said = fails(&["rdp", WINDOWS], 6, "error[rdp-no-way]");
    assert!(said.contains("ssm: ") && said.contains("eice: ") && said.contains("direct: "), "{said}");
    assert!(!room.path().join("started").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_where_it_is() {
    let room = Room::new().await;
    let mut running = room.begin(&["rdp", WINDOWS, "-o", "jsonl"]);

    let row: Value = serde_json::from_str(&running.line()).unwrap();

    assert_eq!((row["user"].as_str(), row["via"].as_str()), (Some("Administrator"), Some("ssm")));
    assert!(row["address"].as_str().unwrap().starts_with("127.0.0.1:"), "{row}");
    assert_eq!(running.told(Signal::TERM).0, Some(143));
}

async fn echoed(address: &str, sent: &[u8]) -> Vec<u8> {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    // What does not begin as a desktop's client is echoed.
    let (sending, mut got) = (to.write_all(sent), vec![0; sent.len()]);
    let (sent, read) = tokio::join!(sending, from.read_exact(&mut got));
    sent.unwrap();
    read.unwrap();
    got
}

/// A simulated cloud whose port 3389 is a stand-in for a desktop.
struct Room {
    sim: Sim,
    home: tempfile::TempDir,
    thumbprint: String,
}

impl Room {
    async fn new() -> Self {
        let sim = Sim::start(Options::default()).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let (certificate, key) = (home.path().join("certificate.pem"), home.path().join("key.pem"));
        let made = Command::new(system_tool("openssl", "apt-get install openssl"))
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=EC2AMAZ-TEST", "-days", "2", "-out"])
            .arg(&certificate)
            .arg("-keyout")
            .arg(&key)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let certificate = CertificateDer::from_pem_file(certificate).unwrap();
        let thumbprint = Sha1::digest(&certificate).iter().map(|byte| format!("{byte:02X}")).collect();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::from_pem_file(key).unwrap())
            .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        sim.lead_tunnels(3389, listener.local_addr().unwrap().port());
        tokio::spawn(desktop(listener, TlsAcceptor::from(Arc::new(config))));
        let programs = home.path().join("bin");
        fs::create_dir(&programs).unwrap();
        let room = Self { sim, home, thumbprint };
        // As FreeRDP 2.11 has it.
        room.client_tells("    /cert:[deny,ignore,name:<name>,tofu,fingerprint:<hash>:<hash as hex>");
        room
    }

    /// The desktop program says this for its help; else it notes its words, and ends as one does that was told to.
    fn client_tells(&self, help: &str) {
        let (client, noted) = (self.path().join("bin/xfreerdp"), self.path().join("started"));
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = /help ] && {{ echo '{help}'; exit; }}\nfor word; do echo \"$word\"; done > {}\nexit 7\n",
            noted.display()
        );
        fs::write(&client, script).unwrap();
        fs::set_permissions(&client, fs::Permissions::from_mode(0o700)).unwrap();
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    fn console_tells(&self, thumbprint: &str) {
        let line = format!("2026/11/29 10:00:01Z: RDPCERTIFICATE-THUMBPRINT: {thumbprint}\r\n");
        self.sim.edit(|fleet| {
            let own = fleet.instance_mut(WINDOWS).unwrap();
            own.console_text = Some(own.console_text.take().unwrap_or_default() + &line);
        });
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let home = self.path().display().to_string();
        let path = format!("{home}/bin:{}", std::env::var("PATH").unwrap());
        let own =
            [("HOME", home.clone()), ("TMPDIR", home), ("PATH", path), ("LANG", "C.UTF-8".into()), ("DISPLAY", ":99".into())];
        let mut command = Command::new(ec2dash());
        command.args(arguments).env_clear().envs(own).envs(self.sim.environment()).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    fn begin(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        let mut service = Service::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
        let lines = BufReader::new(service.child().stdout.take().unwrap());
        Running { service, lines }
    }
}

/// `ec2dash rdp` while it keeps its tunnel.
struct Running {
    service: Service,
    lines: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Its exit code after this signal, and all that it said.
    fn told(mut self, signal: Signal) -> (Option<i32>, String) {
        let child: &mut Child = self.service.child();
        kill_process(Pid::from_child(child), signal).unwrap();
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
        (child.wait().unwrap().code(), said)
    }
}

/// Confirms what asks for a desktop and shows its certificate; what begins otherwise is echoed.
async fn desktop(listener: TcpListener, tls: TlsAcceptor) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let tls = tls.clone();
        tokio::spawn(async move {
            let mut first = [0; 19];
            if stream.read_exact(&mut first).await.is_err() {
                return;
            }
            if first.starts_with(&[3, 0, 0, 0x13]) {
                stream.write_all(&CONFIRM).await.unwrap();
                let _ = tls.accept(stream).await;
                return;
            }
            let (mut from, mut to) = stream.split();
            let _ = to.write_all(&first).await;
            let _ = tokio::io::copy(&mut from, &mut to).await;
        });
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
