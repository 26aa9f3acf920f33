//! Other things in the places of files: a pipe that nobody writes to, a folder, a link to itself, far too much, and no text. Nobody waits for
//! them, and what cannot be used is told in words.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::proxy::{Desk, WEB, ended};
use crate::support::demo::LARGE;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const CONFIG: &str = ".config/ec2dash/config.toml";
const STATE: &str = ".local/state/ec2dash/state.json";
const LOCK: &str = ".local/state/ec2dash/state.lock";
const KNOWN_HOSTS: &str = ".local/state/ec2dash/known_hosts";
const AWS_CONFIG: &str = ".aws/config";
const AWS_CREDENTIALS: &str = ".aws/credentials";
const BUNDLE: &str = "bundle.pem";
/// Where the AWS CLI keeps the token of the session `corp`.
const TOKEN: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const ROLE: &str = ".aws/cli/cache/role.json";
const CORP: &str = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n\
    [profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n";

const HUGE: u64 = 100 * 1024 * 1024;

/// What may stand in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Odd {
    Pipe,
    Folder,
    Circle,
    Huge,
    Bytes,
}

const ALL: [Odd; 5] = [Odd::Pipe, Odd::Folder, Odd::Circle, Odd::Huge, Odd::Bytes];

impl Odd {
    fn put(self, path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match self {
            Self::Pipe => mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap(),
            Self::Folder => fs::create_dir(path).unwrap(),
            Self::Circle => std::os::unix::fs::symlink(path, path).unwrap(),
            Self::Huge => File::create(path).unwrap().set_len(HUGE).unwrap(),
            Self::Bytes => fs::write(path, b"\n\xff\xfe\x00{").unwrap(),
        }
    }
}

/// A file, the command that needs it, and whether it does without.
const CASES: [(&str, &[&str], bool); 10] = [
    (CONFIG, &["ls"], false),
    (CONFIG, &["config", "check"], false),
    (STATE, &["show", "@mine"], false),
    (KNOWN_HOSTS, &["known-hosts", "list"], true),
    (AWS_CONFIG, &["profiles"], false),
    (AWS_CREDENTIALS, &["ls", "--profile", "dev"], false),
    (BUNDLE, &["ls", "-o", "ids"], false),
    (TOKEN, &["profiles"], true),
    (TOKEN, &["logout", "--all"], true),
    (ROLE, &["logout", "--all"], true),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_told_in_words_and_not_waited_for() {
    let desk = Desk::new(&[]).await;
    std::thread::scope(|scope| {
        let desk = &desk;
        for case in CASES {
            scope.spawn(move || ALL.map(|odd| in_the_place_of(desk, case, odd)));
        }
    });
}

fn in_the_place_of(desk: &Desk, (file, arguments, does_without): (&str, &[&str], bool), odd: Odd) {
    let home = tempfile::tempdir().unwrap();
    let of_home = |file: &str| home.path().join(file);
    fs::create_dir(of_home(".aws")).unwrap();
    if file != AWS_CONFIG {
        fs::write(of_home(AWS_CONFIG), CORP).unwrap();
    }
    odd.put(&of_home(file));
    let mut command = desk.command(arguments);
    command.env("HOME", home.path()).env_remove("EC2DASH_CONFIG");
    command.env("AWS_CONFIG_FILE", of_home(AWS_CONFIG)).env("AWS_SHARED_CREDENTIALS_FILE", of_home(AWS_CREDENTIALS));
    if file == BUNDLE {
        command.env("AWS_CA_BUNDLE", of_home(BUNDLE));
    }

    let output = ended(command.stdin(Stdio::null()).spawn().unwrap());

    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let shown = told.chars().take(2_000).collect::<String>();
    assert!(!told.contains("panicked") && told.len() < 10_000, "{file} {odd:?} {arguments:?}: {shown}");
    assert!(output.status.code().is_some_and(|code| code < 101), "{file} {odd:?} {arguments:?}: {:?} {shown}", output.status);
    let name = Path::new(file).file_name().unwrap().to_str().unwrap();
    assert!(does_without || told.contains(name), "{file} {odd:?} {arguments:?}: {shown}");
    assert!(does_without || output.status.code() != Some(0), "{file} {odd:?} {arguments:?}: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_starts_without_the_files_that_are_none() {
    let desk = Desk::new(&[]).await;
    std::thread::scope(|scope| {
        let desk = &desk;
        for odd in ALL {
            scope.spawn(move || dashboard_beside(desk, odd));
        }
    });
}

fn dashboard_beside(desk: &Desk, odd: Odd) {
    let home = tempfile::tempdir().unwrap();
    for file in [STATE, LOCK, KNOWN_HOSTS, ".local/state/ec2dash/running/1-1.json", TOKEN] {
        odd.put(&home.path().join(file));
    }
    let mut command = desk.command(&[]);
    command.env("HOME", home.path());
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let mut environment: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect();
    environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
    let terminal = Terminal::start(ec2dash(), &[], &environment, LARGE);

    crate::support::demo::put_card_away(&terminal);
    terminal.wait_for("bastion");
    terminal.type_text("2");
    terminal.wait_for("No session and no tunnel is open");
    terminal.type_text("1");
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| screen.contains(WEB) || !screen.contains("bastion"));
    terminal.type_text("q");

    assert!(terminal.end().success(), "{odd:?}");
}

/// `printf arn:aws:iam::123456789012:user/Admin | sha256sum`
const CONSOLE: &str = ".aws/login/cache/10cabd19777b6651ac57333b55c7c10a1242b1c2337f40e674926d7324698347.json";
const SECRET: &str = "secret-file";

/// What the SDK and its libraries open by themselves: a profile, the file, and the variable that names it.
const OF_LIBRARIES: [(&str, &str, &str); 5] = [
    ("[profile p]\nrole_arn = arn:aws:iam::123456789012:role/web\nweb_identity_token_file = SECRET\n", SECRET, ""),
    ("", SECRET, "AWS_WEB_IDENTITY_TOKEN_FILE"),
    ("", SECRET, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    ("[profile p]\nlogin_session = arn:aws:iam::123456789012:user/Admin\n", CONSOLE, ""),
    ("[profile p]\naws_access_key_id = A\naws_secret_access_key = B\n", SECRET, "SSL_CERT_FILE"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_library_waits_for_what_is_no_file() {
    let desk = Desk::new(&[]).await;
    std::thread::scope(|scope| {
        let desk = &desk;
        for case in OF_LIBRARIES {
            scope.spawn(move || [Odd::Pipe, Odd::Folder, Odd::Huge].map(|odd| of_a_library(desk, case, odd)));
        }
    });
}

fn of_a_library(desk: &Desk, (config, file, variable): (&str, &str, &str), odd: Odd) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(file);
    odd.put(&path);
    fs::create_dir_all(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(AWS_CONFIG), config.replace("SECRET", path.to_str().unwrap())).unwrap();
    let mut command = desk.command(&["whoami"]);
    command.env("HOME", home.path());
    for name in ["EC2DASH_CONFIG", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    {
        command.env_remove(name);
    }
    if !config.is_empty() {
        command.args(["--profile", "p"]);
    }
    if !variable.is_empty() {
        // What else it takes to be asked.
        command.env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web");
        command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", desk.sim.endpoint());
        command.env(variable, &path);
    }

    let output = ended(command.spawn().unwrap());

    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code().is_some_and(|code| code != 0 && code < 101), "{variable} {file} {odd:?}: {told}");
    let why = if odd == Odd::Huge { "larger than 8 MiB" } else { "this is not a file" };
    assert!(told.contains(why) && told.contains(path.to_str().unwrap()) && told.contains(variable), "{variable} {odd:?}: {told}");
}
