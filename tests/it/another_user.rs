//! Another user of this computer who was here first: what they put in our way is neither followed, nor used, nor removed.

use std::fs::{self, DirBuilder, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::demo::left_in;
use crate::support::tools::{ec2dash, system_tool};

/// Whose run it is: a user with an account, which ssh asks for.
const NOBODY: u32 = 65_534;
/// Who was here first.
const OTHER: u32 = 54_321;

#[test]
fn a_directory_of_runs_that_another_user_made_is_left_alone_and_another_place_taken() {
    let Some(desk) = Desk::new("a_directory_of_runs_that_another_user_made_is_left_alone_and_another_place_taken") else {
        return;
    };
    let runtime = desk.shared("runtime");
    let ours = runtime.join("ec2dash");
    let trap = desk.directory("trap", OTHER, 0o777);
    let own = desk.directory("home/own", NOBODY, 0o700);
    let before = [changed(&trap), changed(&own)];

    for what in ["a link to a directory of theirs", "a link to a directory of ours", "open", "closed", "a file"] {
        match what {
            "a link to a directory of theirs" => symlink(&trap, &ours).unwrap(),
            "a link to a directory of ours" => symlink(&own, &ours).unwrap(),
            "open" => DirBuilder::new().mode(0o777).create(&ours).unwrap(),
            "closed" => DirBuilder::new().mode(0o700).create(&ours).unwrap(),
            _ => fs::write(&ours, "").unwrap(),
        }
        std::os::unix::fs::lchown(&ours, Some(OTHER), Some(OTHER)).unwrap();
        let put_there = fs::symlink_metadata(&ours).unwrap();

        let output = desk.run(&["--demo", "ssh", "web-1", "-m", "eic", "--", "echo in"], &[("XDG_RUNTIME_DIR", &runtime)]);

        assert_eq!((output.status.code(), &*output.stdout), (Some(0), &b"in\n"[..]), "{what}: {}", said(&output));
        let found = fs::symlink_metadata(&ours).unwrap();
        let told = |metadata: &fs::Metadata| (metadata.ino(), metadata.uid(), metadata.mode(), metadata.mtime_nsec());
        assert_eq!(told(&found), told(&put_there), "{what}");
        assert_eq!(left_in(&runtime), ["ec2dash"], "{what}");
        assert_eq!([changed(&trap), changed(&own)], before, "{what}: somebody wrote there");
        if put_there.is_dir() { fs::remove_dir(&ours).unwrap() } else { fs::remove_file(&ours).unwrap() }
    }
}

#[test]
fn leftovers_that_another_user_made_up_are_not_swept_and_end_no_program_of_ours() {
    let Some(desk) = Desk::new("leftovers_that_another_user_made_up_are_not_swept_and_end_no_program_of_ours") else { return };
    let place = desk.shared("tmp");
    let mut program = Command::new("sleep").arg("600").uid(NOBODY).gid(NOBODY).spawn().unwrap();
    let stat = fs::read_to_string(format!("/proc/{}/stat", program.id())).unwrap();
    let begun = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    let theirs = place.join("ec2dash-run-000000000000");
    let precious = desk.directory("home/precious", NOBODY, 0o700);
    for directory in [&theirs, &precious] {
        if !directory.exists() {
            DirBuilder::new().mode(0o755).create(directory).unwrap();
        }
        fs::write(directory.join("lock"), "1\n").unwrap();
        fs::write(directory.join("child"), format!("{} {begun}\n", program.id())).unwrap();
    }
    chown(&theirs, Some(OTHER), Some(OTHER)).unwrap();
    fs::write(precious.join("file"), "").unwrap();
    let link = place.join("ec2dash-run-111111111111");
    symlink(&precious, &link).unwrap();
    std::os::unix::fs::lchown(&link, Some(OTHER), Some(OTHER)).unwrap();

    let output = desk.run(&["--demo", "ssh", "web-1", "-m", "eic", "--", "echo in"], &[("TMPDIR", &place)]);

    assert_eq!((output.status.code(), &*output.stdout), (Some(0), &b"in\n"[..]), "{}", said(&output));
    let mut left = left_in(&place);
    left.sort();
    assert_eq!(left, ["ec2dash-run-000000000000", "ec2dash-run-111111111111"]);
    assert!(theirs.join("lock").exists() && precious.join("file").exists());
    let ended = program.try_wait().unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    assert_eq!(ended, None, "a program of ours was ended because another user named it");
}

#[test]
fn files_and_directories_of_another_user_are_refused_where_ours_should_be() {
    let Some(desk) = Desk::new("files_and_directories_of_another_user_are_refused_where_ours_should_be") else { return };
    let trap = desk.directory("trap", OTHER, 0o777);
    let bait = |name: &str| {
        let path = trap.join(name);
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        chown(&path, Some(OTHER), Some(OTHER)).unwrap();
        path
    };
    let linked = desk.path("home/link");
    symlink(bait("linked"), &linked).unwrap();

    let log = |path: &Path| desk.run(&["--demo", "--log-file", path.to_str().unwrap(), "ls", "-o", "ids"], &[]);
    let config = |path: &Path| desk.run(&["--config", path.to_str().unwrap(), "ls"], &[]);
    let record = |path: &Path| desk.run(&["--demo", "connect", "web-1", "-m", "ssm", "--record", path.to_str().unwrap()], &[]);
    for (what, output) in [
        ("a log", log(&bait("log"))),
        ("a log behind a link", log(&linked)),
        ("settings", config(&bait("config.toml"))),
        ("a recording", record(&bait("rec.cast"))),
        ("a recording behind a link", record(&linked)),
    ] {
        assert!(!output.status.success() && output.stdout.is_empty(), "{what}: {}", said(&output));
        assert!(said(&output).starts_with("error["), "{what}: {}", said(&output));
    }
    for name in left_in(&trap) {
        assert_eq!(fs::read(trap.join(&name)).unwrap(), b"", "{name}");
    }

    // The state directory: what is theirs is not ours, though it lets us in.
    let state = desk.directory("state", NOBODY, 0o755);
    let theirs = state.join("ec2dash");
    DirBuilder::new().mode(0o777).create(&theirs).unwrap();
    fs::set_permissions(&theirs, Permissions::from_mode(0o777)).unwrap();
    chown(&theirs, Some(OTHER), Some(OTHER)).unwrap();
    let before = changed(&theirs);
    let cloud = desk.cloud();
    let variables: Vec<(&str, &Path)> = cloud
        .iter()
        .map(|(name, value)| (name.as_str(), Path::new(value)))
        .chain([("XDG_STATE_HOME", state.as_path())])
        .collect();

    let output = desk.run(&["ssh", "web-1", "-m", "eic", "--", "echo in"], &variables);

    assert_eq!((output.status.code(), &*output.stdout), (Some(0), &b"in\n"[..]), "{}", said(&output));
    assert!(said(&output).contains("nothing is remembered"), "{}", said(&output));
    assert!(said(&output).contains("New host keys cannot be kept"), "{}", said(&output));
    assert_eq!((changed(&theirs), left_in(&theirs)), (before, Vec::new()));
}

/// A home of a user who is neither root nor the other one, and the program where that user can run it.
struct Desk {
    root: tempfile::TempDir,
    program: PathBuf,
    sims: std::cell::RefCell<Vec<std::process::Child>>,
}

impl Desk {
    /// None: the test has run again where we are root, in a user namespace of our own.
    fn new(test: &str) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            again_as_root(&format!("{}::{test}", module_path!().split_once("::").unwrap().1));
            return None;
        }
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
        let program = root.path().join("ec2dash");
        // The way to where it was built may be closed to others.
        fs::hard_link(ec2dash(), &program).or_else(|_| fs::copy(ec2dash(), &program).map(drop)).unwrap();
        let desk = Self { root, program, sims: Default::default() };
        desk.directory("home", NOBODY, 0o700);
        desk.directory("own-tmp", NOBODY, 0o700);
        Some(desk)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A directory of this user's.
    fn directory(&self, name: &str, user: u32, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        chown(&path, Some(user), Some(user)).unwrap();
        path
    }

    /// A directory like `/tmp`.
    fn shared(&self, name: &str) -> PathBuf {
        self.directory(name, 0, 0o1777)
    }

    fn command(&self, arguments: &[&str], more: &[(&str, &Path)]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).uid(NOBODY).gid(NOBODY).env_clear().current_dir("/").stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LANG", "C.UTF-8");
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("own-tmp")).envs(more.iter().copied());
        command
    }

    fn run(&self, arguments: &[&str], more: &[(&str, &Path)]) -> Output {
        self.command(arguments, more).output().unwrap()
    }

    /// A simulated cloud of the same user's, and the way to it.
    fn cloud(&self) -> Vec<(String, String)> {
        let mut sim = self.command(&["sim"], &[]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = std::io::BufRead::lines(std::io::BufReader::new(sim.stdout.take().unwrap()));
        self.sims.borrow_mut().push(sim);
        let mut variables = Vec::new();
        for line in lines {
            let line = line.unwrap();
            let (name, value) = line.strip_prefix("export ").and_then(|line| line.split_once('=')).unwrap();
            variables.push((name.to_owned(), value.to_owned()));
            if name == "EC2DASH_CONFIG" {
                break;
            }
        }
        variables
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        for sim in self.sims.get_mut() {
            let _ = rustix::process::kill_process(rustix::process::Pid::from_child(sim), rustix::process::Signal::TERM);
            let _ = sim.wait();
        }
    }
}

/// Run this test as root where that asks nobody, else as the root of a user namespace, which has other users, too.
#[track_caller]
fn again_as_root(test: &str) {
    let install =
        "apt-get install uidmap util-linux (2.38 or newer), and a line for you in /etc/subuid and /etc/subgid; or run as root";
    let may_be_root = Command::new("sudo").args(["-n", "true"]).output().is_ok_and(|output| output.status.success());
    let mut command = Command::new(if may_be_root { "sudo".into() } else { system_tool("unshare", install) });
    let how: &[&str] = if may_be_root { &["-n", "--"] } else { &["--user", "--map-root-user", "--map-auto", "--"] };
    let output = command.args(how).arg(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).output().unwrap();
    let _ = std::io::stderr().write_all(&output.stderr);
    let passed = String::from_utf8_lossy(&output.stdout).contains("1 passed");
    assert!(output.status.success() && passed, "as root, or as the root of a user namespace ({install}): {output:?}");
}

/// When a name was last put into it or taken out.
fn changed(directory: &Path) -> (i64, i64) {
    let found = fs::metadata(directory).unwrap();
    (found.mtime(), found.mtime_nsec())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
