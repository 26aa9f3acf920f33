//! The first password of Windows: found, opened here, and shown to nobody who has not asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use ec2dash_sim::fleet::Instance;
use ec2dash_sim::{Options, Sim};
use serde_json::{Value, json};

use crate::support::pty::Terminal;
use crate::support::tools::{ec2dash, python_tool};

const WINDOWS: &str = "win-ad-01";
const ID: &str = "i-0bb22cc33dd44ee55";
const ASKS: &str = "ec2:GetPasswordData";

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_one_the_aws_cli_opens_and_printed_only_when_asked() {
    let desk = Desk::new().await;
    let key = desk.put_key();

    let told = desk.run(&["password", WINDOWS]);
    let printed = desk.run(&["password", WINDOWS, "--print"]);
    let object: Value = serde_json::from_slice(&desk.run(&["password", WINDOWS, "--print", "-o", "json"]).stdout).unwrap();
    let silent: Value = serde_json::from_slice(&desk.run(&["password", WINDOWS, "-o", "json"]).stdout).unwrap();
    let cli = Command::new(python_tool("aws"))
        .args(["ec2", "get-password-data", "--instance-id", ID, "--query", "PasswordData", "--output", "text"])
        .arg("--priv-launch-key")
        .arg(&key)
        .env_clear()
        .envs(desk.environment())
        .output()
        .unwrap();

    let password = desk.password();
    assert_eq!(String::from_utf8_lossy(&cli.stdout), format!("{password}\n"), "{cli:?}");
    assert_eq!((told.status.code(), text(&told.stdout)), (Some(0), String::new()));
    let said = text(&told.stderr);
    assert!(said.contains("has a first password of Administrator") && said.contains(&*key.to_string_lossy()), "{said}");
    assert!(said.contains("--print") && !said.contains(&password), "{said}");
    assert_eq!(text(&printed.stdout), format!("{password}\n"), "{printed:?}");
    let own = |password: Value| {
        json!({"schema": 1, "password": {
            "instance": ID, "user": "Administrator", "key": {"pair": "it-windows", "file": key}, "password": password,
        }})
    };
    assert_eq!(object, own(json!(password)));
    assert_eq!(silent, own(Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_file_is_the_users_alone_and_replaces_nothing_without_a_yes() {
    let desk = Desk::new().await;
    desk.put_key();
    let path = desk.path().join("win.password");
    let log = desk.path().join("log");

    let made = desk.run(&["password", WINDOWS, "--file", path.to_str().unwrap(), "--log-file", log.to_str().unwrap(), "-vv"]);

    let whole = format!("{}\n", desk.password());
    assert_eq!((made.status.code(), text(&made.stdout)), (Some(0), String::new()), "{made:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains(ASKS) && !log.contains(&desk.password()) && !text(&made.stderr).contains(&desk.password()));

    fs::write(&path, "theirs\n").unwrap();
    let asked = desk.asked();
    let refused = desk.run(&["password", WINDOWS, "--file", path.to_str().unwrap()]);
    assert_eq!((refused.status.code(), fs::read_to_string(&path).unwrap().as_str()), (Some(1), "theirs\n"));
    assert!(text(&refused.stderr).starts_with("error[file-exists]"), "{refused:?}");
    assert_eq!(desk.asked(), asked, "nothing is asked of AWS");

    for (answer, after) in [("n\r", "theirs\n"), ("y\r", whole.as_str())] {
        let mut terminal = desk.terminal(&["password", WINDOWS, "--file", path.to_str().unwrap()]);
        terminal.wait_for("Replace it?");
        terminal.type_text(answer);
        let is_done = terminal.wait().success();
        assert_eq!((is_done, fs::read_to_string(&path).unwrap().as_str()), (answer == "y\r", after));
    }
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_asked_on_a_terminal_and_only_for_showing() {
    let desk = Desk::new().await;
    let key = desk.put_key();
    let locked = Command::new("ssh-keygen")
        .args(["-q", "-p", "-P", "", "-N", "open, sesame", "-f"])
        .arg(&key)
        .stdin(Stdio::null())
        .status();
    assert!(locked.unwrap().success());

    let told = desk.run(&["password", WINDOWS]);
    let unasked = desk.run(&["password", WINDOWS, "--print"]);
    let mut terminal = desk.terminal(&["password", WINDOWS, "--print"]);
    terminal.wait_for("Passphrase of");
    terminal.type_text("open, sesame\r");
    let screen = terminal.wait_for(&desk.password());

    assert!(terminal.wait().success());
    assert!(!screen.contains("sesame"), "{screen}");
    assert!(told.status.success() && text(&told.stderr).contains("with its passphrase"), "{told:?}");
    assert_eq!(unasked.status.code(), Some(1));
    assert!(text(&unasked.stderr).contains("nobody can be asked"), "{unasked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_not_shown_after_a_stop_either() {
    let desk = Desk::new().await;
    let key = desk.put_key();
    let locked = Command::new("ssh-keygen").args(["-q", "-p", "-P", "", "-N", "open, sesame", "-f"]).arg(&key).status();
    assert!(locked.unwrap().success());
    let terminal = desk.shell();
    terminal.type_text(&format!("{} password {WINDOWS} --print\r", ec2dash().display()));
    terminal.wait_for("Passphrase of");

    terminal.type_text("\x1a");
    terminal.wait_for("Stopped");
    // As a shell does that makes its terminal what it wants.
    terminal.type_text("stty sane; clear; fg\r");
    // The question before the stop is still there: what is typed before the new one is no answer.
    terminal.wait_until("asked again", |screen| !screen.contains("Stopped") && screen.contains("Passphrase of"));
    terminal.type_text("open, sesame\r");
    let screen = terminal.wait_for(&desk.password());

    assert!(!screen.contains("sesame"), "{screen}");
}

/// The pair was deleted and made anew under the same name: EC2 tells the new one, and the password was encrypted for the old one.
#[tokio::test(flavor = "multi_thread")]
async fn whether_a_key_opens_it_shows_whatever_has_the_pairs_name_now() {
    let desk = Desk::new().await;
    let key = desk.put_key();
    let new = desk.path().join("new");
    assert!(Command::new("ssh-keygen").args(["-q", "-t", "rsa", "-N", "", "-f"]).arg(&new).status().unwrap().success());
    let public = fs::read_to_string(new.with_extension("pub")).unwrap();
    desk.sim.edit(|fleet| {
        let pairs = fleet.accounts.iter_mut().flat_map(|account| &mut account.key_pairs);
        pairs.filter(|pair| pair.name == "it-windows").for_each(|pair| pair.public = public.trim().to_owned());
    });
    let print = |more: &[&str]| desk.run(&[&["password", WINDOWS, "--print"], more].concat());

    // A name that says nothing, and EC2 tells of another: only who names it means it.
    let unnamed = print(&[]);
    let named = print(&["--identity", key.to_str().unwrap()]);
    let other = print(&["--identity", new.to_str().unwrap()]);

    assert!(text(&unnamed.stderr).starts_with("error[password-no-key]"), "{unnamed:?}");
    assert_eq!(text(&named.stdout), format!("{}\n", desk.password()), "{named:?}");
    assert!(text(&other.stderr).starts_with("error[password-other-key]"), "{other:?}");

    // One that has the pair's name is tried.
    fs::rename(&key, key.with_file_name("it-windows")).unwrap();
    assert_eq!(text(&print(&[]).stdout), format!("{}\n", desk.password()));
    let mut lock = Command::new("ssh-keygen");
    lock.args(["-q", "-p", "-P", "", "-N", "open, sesame", "-f"]).arg(key.with_file_name("it-windows"));
    assert!(lock.stdin(Stdio::null()).status().unwrap().success());
    let told = desk.run(&["password", WINDOWS]);
    assert!(told.status.success() && text(&told.stderr).contains("shows with its passphrase"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_there_is_none_is_said() {
    let desk = Desk::new().await;
    let said = |arguments: &[&str], code: i32| {
        let output = desk.run(arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), String::new()), "{output:?}");
        text(&output.stderr)
    };
    let ask: &[&str] = &["password", WINDOWS, "--print"];

    let missing = said(ask, 1);
    assert!(missing.starts_with("error[password-no-key]") && missing.contains("it-windows"), "{missing}");
    let other = desk.path().join("other");
    assert!(Command::new("ssh-keygen").args(["-q", "-t", "rsa", "-N", "", "-f"]).arg(&other).status().unwrap().success());
    let other = said(&[ask, &["--identity", other.to_str().unwrap()]].concat(), 1);
    assert!(other.starts_with("error[password-other-key]"), "{other}");
    assert!(said(&["password", "web-1"], 1).starts_with("error[password-not-windows]"));
    assert!(said(&["--read-only", "password", WINDOWS], 2).starts_with("error[password-read-only]"));

    desk.put_key();
    desk.change(|own| own.launched = SystemTime::now() - Duration::from_secs(150));
    let young = said(ask, 1);
    assert!(young.starts_with("error[password-not-yet]") && young.contains("2 minutes ago"), "{young}");
    desk.change(|own| own.launched = SystemTime::now() - Duration::from_secs(86_400));
    let before = desk.password();
    desk.change(|own| own.password = None);
    assert!(said(ask, 1).starts_with("error[password-not-made]"));
    desk.change(|own| (own.password, own.key_name) = (Some(before.clone()), Some("team-prod".to_owned())));
    let ed25519 = said(ask, 1);
    assert!(ed25519.starts_with("error[password-not-rsa]") && ed25519.contains("team-prod"), "{ed25519}");
    desk.change(|own| own.key_name = None);
    let without = said(ask, 1);
    assert!(without.starts_with("error[password-no-pair]") && without.contains(ID), "{without}");

    desk.sim.set_faults(vec!["ec2:GetPasswordData=deny".parse().unwrap()]);
    let denied = said(ask, 5);
    assert!(denied.contains(ASKS), "{denied}");
}

/// A simulated cloud, and a home that has none of its keys yet.
struct Desk {
    sim: Sim,
    home: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        let sim = Sim::start(Options::default()).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".ssh")).unwrap();
        Self { sim, home }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// The key pair's file, under a name that says nothing.
    fn put_key(&self) -> PathBuf {
        let path = self.path().join(".ssh/a-key");
        // The simulated cloud makes it when it is first asked for.
        assert!(self.run(&["show", WINDOWS]).status.success());
        fs::copy(self.sim.directory().join("keys/it-windows"), &path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn password(&self) -> String {
        self.sim.fleet().instances().find(|own| own.id == ID).unwrap().password.clone().unwrap()
    }

    fn change(&self, change: impl Fn(&mut Instance)) {
        self.sim.edit(|fleet| change(fleet.instance_mut(WINDOWS).unwrap()));
    }

    fn asked(&self) -> usize {
        self.sim.calls().iter().filter(|call| call.action == ASKS).count()
    }

    fn environment(&self) -> Vec<(String, String)> {
        let home = self.path().display().to_string();
        let own = [
            ("HOME", home.clone()),
            ("TMPDIR", home),
            ("PATH", std::env::var("PATH").unwrap()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ];
        // Its config names the key; here it is to be found.
        let of_sim = self.sim.environment().into_iter().filter(|(name, _)| *name != "EC2DASH_CONFIG");
        own.into_iter().chain(of_sim).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(ec2dash()).args(arguments).env_clear().envs(self.environment()).stdin(Stdio::null()).output().unwrap()
    }

    /// A shell with job control.
    fn shell(&self) -> Terminal {
        let mut environment = self.environment();
        environment.push(("PS1".to_owned(), "% ".to_owned()));
        let terminal = Terminal::start("/bin/sh".as_ref(), &["-i"], &environment, (200, 50));
        terminal.wait_for("% ");
        terminal
    }

    fn terminal(&self, arguments: &[&str]) -> Terminal {
        Terminal::start(ec2dash(), arguments, &self.environment(), (200, 50))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
