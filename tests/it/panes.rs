//! Sessions beside the dashboard, in a real tmux.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::demo::environment;
use crate::support::tools::{ec2dash, system_tool};

/// How long anything may take.
const LONGEST: Duration = Duration::from_secs(30);

#[test]
fn a_session_opens_in_a_pane_beside_the_dashboard_which_stays() {
    let tmux = Tmux::with_dashboard();
    tmux.filter("web-1");

    tmux.keys(&["O"]);

    let pane = tmux.wait_for_panes(2)[1].clone();
    tmux.wait_for(&pane, "$");
    tmux.type_line(&pane, "echo in $((6*7)); echo [$EC2DASH_DEMO]");
    assert!(tmux.wait_for(&pane, "in 42").contains("[]"), "the session does not take itself for the demo");
    assert!(tmux.wait_for("0", "A session opens in tmux.").contains("web-1"), "the dashboard stays");
    tmux.type_line(&pane, "exit 3");
    assert_eq!(tmux.wait_for_panes(1).len(), 1, "the remote's own code is no failure: the pane goes");
}

#[test]
fn several_open_in_a_window_of_their_own_and_are_typed_into_together() {
    let tmux = Tmux::with_dashboard();
    tmux.filter("name:web-1|web-2 state:running");
    tmux.keys(&["C-a", "O"]);
    let asked = tmux.wait_for("0", "sessions in tmux");
    assert!(asked.contains("web-1 (i-") && asked.contains("web-2 (i-"), "{asked}");

    tmux.keys(&["t"]);

    let panes = tmux.wait_for_panes(3);
    for pane in &panes[1..] {
        tmux.wait_for(pane, "$");
    }
    tmux.type_line(&panes[1], "echo both $((6*7))");
    for pane in &panes[1..] {
        tmux.wait_for(pane, "both 42");
    }
    let told = tmux.run(&["list-windows", "-F", "#{window_panes}"]);
    assert_eq!(told.lines().collect::<Vec<_>>(), ["1", "2"], "a window of their own");
}

#[test]
fn what_fails_is_read_before_the_pane_goes() {
    let tmux = Tmux::with_dashboard();
    tmux.filter("state:stopped batch-worker-1");

    tmux.keys(&["O"]);

    let pane = tmux.wait_for_panes(2)[1].clone();
    let said = tmux.wait_for(&pane, "Press Enter to close.");
    assert!(said.contains("error["), "{said}");
    tmux.keys_to(&pane, &["Enter"]);
    assert_eq!(tmux.wait_for_panes(1).len(), 1);
}

#[test]
fn outside_of_everything_that_has_panes_it_is_told_what_has() {
    let home = tempfile::tempdir().unwrap();
    let terminal = crate::support::demo::demo(home.path(), crate::support::demo::LARGE, &[]);
    terminal.wait_for("bastion");

    terminal.type_text("O");

    terminal.wait_for("around the dashboard");
    terminal.type_text("q");
    let status = terminal.end();
    assert!(status.success(), "{status:?}");
}

#[test]
fn a_pane_whose_dashboard_is_gone_says_so() {
    let output = Command::new(ec2dash()).args(["--pane", "/nowhere/panes", "1"]).stdin(Stdio::null()).output().unwrap();

    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("has nothing for it any more") && said.contains("Press Enter"), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

/// A tmux of its own with the demo's dashboard in its first pane.
struct Tmux {
    home: TempDir,
}

impl Tmux {
    fn with_dashboard() -> Self {
        let tmux = Self { home: tempfile::tempdir().unwrap() };
        let program = ec2dash().display().to_string();
        tmux.run(&["new-session", "-d", "-x", "160", "-y", "48", "--", &program, "--demo"]);
        tmux.wait_for("0", "any key goes on");
        tmux.keys(&["Space"]);
        tmux.wait_for("0", "bastion");
        tmux
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(system_tool("tmux", "apt-get install tmux"));
        let socket = self.home.path().join("tmux");
        command.arg("-S").arg(socket).args(["-f", "/dev/null"]).args(arguments);
        command.env_clear().envs(environment(self.home.path(), &[])).stdin(Stdio::null());
        command
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Press keys in the dashboard.
    fn keys(&self, keys: &[&str]) {
        self.keys_to("0", keys);
    }

    fn keys_to(&self, pane: &str, keys: &[&str]) {
        self.run(&[&["send-keys", "-t", &place(pane), "--"][..], keys].concat());
    }

    fn type_line(&self, pane: &str, line: &str) {
        self.run(&["send-keys", "-t", &place(pane), "-l", "--", line]);
        self.keys_to(pane, &["Enter"]);
    }

    fn filter(&self, filter: &str) {
        self.keys(&["/"]);
        self.run(&["send-keys", "-t", &place("0"), "-l", "--", filter]);
        self.keys(&["Enter"]);
        self.wait_until("0", |screen| !screen.contains("bastion"));
    }

    #[track_caller]
    fn wait_for(&self, pane: &str, text: &str) -> String {
        self.wait_until(pane, |screen| screen.contains(text))
    }

    #[track_caller]
    fn wait_until(&self, pane: &str, is_so: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let output = self.command(&["capture-pane", "-p", "-t", &place(pane)]).output().unwrap();
            let screen = String::from_utf8_lossy(&output.stdout).into_owned();
            if is_so(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < LONGEST, "it is not there:\n{screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The ids of all panes, once there are so many.
    #[track_caller]
    fn wait_for_panes(&self, count: usize) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let listed = self.run(&["list-panes", "-a", "-F", "#{pane_id}"]);
            let panes: Vec<String> = listed.lines().map(str::to_owned).collect();
            if panes.len() == count {
                return panes;
            }
            assert!(begun.elapsed() < LONGEST, "{panes:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.command(&["kill-server"]).output();
    }
}

/// The dashboard's pane, or another by its id.
fn place(pane: &str) -> String {
    if pane == "0" { "%0".to_owned() } else { pane.to_owned() }
}
