//! `tunnel` by the ways that run ssh: sockets of the instance, and tunnels that end with their first connection.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;

use crate::proxy::{Desk, echo, noise};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A socket of the instance, which is this computer, that sends back what it gets.
fn socket(desk: &Desk) -> PathBuf {
    let path = desk.home.path().join("far.sock");
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut from = stream.try_clone().unwrap();
                let _ = std::io::copy(&mut from, &mut stream);
            });
        }
    });
    path
}

/// The tunnel, and its lines of stdout so far: one.
fn opened(mut command: Command) -> (Child, String) {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    if line.is_empty() {
        panic!("{}", text(&child.wait_with_output().unwrap().stderr));
    }
    (child, line)
}

fn connect(line: &str) -> TcpStream {
    TcpStream::connect(line.split_once(" -> ").unwrap().0).unwrap()
}

/// All of it there and back, over a connection that ends after it.
fn round_trip(mut stream: TcpStream, bytes: &[u8]) -> Vec<u8> {
    let mut other = stream.try_clone().unwrap();
    let sent = bytes.to_vec();
    let writer = thread::spawn(move || {
        other.write_all(&sent).unwrap();
        other.shutdown(Shutdown::Write).unwrap();
    });
    let mut back = Vec::new();
    stream.read_to_end(&mut back).unwrap();
    writer.join().unwrap();
    back
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_of_the_instance_is_reached_by_ssh_whole_and_by_the_best_way() {
    let desk = Desk::new(&[]).await;
    let far = socket(&desk);
    let bytes = noise(500_000);
    for method in [&["--method", "ssm-ssh"][..], &["--method", "eic"], &[]] {
        let forward = format!("0:{}", far.display());
        let (child, line) = opened(desk.command(&[&["tunnel", "web-1", forward.as_str()], method].concat()));

        assert!(line.trim_end().ends_with(&format!("web-1 (i-0123456789abcdef0) {}", far.display())), "{line}");
        assert!(round_trip(connect(&line), &bytes) == bytes, "{method:?}");
        assert_eq!(round_trip(connect(&line), b"second"), b"second");
        end(child);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_a_socket_names_it() {
    let desk = Desk::new(&[]).await;
    let far = socket(&desk);
    let forward = format!("0:{}", far.display());

    let (child, line) = opened(desk.command(&["tunnel", "web-1", &forward, "-m", "ssm-ssh", "-o", "jsonl"]));

    let row: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&row["kind"], &row["to"]), (&"forward".into(), &far.display().to_string().into()), "{row}");
    end(child);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_leads_to_no_socket_and_says_what_does() {
    let desk = Desk::new(&[]).await;

    let output = desk.command(&["tunnel", "web-1", "2375:/var/run/docker.sock", "--method", "ssm"]).output().unwrap();

    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{said}");
    assert!(said.contains("/var/run/docker.sock") && said.contains("--method ssm-ssh"), "{said}");
    assert_eq!(desk.calls("ssm:StartSession"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_is_one_connection_by_every_way_that_runs_ssh_to_ports_and_sockets() {
    let desk = Desk::new(&[]).await;
    let far = socket(&desk);
    let bytes = noise(300_000);
    let (port, path) = (format!("0:{}", echo()), format!("0:{}", far.display()));
    for (target, forward, method) in [
        ("web-1", &port, "ssm-ssh"),
        ("web-1", &path, "ssm-ssh"),
        ("web-1", &port, "eic"),
        ("i-03b2c1d0e9f8a7b65", &path, "eice"),
    ] {
        let (child, line) = opened(desk.command(&["tunnel", target, forward, "--method", method, "--once"]));

        assert!(round_trip(connect(&line), &bytes) == bytes, "{method} {forward}");

        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{method} {forward}: {}", text(&output.stderr));
        assert!(TcpStream::connect(line.split_once(" -> ").unwrap().0).is_err(), "it still listens");
    }
    let left: Vec<_> = std::fs::read_dir(desk.home.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("ec2dash-run")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_once_a_second_program_is_refused_while_the_first_is_there_by_every_way() {
    let desk = Desk::new(&[]).await;
    let port = format!("0:{}", echo());
    for (target, forward, method) in [
        ("web-1", port.as_str(), "ssm"),
        ("web-1", &port, "ssm-ssh"),
        // An endpoint leads there without ssh, and sshd speaks first.
        ("i-03b2c1d0e9f8a7b65", "0:22", "eice"),
    ] {
        let (child, line) = opened(desk.command(&["tunnel", target, forward, "--method", method, "--once"]));
        let mut first = connect(&line);
        first.write_all(b"x").unwrap();
        first.read_exact(&mut [0]).unwrap();

        let second = TcpStream::connect(line.split_once(" -> ").unwrap().0);

        assert_eq!(second.map_err(|error| error.kind()).unwrap_err(), std::io::ErrorKind::ConnectionRefused, "{method}");
        drop(first);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{method}: {}", text(&output.stderr));
    }
}
