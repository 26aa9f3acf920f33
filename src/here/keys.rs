//! Private key files, and what keeps OpenSSH from using one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::access::{KeyFile, KeyProblem};
use crate::model::Untrusted;

/// Enough for any private key, leading text included; of a larger file, enough to recognise what it is.
const MOST: u64 = 64 * 1024;
/// How OpenSSH's own format begins.
const OPENSSH: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
/// Endings of a file with the private key of a pair; `.ppk` last, because OpenSSH cannot read it.
const ENDINGS: [&str; 3] = ["", ".pem", ".ppk"];

/// The private key of a pair in `home/.ssh`: the first file that OpenSSH can use, else the first that it cannot.
pub(super) fn for_pair(home: &Path, name: &Untrusted) -> Option<KeyFile> {
    let name = plain_file_name(name)?;
    let found: Vec<KeyFile> = ENDINGS
        .iter()
        .map(|ending| home.join(".ssh").join(format!("{name}{ending}")))
        .filter_map(|path| look(&path).filter(Look::is_private).map(|look| look.file(path)))
        .collect();
    found.iter().find(|file| file.problem.is_none()).or(found.first()).cloned()
}

/// The file at a path that was asked for.
pub(super) fn at(path: &Path) -> KeyFile {
    match look(path) {
        Some(look) => look.file(path.to_owned()),
        None => KeyFile { path: path.to_owned(), problem: Some(KeyProblem::Missing) },
    }
}

/// The name of a key pair is somebody else's text: it becomes a file name only if it cannot be anything else.
fn plain_file_name(name: &Untrusted) -> Option<&str> {
    let name = name.raw();
    let is_harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"._ @+=-".contains(&byte);
    let is_plain = (1..=255).contains(&name.len()) && name.bytes().all(is_harmless) && !name.starts_with(['.', '-']);
    is_plain.then_some(name)
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Private {
        others_may_read: bool,
    },
    Putty,
    LineEnds,
    Public,
    Unreadable,
    /// Nothing we know; OpenSSH may know better.
    Unrecognised,
}

impl Look {
    fn is_private(&self) -> bool {
        matches!(self, Self::Private { .. } | Self::Putty | Self::LineEnds | Self::Unreadable)
    }

    fn file(self, path: PathBuf) -> KeyFile {
        let problem = match self {
            Self::Private { others_may_read: true } => Some(KeyProblem::TooOpen),
            Self::Private { others_may_read: false } | Self::Unrecognised => None,
            Self::Putty => Some(KeyProblem::Putty),
            Self::LineEnds => Some(KeyProblem::LineEnds),
            Self::Public => Some(KeyProblem::Public),
            Self::Unreadable => Some(KeyProblem::Unreadable),
        };
        KeyFile { path, problem }
    }
}

/// None if there is no such file.
fn look(path: &Path) -> Option<Look> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return None,
        Err(_) => return Some(Look::Unreadable),
    };
    // Opening a pipe would wait for a writer.
    if !metadata.is_file() {
        return Some(Look::Unreadable);
    }
    let Ok(text) = text(path) else { return Some(Look::Unreadable) };
    // As OpenSSH: it minds the mode of the user's own files only.
    let others_may_read = metadata.uid() == rustix::process::getuid().as_raw() && metadata.mode() & 0o077 != 0;
    Some(recognise(&text, others_may_read))
}

fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn recognise(text: &str, others_may_read: bool) -> Look {
    let has_line = |start: &str| text.lines().any(|line| line.starts_with(start));
    // The older formats are read by another hand, which minds none of this.
    let has_odd_line_ends = || text.contains('\r') || (text.len() < MOST as usize && !text.ends_with('\n'));
    if has_line(OPENSSH) && has_odd_line_ends() {
        return Look::LineEnds;
    }
    if text.contains("PRIVATE KEY-----") {
        return Look::Private { others_may_read };
    }
    if has_line("PuTTY-User-Key-File-") {
        return Look::Putty;
    }
    let public = [
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ssh-dss ",
        "ecdsa-sha2-",
        "sk-",
        "---- BEGIN SSH2 PUBLIC KEY",
        "-----BEGIN PUBLIC KEY",
        "-----BEGIN RSA PUBLIC KEY",
    ];
    if public.into_iter().any(has_line) { Look::Public } else { Look::Unrecognised }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            let home = tempfile::tempdir().unwrap();
            fs::create_dir(home.path().join(".ssh")).unwrap();
            Self(home)
        }

        /// Put a vector into `~/.ssh` under another name.
        fn put(&self, vector: &str, name: &str, mode: u32) -> PathBuf {
            let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs");
            let path = self.0.path().join(".ssh").join(name);
            fs::write(&path, fs::read(vectors.join(vector)).unwrap()).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        }

        /// File name and problem of what is found for a pair.
        fn found(&self, pair: &str) -> Option<(String, Option<KeyProblem>)> {
            let file = for_pair(self.0.path(), &pair.into())?;
            Some((file.path.file_name().unwrap().to_string_lossy().into_owned(), file.problem))
        }
    }

    #[test]
    fn every_private_format_that_openssh_reads_is_fine() {
        for vector in [
            "TEST-ONLY-ed25519.openssh.key",
            "TEST-ONLY-ed25519.openssh-encrypted.key",
            "TEST-ONLY-ed25519.pkcs8.pem",
            "TEST-ONLY-rsa2048.pkcs1.pem",
        ] {
            let home = Home::new();
            let path = home.put(vector, "key", 0o600);

            assert_eq!(at(&path).problem, None, "{vector}");
        }
    }

    #[test]
    fn what_keeps_openssh_from_using_a_file_is_told() {
        let home = Home::new();
        for (vector, mode, problem) in [
            ("TEST-ONLY-ed25519.openssh.key", 0o644, KeyProblem::TooOpen),
            ("TEST-ONLY-ed25519.openssh.key", 0o640, KeyProblem::TooOpen),
            ("TEST-ONLY-ed25519.v2.ppk", 0o600, KeyProblem::Putty),
            ("TEST-ONLY-ed25519.v3.ppk", 0o600, KeyProblem::Putty),
            ("TEST-ONLY-ed25519.pub", 0o644, KeyProblem::Public),
            ("TEST-ONLY-rsa2048.rfc4716.pub", 0o644, KeyProblem::Public),
        ] {
            let path = home.put(vector, "key", mode);

            assert_eq!(at(&path).problem, Some(problem), "{vector} {mode:o}");
        }
        assert_eq!(at(&home.0.path().join("nothing")).problem, Some(KeyProblem::Missing));
        assert_eq!(at(home.0.path()).problem, Some(KeyProblem::Unreadable), "a directory");
    }

    #[test]
    fn line_ends_that_openssh_does_not_take_are_told_and_its_mend_makes_the_key_readable() {
        let home = Home::new();
        let reads = |path: &Path| {
            let keygen = std::process::Command::new("ssh-keygen").args(["-y", "-P", "", "-f"]).arg(path).output().unwrap();
            keygen.status.success()
        };
        for vector in ["TEST-ONLY-ed25519.openssh.key", "TEST-ONLY-rsa2048.pkcs1.pem"] {
            let path = home.put(vector, "a key", 0o600);
            let good = fs::read_to_string(&path).unwrap();
            for odd in [good.replace('\n', "\r\n"), good.trim_end().to_owned(), good.trim_end().replace('\n', "\r\n")] {
                fs::write(&path, &odd).unwrap();
                let is_read = reads(&path);

                let problem = at(&path).problem;

                assert_eq!(problem, (!is_read).then_some(KeyProblem::LineEnds), "{vector}: {odd:?}");
                let text = crate::text::Catalogue::english();
                let mend =
                    text.say_with("fix-ssh-key-line-ends", &[("word", crate::text::shell_word(&path.to_string_lossy()).into())]);
                assert!(std::process::Command::new("sh").args(["-c", &mend]).status().unwrap().success(), "{mend}");
                assert!(reads(&path) && at(&path).problem.is_none(), "{vector}");
            }
        }
    }

    #[test]
    fn the_key_of_a_pair_is_found_under_its_name_and_a_usable_file_wins() {
        let home = Home::new();
        assert_eq!(home.found("team-prod"), None);

        home.put("TEST-ONLY-ed25519.v3.ppk", "team-prod.ppk", 0o600);
        assert_eq!(home.found("team-prod"), Some(("team-prod.ppk".into(), Some(KeyProblem::Putty))));

        home.put("TEST-ONLY-rsa2048.pkcs1.pem", "team-prod.pem", 0o400);
        assert_eq!(home.found("team-prod"), Some(("team-prod.pem".into(), None)));

        home.put("TEST-ONLY-ed25519.openssh.key", "team-prod", 0o644);
        assert_eq!(home.found("team-prod"), Some(("team-prod.pem".into(), None)));
        assert_eq!(home.found("team-prod.pem"), Some(("team-prod.pem".into(), None)));
    }

    #[test]
    fn the_name_of_a_pair_never_leads_out_of_the_directory() {
        let home = Home::new();
        fs::create_dir(home.0.path().join(".ssh/sub")).unwrap();
        home.put("TEST-ONLY-ed25519.openssh.key", "sub/key", 0o600);
        home.put("TEST-ONLY-ed25519.openssh.key", ".hidden", 0o600);
        home.put("TEST-ONLY-ed25519.openssh.key", "../outside", 0o600);
        home.put("TEST-ONLY-ed25519.openssh.key", "my key@home", 0o600);

        for name in ["sub/key", "../outside", ".hidden", "-oX", "", "key\0", "a\nb", "/etc/passwd", "결제", &"a".repeat(256)] {
            assert_eq!(home.found(name), None, "{name:?}");
        }
        assert!(home.found("my key@home").is_some());
    }

    #[test]
    fn other_files_of_the_directory_are_no_keys() {
        let home = Home::new();
        fs::write(home.0.path().join(".ssh/config"), "Host *\n  User x\n").unwrap();
        home.put("TEST-ONLY-ed25519.pub", "authorized_keys", 0o600);

        assert_eq!(home.found("config"), None);
        assert_eq!(home.found("authorized_keys"), None);
    }

    #[test]
    fn carriage_returns_and_leading_text_do_not_hide_a_key() {
        assert_eq!(recognise("a note\r\nPuTTY-User-Key-File-3: ssh-rsa\r\n", false), Look::Putty);
        let pem = "Bag Attributes\r\n-----BEGIN RSA PRIVATE KEY-----\r\n";
        assert_eq!(recognise(pem, false), Look::Private { others_may_read: false });
    }
}
