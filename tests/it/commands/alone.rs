//! What works without a cloud, or brings its own.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_config_names_every_line_and_nothing_runs() {
    let desk = Desk::new(&[]).await;
    let bad = desk.home.path().join("bad.toml");
    fs::write(&bad, "refesh = 3\n[ui]\ntheme = \"drak\"\n[connect]\norder = [\"ssn\"]\n").unwrap();
    fs::set_permissions(&bad, fs::Permissions::from_mode(0o600)).unwrap();

    let told = desk.run(&["ls", "--config", "bad.toml"]);
    fs::set_permissions(&bad, fs::Permissions::from_mode(0o666)).unwrap();
    let open = desk.run(&["ls", "--config", "bad.toml"]);

    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("line 3, column 9: unknown theme \"drak\". Did you mean \"dark\"?"), "{}", told.stderr);
    assert!(told.stderr.contains("line 5, column 10: unknown method \"ssn\". Did you mean \"ssm\"?"), "{}", told.stderr);
    assert!(open.code == Some(2) && open.stderr.contains("chmod go-w"), "{open:?}");
    assert!(desk.sim.calls().is_empty());
}

#[test]
fn a_config_in_the_current_directory_is_never_read() {
    let home = tempfile::tempdir().unwrap();
    for name in ["config.toml", "ec2dash.toml", ".ec2dash.toml"] {
        fs::write(home.path().join(name), "nonsense = [").unwrap();
    }

    let told = Printed::of(program(home.path()).args(["config", "check"]).output().unwrap());

    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.stdout.contains("all settings are the defaults"), "{told:?}");
}

#[test]
fn the_example_is_written_once_and_checks_out() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| Printed::of(program(home.path()).args(arguments).output().unwrap());

    assert_eq!(run(&["config", "init"]).code, Some(0));
    let path = home.path().join(".config/ec2dash/config.toml");
    assert_eq!(run(&["config", "path"]).stdout.trim(), path.to_str().unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), include_str!("../../../config.example.toml"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let again = run(&["config", "init"]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("stays as it is"), "{again:?}");
    assert!(run(&["config", "check"]).stdout.contains("nothing wrong"));
    assert!(run(&["config", "keys", "-o", "json"]).json()["keys"].as_array().unwrap().len() > 10);
}

#[test]
fn what_this_version_lacks_says_so() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [vec!["ls", "--watch", "3"], vec!["sessions"]] {
        let told = Printed::of(program(home.path()).args(&arguments).output().unwrap());
        assert_eq!(told.code, Some(2), "{arguments:?}");
        assert!(told.stderr.contains("not in this version"), "{arguments:?}: {}", told.stderr);
    }
}

#[test]
fn the_version_names_the_commit_and_its_day_where_there_is_room() {
    let home = tempfile::tempdir().unwrap();
    let told = |flag: &str| Printed::of(program(home.path()).arg(flag).output().unwrap()).stdout;

    assert_eq!(told("-V"), concat!("ec2dash ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(told("--version"), concat!("ec2dash ", env!("EC2DASH_LONG_VERSION"), "\n"));
}

#[test]
fn without_a_terminal_the_dashboard_names_the_command_to_use() {
    let home = tempfile::tempdir().unwrap();

    let told = Printed::of(program(home.path()).output().unwrap());

    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("No terminal here. Use `ec2dash ls`."), "{told:?}");
}

#[test]
fn listing_profiles_runs_no_program_and_calls_nothing() {
    let home = tempfile::tempdir().unwrap();
    let files = "[default]\nregion = us-east-1\n[profile build]\ncredential_process = touch pwned\n[profile corp]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n";
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), files).unwrap();

    let told = Printed::of(program(home.path()).args(["profiles", "-o", "json"]).output().unwrap());

    assert_eq!(told.code, Some(0), "{told:?}");
    let kinds: BTreeMap<String, String> = told.json()["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap().to_owned(), one["kind"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!((kinds["build"].as_str(), kinds["corp"].as_str()), ("process", "sso"));
    assert!(!home.path().join("pwned").exists());
}

#[test]
fn what_a_credential_program_says_is_told_and_stands_in_no_log() {
    let home = tempfile::tempdir().unwrap();
    let files = "[profile card]\nregion = us-east-1\ncredential_process = sh -c 'echo bad PIN 271828 >&2; exit 3'\n";
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), files).unwrap();
    let log = home.path().join("log");

    let told = Printed::of(
        program(home.path())
            .args(["whoami", "--profile", "card", "--allow-credential-process", "--log-file"])
            .arg(&log)
            .output()
            .unwrap(),
    );

    assert_eq!(told.code, Some(4), "{told:?}");
    assert!(told.stderr.contains("bad PIN 271828"), "{told:?}");
    let log = fs::read_to_string(log).unwrap();
    assert!(!log.is_empty() && !log.contains("271828"), "{log}");
}

#[test]
fn the_demo_needs_nothing_of_the_users_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let room = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = program(home.path());
        command.env("AWS_PROFILE", "no-such").env("EC2DASH_CONFIG", "/no/such").env("AWS_ENDPOINT_URL", "http://attacker");
        Printed::of(command.env("https_proxy", "http://127.0.0.1:1").env("TMPDIR", room.path()).args(arguments).output().unwrap())
    };

    let listed = run(&["--demo", "ls", "-o", "json"]);
    let session = run(&["--demo", "ssh", "web-1", "--", "echo $((6*7)); exit 3"]);

    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(listed.json()["instances"].as_array().unwrap().len() > 20);
    assert_eq!((session.stdout.as_str(), session.code), ("42\n", Some(3)), "{session:?}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0);
}

#[test]
fn the_simulated_cloud_prints_its_environment_and_leaves_nothing_when_told_to_go() {
    use std::io::{BufRead as _, BufReader};

    let home = tempfile::tempdir().unwrap();
    let room = tempfile::tempdir().unwrap();
    let mut command = program(home.path());
    let mut child = command.env("TMPDIR", room.path()).args(["sim"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().take(9).map(Result::unwrap).collect();

    let names: Vec<&str> = lines.iter().map(|line| line.strip_prefix("export ").unwrap().split_once('=').unwrap().0).collect();
    assert_eq!(names, SIM_VARIABLES);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0);
}
