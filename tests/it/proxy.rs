//! `proxy` as ssh uses it: every byte both ways, one end of the session whatever ends it, and words only on stderr.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ec2dash_sim::{Fault, FleetSource, Options, Sim};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::tools::{ClosedPort, ec2dash};

pub const WEB: &str = "i-0123456789abcdef0";
const LONG: Duration = Duration::from_secs(60);

/// A simulated cloud in this process, and an empty home.
pub struct Desk {
    pub sim: Sim,
    pub home: TempDir,
}

impl Desk {
    pub async fn new(faults: &[&str]) -> Self {
        Self::start(faults, false).await
    }

    /// The same, with calls and data channels over TLS.
    pub async fn over_tls(faults: &[&str]) -> Self {
        Self::start(faults, true).await
    }

    async fn start(faults: &[&str], tls: bool) -> Self {
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
        let sim = Sim::start(Options { fleet: FleetSource::Demo, faults, tls, tells_host_keys: true, ..Options::default() })
            .await
            .unwrap();
        Self { sim, home: tempfile::tempdir().unwrap() }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ec2dash());
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.home.path()).env("TMPDIR", self.home.path());
        command.env("LANG", "C.UTF-8").env("AWS_EC2_METADATA_DISABLED", "true").envs(self.sim.environment());
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// As [`Self::command`], with a configuration of no rules: its instances are where AWS says.
    pub fn plain(&self, arguments: &[&str]) -> Command {
        let config = self.home.path().join("plain.toml");
        std::fs::write(&config, "").unwrap();
        let config = config.display().to_string();
        self.command(&[&["--config", config.as_str()], arguments].concat())
    }

    /// How often a call was made.
    pub fn calls(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action == action).count()
    }

    pub fn proxy(&self, port: u16, more: &[&str]) -> Child {
        let port = port.to_string();
        let arguments = [&["proxy", WEB, "--port", port.as_str()], more].concat();
        self.command(&arguments).stdin(Stdio::piped()).spawn().unwrap()
    }
}

/// A server on loopback that does this with its connections.
pub fn server(work: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let work = work.clone();
            thread::spawn(move || work(stream));
        }
    });
    port
}

/// Sends back what it gets.
pub fn echo() -> u16 {
    server(|mut stream| {
        let mut from = stream.try_clone().unwrap();
        let _ = std::io::copy(&mut from, &mut stream);
    })
}

/// Bytes that repeat nowhere near.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Write all and read so much back.
pub fn through(child: &mut Child, bytes: &[u8], count: usize) -> Vec<u8> {
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let sent = bytes.to_vec();
    let writer = thread::spawn(move || {
        input.write_all(&sent).unwrap();
        input
    });
    let mut back = vec![0; count];
    output.read_exact(&mut back).unwrap();
    child.stdin = Some(writer.join().unwrap());
    child.stdout = Some(output);
    back
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn ended(child: Child) -> Output {
    ended_within(child, LONG)
}

/// What does not end by itself is ended, so that it is the assertion that tells.
#[track_caller]
fn ended_within(mut child: Child, longest: Duration) -> Output {
    drop(child.stdin.take());
    let pid = Pid::from_child(&child);
    let (over, watched) = std::sync::mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let is_late = watched.recv_timeout(longest).is_err();
        if is_late {
            let _ = kill_process(pid, Signal::KILL);
        }
        is_late
    });
    let output = child.wait_with_output().unwrap();
    let _ = over.send(());
    assert!(!watch.join().unwrap(), "it did not end in {longest:?}");
    output
}

#[tokio::test(flavor = "multi_thread")]
async fn every_byte_value_and_eight_mebibytes_come_back_equal_and_the_session_is_terminated_once() {
    let desk = Desk::new(&[]).await;
    let mut child = desk.proxy(echo(), &[]);
    let every: Vec<u8> = (0..=255).collect();

    for byte in [b"\n".as_slice(), b"\r", b"\r\n", b"\x03", b"\x00", &every] {
        assert_eq!(through(&mut child, byte, byte.len()), byte);
    }
    let bytes = noise(8 * 1024 * 1024);
    let back = through(&mut child, &bytes, bytes.len());
    drop(child.stdin.take());
    // The reader goes, as ssh does.
    drop(child.stdout.take());
    let output = ended(child);

    assert!(back == bytes, "bytes differ");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (1, 1));
    assert_eq!(desk.calls("ec2:DescribeInstances"), 0, "an id needs no listing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_still_comes_after_the_end_of_the_input() {
    let desk = Desk::new(&[]).await;
    let port = server(|mut stream| {
        let mut question = [0; 5];
        stream.read_exact(&mut question).unwrap();
        thread::sleep(Duration::from_millis(700));
        stream.write_all(b"answer").unwrap();
    });
    let mut child = desk.proxy(port, &[]);

    child.stdin.take().unwrap().write_all(b"quest").unwrap();
    let output = ended(child);

    assert_eq!((output.status.code(), text(&output.stdout), text(&output.stderr)), (Some(0), "answer".into(), String::new()));
    // The far side closed it, so there was nothing left to terminate.
    assert_eq!(desk.calls("ssm:TerminateSession"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_of_the_input_a_silent_far_side_is_left_with_a_word_and_that_is_no_success() {
    let desk = Desk::new(&[]).await;
    let port = server(|mut stream| {
        let mut question = [0; 5];
        stream.read_exact(&mut question).unwrap();
        stream.write_all(b"half an ans").unwrap();
        thread::sleep(Duration::from_secs(1000));
    });
    let mut child = desk.proxy(port, &[]);

    child.stdin.take().unwrap().write_all(b"quest").unwrap();
    let output = ended(child);

    assert_eq!((output.status.code(), text(&output.stdout)), (Some(255), "half an ans".into()));
    assert!(text(&output.stderr).contains("it has not closed"), "{}", text(&output.stderr));
    assert_eq!(desk.calls("ssm:TerminateSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_nobody_serves_is_said_and_nothing_is_on_stdout() {
    let desk = Desk::new(&[]).await;
    let closed = ClosedPort::new();
    let port = closed.number();

    let output = ended(desk.proxy(port, &[]));

    assert_eq!((output.status.code(), output.stdout.len()), (Some(255), 0));
    let words = text(&output.stderr);
    assert!(words.contains(&format!("port {port} on {WEB} did not accept the connection")), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_leaving_signal_ends_the_session_once_and_is_the_exit_code() {
    let desk = Desk::new(&[]).await;
    let port = echo();
    for (count, (signal, code)) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)].into_iter().enumerate() {
        let mut child = desk.proxy(port, &[]);
        assert_eq!(through(&mut child, b"x", 1), b"x");

        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = ended(child);

        assert_eq!(output.status.code(), Some(code));
        assert_eq!(desk.calls("ssm:TerminateSession"), count + 1);
    }
    assert_eq!(desk.calls("ssm:StartSession"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_refuses_is_told_on_stderr_with_255() {
    let desk = Desk::new(&["ssm:StartSession=deny"]).await;

    let output = desk.command(&["proxy", WEB]).output().unwrap();

    assert_eq!((output.status.code(), output.stdout.len()), (Some(255), 0));
    assert!(text(&output.stderr).contains("ssm:StartSession"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_resume_is_told_also_where_the_instance_may_not_be_described() {
    let faults = ["ec2:DescribeInstances=deny", "ssm:ResumeSession=deny", "ssmmessages:Up=close:3s"];
    let desk = Desk::new(&faults).await;
    let mut child = desk.proxy(echo(), &[]);

    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();

    assert_eq!(status.code(), Some(255), "{said}");
    assert!(said.contains("ssm:ResumeSession is denied") && said.contains("session/jiwoo-*"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_a_target_too_and_one_that_is_none_is_255() {
    let desk = Desk::new(&[]).await;
    let port = echo().to_string();
    let mut child = desk.command(&["proxy", "web-1", "--port", &port]).stdin(Stdio::piped()).spawn().unwrap();
    assert_eq!(through(&mut child, b"hi", 2), b"hi");
    drop(child.stdin.take());
    drop(child.stdout.take());
    assert_eq!(ended(child).status.code(), Some(0));

    let missing = desk.command(&["proxy", "nobody"]).output().unwrap();
    assert_eq!((missing.status.code(), missing.stdout.len()), (Some(255), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_reading_stops_the_far_side() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let desk = Desk::new(&[]).await;
    let written = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&written);
    let port = server(move |mut stream| {
        let piece = [b'x'; 65536];
        while stream.write_all(&piece).is_ok() {
            counter.fetch_add(piece.len(), Ordering::Relaxed);
        }
    });

    let child = desk.proxy(port, &[]);
    let mut before = usize::MAX;
    let begun = Instant::now();
    while before != written.load(Ordering::Relaxed) || before == 0 {
        assert!(begun.elapsed() < LONG, "it never stops: {before}");
        before = written.load(Ordering::Relaxed);
        thread::sleep(Duration::from_secs(1));
    }

    assert!(before < 64 * 1024 * 1024, "{before} bytes were taken that nobody read");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(ended(child).status.code(), Some(143));
}
