//! A program that gives credentials runs only after a yes, whichever profile of a chain names it, and wherever the yes is asked for.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::support::pty::Terminal;
use crate::support::tools::{SimulatedCloud, ec2dash};

const QUESTION: &str = "Run it?";

#[test]
fn the_dashboard_asks_before_a_program_below_the_chosen_profile_runs() {
    let desk = Desk::new();
    let environment = desk.environment("ops");

    let terminal = Terminal::start(ec2dash(), &[], &environment, (120, 32));
    let screen = terminal.wait_for(QUESTION);
    let told = screen.replace(['\n', '│'], " ");
    assert!(told.contains("Profile ops gets its credentials through profile build"), "{screen}");
    terminal.type_text("n");
    terminal.wait_for("which was not allowed");
    terminal.type_text("q");
    assert!(terminal.end().success());
    assert_eq!(desk.runs(), 0);

    let terminal = Terminal::start(ec2dash(), &[], &environment, (120, 32));
    terminal.wait_for(QUESTION);
    terminal.type_text("a");
    terminal.wait_until("an end of the question", |screen| !screen.contains(QUESTION) && desk.runs() > 0);
    terminal.kill(rustix::process::Signal::TERM);
    assert_eq!(terminal.end().code(), Some(128 + 15));

    let before = desk.runs();
    let output = desk.run("ops", &["--no-input", "whoami"]);
    assert!(desk.runs() > before, "always is for the command line, too: {}", text(&output.stderr));
}

#[test]
fn a_command_at_a_terminal_asks_and_no_is_the_answer_unless_one_says_yes() {
    let desk = Desk::new();
    for (profile, through) in [("build", false), ("ops", true)] {
        let mut terminal = Terminal::start(ec2dash(), &["whoami"], &desk.environment(profile), (120, 32));
        let screen = terminal.wait_for(QUESTION);
        assert_eq!(screen.replace('\n', "").contains("through profile build"), through, "{screen}");
        terminal.type_text("\r");
        assert_eq!(terminal.wait().code(), Some(4));
        assert_eq!(desk.runs(), 0, "{profile}");
    }

    let mut terminal = Terminal::start(ec2dash(), &["whoami"], &desk.environment("build"), (120, 32));
    terminal.wait_for(QUESTION);
    terminal.type_text("y\r");
    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert_eq!(desk.runs(), 1);
}

#[test]
fn without_a_terminal_it_is_named_and_with_no_input_refused() {
    let desk = Desk::new();

    for profile in ["build", "ops"] {
        let refused = desk.run(profile, &["--no-input", "whoami"]);
        let told = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(4), "{told}");
        assert!(
            told.starts_with("error[credential-program-not-allowed]") && told.contains("--allow-credential-process"),
            "{told}"
        );
    }
    assert_eq!(desk.runs(), 0);

    let named = desk.run("build", &["whoami"]);
    assert_eq!(named.status.code(), Some(0), "{}", text(&named.stderr));
    assert!(text(&named.stderr).contains("Profile build gets its credentials from the program"), "{}", text(&named.stderr));
    let allowed = desk.run("build", &["--no-input", "--allow-credential-process", "whoami"]);
    assert_eq!((allowed.status.code(), text(&allowed.stderr)), (Some(0), String::new()));
    assert_eq!(desk.runs(), 2);
}

#[test]
fn profiles_that_are_listed_looked_at_or_beside_a_demo_run_nothing_and_a_chosen_one_runs_once() {
    let desk = Desk::new();
    for arguments in [
        &["profiles"][..],
        &["profiles", "-o", "json"],
        &["config", "path"],
        &["--demo", "ls", "-o", "ids"],
        &["--demo", "whoami"],
        &["--demo", "profiles"],
    ] {
        let output = desk.run("ops", arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(desk.runs(), 0, "{arguments:?}");
    }

    let terminal = Terminal::start(ec2dash(), &[], &desk.environment("keys"), (120, 32));
    terminal.wait_for("bastion");
    terminal.type_text("p");
    terminal.wait_for("runs a program");
    for profile in ["> middle", "> audit", "> build"] {
        // Down to the last one, then around, until each was looked at.
        for _ in 0..8 {
            if terminal.shown().contains(profile) {
                break;
            }
            terminal.type_text("\x1b[B");
            terminal.wait_until_keys_are_read();
            std::thread::yield_now();
        }
    }
    assert_eq!(desk.runs(), 0, "{}", terminal.shown());
    terminal.type_text("audit\r");
    terminal.wait_for(QUESTION);
    assert_eq!(desk.runs(), 0);
    terminal.type_text("y");
    terminal.wait_until("the rows of the chosen profile", |screen| {
        screen.lines().next().is_some_and(|title| title.contains(" audit ")) && screen.contains("bastion")
    });
    assert_eq!(desk.runs(), 1);
    terminal.type_text("q");
    assert!(terminal.end().success());
    assert_eq!(desk.runs(), 1);
}

#[test]
fn a_program_that_reads_its_input_gets_no_key_and_holds_up_nothing() {
    let desk = Desk::new();
    let program = desk.path("program");
    let reading = format!("cat > {}; {}", desk.path("typed").display(), fs::read_to_string(&program).unwrap());
    fs::write(&program, reading).unwrap();

    let mut terminal =
        Terminal::start(ec2dash(), &["whoami", "--allow-credential-process"], &desk.environment("build"), (120, 32));

    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert_eq!((desk.runs(), text(&fs::read(desk.path("typed")).unwrap())), (1, String::new()));
}

/// A cloud, and AWS files whose profile `ops` takes a role with the profile `build`, which runs a program.
struct Desk {
    cloud: SimulatedCloud,
}

impl Desk {
    fn new() -> Self {
        let cloud = SimulatedCloud::start(&[]);
        let desk = Self { cloud };
        // The card of the first start has no place here.
        let state = desk.path(".local/state/ec2dash");
        DirBuilder::new().recursive(true).mode(0o700).create(&state).unwrap();
        fs::write(state.join("state.json"), "{\"first_run_seen\": true}").unwrap();
        let json = format!(
            r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}"}}"#,
            desk.cloud.variable("AWS_ACCESS_KEY_ID"),
            desk.cloud.variable("AWS_SECRET_ACCESS_KEY")
        );
        let (program, config) = (desk.path("program"), desk.path("aws"));
        fs::write(&program, format!("echo ran >> {}; echo '{json}'\n", desk.path("ran").display())).unwrap();
        let sections = format!(
            "[profile ops]\nrole_arn = arn:aws:iam::210987654321:role/Ops\nsource_profile = middle\n\
             [profile audit]\nrole_arn = arn:aws:iam::210987654321:role/Auditor\nsource_profile = build\nregion = ap-northeast-2\n\
             [profile middle]\nrole_arn = arn:aws:iam::210987654321:role/Middle\nsource_profile = build\n\
             [profile build]\ncredential_process = sh {}\n\
             [profile keys]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            program.display(),
            desk.cloud.variable("AWS_ACCESS_KEY_ID"),
            desk.cloud.variable("AWS_SECRET_ACCESS_KEY")
        );
        fs::write(config, sections).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.cloud.home().join(name)
    }

    fn runs(&self) -> usize {
        fs::read_to_string(self.path("ran")).unwrap_or_default().lines().count()
    }

    /// As the cloud's, with these files and this profile in the place of keys.
    fn environment(&self, profile: &str) -> Vec<(String, String)> {
        let replaced = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
        let kept = self.cloud.environment.iter().filter(|(name, _)| !replaced.contains(&name.as_str())).cloned();
        let ours = [("AWS_PROFILE", profile.to_owned()), ("AWS_CONFIG_FILE", self.path("aws").display().to_string())];
        kept.chain(ours.map(|(name, value)| (name.to_owned(), value))).collect()
    }

    fn run(&self, profile: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(ec2dash());
        command.args(arguments).env_clear().envs(self.environment(profile)).stdin(Stdio::null()).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
