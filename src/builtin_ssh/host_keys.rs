//! Whether the key that a host shows is the one it is known by: OpenSSH's rules for known_hosts, with the same lines on stderr.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use russh::keys::{Algorithm, EcdsaCurve};

use super::arguments::{Call, Checking};
use super::names::{KnownKey, known_keys};
use super::trouble::complain;
use super::words::{expanded, split};
use crate::model::HostKey;

/// What an administrator pins or revokes holds here, too: OpenSSH's default of `GlobalKnownHostsFile`.
const OF_THE_SYSTEM: [&str; 2] = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];
/// Keys of hosts whose signatures are checked; RSA is not among them: its crate has an open advisory.
pub(super) const HOST_KEYS: [Algorithm; 4] = [
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
];

/// What is said of a key that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
    Known,
    /// No key is known.
    New,
    /// Only keys are known that this client never asks for: whether the host is the right one cannot be told.
    Incomparable,
    /// Others are known.
    Changed,
    Revoked,
}

/// What is known of one host.
#[derive(Debug)]
pub(super) struct HostKeys {
    name: String,
    checking: Checking,
    is_quiet: bool,
    /// The first is where a new key is written.
    files: Vec<PathBuf>,
    ask: Option<Vec<u8>>,
}

impl HostKeys {
    pub(super) fn of(call: &Call) -> Self {
        Self {
            name: call.known_as(),
            checking: call.checking,
            is_quiet: call.is_quiet,
            files: call.known_hosts.clone(),
            ask: call.ask.clone(),
        }
    }

    /// The types of the keys that are known, which the host is asked for first: it has several, and shows one.
    pub(super) fn types(&self) -> Vec<&'static str> {
        let keys = self.known(None).unwrap_or_default();
        keys.iter().filter(|known| !known.is_revoked).map(|known| known.key.algorithm()).collect()
    }

    /// Whether the host is the right one. What is to be said of it is said.
    pub(super) fn accepts(&self, shown: &HostKey) -> bool {
        let known = match self.known(Some(shown)) {
            Ok(known) => known,
            Err(error) => {
                complain(&format!("KnownHostsCommand failed: {error}"));
                return false;
            }
        };
        let kind = shown.kind().word();
        match judged(&known, shown) {
            Judgement::Known => true,
            Judgement::New if self.checking == Checking::AcceptNew => {
                match self.keep(shown) {
                    Ok(()) if self.is_quiet => {}
                    Ok(()) => {
                        complain(&format!("Warning: Permanently added '{}' ({kind}) to the list of known hosts.", self.name))
                    }
                    Err(error) => complain(&format!("Failed to add the host to the list of known hosts: {error}")),
                }
                true
            }
            Judgement::New | Judgement::Incomparable => {
                complain(&format!("No {kind} host key is known for {} and you have requested strict checking.", self.name));
                false
            }
            Judgement::Changed => {
                banner("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!");
                complain(&format!("The fingerprint for the {kind} key sent by the remote host is\n{}.", shown.fingerprint()));
                complain(&format!("Host key for {} has changed and you have requested strict checking.", self.name));
                false
            }
            Judgement::Revoked => {
                banner("WARNING: REVOKED HOST KEY DETECTED!");
                complain(&format!("The {kind} host key for {} is marked as revoked.", self.name));
                false
            }
        }
    }

    /// The keys of the files, and those that whoever started us tells: all that it would tell, or whether `shown` is one of them.
    fn known(&self, shown: Option<&HostKey>) -> io::Result<Vec<KnownKey>> {
        let mut known: Vec<KnownKey> = Vec::new();
        for path in self.files.iter().map(PathBuf::as_path).chain(OF_THE_SYSTEM.map(Path::new)) {
            // To OpenSSH a file that it cannot read is an empty one.
            let bytes = std::fs::read(path).unwrap_or_default();
            known.extend(known_keys(&String::from_utf8_lossy(&bytes), &self.name));
        }
        if let Some(ask) = &self.ask {
            known.extend(known_keys(&told(ask, &self.name, shown)?, &self.name));
        }
        Ok(known)
    }

    fn keep(&self, key: &HostKey) -> io::Result<()> {
        let file = self.files.first().ok_or(io::ErrorKind::NotFound)?;
        let is_cut = std::fs::read(file).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        let before = if is_cut { "\n" } else { "" };
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
        file.write_all(format!("{before}{} {}\n", self.name, key.line()).as_bytes())
    }
}

/// What this program answers to `KnownHostsCommand`, without a process of its own for it. No other program is asked.
fn told(command: &[u8], name: &str, shown: Option<&HostKey>) -> io::Result<String> {
    let odd = || io::Error::from(io::ErrorKind::InvalidInput);
    let line = shown.map(HostKey::line);
    let (algorithm, base64) = line.as_deref().and_then(|line| line.split_once(' ')).unwrap_or(("NONE", "NONE"));
    let values = [(b'H', name), (b't', algorithm), (b'K', base64)];
    let words = split(command).ok_or_else(odd)?;
    // The first is the program.
    let words: Option<Vec<OsString>> = words.iter().skip(1).map(|word| expanded(word, &values)).collect();
    let mut out = Vec::new();
    crate::ssh::answer_ssh(words.ok_or_else(odd)?.into_iter(), &mut out).ok_or_else(odd)??;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn judged(known: &[KnownKey], shown: &HostKey) -> Judgement {
    let is_same = |known: &&KnownKey| known.key == *shown;
    if known.iter().filter(is_same).any(|known| known.is_revoked) {
        return Judgement::Revoked;
    }
    let valid: Vec<&KnownKey> = known.iter().filter(|known| !known.is_revoked).collect();
    if valid.iter().any(is_same) {
        Judgement::Known
    } else if valid.is_empty() {
        Judgement::New
    } else if valid.iter().any(|known| HOST_KEYS.iter().any(|own| own.as_str() == known.key.algorithm())) {
        Judgement::Changed
    } else {
        Judgement::Incomparable
    }
}

fn banner(words: &str) {
    let line = "@".repeat(59);
    complain(&format!("{line}\n@{words:^57}@\n{line}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
    const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHTdTW9S9xacf2pzqbQpK1tNVphtKm5oopyCgykPqq8nC4FYHiJI9cUjGlc+WfsDIe+UaaKmfF04MIQXZQ+k7cM=";
    const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCbPA62NBZrId0WM96Jzp+/pNvCNCqMQtzn/qby3qeAUg+LzBAwvxAwWPdZ7ymoBzyJrONzk6yz91/lIRbzdg+/52MnlfVzUKR42MAPhvHbYX7ojzlxMGnT6UpuVviGI3I/svlC2v1VKE48U+2cPu//MIiHVPinXRgKmcLrHbnW/Q==";
    const ID: &str = "i-0123456789abcdef0";

    fn key(line: &str) -> HostKey {
        HostKey::read(line).unwrap()
    }

    fn keys(directory: &Path, checking: Checking) -> HostKeys {
        let files = vec![directory.join("known_hosts")];
        HostKeys { name: ID.to_owned(), checking, is_quiet: true, files, ask: None }
    }

    #[test]
    fn a_new_key_is_taken_once_or_not_at_all_and_a_changed_one_never() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("known_hosts");

        assert!(!keys(directory.path(), Checking::Yes).accepts(&key(ONE)));
        assert!(!file.exists());
        assert!(keys(directory.path(), Checking::AcceptNew).accepts(&key(ONE)));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{ID} {ONE}\n"));
        assert_eq!(keys(directory.path(), Checking::Yes).types(), ["ssh-ed25519"]);
        assert!(keys(directory.path(), Checking::Yes).accepts(&key(ONE)));
        for checking in [Checking::AcceptNew, Checking::Yes] {
            assert!(!keys(directory.path(), checking).accepts(&key(OTHER)), "{checking:?}");
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{ID} {ONE}\n"));
    }

    #[test]
    fn a_new_key_is_a_line_of_its_own_whatever_stands_before_it() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("known_hosts"), format!("other {OTHER}")).unwrap();

        assert!(keys(directory.path(), Checking::AcceptNew).accepts(&key(ONE)));

        assert!(keys(directory.path(), Checking::Yes).accepts(&key(ONE)));
    }

    #[test]
    fn a_revoked_key_is_never_taken_though_another_line_has_it() {
        let known = |lines: &str| known_keys(lines, ID);

        assert_eq!(judged(&known(&format!("{ID} {ONE}\n@revoked * {ONE}\n")), &key(ONE)), Judgement::Revoked);
        assert_eq!(judged(&known(&format!("@revoked * {ONE}\n")), &key(OTHER)), Judgement::New);
        // Whom an authority vouches for, a certificate says, and there is none.
        assert_eq!(judged(&known(&format!("@cert-authority * {ONE}\n")), &key(ONE)), Judgement::New);
    }

    #[test]
    fn a_key_of_another_type_than_the_known_one_is_a_changed_one() {
        let known = |lines: &str| known_keys(lines, ID);

        assert_eq!(judged(&known(&format!("{ID} {ECDSA}")), &key(ONE)), Judgement::Changed);
        assert_eq!(judged(&known(&format!("{ID} {ONE}")), &key(ECDSA)), Judgement::Changed);
        assert_eq!(judged(&known(&format!("{ID} {ECDSA}\n{ID} {ONE}")), &key(ONE)), Judgement::Known);
    }

    #[test]
    fn a_host_that_is_known_by_keys_which_it_is_never_asked_for_is_refused_under_any_checking() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("known_hosts");
        std::fs::write(&file, format!("{ID} {RSA}\n")).unwrap();

        assert_eq!(judged(&known_keys(&format!("{ID} {RSA}"), ID), &key(ONE)), Judgement::Incomparable);
        for checking in [Checking::AcceptNew, Checking::Yes] {
            assert!(!keys(directory.path(), checking).accepts(&key(ONE)), "{checking:?}");
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{ID} {RSA}\n"));
    }

    #[test]
    fn what_was_told_is_asked_for_without_a_program() {
        let directory = tempfile::tempdir().unwrap();
        let id = ID.parse().unwrap();
        let check = crate::ssh::HostKeyCheck::prepare(directory.path(), &[key(ONE)], &[]).unwrap();
        let ask = check.command(Path::new("/no such/ec2dash"), &id);
        let ask = Some(std::os::unix::ffi::OsStrExt::as_bytes(ask.as_os_str()).to_vec());
        let keys = HostKeys { ask, ..keys(directory.path(), Checking::Yes) };

        assert_eq!(keys.types(), ["ssh-ed25519"]);
        assert!(!keys.accepts(&key(OTHER)));
        assert_eq!(check.shown(), Some(key(OTHER)));
        assert!(keys.accepts(&key(ONE)));
    }
}
