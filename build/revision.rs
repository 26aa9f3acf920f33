//! Tells the program which commit it is built from, and of which day that is.
//!
//! A packager says it in `EC2DASH_COMMIT` and `SOURCE_DATE_EPOCH`; otherwise git does, where the package is a checkout of its own.
//! Where nobody does the version stands alone. The day is that of the commit, never that of the build: the same sources give the same program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Digits of a commit that are shown.
const DIGITS: usize = 12;

/// A commit, and its time in seconds since 1970 where that is known.
struct Revision {
    commit: String,
    time: Option<i64>,
}

/// Set `EC2DASH_LONG_VERSION` for the compiler.
pub fn tell() {
    let version = env::var("CARGO_PKG_VERSION").expect("cargo says the version");
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is"));
    let long = match of_packager().or_else(|| of_git(&package)) {
        Some(Revision { commit, time: Some(time) }) => format!("{version} ({commit} {})", day(time)),
        Some(Revision { commit, time: None }) => format!("{version} ({commit})"),
        None => version,
    };
    println!("cargo::rustc-env=EC2DASH_LONG_VERSION={long}");
}

fn of_packager() -> Option<Revision> {
    let said = |name: &str| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var(name).ok().filter(|value| !value.is_empty())
    };
    let (commit, time) = (said("EC2DASH_COMMIT"), said("SOURCE_DATE_EPOCH"));
    let commit = commit?;
    assert!(commit.bytes().all(|byte| byte.is_ascii_alphanumeric()), "EC2DASH_COMMIT is the id of a commit, not {commit:?}");
    let time = time.map(|time| time.parse().unwrap_or_else(|_| panic!("SOURCE_DATE_EPOCH is a number of seconds, not {time:?}")));
    Some(Revision { commit: commit.chars().take(DIGITS).collect(), time })
}

/// What git says of a checkout. Sources without a `.git` of their own are not asked about: they may lie in somebody else's.
fn of_git(package: &Path) -> Option<Revision> {
    if !package.join(".git").exists() {
        return None;
    }
    // A path that is not there would be one that has changed at each build. In a worktree git knows where they are.
    let head = git(package, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(head.as_deref()) {
        let path = git(package, &["rev-parse", "--git-path", name]).map(|path| package.join(path));
        if let Some(path) = path.filter(|path| fs::metadata(path).is_ok()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    // What porcelain prints is the user's to configure; this is not.
    let told = git(package, &["rev-list", "--max-count=1", "--timestamp", "HEAD"])?;
    let (time, commit) = told.split_once(' ')?;
    Some(Revision { commit: commit.chars().take(DIGITS).collect(), time: time.parse().ok() })
}

fn git(package: &Path, words: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    // A hook of git that builds has these set, for a repository that may be another.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"] {
        git.env_remove(variable);
    }
    let output = git.arg("-C").arg(package).args(words).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The day of a time in UTC: `2026-11-28`.
fn day(time: i64) -> String {
    // Counted from the first of March of year 0, so that a leap day is the last of its year. 400 years are 146,097 days.
    let days = time.div_euclid(86_400) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + year_of_era + era * 400)
}
