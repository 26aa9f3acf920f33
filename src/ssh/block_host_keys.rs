//! What ssh asks us about the host of a block that `ssh-config` wrote: what our proxy of that connection was told of its keys.
//!
//! Nobody of ours watches that ssh, so what is decided is decided here: a key that was told is kept and answered, another one is an error,
//! at which ssh goes no further. Where nothing was told there is nothing to answer, and the files of host keys decide.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::KnownHosts;
use super::block_login::BlockLogin;
use super::host_key_check::quote;
use crate::config;
use crate::model::{Fingerprint, HostKey, HostKeyOrigin, InstanceId};

/// The first argument of this program when the ssh of a block runs it. No command of users has such a name.
pub const ASKED_FOR_BLOCK: &str = "--host-key-for-block";

/// What was told of host keys that nobody has shown yet, below the state directory.
#[derive(Debug, Clone)]
pub struct BlockHostKeys {
    state: PathBuf,
}

/// Why ssh must go no further.
#[derive(Debug)]
pub enum Refused {
    /// What was told of the host, and the key that it shows is another one.
    NotTold {
        /// Whose key it should be.
        id: InstanceId,
        /// Who told it.
        origin: HostKeyOrigin,
        /// Fingerprints of what was told.
        told: String,
        /// Fingerprint of what is shown.
        shown: String,
    },
    /// A key of the host is kept, and the one that it shows is another, also one of another type.
    Changed {
        /// Whose key it should be.
        id: InstanceId,
        /// Fingerprint of the one that is kept.
        before: String,
        /// Fingerprint of what is shown.
        shown: String,
    },
    /// The question cannot be understood, or what was told not be read.
    Failed(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl BlockHostKeys {
    /// Those of a state directory.
    pub fn new(state: &Path) -> Self {
        Self { state: state.to_owned() }
    }

    /// The value of ssh's `KnownHostsCommand`: `own` is this program, by an absolute path. `tells_login`: our proxy waits to be told whom
    /// ssh logs in.
    pub fn command(&self, own: &Path, id: &InstanceId, tells_login: bool) -> OsString {
        let mut line = Vec::new();
        // In the name of the program ssh expands nothing, and in every other word `%`.
        quote(own.as_os_str().as_bytes(), false, &mut line);
        for word in [OsStr::new(ASKED_FOR_BLOCK), self.state.as_os_str(), OsStr::new(id.as_str())] {
            line.push(b' ');
            quote(word.as_bytes(), true, &mut line);
        }
        line.extend_from_slice(b" %H %t %K");
        if tells_login {
            line.extend_from_slice(b" %r");
        }
        OsString::from_vec(line)
    }

    /// Lay down what is told of the keys of `id`, in place of what was told before: keys themselves, or fingerprints.
    pub fn lay_down(
        &self,
        id: &InstanceId,
        origin: HostKeyOrigin,
        keys: &[HostKey],
        fingerprints: &[Fingerprint],
    ) -> io::Result<()> {
        config::create(&self.state)?;
        config::create(&self.directory())?;
        let keys = keys.iter().map(|key| format!("{}\n", key.line()));
        let lines = keys.chain(fingerprints.iter().map(|fingerprint| format!("{fingerprint}\n")));
        let text = std::iter::once(format!("{}\n", origin.word())).chain(lines).collect::<String>();
        // Several proxies may do so at once, each with its own file.
        let new = self.directory().join(format!("{id}.{}.new", std::process::id()));
        let _ = fs::remove_file(&new);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        fs::rename(&new, self.path(id))
    }

    /// Nothing is told of `id`, or a key of it is kept.
    pub fn forget(&self, id: &InstanceId) {
        let _ = fs::remove_file(self.path(id));
    }

    fn directory(&self) -> PathBuf {
        self.state.join("told")
    }

    fn path(&self, id: &InstanceId) -> PathBuf {
        self.directory().join(id.as_str())
    }
}

/// What this program answers when the ssh of a block runs it with these arguments; none if that is not what it was started for.
pub fn answer_block(
    mut arguments: impl Iterator<Item = OsString>,
    now: SystemTime,
    out: &mut dyn Write,
) -> Option<Result<(), Refused>> {
    if arguments.next()? != ASKED_FOR_BLOCK {
        return None;
    }
    Some(answered(arguments, now, out))
}

fn answered(mut arguments: impl Iterator<Item = OsString>, now: SystemTime, out: &mut dyn Write) -> Result<(), Refused> {
    let odd = || io::Error::from(io::ErrorKind::InvalidInput);
    let keys = BlockHostKeys::new(Path::new(&arguments.next().ok_or_else(odd)?));
    let mut word = || arguments.next().and_then(|word| word.into_string().ok()).ok_or_else(odd);
    let (id, name, algorithm, base64) = (word()?, word()?, word()?, word()?);
    let id: InstanceId = id.parse().map_err(|_| odd())?;
    // A name that cannot be pushed for is not told: sshd refuses whoever bears it.
    if let Some(user) = arguments.next().and_then(|word| word.into_string().ok()?.parse().ok())
        && let Err(error) = BlockLogin::tell(&keys.state, &id, &user)
    {
        tracing::warn!("our proxy is not told the login: {error}");
    }
    let text = match fs::read_to_string(keys.path(&id)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return compared(&keys, id, HostKey::of(&algorithm, &base64)),
        Err(error) => return Err(error.into()),
    };
    let mut lines = text.lines();
    let origin = lines.next().and_then(HostKeyOrigin::named).ok_or_else(odd)?;
    let told: Vec<HostKey> = lines.clone().filter_map(HostKey::read).collect();
    let fingerprints: Vec<Fingerprint> = lines.filter_map(Fingerprint::read).collect();
    // Asked for the order of algorithms, ssh has no key yet and says `NONE`: the types of the keys that are told decide.
    let Some(shown) = HostKey::of(&algorithm, &base64) else {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_".contains(&byte));
        let names = if is_plain { format!("{id},{name}") } else { id.to_string() };
        told.iter().try_for_each(|key| writeln!(out, "{names} {}", key.line()))?;
        return Ok(());
    };
    if !told.contains(&shown) && !fingerprints.iter().any(|fingerprint| shown.has(fingerprint)) {
        let prints = told.iter().map(HostKey::fingerprint).chain(fingerprints).map(|print| print.to_string());
        let told = prints.collect::<Vec<_>>().join(", ");
        return Err(Refused::NotTold { id, origin, told, shown: shown.fingerprint().to_string() });
    }
    let kept = if told.is_empty() { std::slice::from_ref(&shown) } else { &told };
    // Where it cannot be kept, it is checked again next time.
    if let Err(error) = KnownHosts::new(&keys.state).keep(&id, kept, origin, now) {
        tracing::warn!("checked host keys are not kept: {error}");
    }
    Ok(writeln!(out, "{id} {}", shown.line())?)
}

/// Nothing is told. ssh takes a key of a type that it does not know yet for a new one, where others are kept.
fn compared(keys: &BlockHostKeys, id: InstanceId, shown: Option<HostKey>) -> Result<(), Refused> {
    let kept = KnownHosts::new(&keys.state).list()?.into_iter().filter(|host| host.id == id).collect::<Vec<_>>();
    let (Some(shown), Some(first)) = (shown, kept.first()) else { return Ok(()) };
    let fingerprint = shown.fingerprint().to_string();
    if kept.iter().any(|host| host.fingerprint == fingerprint) {
        return Ok(());
    }
    let alike = kept.iter().find(|host| host.algorithm == shown.algorithm()).unwrap_or(first);
    Err(Refused::Changed { id, before: alike.fingerprint.clone(), shown: fingerprint })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "i-0123456789abcdef0";
    const ONE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";

    fn key(line: &str) -> HostKey {
        HostKey::read(line).unwrap()
    }

    fn id() -> InstanceId {
        ID.parse().unwrap()
    }

    fn asked(state: &Path, shown: &str) -> Result<String, Refused> {
        let (algorithm, base64) = shown.split_once(' ').unwrap();
        let words = [ASKED_FOR_BLOCK, state.to_str().unwrap(), ID, "web-1", algorithm, base64].map(OsString::from);
        let mut out = Vec::new();
        answer_block(words.into_iter(), SystemTime::now(), &mut out).unwrap()?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_key_that_was_told_is_kept_and_another_ends_it_with_both_fingerprints() {
        let state = tempfile::tempdir().unwrap();
        let keys = BlockHostKeys::new(state.path());
        keys.lay_down(&id(), HostKeyOrigin::Console, &[key(ONE)], &[]).unwrap();

        assert_eq!(asked(state.path(), "NONE NONE").unwrap(), format!("{ID},web-1 {ONE}\n"));
        let Err(Refused::NotTold { told, shown, .. }) = asked(state.path(), OTHER) else { panic!("not refused") };
        assert_eq!([told, shown], [ONE, OTHER].map(|line| key(line).fingerprint().to_string()));
        assert_eq!(KnownHosts::new(state.path()).list().unwrap(), []);

        assert_eq!(asked(state.path(), ONE).unwrap(), format!("{ID} {ONE}\n"));
        let kept = KnownHosts::new(state.path()).list().unwrap();
        assert_eq!(kept.iter().map(|host| (host.id.as_str(), host.origin)).collect::<Vec<_>>(), [(ID, HostKeyOrigin::Console)]);
    }

    #[test]
    fn fingerprints_are_compared_and_where_nothing_is_told_nothing_is_answered() {
        let state = tempfile::tempdir().unwrap();
        let keys = BlockHostKeys::new(state.path());
        assert_eq!(asked(state.path(), OTHER).unwrap(), "");
        keys.lay_down(&id(), HostKeyOrigin::Console, &[], &[key(ONE).fingerprint()]).unwrap();

        assert_eq!(asked(state.path(), "NONE NONE").unwrap(), "");
        assert!(matches!(asked(state.path(), OTHER), Err(Refused::NotTold { .. })));
        assert_eq!(asked(state.path(), ONE).unwrap(), format!("{ID} {ONE}\n"));

        keys.forget(&id());
        assert_eq!(asked(state.path(), ONE).unwrap(), "", "ssh finds it in the file");
    }

    #[test]
    fn another_key_than_the_kept_one_ends_it_also_one_of_another_type() {
        let state = tempfile::tempdir().unwrap();
        let hosts = KnownHosts::new(state.path());
        hosts.keep(&id(), &[key(ONE)], HostKeyOrigin::FirstContact, SystemTime::now()).unwrap();
        let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPxZM9taWeJzXFlFHPy7LIv/YM4Mcbu+SkLNbTv/8s3WO4zhclmvdls+IxGr4i58Fxb9hgU0bHWY7ryRXS8yq3A=";

        assert_eq!(asked(state.path(), ONE).unwrap(), "");
        assert_eq!(asked(state.path(), "NONE NONE").unwrap(), "");
        for other in [OTHER, ecdsa] {
            let Err(Refused::Changed { before, shown, .. }) = asked(state.path(), other) else { panic!("taken: {other}") };
            assert_eq!([before, shown], [ONE, other].map(|line| key(line).fingerprint().to_string()));
        }
    }

    #[test]
    fn what_cannot_be_read_ends_it() {
        let state = tempfile::tempdir().unwrap();
        let keys = BlockHostKeys::new(state.path());
        keys.lay_down(&id(), HostKeyOrigin::Console, &[key(ONE)], &[]).unwrap();
        fs::write(keys.path(&id()), "").unwrap();
        assert!(matches!(asked(state.path(), ONE), Err(Refused::Failed(_))));
        fs::remove_file(keys.path(&id())).unwrap();
        fs::create_dir(keys.path(&id())).unwrap();
        assert!(matches!(asked(state.path(), ONE), Err(Refused::Failed(_))));

        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>().into_iter();
        assert!(answer_block(words(&["ls"]), SystemTime::now(), &mut Vec::new()).is_none());
        assert!(answer_block(words(&[ASKED_FOR_BLOCK]), SystemTime::now(), &mut Vec::new()).unwrap().is_err());
    }
}
