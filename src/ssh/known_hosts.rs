//! Our known_hosts: the host keys of instances by instance id, as OpenSSH writes them with `HostKeyAlias`.
//!
//! OpenSSH appends to the file by itself and knows no lock, so a rewrite here also takes over what was appended to
//! the old file in the meantime.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use super::host_line::HostLine;
use crate::config;
use crate::model::{HostKey, HostKeyOrigin, InstanceId};

/// The host keys in one state directory.
#[derive(Debug, Clone)]
pub struct KnownHosts {
    directory: PathBuf,
}

/// One host key of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHost {
    /// Whose key it is.
    pub id: InstanceId,
    /// Such as `ssh-ed25519`.
    pub algorithm: String,
    /// `SHA256:` and 43 characters, as ssh shows it.
    pub fingerprint: String,
    /// When we first found it in the file.
    pub first_seen: Option<SystemTime>,
    /// Why it is believed.
    pub origin: HostKeyOrigin,
}

impl KnownHosts {
    /// Those in the state directory `directory`, which need not exist yet.
    pub fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    /// For ssh's `UserKnownHostsFile`.
    pub fn path(&self) -> PathBuf {
        self.directory.join(KNOWN_HOSTS)
    }

    /// Make sure that what ssh will write is ours alone: the directory 0700, the file 0600.
    pub fn prepare(&self) -> io::Result<()> {
        config::create(&self.directory)?;
        OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags(OURS)?).open(self.path())?;
        Ok(())
    }

    /// Whether there is a file of keys. An error: there is something, and it cannot be read to its end.
    pub fn is_there(&self) -> io::Result<bool> {
        Ok(read(&self.path())?.is_some())
    }

    /// All keys of instances, in the order of the file.
    pub fn list(&self) -> io::Result<Vec<KnownHost>> {
        let seen = self.seen()?;
        let hosts = read(&self.path())?.unwrap_or_default().split(|byte| *byte == b'\n').flat_map(entries).collect::<Vec<_>>();
        let with_sight = |mut host: KnownHost| {
            if let Some(sight) = seen.get(&key_of(&host)) {
                (host.first_seen, host.origin) = (sight.at, sight.origin);
            }
            host
        };
        Ok(hosts.into_iter().map(with_sight).collect())
    }

    /// The instances whose keys are kept, and why those are believed: where several are, the best reason.
    pub fn origins(&self) -> io::Result<BTreeMap<InstanceId, HostKeyOrigin>> {
        let mut origins = BTreeMap::new();
        for host in self.list()? {
            let origin = origins.entry(host.id).or_insert(host.origin);
            if *origin == HostKeyOrigin::FirstContact {
                *origin = host.origin;
            }
        }
        Ok(origins)
    }

    /// The same of a state directory, as far as it can be read: only a connection has to know.
    pub fn origins_in(directory: &Path) -> BTreeMap<InstanceId, HostKeyOrigin> {
        Self::new(directory).origins().unwrap_or_else(|error| {
            tracing::debug!("the host keys cannot be listed: {error}");
            BTreeMap::new()
        })
    }

    /// Keep keys of `id` that were checked, or told. Those that are there stay as they are.
    pub fn keep(&self, id: &InstanceId, keys: &[HostKey], origin: HostKeyOrigin, now: SystemTime) -> io::Result<()> {
        self.prepare()?;
        let _lock = self.lock()?;
        self.append(id, keys)?;
        self.remember(Some((now, origin)))
    }

    /// Keep these keys of `id` in place of all others that were kept of it.
    pub fn replace_keys(&self, id: &InstanceId, keys: &[HostKey], origin: HostKeyOrigin, now: SystemTime) -> io::Result<()> {
        self.prepare()?;
        let _lock = self.lock()?;
        let lines: String = keys.iter().map(|key| format!("{id} {}\n", key.line())).collect();
        self.rewrite(id, &lines)?;
        self.remember(Some((now, origin)))
    }

    /// What is not there yet, at the end of the file, a whole line each. The lock is held.
    fn append(&self, id: &InstanceId, keys: &[HostKey]) -> io::Result<()> {
        let known = self.list()?;
        let is_new = |key: &&HostKey| {
            let fingerprint = key.fingerprint().to_string();
            !known.iter().any(|host| host.id == *id && host.fingerprint == fingerprint)
        };
        let content = read(&self.path())?.unwrap_or_default();
        let mut lines = String::from(if content.last().is_some_and(|last| *last != b'\n') { "\n" } else { "" });
        for key in keys.iter().filter(is_new) {
            lines.push_str(&format!("{id} {}\n", key.line()));
        }
        let mut file = OpenOptions::new().append(true).custom_flags(flags(OURS)?).open(self.path())?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    }

    /// Forget the keys of `id`; how many there were.
    pub fn forget(&self, id: &InstanceId) -> io::Result<usize> {
        if !self.path().try_exists()? {
            return Ok(0);
        }
        let _lock = self.lock()?;
        let forgotten = self.rewrite(id, "")?;
        if forgotten > 0 {
            self.remember(None)?;
        }
        Ok(forgotten)
    }

    /// The file without the keys of `id`, and with these lines at its end, in one step; how many keys are gone. The lock is held.
    fn rewrite(&self, id: &InstanceId, lines: &str) -> io::Result<usize> {
        let mut old = open_ours(&self.path())?;
        let mut content = Vec::new();
        old.read_to_end(&mut content)?;
        let mut forgotten = 0;
        let mut kept = Vec::with_capacity(content.len());
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            match without(line, id) {
                Some(rest) => {
                    forgotten += 1;
                    kept.extend(rest);
                }
                None => kept.extend(line),
            }
        }
        if forgotten > 0 || !lines.is_empty() {
            if !lines.is_empty() && kept.last().is_some_and(|last| *last != b'\n') {
                kept.push(b'\n');
            }
            kept.extend(lines.bytes());
            self.replace(KNOWN_HOSTS, &kept)?;
            self.take_over(&mut old)?;
        }
        Ok(forgotten)
    }

    /// Remember `now` as the time at which the keys were first seen that have none yet. To be called after a login.
    pub fn note(&self, now: SystemTime) -> io::Result<()> {
        if !self.path().try_exists()? {
            return Ok(());
        }
        let _lock = self.lock()?;
        self.remember(Some((now, HostKeyOrigin::FirstContact)))
    }

    /// Write down when the keys of the file were first seen and why they are believed, and nothing of others. The lock is held.
    fn remember(&self, now: Option<(SystemTime, HostKeyOrigin)>) -> io::Result<()> {
        let line = |host: KnownHost| {
            let known = host.first_seen.map(|seen| (seen, host.origin));
            let (seen, origin) = known.or(now)?;
            let seconds = seen.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
            Some(format!("{} {} {seconds} {}\n", host.id, host.fingerprint, origin.word()))
        };
        let lines: String = self.list()?.into_iter().filter_map(line).collect();
        if self.seen_lines()? == lines { Ok(()) } else { self.replace(SEEN, lines.as_bytes()) }
    }

    fn seen_lines(&self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&read(&self.directory.join(SEEN))?.unwrap_or_default()).into_owned())
    }

    fn seen(&self) -> io::Result<HashMap<(String, String), Sight>> {
        let record = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            let (id, fingerprint, seconds) = (words.next()?, words.next()?, words.next()?.parse().ok()?);
            let at = Some(SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?);
            let origin = words.next().and_then(|word| HostKeyOrigin::named(&word)).unwrap_or(HostKeyOrigin::FirstContact);
            Some(((id, fingerprint), Sight { at, origin }))
        };
        Ok(self.seen_lines()?.lines().filter_map(record).collect())
    }

    /// One of us writes at a time; ssh does not know of this.
    fn lock(&self) -> io::Result<File> {
        let path = self.directory.join("known_hosts.lock");
        let file = OpenOptions::new().write(true).create(true).mode(0o600).custom_flags(flags(OURS)?).open(path)?;
        file.lock()?;
        Ok(file)
    }

    /// The old file or the new one, never half of either. The lock is held.
    fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let new = self.directory.join(format!("{name}.new"));
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error), // else: of a killed run
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&new, self.directory.join(name))?;
        File::open(&self.directory)?.sync_all()
    }

    /// What ssh has appended to the file that is no longer there.
    fn take_over(&self, old: &mut File) -> io::Result<()> {
        let mut appended = Vec::new();
        old.read_to_end(&mut appended)?;
        if !appended.is_empty() {
            OpenOptions::new().append(true).custom_flags(flags(OURS)?).open(self.path())?.write_all(&appended)?;
        }
        Ok(())
    }
}

const KNOWN_HOSTS: &str = "known_hosts";
/// `id fingerprint seconds-since-1970 origin`, a line each: known_hosts itself has no place for a time. Lines of older versions have
/// no origin.
const SEEN: &str = "known_hosts.seen";

/// When a key was first seen, and why it is believed.
struct Sight {
    at: Option<SystemTime>,
    origin: HostKeyOrigin,
}

fn key_of(host: &KnownHost) -> (String, String) {
    (host.id.to_string(), host.fingerprint.clone())
}

/// For what we write: a link is never followed, and a pipe not waited for.
const OURS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK);

fn flags(flags: OFlags) -> io::Result<i32> {
    i32::try_from(flags.bits()).map_err(io::Error::other)
}

/// To be rewritten.
fn open_ours(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(flags(OURS)?).open(path)
}

/// The whole file, which may be kept elsewhere behind a link; none if there is nothing. A link to nothing is an error: what should be
/// there may be on a disk that is not.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let is_absent = |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    if fs::symlink_metadata(path).is_err_and(|error| is_absent(&error)) {
        return Ok(None);
    }
    let mut file = OpenOptions::new().read(true).custom_flags(flags(OFlags::NONBLOCK)?).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    Ok(Some(content))
}

/// The instances a line is about. Comments, hashed names, markers and what we cannot read are about none.
fn entries(line: &[u8]) -> Vec<KnownHost> {
    let Some(line) = named(line) else { return Vec::new() };
    let Ok(blob) = STANDARD.decode(line.base64) else { return Vec::new() };
    let fingerprint = format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&blob)));
    let origin = HostKeyOrigin::FirstContact;
    let host =
        |id| KnownHost { id, algorithm: line.algorithm.to_owned(), fingerprint: fingerprint.clone(), first_seen: None, origin };
    line.hosts.split(',').filter_map(instance).map(host).collect()
}

/// The line without `id`: nothing if it was about nothing else, none if it was not about it.
fn without(line: &[u8], id: &InstanceId) -> Option<Vec<u8>> {
    let names = named(line)?.hosts;
    let others: Vec<&str> = names.split(',').filter(|name| instance(name).as_ref() != Some(id)).collect();
    if others.len() == names.split(',').count() {
        return None;
    }
    if others.is_empty() {
        return Some(Vec::new());
    }
    let start = line.len() - line.trim_ascii_start().len();
    let rest = line.get(start + names.len()..).unwrap_or_default();
    Some([others.join(",").as_bytes(), rest].concat())
}

/// A line that names hosts as they are, and says nothing else of them.
fn named(line: &[u8]) -> Option<HostLine<'_>> {
    HostLine::read(std::str::from_utf8(line).ok()?).filter(|line| line.marker.is_none() && !line.is_hashed())
}

/// OpenSSH writes the alias in lower case and reads it without regard to it.
fn instance(name: &str) -> Option<InstanceId> {
    name.to_ascii_lowercase().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use tempfile::TempDir;

    use super::*;

    const ONE: &str = "i-0123456789abcdef0";
    const TWO: &str = "i-0a1b2c3d";
    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const ED25519_FINGERPRINT: &str = "SHA256:qNfWitDRsfy1R5QwcbOKqg60amZ8T3HZWIoLt0zC7X4";
    const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPxZM9taWeJzXFlFHPy7LIv/YM4Mcbu+SkLNbTv/8s3WO4zhclmvdls+IxGr4i58Fxb9hgU0bHWY7ryRXS8yq3A=";
    const ECDSA_FINGERPRINT: &str = "SHA256:3/EI+OGxw58PKyA3+QumRV3XEzhUXCxwIfUfWKxCdOQ";

    fn id(text: &str) -> InstanceId {
        text.parse().unwrap()
    }

    fn with(content: impl AsRef<[u8]>) -> (TempDir, KnownHosts) {
        let directory = tempfile::tempdir().unwrap();
        let hosts = KnownHosts::new(directory.path());
        fs::write(hosts.path(), content).unwrap();
        (directory, hosts)
    }

    #[test]
    fn keys_are_listed_by_instance_with_the_fingerprint_ssh_shows() {
        let (_directory, hosts) = with(format!("{ONE} {ED25519}\nI-0A1B2C3D {ECDSA} comment\n"));

        let listed = hosts.list().unwrap();

        let told: Vec<_> = listed.iter().map(|host| (host.id.as_str(), &*host.algorithm, &*host.fingerprint)).collect();
        let expected = [(ONE, "ssh-ed25519", ED25519_FINGERPRINT), (TWO, "ecdsa-sha2-nistp256", ECDSA_FINGERPRINT)];
        assert_eq!(told, expected);
    }

    #[test]
    fn forgetting_takes_out_one_instance_and_leaves_every_other_byte() {
        let other = format!("# mine\n\n|1|c2FsdA==|aGFzaA== {ED25519}\n@revoked {ONE} {ED25519}\nexample.org {ED25519}\n");
        let before = format!("{other}{ONE} {ED25519}\n{TWO},{ONE},10.0.0.1 {ECDSA} x \n{ONE} {ECDSA}\n{TWO} {ECDSA}");
        let mut bytes = before.into_bytes();
        bytes.extend(b"\n\xff\xfe not text");
        let (_directory, hosts) = with(bytes);

        let forgotten = hosts.forget(&id(ONE)).unwrap();

        let mut expected = format!("{other}{TWO},10.0.0.1 {ECDSA} x \n{TWO} {ECDSA}").into_bytes();
        expected.extend(b"\n\xff\xfe not text");
        assert_eq!(forgotten, 3);
        assert_eq!(fs::read(hosts.path()).unwrap(), expected);
    }

    #[test]
    fn forgetting_an_unknown_instance_writes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let hosts = KnownHosts::new(&directory.path().join("missing"));

        assert_eq!(hosts.forget(&id(ONE)).unwrap(), 0);
        assert_eq!(hosts.list().unwrap(), []);
        assert!(!directory.path().join("missing").exists());
    }

    #[test]
    fn files_are_private_whatever_was_there_before() {
        let (_directory, hosts) = with(format!("{ONE} {ED25519}\n{TWO} {ED25519}\n"));
        fs::set_permissions(hosts.path(), fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(hosts.directory.join("known_hosts.new"), "of a killed run").unwrap();

        hosts.forget(&id(ONE)).unwrap();

        assert_eq!(fs::metadata(hosts.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!hosts.directory.join("known_hosts.new").exists());
    }

    #[test]
    fn a_state_directory_is_made_private() {
        let root = tempfile::tempdir().unwrap();
        let hosts = KnownHosts::new(&root.path().join("a b%h'한글/ec2dash"));

        hosts.prepare().unwrap();
        hosts.prepare().unwrap();

        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode(&hosts.directory), mode(&hosts.path())], [0o700, 0o600]);
    }

    #[test]
    fn a_link_in_place_of_the_file_is_read_and_never_written() {
        let directory = tempfile::tempdir().unwrap();
        let elsewhere = directory.path().join("elsewhere");
        fs::write(&elsewhere, format!("{ONE} {ED25519}\n")).unwrap();
        let hosts = KnownHosts::new(&directory.path().join("state"));
        fs::create_dir(&hosts.directory).unwrap();
        symlink(&elsewhere, hosts.path()).unwrap();

        assert!(hosts.prepare().is_err());
        assert_eq!(hosts.list().unwrap().len(), 1);
        assert!(hosts.forget(&id(ONE)).is_err());
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), format!("{ONE} {ED25519}\n"));
    }

    #[test]
    fn a_key_keeps_the_time_it_was_first_seen_at() {
        let (_directory, hosts) = with(format!("{ONE} {ED25519}\n"));
        let (may, june) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_777_680_000), SystemTime::now());

        assert_eq!(hosts.list().unwrap()[0].first_seen, None);
        hosts.note(may).unwrap();
        fs::write(hosts.path(), format!("{ONE} {ED25519}\n{TWO} {ED25519}\n")).unwrap();
        hosts.note(june).unwrap();

        let listed = hosts.list().unwrap();
        assert_eq!(listed[0].first_seen, Some(may));
        assert!(listed[1].first_seen.unwrap() > may);
    }

    #[test]
    fn a_forgotten_instance_is_seen_for_the_first_time_again() {
        let (_directory, hosts) = with(format!("{ONE} {ED25519}\n"));
        let (may, june) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_777_680_000), SystemTime::now());
        hosts.note(may).unwrap();

        hosts.forget(&id(ONE)).unwrap();
        fs::write(hosts.path(), format!("{ONE} {ED25519}\n")).unwrap();
        hosts.note(june).unwrap();

        assert!(hosts.list().unwrap()[0].first_seen.unwrap() > may);
    }

    #[test]
    fn writers_at_once_lose_nothing_of_each_other_and_lines_stay_whole() {
        let ids: Vec<_> = (0..50).map(|n| format!("i-{n:017x}")).collect();
        let lines: String = ids.iter().map(|id| format!("{id} {ED25519}\n")).collect();
        let (_directory, hosts) = with(lines);

        std::thread::scope(|scope| {
            for pair in ids.chunks(2) {
                scope.spawn(|| hosts.forget(&id(&pair[0])).unwrap());
                scope.spawn(|| hosts.note(SystemTime::now()).unwrap());
            }
        });

        let expected: String = ids.iter().skip(1).step_by(2).map(|id| format!("{id} {ED25519}\n")).collect();
        assert_eq!(fs::read_to_string(hosts.path()).unwrap(), expected);
    }

    #[test]
    fn what_ssh_appended_to_the_old_file_is_taken_over() {
        let (_directory, hosts) = with(format!("{ONE} {ED25519}\n"));
        let mut old = open_ours(&hosts.path()).unwrap();
        io::copy(&mut old, &mut io::sink()).unwrap();
        let mut ssh = OpenOptions::new().append(true).open(hosts.path()).unwrap();

        hosts.replace(KNOWN_HOSTS, b"").unwrap();
        writeln!(ssh, "{TWO} {ED25519}").unwrap();
        hosts.take_over(&mut old).unwrap();

        assert_eq!(fs::read_to_string(hosts.path()).unwrap(), format!("{TWO} {ED25519}\n"));
    }

    #[test]
    fn ssh_keygen_finds_what_is_left() {
        let (_directory, hosts) = with(format!("{ONE} {ED25519}\n{TWO} {ECDSA}\n"));
        let finds = |id: &str| {
            let file = hosts.path();
            std::process::Command::new("ssh-keygen").arg("-F").arg(id).arg("-f").arg(file).output().unwrap().status.success()
        };
        assert!(finds(ONE) && finds(TWO));

        hosts.forget(&id(ONE)).unwrap();

        assert!(!finds(ONE) && finds(TWO));
    }
}
