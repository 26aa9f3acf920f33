//! `cp` and `sync` to and from an instance whose files are served by OpenSSH for Windows.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, SystemTime};

use ec2dash_sim::{FleetSource, Options, Sim};

use crate::files::told;
use crate::proxy::{Desk, noise};

/// A simulated cloud whose Windows instances have OpenSSH.
struct Bench(Desk);

impl Bench {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let fleet = home.path().join("fleet.toml");
        // To make an RSA key takes seconds, and only its password needs one.
        let (with_rsa, without) = ("key = \"it-windows\"\npassword = \"d7(Zk?u9Rq@Xw.invented\"", "key = \"team-prod\"");
        let demo = include_str!("../../assets/demo/fleet.toml");
        assert!(demo.contains(with_rsa));
        fs::write(&fleet, demo.replace(with_rsa, without)).unwrap();
        let options =
            Options { fleet: FleetSource::File(fleet), windows_sshd: true, tells_host_keys: true, ..Options::default() };
        Self(Desk { sim: Sim::start(options).await.unwrap(), home })
    }

    fn path(&self) -> &Path {
        self.0.home.path()
    }

    /// By a way that needs no port of its own.
    fn run(&self, arguments: &[&str]) -> Output {
        let (command, arguments) = arguments.split_first().unwrap();
        let mut program = self.0.command(&[&[*command, "--method", "ssm-ssh", "--yes"], arguments].concat());
        program.current_dir(self.path()).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn tree(top: &Path) {
    fs::create_dir_all(top.join("deep/er")).unwrap();
    fs::write(top.join("plain"), "first").unwrap();
    fs::write(top.join("deep/한글 name"), noise(300_001)).unwrap();
    fs::write(top.join("deep/er/script"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(top.join("deep/er/script"), fs::Permissions::from_mode(0o751)).unwrap();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000);
    File::open(top.join("deep/er/script")).unwrap().set_modified(old).unwrap();
}

/// Every file with its content and its time: modes are not kept.
fn without_modes(top: &Path) -> Vec<(std::path::PathBuf, Vec<u8>, i64)> {
    told(top)
        .into_iter()
        .filter(|(path, ..)| top.join(path).is_file())
        .map(|(path, bytes, _, time)| (path, bytes, time))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_goes_to_a_drive_and_comes_back_by_every_way_to_write_its_path() {
    let bench = Bench::new().await;
    tree(&bench.path().join("site"));
    fs::set_permissions(bench.path().join("site/plain"), fs::Permissions::from_mode(0o600)).unwrap();

    let up = bench.run(&["cp", "-rp", "site", r"win-ad-01:C:\Users\Administrator\site"]);
    assert!(up.status.success(), "{}", text(&up.stderr));
    assert_eq!(text(&up.stderr).matches("Windows has no modes").count(), 1, "{}", text(&up.stderr));

    for (place, back) in [("C:/Users/Administrator/site", "one"), ("/C:/Users/Administrator/site", "two"), (r".\site", "three")] {
        let down = bench.run(&["cp", "-rp", &format!("win-ad-01:{place}"), back]);
        assert!(down.status.success(), "{place}: {}", text(&down.stderr));
        assert_eq!(without_modes(&bench.path().join(back)), without_modes(&bench.path().join("site")), "{place}");
    }
    // What its server says of modes makes nothing a program.
    let mode = |name: &str| fs::metadata(bench.path().join("one").join(name)).unwrap().permissions().mode() & 0o111;
    assert_eq!((mode("deep/er/script"), mode("plain")), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_windows_takes_for_another_is_refused_and_nothing_lands_elsewhere() {
    let bench = Bench::new().await;
    let site = bench.path().join("site");
    fs::create_dir(&site).unwrap();
    for name in [r"..\..\evil", "good", "a:stream", "nul.txt", "dot.", "Readme", "README"] {
        fs::write(site.join(name), name).unwrap();
    }

    let up = bench.run(&["cp", "-r", "site", "win-ad-01:site"]);
    let told = text(&up.stderr);
    let drive = bench.run(&["cp", "-r", "win-ad-01:C:/Users/", "drive"]);

    assert_eq!(up.status.code(), Some(1), "{told}");
    assert_eq!(told.matches("Windows has no such file name").count(), 4, "{told}");
    assert_eq!(told.matches("in other letters").count(), 1, "{told}");
    let home = bench.run(&["cp", "-r", "win-ad-01:.", "home"]);
    assert!(home.status.success(), "{}", text(&home.stderr));
    let mut names: Vec<_> =
        fs::read_dir(bench.path().join("home/site")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert!(names.len() == 2 && names.iter().any(|name| name == "good"), "{names:?}");
    // There is no such folder, for nothing was written into it.
    assert_eq!(drive.status.code(), Some(1), "{}", text(&drive.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_settles_and_removes_no_file_for_the_case_of_its_name() {
    let bench = Bench::new().await;
    let site = bench.path().join("site");
    tree(&site);
    let there = r"win-ad-01:C:\Users\Administrator\site";

    let first = bench.run(&["sync", "site", there]);
    let second = bench.run(&["sync", "--dry-run", "--delete", "site", there]);
    fs::rename(site.join("plain"), site.join("PLAIN")).unwrap();
    fs::remove_file(site.join("deep/er/script")).unwrap();
    let third = bench.run(&["sync", "--dry-run", "--delete", "site", there]);

    assert!(first.status.success(), "{}", text(&first.stderr));
    assert_eq!((text(&second.stdout).as_str(), second.status.code()), ("", Some(0)), "{}", text(&second.stderr));
    let todo = text(&third.stdout);
    assert!(todo.contains("copy site/PLAIN\n") && todo.contains("er/script\n"), "{todo}");
    assert_eq!(todo.matches("remove ").count(), 1, "{todo}");
}
