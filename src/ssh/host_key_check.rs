//! What ssh asks us about the key it is shown, before anything is authenticated (`KnownHostsCommand`).
//!
//! ssh runs this program, which finds what was told of the host's keys in the private directory of the session. It answers with
//! the key if that is one of them, and notes what was shown either way: a fingerprint cannot stand in known_hosts, and of a key whose
//! type it does not know ssh says no fingerprint.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::model::{Fingerprint, HostKey, InstanceId};

/// The first argument of this program when ssh runs it. No command of users has such a name.
pub const ASKED_BY_SSH: &str = "--host-key-for-ssh";

const TOLD: &str = "host-keys-told";
const SHOWN: &str = "host-key-shown";

/// What is told of a host's keys, in a private directory.
#[derive(Debug, Clone)]
pub struct HostKeyCheck {
    directory: PathBuf,
}

impl HostKeyCheck {
    /// Lay down what was told of the keys of `id`: keys themselves, or fingerprints.
    pub fn prepare(directory: &Path, keys: &[HostKey], fingerprints: &[Fingerprint]) -> io::Result<Self> {
        let keys = keys.iter().map(|key| format!("{}\n", key.line()));
        let lines: String = keys.chain(fingerprints.iter().map(|fingerprint| format!("{fingerprint}\n"))).collect();
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(directory.join(TOLD))?;
        file.write_all(lines.as_bytes())?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// The value of ssh's `KnownHostsCommand`: `own` is this program, by an absolute path, and `id` what ssh calls the host.
    pub fn command(&self, own: &Path, id: &InstanceId) -> OsString {
        let mut line = Vec::new();
        // In the name of the program ssh expands nothing, and in every other word `%`.
        quote(own.as_os_str().as_bytes(), false, &mut line);
        line.push(b' ');
        for word in [OsStr::new(ASKED_BY_SSH), self.directory.as_os_str(), OsStr::new(id.as_str())] {
            quote(word.as_bytes(), true, &mut line);
            line.push(b' ');
        }
        // The name asked for, the type and the key: ssh puts them in.
        line.extend_from_slice(b"%H %t %K");
        OsString::from_vec(line)
    }

    /// The key that the host showed, if it came to that.
    pub fn shown(&self) -> Option<HostKey> {
        HostKey::read(&fs::read_to_string(self.directory.join(SHOWN)).ok()?)
    }
}

/// What this program answers when ssh runs it with these arguments; none if that is not what it was started for. An error: ssh goes no
/// further.
pub fn answer_ssh(mut arguments: impl Iterator<Item = OsString>, out: &mut dyn Write) -> Option<io::Result<()>> {
    if arguments.next()? != ASKED_BY_SSH {
        return None;
    }
    Some(answered(arguments, out))
}

fn answered(mut arguments: impl Iterator<Item = OsString>, out: &mut dyn Write) -> io::Result<()> {
    let odd = || io::Error::from(io::ErrorKind::InvalidInput);
    let directory = PathBuf::from(arguments.next().ok_or_else(odd)?);
    let mut word = || arguments.next().and_then(|word| word.into_string().ok()).ok_or_else(odd);
    let (id, name, algorithm, base64) = (word()?, word()?, word()?, word()?);
    let id: InstanceId = id.parse().map_err(|_| odd())?;
    let told = fs::read_to_string(directory.join(TOLD))?;
    // Asked for the order of algorithms, ssh has no key yet and says `NONE`: the types of the keys that are told decide. For that it looks
    // under the address, and not under the alias (OpenSSH 9.2, `order_hostkeyalgs`).
    let Some(shown) = HostKey::of(&algorithm, &base64) else {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_".contains(&byte));
        let names = if is_plain { format!("{id},{name}") } else { id.to_string() };
        return told.lines().filter_map(HostKey::read).try_for_each(|key| writeln!(out, "{names} {}", key.line()));
    };
    let new = directory.join(format!("{SHOWN}.new"));
    fs::write(&new, format!("{}\n", shown.line()))?;
    fs::rename(new, directory.join(SHOWN))?;
    let is_told = |line: &str| match HostKey::read(line) {
        Some(key) => key == shown,
        None => Fingerprint::read(line).is_some_and(|fingerprint| shown.has(&fingerprint)),
    };
    if told.lines().any(is_told) { writeln!(out, "{id} {}", shown.line()) } else { Ok(()) }
}

/// One word as ssh splits it, with `%` doubled where ssh expands it.
pub(super) fn quote(word: &[u8], is_expanded: bool, line: &mut Vec<u8>) {
    line.push(b'"');
    for byte in word {
        match byte {
            b'"' | b'\\' => line.extend_from_slice(&[b'\\', *byte]),
            b'%' if is_expanded => line.extend_from_slice(b"%%"),
            other => line.push(*other),
        }
    }
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const ID: &str = "i-0123456789abcdef0";
    const ONE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const ONE_HASH: &str = "SHA256:qNfWitDRsfy1R5QwcbOKqg60amZ8T3HZWIoLt0zC7X4";
    const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";

    fn key(line: &str) -> HostKey {
        HostKey::read(line).unwrap()
    }

    fn asked(directory: &Path, shown: &str) -> String {
        let (algorithm, base64) = shown.split_once(' ').unwrap();
        let words = [ASKED_BY_SSH, directory.to_str().unwrap(), ID, "10.0.0.1", algorithm, base64].map(OsString::from);
        let mut out = Vec::new();
        answer_ssh(words.into_iter(), &mut out).unwrap().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_key_that_was_told_is_answered_and_another_is_only_noted() {
        let directory = tempfile::tempdir().unwrap();
        let check = HostKeyCheck::prepare(directory.path(), &[key(ONE)], &[]).unwrap();

        assert_eq!(asked(directory.path(), "NONE NONE"), format!("{ID},10.0.0.1 {ONE}\n"));
        assert_eq!(check.shown(), None);
        assert_eq!(asked(directory.path(), ONE), format!("{ID} {ONE}\n"));
        assert_eq!(asked(directory.path(), OTHER), "");
        assert_eq!(check.shown(), Some(key(OTHER)));
        let mode = fs::metadata(directory.path().join(TOLD)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_is_answered_whose_fingerprint_was_told() {
        let md5 = Fingerprint::read("MD5:35:9c:7c:33:90:eb:fc:26:4d:c1:ea:6e:21:11:99:54").unwrap();
        let directory = tempfile::tempdir().unwrap();
        HostKeyCheck::prepare(directory.path(), &[], &[md5, Fingerprint::read(ONE_HASH).unwrap()]).unwrap();

        assert_eq!(asked(directory.path(), ONE), format!("{ID} {ONE}\n"));
        assert_eq!(asked(directory.path(), OTHER), "");
        assert_eq!(asked(directory.path(), "NONE NONE"), "");
    }

    #[test]
    fn whoever_starts_it_otherwise_gets_no_answer_of_this_kind() {
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>().into_iter();
        let answer = |list: &[&str]| answer_ssh(words(list), &mut Vec::new()).map(|answer| answer.is_ok());

        assert_eq!(answer(&["ls"]), None);
        assert_eq!(answer(&[]), None);
        assert_eq!(answer(&[ASKED_BY_SSH]), Some(false));
        assert_eq!(answer(&[ASKED_BY_SSH, "/no/such/directory", ID, ID, "NONE", "NONE"]), Some(false));
        assert_eq!(answer(&[ASKED_BY_SSH, "/", "not-an-id", ID, "NONE", "NONE"]), Some(false));
    }
}
