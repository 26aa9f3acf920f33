//! Tunnels of the dashboard in a real terminal: opened, used, ended, and asked about before they are left.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustix::process::Signal;

use crate::proxy::{Desk, echo, noise};
use crate::support::demo::{LARGE, SMALL, demo, quit};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const LONG: Duration = Duration::from_secs(30);

/// Open a tunnel from any free port to this port of web-1; its local address.
fn open(terminal: &Terminal, port: u16) -> String {
    ask(terminal, port);
    let screen = terminal.wait_until("an open tunnel", |screen| screen.contains("[2 Sessions]") && screen.contains("● up"));
    local(&screen)
}

fn ask(terminal: &Terminal, port: u16) {
    terminal.wait_for("bastion");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| screen.contains("web-1") && !screen.contains("bastion"));
    terminal.type_text("t");
    terminal.wait_for("Tunnel to web-1");
    terminal.type_text(&format!("{port}\t\t0\r"));
}

fn local(screen: &str) -> String {
    let word = screen.split_whitespace().find(|word| word.starts_with("127.0.0.1:"));
    word.unwrap_or_else(|| panic!("no address on\n{screen}")).to_owned()
}

fn connect(local: &str) -> TcpStream {
    let stream = TcpStream::connect(local).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

fn back(stream: &mut TcpStream, bytes: &[u8]) -> Vec<u8> {
    let mut other = stream.try_clone().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || other.write_all(bytes).unwrap());
        let mut back = vec![0; bytes.len()];
        stream.read_exact(&mut back).unwrap();
        back
    })
}

/// The dashboard on a cloud whose calls can be counted.
fn start(desk: &Desk) -> Terminal {
    let home = desk.home.path().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let own = [("PATH", path.as_str()), ("HOME", &home), ("TMPDIR", &home), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
    let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let sim = desk.sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value));
    let environment: Vec<(String, String)> = own.chain(sim).collect();
    let terminal = Terminal::start(ec2dash(), &[], &environment, SMALL);
    terminal.wait_for("any key goes on");
    terminal.type_text("g");
    terminal
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_while_connecting_gives_that_up_and_nothing_else() {
    let desk = Desk::new(&["ssm:StartSession=delay:120s@2"]).await;
    let terminal = start(&desk);
    open(&terminal, echo());
    terminal.type_text("1");
    terminal.wait_until("the table", |screen| !screen.contains("[2 Sessions]"));
    terminal.type_text("\r");
    // Before the agent is known to be there, another way is the best, and would be taken.
    terminal.wait_for("1 ssm      ✓");
    terminal.type_text("1\r");
    terminal.wait_until("a session that is begun", |screen| screen.contains("Connecting to") && screen.contains("by ssm."));

    terminal.type_text("\x03");

    terminal.wait_for("was given up");
    terminal.type_text("2");
    terminal.wait_until("the tunnel", |screen| screen.contains("[2 Sessions]") && screen.contains("● up"));
    terminal.kill(Signal::TERM);
    assert_eq!(terminal.end().code(), Some(143));
}

#[test]
fn a_tunnel_carries_bytes_is_seen_doing_so_and_ends_with_x() {
    for size in [LARGE, SMALL] {
        let home = tempfile::tempdir().unwrap();
        let terminal = demo(&home, size, &[]);
        let local = open(&terminal, echo());
        let bytes = noise(300_000);

        let mut stream = connect(&local);
        assert!(back(&mut stream, &bytes) == bytes);
        terminal.wait_for("600 KB");
        terminal.wait_for("1 open, 1 so far");
        terminal.type_text("x");
        terminal.wait_for("1 connection is open through");
        terminal.type_text("n");
        assert!(back(&mut stream, b"still there") == b"still there");
        drop(stream);
        terminal.wait_for("0 open, 1 so far");
        terminal.type_text("x");
        let screen = terminal.wait_for("no tunnel is open.");

        assert!(screen.contains("1 connection, sent 300 KB"), "{screen}");
        assert!(TcpStream::connect(&local).is_err(), "nothing listens there any more");
        terminal.type_text("1");
        terminal.wait_for("web-1");
        quit(terminal, &home);
    }
}

#[test]
fn tunnels_by_a_way_that_runs_ssh_carry_bytes_to_ports_and_sockets_and_end_with_x() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    let far_end = tempfile::tempdir().unwrap();
    let socket = far_end.path().join("far.sock");
    let far = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for mut stream in far.incoming().flatten() {
            std::thread::spawn(move || {
                let mut from = stream.try_clone().unwrap();
                let _ = std::io::copy(&mut from, &mut stream);
            });
        }
    });
    terminal.wait_for("bastion");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| screen.contains("web-1") && !screen.contains("bastion"));
    let bytes = noise(300_000);
    for typed in [format!("{}\t\t0\teic\r", echo()), format!("{}\t\t0\t\r", socket.display())] {
        terminal.type_text("t");
        terminal.wait_for("Tunnel to web-1");
        terminal.type_text(&typed);
        let screen = terminal.wait_until("an open tunnel", |screen| screen.contains("[2 Sessions]") && screen.contains("● up"));
        let local = local(&screen);

        let mut stream = connect(&local);
        assert!(back(&mut stream, &bytes) == bytes, "{typed}");
        drop(stream);
        terminal.type_text("x");
        terminal.wait_for("no tunnel is open.");

        assert!(TcpStream::connect(&local).is_err(), "nothing listens there any more");
        terminal.type_text("1");
        terminal.wait_until("the table", |screen| screen.contains("web-1") && !screen.contains("[2 Sessions]"));
    }
    quit(terminal, &home);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_tunnel_by_ssh_can_ask_at_the_terminal_nor_outlives_a_dashboard_that_is_killed() {
    let desk = Desk::new(&[]).await;
    let terminal = start(&desk);
    terminal.wait_for("bastion");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| screen.contains("web-1") && !screen.contains("bastion"));
    terminal.type_text("t");
    terminal.wait_for("Tunnel to web-1");
    terminal.type_text(&format!("{}\t\t0\teic\r", echo()));
    let screen = terminal.wait_until("an open tunnel", |screen| screen.contains("[2 Sessions]") && screen.contains("● up"));
    let local = local(&screen);

    let programs = below(terminal.pid().as_raw_nonzero().get());
    assert!(programs.len() >= 2, "the program of the tunnel, and its ssh: {programs:?}");
    for program in &programs {
        assert_eq!(terminal_of(*program), Some(0), "{program} has a terminal");
    }
    assert!(back(&mut connect(&local), b"there") == b"there");
    terminal.kill(Signal::KILL);

    let begun = std::time::Instant::now();
    while TcpStream::connect(&local).is_ok() {
        assert!(begun.elapsed() < LONG, "the tunnel stays without its dashboard");
        std::thread::yield_now();
    }
}

/// The processes that this one has started, and those that they have.
fn below(process: i32) -> Vec<i32> {
    // Each is told with the thread that started it.
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let told = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let children: Vec<i32> =
        told.flat_map(|ids| ids.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect();
    children.into_iter().flat_map(|child| [vec![child], below(child)].concat()).collect()
}

/// The controlling terminal of a process; 0: it has none.
fn terminal_of(process: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, which may hold anything, stands in brackets before it.
    stat.rsplit_once(')')?.1.split_whitespace().nth(4)?.parse().ok()
}

#[test]
fn a_port_that_is_taken_keeps_the_dialog() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, SMALL, &[]);
    terminal.wait_for("bastion");
    let taken = echo();

    terminal.type_text("t");
    terminal.wait_for("Tunnel to bastion");
    terminal.type_text(&format!("{taken}\r"));
    let screen = terminal.wait_for("is in use already");
    assert!(screen.contains("Tunnel to bastion"), "{screen}");
    terminal.type_text("0\r");

    let local = local(&terminal.wait_for("● up"));
    assert_eq!(back(&mut connect(&local), b"hi"), b"hi");
    terminal.type_text("qq");
    terminal.wait_for("1 tunnel is open. Quit and end it? y/N");
    terminal.type_text("y");
    assert!(terminal.end().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_asks_and_a_yes_ends_every_session_in_the_account_once() {
    let desk = Desk::new(&[]).await;
    let terminal = start(&desk);
    let mut stream = connect(&open(&terminal, echo()));
    assert_eq!(back(&mut stream, b"one"), b"one");

    terminal.type_text("\u{3}\u{3}");
    terminal.wait_for("1 tunnel is open. Quit and end it? y/N");
    terminal.type_text("n");
    terminal.wait_until("the page", |screen| screen.contains("[2 Sessions]") && !screen.contains("y/N"));
    assert_eq!(back(&mut stream, b"two"), b"two");
    terminal.type_text("q");
    terminal.wait_for("2 tunnels");
    terminal.type_text("q");
    terminal.wait_for("Quit and end it? y/N");
    terminal.type_text("y");

    assert!(terminal.end().success());
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_end_it_without_a_question() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1)] {
        let desk = Desk::new(&[]).await;
        let terminal = start(&desk);
        let mut stream = connect(&open(&terminal, echo()));
        assert_eq!(back(&mut stream, b"one"), b"one");

        terminal.kill(signal);

        assert_eq!(terminal.end().code(), Some(128 + number));
        assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (1, 1), "signal {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_still_being_opened_can_be_ended_and_left_and_no_session_stays() {
    let desk = Desk::new(&["ssm:StartSession=delay:1500ms"]).await;
    let terminal = start(&desk);
    ask(&terminal, echo());
    terminal.wait_for("◐ opening");
    terminal.type_text("x");
    terminal.wait_for("no tunnel is open.");
    terminal.type_text("t");
    terminal.wait_for("Tunnel to web-1");
    terminal.type_text(&format!("{}\t\t0\r", echo()));
    terminal.wait_until("the page", |screen| screen.contains("◐ opening") && !screen.contains("Tunnel to web-1"));

    terminal.type_text("qq");
    terminal.wait_for("Quit and end it? y/N");
    terminal.type_text("y");

    assert!(terminal.end().success());
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_a_tunnel_from_opening_is_told_and_goes_with_a_key() {
    let desk = Desk::new(&["ssm:StartSession=deny"]).await;
    let terminal = start(&desk);

    ask(&terminal, echo());

    let screen = terminal.wait_for("Cannot open a tunnel to web-1");
    assert!(screen.contains("ssm:StartSession"), "{screen}");
    terminal.type_text("\r");
    terminal.wait_for("no tunnel is open.");
    terminal.type_text("qq");
    assert!(terminal.end().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_goes_on_while_a_shell_has_the_terminal() {
    let desk = Desk::new(&[]).await;
    let terminal = start(&desk);
    let local = open(&terminal, echo());
    terminal.type_text("1");
    terminal.wait_for("1 tunnel");

    terminal.type_text("c");
    terminal.wait_for("Nothing here is on AWS");
    let bytes = noise(2_000_000);
    assert!(back(&mut connect(&local), &bytes) == bytes);
    // More than what may wait to be heard is said meanwhile.
    for _ in 0..100 {
        assert_eq!(back(&mut connect(&local), b"x"), b"x");
    }
    terminal.type_text("exit\r");
    terminal.wait_for("Session on web-1 ended");
    terminal.type_text("2");
    let screen = terminal.wait_for("0 open, 101 so far");

    assert!(screen.contains("4.0 MB"), "{screen}");
    terminal.type_text("x");
    terminal.wait_for("no tunnel is open.");
    assert_eq!(desk.calls("ssm:TerminateSession"), 1);
    terminal.type_text("qq");
    assert!(terminal.end().success());
}
