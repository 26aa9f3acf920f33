//! Homes with keys of every format, and with everything else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::model::{Fact, KeyPair, row};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".ssh")).unwrap();
        Self(home)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Put a vector into the home directory under another name.
    fn put(&self, vector: &str, name: &str, mode: u32) -> PathBuf {
        self.write(name, &fs::read(vectors().join(vector)).unwrap(), mode)
    }

    fn write(&self, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn places(&self) -> KeyPlaces {
        KeyPlaces { home: Some(self.0.path().to_owned()), reads_ssh_config: true, ..KeyPlaces::default() }
    }

    fn search(&self) -> Keyring {
        search(&self.places(), Vec::new(), &KeyMemory::default())
    }

    /// What is found for a key of the vectors: the file below the home directory, its match and need.
    fn found(&self, key: &str) -> Option<(String, &'static str, &'static str)> {
        self.found_in(&self.search(), key)
    }

    fn found_in(&self, ring: &Keyring, key: &str) -> Option<(String, &'static str, &'static str)> {
        let line = fs::read_to_string(vectors().join(format!("TEST-ONLY-{key}.pub"))).unwrap();
        let pair = KeyPair { public: PublicKey::from_line(&line), fingerprint: None };
        self.file_of(ring, "team-prod", Fact::Known(Some(pair.into())))
    }

    fn file_of(
        &self,
        ring: &Keyring,
        name: &str,
        pair: Fact<Option<Arc<KeyPair>>>,
    ) -> Option<(String, &'static str, &'static str)> {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        (instance.key_name, instance.key_pair) = (Some(name.into()), pair);
        let found = ring.key_of(&instance, None);
        let file = found.file?.path.strip_prefix(self.0.path()).unwrap().to_string_lossy().into_owned();
        Some((file, found.by?.word(), found.needs().map_or("-", |need| need.word())))
    }

    /// What is wrong with a file that was asked for.
    fn problem(&self, path: &Path) -> Option<KeyProblem> {
        at(path, &KeyMemory::default()).problem
    }
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs")
}

fn is(file: &str, by: &'static str, needs: &'static str) -> Option<(String, &'static str, &'static str)> {
    Some((file.to_owned(), by, needs))
}

#[test]
fn a_key_is_found_by_its_public_half_in_every_place_and_under_any_name() {
    for name in [".ssh/id_work", ".ssh/company/x", "far/away/k", "named/one.key", "included/two", "folder/any"] {
        let home = Home::new();
        let config = "# keys\nHost 10.*\n  IdentityFile ~/far/away/k\nInclude conf.d/*.conf\nhost x\n\tidentityfile = \"%d/named/one.key\"\n";
        home.write(".ssh/config", config.as_bytes(), 0o600);
        home.write(
            ".ssh/conf.d/a.conf",
            b"Match exec \"touch /tmp/never\"\nIdentityFile ${HOME}/included/two\nIdentityFile ~/%h\n",
            0o600,
        );
        home.put("TEST-ONLY-ed25519.openssh.key", name, 0o600);
        home.put("TEST-ONLY-rsa2048.pkcs1.pem", ".ssh/team-prod", 0o600);
        let places = KeyPlaces { folders: vec![home.path("folder")], ..home.places() };

        let ring = search(&places, Vec::new(), &KeyMemory::default());

        assert_eq!(home.found_in(&ring, "ed25519"), is(name, "public_key", "-"), "{name}");
    }
}

#[test]
fn two_folders_below_and_an_ssh_config_that_is_not_to_be_read_are_not_looked_at() {
    let home = Home::new();
    home.put("TEST-ONLY-ed25519.openssh.key", ".ssh/a/b/key", 0o600);
    home.put("TEST-ONLY-ed25519.openssh.key", "far/key", 0o600);
    home.write(".ssh/config", b"IdentityFile ~/far/key\n", 0o600);

    let ring = search(&KeyPlaces { reads_ssh_config: false, ..home.places() }, Vec::new(), &KeyMemory::default());

    assert_eq!(home.found_in(&ring, "ed25519"), None);
    assert_eq!(home.found("ed25519"), is("far/key", "public_key", "-"));
}

#[test]
fn every_private_file_of_the_vectors_is_found_with_what_it_needs() {
    let expected: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(vectors().join("expected.json")).unwrap()).unwrap();
    let mut looked_at = 0;
    for (vector, of) in expected["files"].as_object().unwrap() {
        let (format, key) = (of["format"].as_str().unwrap(), of["key"].as_str().unwrap());
        let home = Home::new();
        home.put(vector, ".ssh/any name", 0o600);
        let hides_its_public_half = of["encrypted"] == true && format.starts_with("pkcs");
        if hides_its_public_half {
            assert_eq!(home.found(key), None, "{vector}");
            home.put(&format!("TEST-ONLY-{key}.pub"), ".ssh/any name.pub", 0o644);
        }
        let needs = match format {
            _ if of["encrypted"] == true => "passphrase",
            "ppk-v2" | "ppk-v3" => "conversion",
            "pkcs8-pem" if key == "ed25519" => "conversion",
            _ => "-",
        };
        let found = if format.ends_with("public") { None } else { is(".ssh/any name", "public_key", needs) };
        assert_eq!(home.found(key), found, "{vector}");
        looked_at += 1;
    }
    assert!(looked_at >= 24);
}

#[test]
fn what_keeps_openssh_from_using_a_file_is_told() {
    let home = Home::new();
    for (vector, mode, problem) in [
        ("TEST-ONLY-ed25519.openssh.key", 0o600, None),
        ("TEST-ONLY-ed25519.openssh-encrypted.key", 0o600, None),
        ("TEST-ONLY-rsa2048.pkcs1.pem", 0o400, None),
        ("TEST-ONLY-ed25519.openssh.key", 0o644, Some(KeyProblem::TooOpen)),
        ("TEST-ONLY-ed25519.openssh.key", 0o640, Some(KeyProblem::TooOpen)),
        ("TEST-ONLY-ed25519.v2.ppk", 0o600, Some(KeyProblem::Putty)),
        ("TEST-ONLY-ed25519.v3.ppk", 0o600, Some(KeyProblem::Putty)),
        ("TEST-ONLY-ed25519.pub", 0o644, Some(KeyProblem::Public)),
        ("TEST-ONLY-rsa2048.rfc4716.pub", 0o644, Some(KeyProblem::Public)),
    ] {
        let path = home.put(vector, ".ssh/key", mode);

        assert_eq!(home.problem(&path), problem, "{vector} {mode:o}");
    }
    assert_eq!(home.problem(&home.path("nothing")), Some(KeyProblem::Missing));
    assert_eq!(home.problem(home.0.path()), Some(KeyProblem::Unreadable), "a directory");
    let unknown = home.write(".ssh/unknown", b"a format of tomorrow\n", 0o600);
    assert_eq!(home.problem(&unknown), None, "OpenSSH may know better");
}

#[test]
fn line_ends_that_openssh_does_not_take_are_told_and_its_mend_makes_the_key_readable() {
    let home = Home::new();
    let reads = |path: &Path| {
        let keygen = std::process::Command::new("ssh-keygen").args(["-y", "-P", "", "-f"]).arg(path).output().unwrap();
        keygen.status.success()
    };
    for vector in ["TEST-ONLY-ed25519.openssh.key", "TEST-ONLY-rsa2048.pkcs1.pem"] {
        let path = home.put(vector, ".ssh/a key", 0o600);
        let good = fs::read_to_string(&path).unwrap();
        for odd in [good.replace('\n', "\r\n"), good.trim_end().to_owned(), good.trim_end().replace('\n', "\r\n")] {
            fs::write(&path, &odd).unwrap();
            let is_read = reads(&path);

            let problem = home.problem(&path);

            assert_eq!(problem, (!is_read).then_some(KeyProblem::LineEnds), "{vector}: {odd:?}");
            let text = crate::text::Catalogue::english();
            let mend =
                text.say_with("fix-ssh-key-line-ends", &[("word", crate::text::shell_word(&path.to_string_lossy()).into())]);
            assert!(std::process::Command::new("sh").args(["-c", &mend]).status().unwrap().success(), "{mend}");
            assert!(reads(&path) && home.problem(&path).is_none(), "{vector}");
        }
    }
}

#[test]
fn the_name_of_a_pair_never_leads_out_of_the_folders() {
    let home = Home::new();
    home.put("TEST-ONLY-ed25519.openssh.key", "outside", 0o600);
    home.put("TEST-ONLY-ed25519.openssh.key", ".ssh/a/b/deep", 0o600);
    home.put("TEST-ONLY-rsa2048.pkcs1.pem", ".ssh/my key@home.pem", 0o600);
    home.write(".ssh/config", b"Host *\n  User x\n", 0o600);
    home.put("TEST-ONLY-ed25519.pub", ".ssh/authorized_keys", 0o600);
    let ring = home.search();

    for name in [
        "../outside",
        "outside",
        "b/deep",
        "deep",
        "-oX",
        "",
        "key\0",
        "a\nb",
        "/etc/passwd",
        "config",
        "authorized_keys",
        &"a".repeat(256),
    ] {
        assert_eq!(home.file_of(&ring, name, Fact::Pending), None, "{name:?}");
    }
    assert_eq!(home.file_of(&ring, "my key@home", Fact::Pending), is(".ssh/my key@home.pem", "name", "-"));
}

#[test]
fn folders_of_anything_hold_nothing_up_and_hide_no_key() {
    let home = Home::new();
    let key = home.put("TEST-ONLY-ed25519.openssh.key", ".ssh/zz the key", 0o600);
    let fifo = home.path(".ssh/a pipe");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(home.path(".ssh/socket")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", home.path(".ssh/zeros")).unwrap();
    std::os::unix::fs::symlink("loop", home.path(".ssh/loop")).unwrap();
    std::os::unix::fs::symlink(".", home.path(".ssh/circle")).unwrap();
    std::os::unix::fs::symlink(&fifo, home.path(".ssh/link to a pipe")).unwrap();
    fs::File::create(home.path(".ssh/huge")).unwrap().set_len(1 << 30).unwrap();
    fs::File::create(home.path(".ssh/config")).unwrap().set_len(1 << 30).unwrap();
    home.write(".ssh/garbage", &[0xff; 4_000], 0o600);
    home.write(".ssh/half", &fs::read(&key).unwrap()[..100], 0o600);
    home.write(".ssh/too large", &[fs::read(&key).unwrap(), vec![b'\n'; 1 << 20]].concat(), 0o600);
    for number in 0..10_000 {
        fs::write(home.path(&format!(".ssh/many-{number}")), number.to_string()).unwrap();
    }

    let (found, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| found.send(home.found("ed25519")).unwrap());
        let found = told.recv_timeout(Duration::from_secs(60)).expect("the search waits for something");
        assert_eq!(found, is(".ssh/zz the key", "public_key", "-"));
    });
}

#[test]
fn what_a_file_says_is_read_again_only_when_the_file_is_another_one() {
    let home = Home::new();
    let memory = KeyMemory::default();
    for number in 0..200 {
        let vector = ["TEST-ONLY-rsa2048.pkcs1.pem", "TEST-ONLY-ed25519.v3.ppk", "TEST-ONLY-rsa4096.pkcs1.pem"][number % 3];
        home.put(vector, &format!(".ssh/key-{number}"), 0o600);
    }
    let look = || search(&home.places(), Vec::new(), &memory);
    let first = look();
    assert_eq!(first, look());
    assert_eq!(memory.reads(), 200, "one look at each");

    home.put("TEST-ONLY-rsa2048-swapped.pkcs1.pem", ".ssh/key-7", 0o600);
    let third = look();

    assert_eq!(memory.reads(), 201);
    assert_eq!(home.found_in(&third, "rsa2048-swapped"), is(".ssh/key-7", "public_key", "-"));
}

#[test]
fn of_what_a_config_names_only_paths_are_taken() {
    let home = Home::new();
    let lines = "IdentityFile none\nIdentityFile ~other/key\nIdentityFile\nIdentityFile \"\"\nIdentityFile %h\nIdentityFile %\n#IdentityFile ~/no\nIdentityFile ~/a b\nIdentityFile=\"~/c d\"\nIdentityFile /x%%y\nInclude config\nInclude ~/.ssh/*\nInclude /dev/zero\n";
    home.write(".ssh/config", lines.as_bytes(), 0o600);

    let named = ssh_config::identity_files(home.0.path());

    assert_eq!(named, [home.path("a"), home.path("c d"), "/x%y".into()]);
}
