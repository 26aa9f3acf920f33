//! Which commit the program is said to be built from: the build script itself, run on checkouts of every kind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::tools::system_tool;

const INSTALL: &str = "apt-get install git";

/// The build script, and a package for it that it can be run on.
struct Build {
    room: TempDir,
}

impl Build {
    fn new() -> Self {
        let room = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("build/main.rs");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let compiled = Command::new(rustc)
            .args(["--edition", "2024", "--cap-lints", "allow", "-o"])
            .arg(room.path().join("build"))
            .arg(script)
            .status()
            .unwrap();
        assert!(compiled.success());
        let build = Self { room };
        fs::create_dir_all(build.package().join("assets/locales")).unwrap();
        build
    }

    fn package(&self) -> PathBuf {
        self.room.path().join("package")
    }

    /// What the script tells cargo, about the package in `folder`.
    fn tells_of(&self, folder: &Path, variables: &[(&str, &str)]) -> String {
        let mut script = Command::new(self.room.path().join("build"));
        script.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.room.path());
        script.env("CARGO_PKG_VERSION", "9.8.7").env("CARGO_MANIFEST_DIR", folder).env("OUT_DIR", self.room.path());
        let output = script.envs(variables.iter().copied()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn version_of(&self, folder: &Path, variables: &[(&str, &str)]) -> String {
        let told = self.tells_of(folder, variables);
        let line = told.lines().find_map(|line| line.strip_prefix("cargo::rustc-env=EC2DASH_LONG_VERSION="));
        line.unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    /// git in `folder`, at a time that is the same on every machine: 23:30 on the 28th of February in New York, the 29th in UTC.
    fn git(&self, folder: &Path, words: &[&str]) -> String {
        let mut git = Command::new(system_tool("git", INSTALL));
        git.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.room.path());
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "A").env(format!("GIT_{who}_EMAIL"), "a@example.com");
            git.env(format!("GIT_{who}_DATE"), "2024-02-28T23:30:00-0500");
        }
        let output = git.arg("-C").arg(folder).args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A repository of `folder` with one commit, whose id comes back.
    fn commit(&self, folder: &Path) -> String {
        self.git(folder, &["init", "--quiet"]);
        self.git(folder, &["commit", "--quiet", "--allow-empty", "-m", "first"]);
        self.git(folder, &["rev-parse", "HEAD"])[..12].to_owned()
    }
}

#[test]
fn a_packager_says_the_commit_and_its_time() {
    let build = Build::new();
    let package = build.package();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let day = |time: &str| build.version_of(&package, &[("EC2DASH_COMMIT", commit), ("SOURCE_DATE_EPOCH", time)]);

    for (time, date) in
        [("0", "1970-01-01"), ("951782400", "2000-02-29"), ("1709164799", "2024-02-28"), ("4107542400", "2100-03-01")]
    {
        assert_eq!(day(time), format!("9.8.7 (0123456789ab {date})"));
    }
    assert_eq!(build.version_of(&package, &[("EC2DASH_COMMIT", commit)]), "9.8.7 (0123456789ab)");
    // What a packager says goes before what a checkout says.
    build.commit(&package);
    assert_eq!(day("0"), "9.8.7 (0123456789ab 1970-01-01)");
}

#[test]
fn a_checkout_says_its_own_commit_and_day_in_utc() {
    let build = Build::new();
    let package = build.package();

    let commit = build.commit(&package);
    let worktree = build.room.path().join("worktree");
    build.git(&package, &["worktree", "add", "--quiet", "-b", "other", worktree.to_str().unwrap()]);
    fs::create_dir_all(worktree.join("assets/locales")).unwrap();
    // A hook of another repository builds this one.
    let foreign = [("GIT_DIR", "/no/such"), ("GIT_WORK_TREE", "/")];

    assert_eq!(build.version_of(&package, &foreign), format!("9.8.7 ({commit} 2024-02-29)"));
    assert!(worktree.join(".git").is_file());
    assert_eq!(build.version_of(&worktree, &[]), format!("9.8.7 ({commit} 2024-02-29)"));
    build.git(&package, &["pack-refs", "--all"]);
    assert_eq!(build.version_of(&package, &[]), format!("9.8.7 ({commit} 2024-02-29)"));
}

#[test]
fn without_a_checkout_of_its_own_the_version_stands_alone() {
    let build = Build::new();
    let package = build.package();

    assert_eq!(build.version_of(&package, &[("SOURCE_DATE_EPOCH", "0")]), "9.8.7");
    // Unpacked in a repository that is somebody else's.
    build.commit(build.room.path());
    assert_eq!(build.version_of(&package, &[]), "9.8.7");
    // A repository without a commit, and one that is none.
    build.git(&package, &["init", "--quiet"]);
    assert_eq!(build.version_of(&package, &[]), "9.8.7");
    fs::remove_dir_all(package.join(".git")).unwrap();
    fs::write(package.join(".git"), "gitdir: /no/such\n").unwrap();
    assert_eq!(build.version_of(&package, &[]), "9.8.7");
}

#[test]
fn the_build_is_done_again_for_a_commit_and_for_nothing_else_of_git() {
    let build = Build::new();
    let package = build.package();
    build.commit(&package);
    build.git(&package, &["worktree", "add", "--quiet", "-b", "other", build.room.path().join("worktree").to_str().unwrap()]);
    fs::create_dir_all(build.room.path().join("worktree/assets/locales")).unwrap();

    for folder in [package.clone(), build.room.path().join("worktree")] {
        let watched = |told: &str| -> Vec<PathBuf> {
            told.lines().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed=")).map(PathBuf::from).collect()
        };
        let paths = watched(&build.tells_of(&folder, &[]));
        // What is missing counts as changed at every build.
        assert!(paths.iter().all(|path| path.exists()), "{paths:?}");
        assert!(!paths.iter().any(|path| path.ends_with("index") || path.ends_with(".git")), "{paths:?}");

        let content = || -> Vec<Option<Vec<u8>>> { paths.iter().map(|path| fs::read(path).ok()).collect() };
        let before = content();
        build.git(&folder, &["commit", "--quiet", "--allow-empty", "-m", "second"]);
        assert_ne!(content(), before, "{paths:?}");
    }
}
