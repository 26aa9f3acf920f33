//! A role that wants the code of a device: asked for where somebody sits, taken once, and kept as the AWS CLI keeps it.

use std::process::{Command, Stdio};

use ec2dash_sim::{Options, Sim};
use tempfile::TempDir;

use crate::support::demo::environment;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const PROFILE: &str = "haneul-breakglass";
const QUESTION: &str = "MFA code of arn:aws:iam::210987654321:mfa/jiwoo:";
/// The one that the simulated cloud does not take.
const WRONG: &str = "000000";
const RIGHT: &str = "123 456";

struct Desk {
    sim: Sim,
    home: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let state = home.path().join(".local/state/ec2dash");
        std::fs::create_dir_all(&state).unwrap();
        std::fs::set_permissions(&state, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        std::fs::write(state.join("state.json"), "{\"first_run_seen\": true}").unwrap();
        Self { sim: Sim::start(Options::default()).await.unwrap(), home }
    }

    fn environment(&self) -> Vec<(String, String)> {
        let own = self.sim.environment();
        let kept = own.iter().filter(|(name, _)| !name.starts_with("AWS_ACCESS") && !name.starts_with("AWS_SECRET"));
        let mut variables: Vec<(&str, &str)> = kept.map(|(name, value)| (*name, value.as_str())).collect();
        variables.push(("AWS_PROFILE", PROFILE));
        environment(self.home.path(), &variables)
    }

    fn at_a_terminal(&self, arguments: &[&str]) -> Terminal {
        Terminal::start(ec2dash(), arguments, &self.environment(), (120, 32))
    }

    fn roles_taken(&self) -> usize {
        self.sim.calls().iter().filter(|call| call.action.ends_with("AssumeRole")).count()
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(self.home.path().join(".aws/cli/cache"));
        let paths = files.map(|files| files.map(|file| file.unwrap().path()).collect::<Vec<_>>()).unwrap_or_default();
        paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_asked_again_and_a_right_one_is_found_by_the_next_start() {
    let desk = Desk::new().await;
    let mut terminal = desk.at_a_terminal(&["whoami"]);
    terminal.wait_for(QUESTION);
    terminal.type_text("12345\r");
    terminal.wait_for("A code has six digits.");
    terminal.type_text(&format!("{WRONG}\r"));
    terminal.wait_for("That code was wrong or already used.");
    terminal.wait_until("the question again", |screen| screen.matches(QUESTION).count() == 3);
    terminal.type_text(&format!("{RIGHT}\r"));
    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert!(terminal.shown().contains("assumed-role/BreakGlass/"), "{}", terminal.shown());
    assert_eq!((desk.roles_taken(), desk.files().len()), (2, 1));

    let mut again = desk.at_a_terminal(&["whoami"]);
    assert_eq!(again.wait().code(), Some(0), "{}", again.shown());
    assert!(!again.shown().contains(QUESTION), "{}", again.shown());
    assert_eq!(desk.roles_taken(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_asked_it_is_said_and_nothing_is_called() {
    let desk = Desk::new().await;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(ec2dash());
        command.args(arguments).env_clear().envs(desk.environment()).stdin(Stdio::null()).output().unwrap()
    };

    for arguments in [&["whoami"][..], &["whoami", "--no-input"]] {
        let told = run(arguments);

        assert_eq!(told.status.code(), Some(4));
        let said = String::from_utf8(told.stderr).unwrap();
        assert!(said.contains("error[mfa-needed]") && said.contains("ec2dash whoami --profile haneul-breakglass"), "{said}");
    }
    let mut given_up = desk.at_a_terminal(&["whoami"]);
    given_up.wait_for(QUESTION);
    given_up.type_text("\r");
    assert_eq!(given_up.wait().code(), Some(4));
    assert_eq!((desk.sim.calls().len(), desk.files().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_asks_in_a_field_and_lists_with_what_the_code_gave() {
    let desk = Desk::new().await;
    let terminal = desk.at_a_terminal(&[]);
    terminal.wait_for("MFA code");
    terminal.wait_for("haneul-breakglass needs the code of");
    terminal.type_text(WRONG);
    terminal.wait_for("That code was wrong or already used.");
    terminal.type_text("123456");
    terminal.wait_for("bastion");
    terminal.type_text("q");

    assert!(terminal.end().success());
    assert_eq!(desk.files().len(), 1);
}
