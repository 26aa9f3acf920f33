//! Where a session is denied and can be asked for: with a reason, waited for, and begun with what was granted.

use std::process::{Command, Stdio};
use std::time::Duration;

use ec2dash_sim::fleet::JustInTime;
use ec2dash_sim::{Options, Sim};
use tempfile::TempDir;

use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

struct Desk {
    sim: Sim,
    home: TempDir,
}

impl Desk {
    /// Every session of the account has to be asked for.
    async fn new(approved_after: Option<Duration>) -> Self {
        let sim = Sim::start(Options::default()).await.unwrap();
        sim.edit(|fleet| fleet.accounts[0].just_in_time = Some(JustInTime { is_needed: true, approved_after }));
        Self { sim, home: tempfile::tempdir().unwrap() }
    }

    fn environment(&self) -> Vec<(String, String)> {
        let own = self.sim.environment();
        let variables: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        environment(self.home.path(), &variables)
    }

    fn connect(&self, further: &[&str]) -> Terminal {
        let arguments = [&["connect", "web-1", "--method", "ssm"], further].concat();
        Terminal::start(ec2dash(), &arguments, &self.environment(), LARGE)
    }

    fn called(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action.ends_with(action)).count()
    }

    /// What an approver does with the request that the screen names.
    fn decide(&self, terminal: &Terminal, word: &str) {
        terminal.wait_for("waiting until it is decided");
        let screen = terminal.shown();
        let id = screen.split_whitespace().find(|word| word.starts_with("oi-")).unwrap().to_owned();
        let url = format!("{}/sim/access-requests/{id}/{word}", self.sim.endpoint());
        let status = Command::new("curl").args(["-sf", "-X", "POST", &url]).status().unwrap();
        assert!(status.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_session_is_asked_for_with_a_reason_and_begins_when_it_is_approved() {
    let desk = Desk::new(None).await;
    tokio::task::block_in_place(|| {
        let mut terminal = desk.connect(&[]);
        terminal.wait_for("Reason (Enter: do not ask):");
        terminal.type_text("the disk is full\r");
        desk.decide(&terminal, "approve");
        terminal.wait_for("is approved.");
        terminal.wait_for("$");
        terminal.type_text("echo in-$((1 + 1))\r");
        terminal.wait_for("in-2");
        terminal.type_text("exit\r");
        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    });
    assert_eq!((desk.called("StartAccessRequest"), desk.called("StartSession")), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_approves_by_itself_is_not_waited_for_and_a_reason_may_stand_on_the_command_line() {
    let desk = Desk::new(Some(Duration::ZERO)).await;
    tokio::task::block_in_place(|| {
        let mut terminal = desk.connect(&["--no-input", "--reason", "release"]);
        terminal.wait_for("is approved.");
        terminal.wait_for("$");
        terminal.type_text("exit\r");
        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
        assert!(!terminal.shown().contains("Reason ("), "{}", terminal.shown());
    });
    assert_eq!((desk.called("StartAccessRequest"), desk.called("GetAccessToken")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_granted_is_told_in_words() {
    let desk = Desk::new(None).await;
    for (word, told) in [("reject", "was rejected"), ("revoke", "and then revoked"), ("expire", "has expired")] {
        tokio::task::block_in_place(|| {
            let mut terminal = desk.connect(&["--reason", "release"]);
            desk.decide(&terminal, word);
            terminal.wait_for(told);
            assert_eq!(terminal.wait().code(), Some(255), "{}", terminal.shown());
        });
    }
    tokio::task::block_in_place(|| {
        let mut terminal = desk.connect(&["--reason", "release"]);
        terminal.wait_for("waiting until it is decided");
        terminal.kill(rustix::process::Signal::INT);
        terminal.wait_for("only the waiting ended");
        assert_eq!(terminal.wait().code(), Some(130));
    });
    assert_eq!(desk.called("StartSession"), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_without_a_terminal_or_where_it_would_be_in_vain() {
    let desk = Desk::new(None).await;
    let mut command = Command::new(ec2dash());
    command.args(["connect", "web-1", "--method", "ssm"]).env_clear().envs(desk.environment());
    let told = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!((told.status.code(), desk.called("StartAccessRequest")), (Some(255), 0));

    tokio::task::block_in_place(|| {
        let mut terminal = desk.connect(&[]);
        terminal.wait_for("Reason (Enter: do not ask):");
        terminal.type_text("\r");
        assert_eq!(terminal.wait().code(), Some(255), "{}", terminal.shown());
    });
    assert_eq!(desk.called("StartAccessRequest"), 0);

    desk.sim.edit(|fleet| fleet.accounts[0].just_in_time = None);
    desk.sim.set_faults(vec!["ssm:StartSession=deny".parse().unwrap()]);
    tokio::task::block_in_place(|| {
        let mut terminal = desk.connect(&["--reason", "release"]);
        terminal.wait_for("no access to");
        assert_eq!(terminal.wait().code(), Some(255), "{}", terminal.shown());
    });
    assert_eq!(desk.called("StartAccessRequest"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_found_again_by_the_next_run_and_forgotten_when_it_is_decided_against() {
    let desk = Desk::new(None).await;
    tokio::task::block_in_place(|| {
        let mut terminal = desk.connect(&["--reason", "release"]);
        terminal.wait_for("waiting until it is decided");
        terminal.kill(rustix::process::Signal::INT);
        assert_eq!(terminal.wait().code(), Some(130));
        let file = desk.home.path().join(".local/state/ec2dash/state.json");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);

        // Neither a reason nor somebody to type one is needed for it.
        let mut terminal = desk.connect(&["--no-input"]);
        terminal.wait_for("was made before");
        desk.decide(&terminal, "approve");
        terminal.wait_for("$");
        terminal.type_text("exit\r");
        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
        assert_eq!(desk.called("StartAccessRequest"), 1);

        let mut terminal = desk.connect(&["--no-input"]);
        terminal.wait_for("is approved.");
        terminal.wait_for("$");
        terminal.type_text("exit\r");
        assert_eq!(terminal.wait().code(), Some(0), "what was granted is not asked for again: {}", terminal.shown());

        let requests = std::fs::read_to_string(&file).unwrap();
        let id = requests.split('"').find(|word| word.starts_with("oi-")).unwrap();
        let url = format!("{}/sim/access-requests/{id}/revoke", desk.sim.endpoint());
        assert!(Command::new("curl").args(["-sf", "-X", "POST", &url]).status().unwrap().success());
        let mut terminal = desk.connect(&["--reason", "once more"]);
        terminal.wait_for("It is of no use any more.");
        terminal.wait_for("is made; waiting until it is decided");
        terminal.kill(rustix::process::Signal::INT);
        assert_eq!(terminal.wait().code(), Some(130));
    });
    assert_eq!(desk.called("StartAccessRequest"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_asks_for_a_denied_session_waits_and_begins_it() {
    let desk = Desk::new(None).await;
    tokio::task::block_in_place(|| {
        let terminal = Terminal::start(ec2dash(), &[], &desk.environment(), crate::support::demo::SMALL);
        crate::support::demo::put_card_away(&terminal);
        terminal.wait_for("bastion");
        terminal.type_text("/web-1\r");
        terminal.wait_until("the filtered rows", |screen| !screen.contains("bastion"));
        let denied = || {
            terminal.type_text("\r");
            terminal.wait_for("1 ssm");
            terminal.type_text("1\r");
        };
        denied();
        terminal.wait_for("a asks whoever decides for access");
        terminal.type_text("a");
        terminal.wait_for("Reason");
        terminal.type_text("the disk is full\r");
        let screen = terminal.wait_for("waits for a decision");
        let id = screen.split_whitespace().find(|word| word.starts_with("oi-")).unwrap().to_owned();
        terminal.type_text("\x1b");
        terminal.wait_for("only the waiting ended");
        terminal.type_text("a");
        terminal.wait_for("waits for a decision");
        let url = format!("{}/sim/access-requests/{id}/approve", desk.sim.endpoint());
        assert!(Command::new("curl").args(["-sf", "-X", "POST", &url]).status().unwrap().success());
        terminal.wait_for("$");
        terminal.type_text("echo in-$((1 + 1))\r");
        terminal.wait_for("in-2");
        terminal.type_text("exit\r");
        terminal.wait_for("Session on web-1 ended");

        denied();
        terminal.wait_for("a goes on with access request");
        terminal.type_text("a");
        terminal.wait_for("Nothing here is on AWS");
        terminal.type_text("exit\r");
        terminal.wait_for("Session on web-1 ended");
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
    assert_eq!(desk.called("StartAccessRequest"), 1);
}

#[test]
fn ssh_says_that_a_reason_is_not_for_it() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(ec2dash());
    command.args(["--demo", "ssh", "web-1", "--reason", "release"]).env_clear().envs(environment(home.path(), &[]));
    let told = command.stdin(Stdio::null()).output().unwrap();

    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(2), "{said}");
    assert!(said.contains("ec2dash connect web-1 --demo --method ssm --reason TEXT"), "{said}");
}
