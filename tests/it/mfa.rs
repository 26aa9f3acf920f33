//! A role that wants the code of a device: asked for where somebody sits, taken once, and kept as the AWS CLI keeps it.

use std::process::{Command, Stdio};

use ec2dash_sim::{Options, Sim};
use tempfile::TempDir;

use crate::support::demo::environment;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const PROFILE: &str = "haneul-breakglass";
const QUESTION: &str = "MFA code of arn:aws:iam::210987654321:mfa/jiwoo:";
const USER: &str = "jane";
const DEVICE: &str = "arn:aws:iam::210987654321:mfa/jiwoo";

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

    /// Profiles of our own beside the keys of the simulated user.
    fn with_profiles(&self, sections: &str) -> Vec<(String, String)> {
        let keys: std::collections::HashMap<_, _> = self.sim.environment().into_iter().collect();
        let own = |name: &str| keys[name].clone();
        let (id, secret) = (own("AWS_ACCESS_KEY_ID"), own("AWS_SECRET_ACCESS_KEY"));
        let keys = format!("region = ap-northeast-2\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let path = self.home.path().join("config");
        std::fs::write(&path, sections.replace("KEYS\n", &keys)).unwrap();
        let mut environment = self.environment();
        environment.retain(|(name, _)| name != "AWS_CONFIG_FILE" && name != "AWS_PROFILE");
        environment.push(("AWS_CONFIG_FILE".to_owned(), path.to_str().unwrap().to_owned()));
        environment
    }

    fn called(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action.ends_with(action)).count()
    }

    fn at_a_terminal(&self, arguments: &[&str]) -> Terminal {
        Terminal::start(ec2dash(), arguments, &self.environment(), (120, 32))
    }

    fn roles_taken(&self) -> usize {
        self.sim.calls().iter().filter(|call| call.action.ends_with("AssumeRole")).count()
    }

    fn code(&self) -> String {
        self.sim.mfa_code(DEVICE).unwrap()
    }

    /// One that no code of this time is: each digit is another one.
    fn wrong_code(&self) -> String {
        self.code().bytes().map(|digit| char::from(b'0' + (digit - b'0' + 5) % 10)).collect()
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
    terminal.type_text(&format!("{}\r", desk.wrong_code()));
    terminal.wait_for("That code was wrong or already used.");
    terminal.wait_until("the question again", |screen| screen.matches(QUESTION).count() == 3);
    let code = desk.code();
    let (first, second) = code.split_at(3);
    terminal.type_text(&format!("{first} {second}\r"));
    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert!(terminal.shown().contains("assumed-role/BreakGlass/"), "{}", terminal.shown());
    assert_eq!((desk.roles_taken(), desk.files().len()), (2, 1));

    let mut again = desk.at_a_terminal(&["whoami"]);
    assert_eq!(again.wait().code(), Some(0), "{}", again.shown());
    assert!(!again.shown().contains(QUESTION), "{}", again.shown());
    assert_eq!(desk.roles_taken(), 2);

    for file in desk.files() {
        std::fs::remove_file(file).unwrap();
    }
    let mut reused = desk.at_a_terminal(&["whoami"]);
    reused.wait_for(QUESTION);
    reused.type_text(&format!("{code}\r"));
    reused.wait_for("That code was wrong or already used.");
    reused.type_text("\r");
    assert_eq!(reused.wait().code(), Some(4));
    assert!(reused.shown().contains("None was given: "), "nobody was not asked: {}", reused.shown());
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
    terminal.type_text(&desk.wrong_code());
    terminal.wait_for("That code was wrong or already used.");
    terminal.type_text(&desk.code());
    terminal.wait_for("bastion");
    terminal.type_text("q");

    assert!(terminal.end().success());
    assert_eq!(desk.files().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_a_user_with_a_device_are_used_by_a_session_of_his_own() {
    let desk = Desk::new().await;
    let environment = desk.with_profiles(&format!(
        "[profile jane]\nmfa_serial = {DEVICE}\nKEYS\n[profile key]\nmfa_serial = arn:aws:iam::210987654321:u2f/jiwoo\nKEYS\n"
    ));
    for (profile, code) in [(USER, "mfa-needed"), ("key", "mfa-security-key")] {
        let mut command = Command::new(ec2dash());
        command.args(["whoami", "--no-input", "--profile", profile]).env_clear().envs(environment.clone());
        let told = command.stdin(Stdio::null()).output().unwrap();

        let said = String::from_utf8(told.stderr).unwrap();
        assert_eq!(told.status.code(), Some(4), "{said}");
        assert!(said.contains(&format!("error[{code}]")), "{said}");
        assert_eq!(said.contains("aws configure mfa-login --profile jane"), profile == USER, "{said}");
    }
    assert_eq!(desk.sim.calls().len(), 0);

    let mut terminal = Terminal::start(ec2dash(), &["whoami", "--profile", USER], &environment, (120, 32));
    terminal.wait_for(QUESTION);
    terminal.type_text(&format!("{}\r", desk.wrong_code()));
    terminal.wait_for("That code was wrong or already used.");
    let code = desk.code();
    terminal.type_text(&format!("{code}\r"));
    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert!(terminal.shown().contains("user/jiwoo"), "{}", terminal.shown());
    assert_eq!((desk.called("GetSessionToken"), desk.called("AssumeRole"), desk.files().len()), (2, 0, 0));

    let dashboard = Terminal::start(ec2dash(), &["--profile", USER], &environment, (120, 32));
    dashboard.wait_for("jane needs the code of");
    dashboard.type_text(&code);
    dashboard.wait_for("That code was wrong or already used.");
    dashboard.type_text(&desk.code());
    dashboard.wait_for("bastion");
    let listed = desk.called("DescribeInstances");
    dashboard.type_text("R");
    dashboard.wait_until("the list again", |_| desk.called("DescribeInstances") > listed);
    dashboard.type_text("q");
    assert!(dashboard.end().success());
    assert_eq!(desk.called("GetSessionToken"), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_profiles_each_is_asked_for_the_code_of_its_own_device() {
    const OTHER: &str = "arn:aws:iam::210987654321:mfa/second";
    let desk = Desk::new().await;
    desk.sim.edit(|fleet| {
        for role in fleet.accounts.iter_mut().flat_map(|account| &mut account.roles).filter(|role| role.name == "Auditor") {
            role.mfa = Some(OTHER.to_owned());
        }
    });
    let role = |profile: &str, name: &str, device: &str| {
        let arn = format!("arn:aws:iam::210987654321:role/{name}");
        format!("[profile {profile}]\nrole_arn = {arn}\nmfa_serial = {device}\nsource_profile = user\nregion = ap-northeast-2\n")
    };
    let roles = [role("first", "BreakGlass", DEVICE), role("second", "Auditor", OTHER)].concat();
    let environment = desk.with_profiles(&format!("{roles}[profile user]\nKEYS\n"));

    let terminal = Terminal::start(ec2dash(), &["--profile", "first,second"], &environment, (120, 32));
    for _ in 0..2 {
        terminal.wait_for("needs the code of");
        let is_other = terminal.shown().contains(OTHER);
        let (device, asked) = if is_other { (OTHER, "second needs") } else { (DEVICE, "first needs") };
        terminal.wait_for(asked);
        terminal.type_text(&desk.sim.mfa_code(device).unwrap());
        terminal.wait_until("the question to go", |screen| !screen.contains(asked));
    }
    terminal.wait_for("bastion");
    terminal.wait_until("what both gave", |_| desk.files().len() == 2);
    terminal.type_text("q");

    assert!(terminal.end().success());
    assert_eq!(desk.roles_taken(), 2);
}
