//! `connect --record`: what a Session Manager shell shows, in a file.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::sessions::Desk;
use crate::support::demo::{LARGE, environment, left_in};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;
use crate::support::waiting::wait_for;

/// The lines of a recording, and what they show together.
struct Read {
    header: Value,
    events: Vec<Value>,
    shown: String,
}

fn read(path: &Path) -> Read {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'), "half a line: {text}");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let events: Vec<Value> = lines.collect();
    let mut last = 0.0;
    for event in &events {
        let at = event[0].as_f64().unwrap();
        assert!(at >= last, "time goes back: {event}");
        assert!(["o", "r"].contains(&event[1].as_str().unwrap()), "{event}");
        last = at;
    }
    let shown = events.iter().filter(|event| event[1] == "o").map(|event| event[2].as_str().unwrap()).collect();
    Read { header, events, shown }
}

fn recorded(home: &Path, file: &Path) -> Terminal {
    let arguments = ["--demo", "connect", "web-1", "-m", "ssm", "--record", file.to_str().unwrap()];
    let terminal = Terminal::start(ec2dash(), &arguments, &environment(home, &[]), LARGE);
    terminal.wait_for("Nothing here is on AWS");
    terminal
}

#[test]
fn what_a_shell_shows_is_recorded_and_what_is_typed_is_not() {
    let (home, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = place.path().join("web-1.cast");
    let terminal = recorded(home.path(), &file);

    terminal.type_text("stty -echo; echo re''ady\r");
    terminal.wait_for("\nready");
    terminal.type_text("read -r word; echo $((6*7)) 결 got\r");
    terminal.type_text("hunter2\r");
    terminal.wait_for("42 결 got");
    // The lead bytes of a character in one write, the rest later.
    terminal.type_text("printf '\\354\\225'; sleep 0.3; printf '\\210\\n\\033]0;title\\007\\377\\n'\r");
    terminal.wait_for("안");
    terminal.resize(100, 30);
    terminal.type_text("until [ \"$(stty size)\" = '30 100' ]; do sleep 0.02; done; stty size\r");
    terminal.wait_for("30 100");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));

    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    let Read { header, events, shown } = read(&file);
    assert_eq!((&header["version"], &header["width"], &header["height"]), (&2.into(), &120.into(), &32.into()));
    assert!(header["title"].as_str().unwrap().starts_with("web-1 (i-"), "{header}");
    assert_eq!(header["env"], serde_json::json!({"TERM": "xterm-256color"}));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now - header["timestamp"].as_u64().unwrap() < 120, "{header}");
    for part in ["Nothing here is on AWS", "ready", "42 결 got", "안\r\n\u{1b}]0;title\u{7}\u{fffd}\r\n", "30 100"] {
        assert!(shown.contains(part), "{part:?} is not in {shown:?}");
    }
    assert!(!shown.contains("hunter2") && !fs::read_to_string(&file).unwrap().contains("hunter2"));
    let resized = events.iter().position(|event| event[1] == "r").unwrap();
    assert_eq!(events[resized][2], "100x30");
    assert!(events[resized..].iter().any(|event| event[2].as_str().unwrap().contains("30 100")));
}

#[test]
fn what_is_recorded_is_what_the_terminal_got() {
    let (home, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = place.path().join("web-1.cast");
    let mut terminal = recorded(home.path(), &file);

    terminal.type_text("head -c 300000 /dev/urandom | base64; seq 1 50000; exit\r");
    assert_eq!(terminal.wait().code(), Some(0));

    let shown = read(&file).shown;
    assert!(shown.len() > 600_000, "{}", shown.len());
    let got = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(got.contains(&shown), "the terminal got {} bytes and the recording has {}", got.len(), shown.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_there_and_a_way_that_is_openssh_s_are_refused_before_anything_is_done() {
    let desk = Desk::new().await;
    let place = tempfile::tempdir().unwrap();
    let taken = place.path().join("taken.cast");
    fs::write(&taken, "mine").unwrap();
    let nowhere = place.path().join("no/such.cast");
    let free = place.path().join("free.cast");

    for (method, file, words, code) in [
        ("ssm", &taken, "error[record-exists]", 255),
        ("ssm", &nowhere, "error[record-not-made]", 255),
        ("eic", &free, "error[record-method]", 2),
        ("ssm-ssh", &free, "error[record-method]", 2),
    ] {
        let mut terminal = desk.run(&["connect", "web-1", "-m", method, "--record", file.to_str().unwrap()]);
        assert_eq!(terminal.wait().code(), Some(code), "{method} {file:?}: {}", terminal.shown());
        terminal.wait_for(words);
    }

    assert_eq!(desk.gateway.calls("startsession"), 0);
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine");
    assert_eq!(left_in(place.path()), ["taken.cast"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_session_that_does_not_begin_no_recording_stays() {
    let desk = Desk::new().await;
    desk.gateway.fault(|faults| faults.start_fails = Some(("TargetNotConnected", "i-0123456789abcdef0 is not connected.")));
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("x.cast");

    // Another way would not be recorded, so none is tried.
    let mut terminal = desk.run(&["connect", "web-1", "-m", "ssm,eic", "--record", file.to_str().unwrap()]);

    assert_eq!(terminal.wait().code(), Some(255), "{}", terminal.shown());
    terminal.wait_for("error[target-not-connected]");
    assert_eq!(left_in(place.path()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_goes_on_after_a_resume_and_is_whole_however_the_session_ends() {
    type End = fn(&Desk, &Terminal);
    let ways: [(&str, Option<i32>, End); 3] = [
        ("~.", Some(0), |desk, terminal| {
            desk.gateway.fault(|faults| faults.stalled = true);
            terminal.type_text("\r~.");
        }),
        ("TERM", Some(143), |_, terminal| terminal.kill(Signal::TERM)),
        ("HUP", Some(129), |_, terminal| terminal.kill(Signal::HUP)),
    ];
    for (name, code, end) in ways {
        let desk = Desk::new().await;
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("x.cast");
        let terminal = desk.run(&["connect", "web-1", "-m", "ssm", "--record", file.to_str().unwrap()]);
        terminal.wait_for("$ ");
        terminal.type_text("before");
        terminal.wait_for("before");
        desk.gateway.fault(|faults| faults.bye_after = Some(Duration::ZERO));
        wait_for(|| desk.gateway.calls("resumesession") > 0).await;
        desk.gateway.fault(|faults| faults.bye_after = None);
        terminal.type_text("after");
        terminal.wait_for("after");

        end(&desk, &terminal);

        assert_eq!(terminal.end().code(), code, "{name}");
        let shown = read(&file).shown;
        assert!(shown.contains("before") && shown.contains("after"), "{name}: {shown:?}");
        assert!(!shown.contains("[ec2dash]"), "what we say is no output of the session: {shown:?}");
    }
}

#[test]
fn a_full_disk_is_told_at_the_end_and_ends_nothing() {
    let (home, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = place.path().join("x.cast");
    // No file may grow beyond 256 KiB, and whoever tries gets an error instead of a signal.
    let script = format!(
        "trap '' XFSZ; ulimit -f 512; exec '{}' --demo connect web-1 -m ssm --record '{}'",
        ec2dash().display(),
        file.display()
    );
    let mut terminal = Terminal::start(Path::new("/bin/sh"), &["-c", &script], &environment(home.path(), &[]), LARGE);
    terminal.wait_for("Nothing here is on AWS");

    terminal.type_text("seq 1 100000; echo still $((40+2))\r");
    terminal.wait_for("still 42");
    terminal.type_text("clear; exit\r");

    assert_eq!(terminal.wait().code(), Some(0));
    let screen = terminal.wait_for("error[recording-incomplete]");
    assert!(screen.contains("stops before the end"), "{screen}");
    terminal.assert_as_found();
    let length = fs::metadata(&file).unwrap().len();
    assert!((100_000..=256 * 1024).contains(&length), "{length}");
    assert!(read(&file).shown.contains("\r\n10000\r\n"));
}
