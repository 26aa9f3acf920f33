//! Which `ssh` there is on this computer, and whether it can do what we ask of it.

use std::ffi::OsStr;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use super::ssh_memory::{SshMemory, State};
use crate::access::{self, SshVersion as Version};
use crate::model::Untrusted;

/// The first version with every option we use.
pub const OLDEST: Version = Version { major: 8, minor: 4 };

const ANSWER_LIMIT: Duration = Duration::from_secs(5);
const LONGEST_ANSWER: u64 = 4096;

/// What was found in PATH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SshClient {
    /// An OpenSSH that will do.
    OpenSsh {
        /// The program.
        program: PathBuf,
        /// Its version.
        version: Version,
    },
    /// An OpenSSH older than 8.4.
    TooOld {
        /// The program.
        program: PathBuf,
        /// Its version.
        version: Version,
    },
    /// Dropbear, which knows none of our options.
    Dropbear {
        /// The program.
        program: PathBuf,
    },
    /// Something else.
    Unknown {
        /// The program.
        program: PathBuf,
        /// The first line of what it said to `-V`.
        said: Untrusted,
    },
    /// Nothing.
    Missing,
}

impl SshClient {
    /// Find the first `ssh` in `path`, the value of PATH, and ask for its version, unless it is in `memory`.
    pub async fn find(path: Option<&OsStr>, memory: &SshMemory) -> Self {
        let Some(program) = in_path("ssh", path) else { return Self::Missing };
        // Before it is asked: what changes meanwhile is asked again.
        let state = State::of(&program);
        if let Some(version) = state.as_ref().and_then(|state| memory.version(state)) {
            return Self::OpenSsh { program, version };
        }
        let said = match ask(&program).await {
            Ok(said) => said,
            Err(error) => error.to_string(),
        };
        let found = classify(program, &said);
        // What is no OpenSSH of use may be one the next time, as after an error.
        if let (Some(state), Self::OpenSsh { version, .. }) = (state, &found) {
            memory.keep(state, *version);
        }
        found
    }
}

/// As the rules see it.
impl From<SshClient> for access::SshClient {
    fn from(found: SshClient) -> Self {
        match found {
            SshClient::OpenSsh { version, .. } => Self::Usable(version),
            SshClient::TooOld { version, .. } => Self::TooOld(format!("{}.{}", version.major, version.minor)),
            SshClient::Dropbear { .. } | SshClient::Unknown { .. } => Self::Foreign,
            SshClient::Missing => Self::Missing,
        }
    }
}

/// The first program of this name in `path`. Relative entries, which change with the current directory, do not count.
pub fn in_path(name: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    let is_program =
        |file: &PathBuf| file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0);
    std::env::split_paths(path?)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(name))
        .find(is_program)
}

/// OpenSSH answers on stderr. A program that is none may say anything, for ever.
async fn ask(program: &Path) -> io::Result<String> {
    let mut child = Command::new(program)
        .arg("-V")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let reading = async { tokio::join!(start_of(stderr), start_of(stdout)) };
    let (stderr, stdout) = tokio::time::timeout(ANSWER_LIMIT, reading).await.map_err(|_| io::ErrorKind::TimedOut)?;
    Ok(if stderr.is_empty() { stdout } else { stderr })
}

async fn start_of(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // What came before an error is as good as it gets.
        let _ = stream.take(LONGEST_ANSWER).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn classify(program: PathBuf, said: &str) -> SshClient {
    let line = said.lines().next().unwrap_or_default();
    match version(line) {
        Some(version) if version >= OLDEST => SshClient::OpenSsh { program, version },
        Some(version) => SshClient::TooOld { program, version },
        None if said.contains("Dropbear") => SshClient::Dropbear { program },
        None => SshClient::Unknown { program, said: Untrusted::from(line) },
    }
}

/// `OpenSSH_9.2p1 Debian-2, OpenSSL …`, `OpenSSH_for_Windows_8.1p1, …`
fn version(line: &str) -> Option<Version> {
    let rest = line.strip_prefix("OpenSSH_")?;
    let rest = rest.strip_prefix("for_Windows_").unwrap_or(rest);
    let (major, rest) = rest.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(Version { major: major.parse().ok()?, minor: minor.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn fake(script: &str) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("ssh");
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        directory
    }

    #[test]
    fn an_openssh_of_8_4_or_later_will_do() {
        for (said, major, minor) in [
            ("OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19 27 Jan 2026", 9, 2),
            ("OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3", 8, 6),
            ("OpenSSH_10.0p2, LibreSSL 3.3.6", 10, 0),
            ("OpenSSH_8.4", 8, 4),
        ] {
            let expected = SshClient::OpenSsh { program: "/usr/bin/ssh".into(), version: Version { major, minor } };

            assert_eq!(classify("/usr/bin/ssh".into(), said), expected, "{said}");
        }
    }

    #[test]
    fn an_older_openssh_is_too_old() {
        for said in ["OpenSSH_7.9p1, OpenSSL 1.1.1d  10 Sep 2019", "OpenSSH_8.3p1", "OpenSSH_6.6.1p1"] {
            assert!(matches!(classify("/ssh".into(), said), SshClient::TooOld { .. }), "{said}");
        }
    }

    #[test]
    fn dropbear_is_told_apart() {
        let warned =
            "WARNING: Ignoring unknown option -V\nDropbear SSH client v2020.81 https://matt.ucc.asn.au/dropbear/dropbear.html";
        for said in ["Dropbear v2022.83", warned] {
            assert_eq!(classify("/ssh".into(), said), SshClient::Dropbear { program: "/ssh".into() }, "{said}");
        }
    }

    #[test]
    fn anything_else_is_unknown() {
        for said in ["", "OpenSSH_", "OpenSSH_x.y", "something else"] {
            assert!(matches!(classify("/ssh".into(), said), SshClient::Unknown { .. }), "{said}");
        }
    }

    #[tokio::test]
    async fn the_ssh_of_this_computer_is_found() {
        let path = std::env::var_os("PATH");

        let client = SshClient::find(path.as_deref(), &SshMemory::default()).await;

        assert!(matches!(client, SshClient::OpenSsh { .. }), "{client:?}");
    }

    #[tokio::test]
    async fn no_path_and_no_program_is_missing() {
        let empty = tempfile::tempdir().unwrap();
        fs::write(empty.path().join("ssh"), "not executable").unwrap();

        assert_eq!(SshClient::find(None, &SshMemory::default()).await, SshClient::Missing);
        assert_eq!(SshClient::find(Some(empty.path().as_os_str()), &SshMemory::default()).await, SshClient::Missing);
    }

    #[tokio::test]
    async fn the_first_one_in_path_counts() {
        let (dropbear, openssh) = (fake("echo 'Dropbear v2022.83' >&2"), fake("echo OpenSSH_9.9p1 >&2"));
        let path = std::env::join_paths([dropbear.path(), openssh.path()]).unwrap();

        let client = SshClient::find(Some(&path), &SshMemory::default()).await;

        assert_eq!(client, SshClient::Dropbear { program: dropbear.path().join("ssh") });
    }

    #[test]
    fn the_current_directory_is_never_searched() {
        for path in ["", ".", "relative/bin", ":"] {
            assert_eq!(in_path("Cargo.toml", Some(OsStr::new(path))), None, "{path:?}");
        }
    }

    #[tokio::test]
    async fn a_program_that_talks_for_ever_is_cut_short() {
        let endless = fake("yes >&2");

        let client = SshClient::find(Some(endless.path().as_os_str()), &SshMemory::default()).await;

        assert_eq!(client, SshClient::Unknown { program: endless.path().join("ssh"), said: Untrusted::from("y") });
    }

    #[tokio::test]
    async fn an_openssh_is_asked_once_as_long_as_it_is_the_same_file() {
        let asked = tempfile::NamedTempFile::new().unwrap();
        let script = |version: &str| format!("echo >> '{}'\necho OpenSSH_{version} >&2", asked.path().display());
        let (first, other) = (fake(&script("9.2p1")), fake(&script("8.9p1")));
        let memory = SshMemory::default();
        let find = async |directory: &TempDir| match SshClient::find(Some(directory.path().as_os_str()), &memory).await {
            SshClient::OpenSsh { program, version } => (program, (version.major, version.minor)),
            client => panic!("{client:?}"),
        };
        let times = || fs::read_to_string(asked.path()).unwrap().lines().count();

        for _ in 0..3 {
            assert_eq!(find(&first).await, (first.path().join("ssh"), (9, 2)));
        }
        assert_eq!(times(), 1);

        assert_eq!(find(&other).await, (other.path().join("ssh"), (8, 9)));
        assert_eq!(times(), 2);

        let newer = fake(&script("10.0p2"));
        fs::rename(newer.path().join("ssh"), other.path().join("ssh")).unwrap();
        assert_eq!(find(&other).await, (other.path().join("ssh"), (10, 0)));
        fs::write(other.path().join("ssh"), format!("#!/bin/sh\n{}\n", script("10.10p1"))).unwrap();
        assert_eq!(find(&other).await, (other.path().join("ssh"), (10, 10)));
        assert_eq!(times(), 4);
    }

    #[tokio::test]
    async fn what_is_no_openssh_of_use_is_asked_again() {
        let (home, memory) = (fake("echo Dropbear v2022.83 >&2"), SshMemory::default());
        let path = Some(home.path().as_os_str());
        assert_eq!(SshClient::find(path, &memory).await, SshClient::Dropbear { program: home.path().join("ssh") });
        let helper = home.path().join("helper");
        for (said, is_usable) in [("OpenSSH_7.9p1", false), ("OpenSSH_9.2p1", true)] {
            // The same script: what it runs has changed.
            fs::write(home.path().join("ssh"), format!("#!/bin/sh\n. '{}'\n", helper.display())).unwrap();
            fs::write(&helper, format!("echo {said} >&2\n")).unwrap();
            assert_eq!(matches!(SshClient::find(path, &memory).await, SshClient::OpenSsh { .. }), is_usable, "{said}");
        }
    }
}
