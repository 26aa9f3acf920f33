//! What is kept between runs, while many run at once, are killed in the middle of it, or have nowhere to keep it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::proxy::{Desk, WEB};
use crate::support::chance::Chance;
use crate::support::demo::{LARGE, left_in};
use crate::support::printed::Printed;
use crate::support::pty::Terminal;
use crate::support::tools::{ec2dash, system_tool};

const OTHER: &str = "i-0fedcba9876543210";
const BASTION: &str = "i-0c41d2a9be7730f12";
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";

#[tokio::test(flavor = "multi_thread")]
async fn fifty_lists_and_five_connections_at_once_keep_every_file_whole() {
    let desk = Desk::new(&[]).await;

    let lists: Vec<Child> = (0..50).map(|_| desk.command(&["ls", "-o", "ids"]).spawn().unwrap()).collect();
    let targets = [WEB, OTHER, BASTION, WEB, OTHER];
    let connections: Vec<Child> =
        targets.map(|id| desk.command(&["ssh", id, "-m", "eic", "--", "echo in"]).spawn().unwrap()).into();
    let listed: Vec<Printed> = lists.into_iter().map(|child| Printed::of(child.wait_with_output().unwrap())).collect();
    let connected: Vec<Printed> = connections.into_iter().map(|child| Printed::of(child.wait_with_output().unwrap())).collect();

    assert!(listed.iter().all(|list| list.code == Some(0) && list.lines().len() == 34), "{listed:?}");
    assert!(connected.iter().all(|one| (one.code, &*one.stdout) == (Some(0), "in\n")), "{connected:?}");
    assert!(connected.iter().all(|one| !one.stderr.contains("remembered")), "{connected:?}");
    let kept = ["known_hosts", "known_hosts.lock", "known_hosts.seen", "running", "state.json", "state.lock"];
    assert_eq!(files(&state(&desk)), kept);
    assert_eq!(files(&state(&desk).join("running")), Vec::<String>::new());
    let remembered: Value = serde_json::from_slice(&fs::read(state(&desk).join("state.json")).unwrap()).unwrap();
    assert!(targets.iter().any(|id| remembered["last"]["id"] == *id), "{remembered}");
    // Two ssh of one host may both have met it first.
    let known = fs::read_to_string(state(&desk).join("known_hosts")).unwrap();
    assert!(known.ends_with('\n') && known.lines().all(|line| targets.iter().any(|id| is_line_of(line, id))), "{known}");
    let listed = Printed::of(desk.command(&["known-hosts", "list", "-o", "json"]).output().unwrap()).json();
    let ids: std::collections::BTreeSet<&str> =
        listed["known_hosts"].as_array().unwrap().iter().map(|host| host["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [BASTION, WEB, OTHER].into());
    assert_eq!(left_in(desk.home.path()), [".local"]);
}

/// Whether OpenSSH wrote it as a whole.
fn is_line_of(line: &str, id: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    words.len() == 3 && words[0] == id && words[1] == "ssh-ed25519" && words[2].len() == 68
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_the_state_is_written_leaves_the_old_one_or_the_new_one() {
    let desk = Desk::new(&["ec2-instance-connect:SendSSHPublicKey=deny"]).await;
    let disk = on_disk();
    let connect = |id: &str| {
        let mut command = desk.command(&["ssh", id, "-m", "eic", "--", "true"]);
        command.env("XDG_STATE_HOME", disk.path());
        command
    };
    let state = disk.path().join("ec2dash");
    assert_eq!(connect(WEB).output().unwrap().status.code(), Some(255));
    let path = state.join("state.json");
    // What a later version remembers is written, too: there is much to write.
    let ballast = "x".repeat(128 << 10);
    let with = |id: &str| json!({"last": {"id": id, "region": "ap-northeast-2"}, "later": ballast}).to_string();
    fs::write(&path, with(WEB)).unwrap();

    let mut chance = Chance::of_seed(1);
    let (mut kept, mut replaced, mut halves) = (0, 0, 0);
    for round in 0..40 {
        let (before, after) = if round % 2 == 0 { (WEB, OTHER) } else { (OTHER, WEB) };
        fs::write(&path, with(before)).unwrap();
        halves += usize::from(kill_while_it_writes(&mut connect(after).spawn().unwrap(), &state, chance.below(1_000)));

        let text = fs::read(&path).unwrap();
        let found: Value =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("round {round}: {error}, {} bytes", text.len()));
        assert_eq!(found["later"].as_str().map(str::len), Some(ballast.len()), "round {round}");
        match found["last"]["id"].as_str().unwrap() {
            id if id == before => kept += 1,
            id => {
                assert_eq!(id, after, "round {round}");
                replaced += 1;
            }
        }
    }

    // Else the moments say nothing about writing.
    assert!(halves > 5 && kept > 5 && replaced > 0, "{halves} in the middle, {kept} kept, {replaced} replaced");
    assert!((0..100).any(|_| kill_while_it_writes(&mut connect(WEB).spawn().unwrap(), &state, 0)));
    assert_eq!(connect(WEB).output().unwrap().status.code(), Some(255));
    let left = files(&state);
    assert!(!left.iter().any(|name| name.contains(".new")), "it stays of what was killed: {left:?}");
}

#[test]
fn a_kill_while_host_keys_are_forgotten_leaves_all_of_them_or_all_but_one() {
    let home = on_disk();
    let state = home.path().join(".local/state/ec2dash");
    fs::create_dir_all(&state).unwrap();
    let path = state.join("known_hosts");
    let others: String = (0..200).map(|number| format!("i-{number:017x} {KEY}\n")).collect();
    let (before, after) = (format!("{WEB} {KEY}\n{others}"), others.clone());
    let forget = || {
        let mut command = Command::new(ec2dash());
        command.args(["known-hosts", "forget", WEB]).env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8");
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };

    let mut chance = Chance::of_seed(2);
    let (mut kept, mut replaced, mut halves) = (0, 0, 0);
    for round in 0..60 {
        fs::write(&path, &before).unwrap();
        halves += usize::from(kill_while_it_writes(&mut forget(), &state, chance.below(600)));

        let found = fs::read_to_string(&path).unwrap();
        assert!(found == before || found == after, "round {round}: {} of {} bytes", found.len(), before.len());
        if found == before { kept += 1 } else { replaced += 1 }
    }

    assert!(halves > 5 && kept > 5 && replaced > 0, "{halves} in the middle, {kept} kept, {replaced} replaced");
    fs::write(&path, &before).unwrap();
    assert!(forget().wait().unwrap().success());
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    assert!(!files(&state).iter().any(|name| name.ends_with(".new")), "{:?}", files(&state));
}

/// A directory where writing takes time: /tmp may be memory, and a write there is over before anybody can end it.
fn on_disk() -> tempfile::TempDir {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(directory).unwrap();
    tempfile::tempdir_in(directory).unwrap()
}

/// Kill it so many microseconds after it has begun to write a new file there; whether that was before it was done with it.
fn kill_while_it_writes(child: &mut Child, directory: &Path, microseconds: u64) -> bool {
    let new = || files(directory).into_iter().filter(|name| name.ends_with(".new"));
    new().for_each(|left| fs::remove_file(directory.join(left)).unwrap());
    while new().next().is_none() {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
    }
    let moment = Instant::now() + Duration::from_micros(microseconds);
    while Instant::now() < moment {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    new().next().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_what_needs_no_file_works_and_the_rest_says_why() {
    let desk = Desk::new(&[]).await;

    let listed = full(&desk, &["ls", "-o", "ids"]);
    assert_eq!((listed.code, listed.lines().len(), &*listed.stderr), (Some(0), 34, ""));

    let keyed = full(&desk, &["ssh", WEB, "-m", "eic", "--", "true"]);
    assert_eq!(keyed.code, Some(255), "{keyed:?}");
    assert!(keyed.stderr.contains("error[local-failure]") && keyed.stderr.contains("File too large"), "{keyed:?}");

    let mut terminal = in_terminal(&desk, &["connect", WEB, "-m", "ssm"]);
    terminal.wait_for("Nothing here is on AWS");
    terminal.type_text("exit\r");
    assert_eq!(terminal.wait().code(), Some(0));
    assert_eq!(told(&terminal, "nothing is remembered"), 1, "{}", terminal.shown());
    assert_eq!(files_below(desk.home.path()), Vec::<PathBuf>::new());

    // A recording is asked for by name: it fails loudly, and behind the session that it was of.
    let path = desk.home.path().join("rec.cast");
    let mut terminal = in_terminal(&desk, &["connect", WEB, "-m", "ssm", "--record", path.to_str().unwrap()]);
    terminal.wait_for("Nothing here is on AWS");
    terminal.type_text("exit\r");
    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert!(told(&terminal, "File too large") >= 2, "{}", terminal.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_works_on_a_full_disk_and_says_so_once() {
    let desk = Desk::new(&[]).await;

    let terminal = in_terminal(&desk, &[]);
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_for("bastion");
    terminal.wait_for("nothing is remembered");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| !screen.contains("bastion"));
    terminal.type_text("q");

    assert!(terminal.end().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_home_that_cannot_be_written_one_gets_in_and_it_is_said_once() {
    let desk = Desk::new(&[]).await;
    // Nobody can make anything there, root included.
    let output = desk.command(&["ssh", WEB, "-m", "eic", "--", "echo in"]).env("HOME", "/proc").output().unwrap();

    let printed = Printed::of(output);
    assert_eq!((printed.code, &*printed.stdout), (Some(0), "in\n"), "{printed:?}");
    assert_eq!(printed.stderr.matches("nothing is remembered").count(), 1, "{printed:?}");
    assert_eq!(printed.stderr.matches("New host keys cannot be kept").count(), 1, "{printed:?}");
    assert_eq!(left_in(desk.home.path()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_home_lists_work_and_nothing_is_made_anywhere() {
    let desk = Desk::new(&[]).await;
    for home in [None, Some(""), Some("relative")] {
        let mut command = desk.command(&["ls", "-o", "ids"]);
        command.current_dir(desk.home.path()).env_remove("HOME").envs(home.map(|home| ("HOME", home)));

        let printed = Printed::of(command.output().unwrap());

        assert_eq!((printed.code, printed.lines().len(), &*printed.stderr), (Some(0), 34, ""), "{home:?}: {printed:?}");
        assert_eq!(left_in(desk.home.path()), Vec::<String>::new(), "{home:?}");
    }
}

/// What the program prints where no file can grow by a byte.
fn full(desk: &Desk, arguments: &[&str]) -> Printed {
    let mut command = desk.command(&[]);
    let (shell, words) = on_a_full_disk(arguments);
    let mut full = Command::new(shell);
    full.args(words).env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output: Output = full.stdin(Stdio::null()).output().unwrap();
    command.stdin(Stdio::null());
    Printed::of(output)
}

/// The same in a terminal.
fn in_terminal(desk: &Desk, arguments: &[&str]) -> Terminal {
    let (shell, words) = on_a_full_disk(arguments);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Terminal::start(&shell, &words, &of_the_terminal(desk), LARGE)
}

/// No regular file grows, whoever we are and whatever may be mounted: the limit on the size of files, as an error and not as a signal.
fn on_a_full_disk(arguments: &[&str]) -> (PathBuf, Vec<String>) {
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
    let words = ["-c", script, "sh", ec2dash().to_str().unwrap()].into_iter().chain(arguments.iter().copied());
    (system_tool("dash", "apt-get install dash"), words.map(str::to_owned).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_right_before_the_end_is_remembered() {
    let desk = Desk::new(&[]).await;
    fs::create_dir_all(state(&desk)).unwrap();
    let lock = fs::File::create(state(&desk).join("state.lock")).unwrap();
    lock.lock().unwrap();
    let terminal = Terminal::start(ec2dash(), &[], &of_the_terminal(&desk), LARGE);
    terminal.wait_for("any key goes on");

    // The key that closes the card of the first start is remembered, as soon as the file is free.
    terminal.type_text("j");
    terminal.wait_until("the list", |screen| !screen.contains("any key goes on"));
    terminal.type_text("q");
    terminal.wait_for_raw("the terminal handed back", |raw| String::from_utf8_lossy(raw).contains("\x1b[?1049l"));
    lock.unlock().unwrap();

    assert!(terminal.end().success());
    let remembered: Value = serde_json::from_slice(&fs::read(state(&desk).join("state.json")).unwrap()).unwrap();
    assert_eq!(remembered["first_run_seen"], true, "{remembered}");
    assert_eq!(files(&state(&desk)), ["state.json", "state.lock"]);
}

/// The variables of a command of this desk, for a terminal.
fn of_the_terminal(desk: &Desk) -> Vec<(String, String)> {
    let command = desk.command(&[]);
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let mut environment: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect();
    environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
    environment
}

fn told(terminal: &Terminal, words: &str) -> usize {
    String::from_utf8_lossy(&terminal.raw()).matches(words).count()
}

fn state(desk: &Desk) -> PathBuf {
    desk.home.path().join(".local/state/ec2dash")
}

/// The names in a directory, in order.
fn files(directory: &Path) -> Vec<String> {
    let mut names = if directory.exists() { left_in(directory) } else { Vec::new() };
    names.sort();
    names
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    let (directories, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| path.is_dir() && !path.is_symlink());
    let full = files.into_iter().filter(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0));
    full.chain(directories.iter().flat_map(|path| files_below(path))).collect()
}
