//! Which key is the one of a pair, over the vectors.

use ec2dash_keys::KeyFile as Contents;

use super::*;
use crate::model::{Denial, Fact, Why, row};

fn bytes(vector: &str) -> Vec<u8> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs");
    std::fs::read(vectors.join(format!("TEST-ONLY-{vector}"))).unwrap()
}

fn file(name: &str, vector: &str) -> KeyFile {
    let Contents { public, is_locked, fingerprints, .. } = Contents::read(&bytes(vector)).unwrap();
    KeyFile { path: format!("/home/jane/.ssh/{name}").into(), problem: None, public, fingerprints, is_locked }
}

fn public(key: &str) -> PublicKey {
    Contents::read(&bytes(&format!("{key}.pub"))).unwrap().public.unwrap()
}

fn pair(public: Option<PublicKey>, fingerprint: Option<&str>) -> Fact<Option<std::sync::Arc<KeyPair>>> {
    let fingerprint = fingerprint.map(|told| Fingerprint::parse(told).unwrap());
    Fact::Known(Some(KeyPair { public, fingerprint }.into()))
}

fn agent(key: &str, comment: &str) -> AgentKey {
    AgentKey { public: public(key), comment: comment.into() }
}

/// File, match, need, and the file that lost.
fn found(
    ring: &Keyring,
    pair: &Fact<Option<std::sync::Arc<KeyPair>>>,
) -> (Option<String>, &'static str, &'static str, Option<String>) {
    let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
    instance.key_name = Some("team-prod".into());
    instance.key_pair = pair.clone();
    let found = ring.key_of(&instance, None);
    let name = |file: Option<&KeyFile>| file.map(|file| file.path.file_name().unwrap().to_string_lossy().into_owned());
    let (by, needs) = (found.by.map_or("-", KeyMatch::word), found.needs().map_or("-", KeyNeed::word));
    (name(found.file), by, needs, name(found.other))
}

fn is(file: &str, by: &'static str, needs: &'static str) -> (Option<String>, &'static str, &'static str, Option<String>) {
    (Some(file.to_owned()), by, needs, None)
}

fn everything() -> Keyring {
    let files = vec![
        file("work", "ed25519.openssh.key"),
        file("created", "rsa2048-swapped.v3.ppk"),
        file("imported.pem", "rsa4096.pkcs1.pem"),
        file("locked", "rsa2048.openssh-encrypted.key"),
    ];
    Keyring::new(files, Vec::new(), [])
}

#[test]
fn the_key_of_each_kind_of_pair_is_found_whatever_its_file_is_called() {
    let ring = everything();
    for (told, expected) in [
        (pair(Some(public("ed25519")), None), is("work", "public_key", "-")),
        (pair(Some(public("rsa2048")), None), is("locked", "public_key", "passphrase")),
        (pair(None, Some("fa:6c:ef:05:3b:ef:2b:76:07:0e:d4:91:8d:37:fa:aa:24:0d:43:06")), is("created", "fingerprint", "-")),
        (pair(None, Some("85:81:d3:7d:a5:1a:fc:e9:bc:ed:92:51:8b:f0:a1:be")), is("imported.pem", "fingerprint", "-")),
        (pair(None, Some("FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M=")), is("work", "fingerprint", "-")),
        (pair(None, Some("3a:8d:10:95:1d:16:a7:f9:af:2c:12:d1:b6:21:d7:b5")), is("locked", "fingerprint", "passphrase")),
    ] {
        assert_eq!(found(&ring, &told), expected, "{told:?}");
    }
    // What PuTTY's order of the primes gives is not EC2's, and is accepted as it is the same key.
    let in_ppk_order = pair(None, Some("39:0f:c8:6c:00:1b:25:70:61:7f:cc:0e:40:0a:d7:7e:d5:85:fb:d4"));
    assert_eq!(found(&ring, &in_ppk_order), is("created", "fingerprint", "-"));
    for nobodys in ["2b:ba:d5:70:67:54:6e:b4:64:1d:96:3f:ca:9e:ac:f5:e2:35:83:40", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    {
        assert_eq!(found(&ring, &pair(None, Some(nobodys))), (None, "-", "-", None));
    }
}

#[test]
fn a_file_with_the_pairs_name_counts_only_where_nothing_else_is_known_of_the_pair() {
    let named = file("team-prod.pem", "rsa2048.pkcs1.pem");
    let ring = Keyring::new(vec![named.clone(), file("other", "ed25519.openssh.key")], Vec::new(), []);
    let denial = Denial { why: Why::AccessDenied, action: "ec2:DescribeKeyPairs", message: None };
    for unknown in [Fact::Pending, Fact::Hidden(denial), Fact::Known(None), pair(None, None)] {
        assert_eq!(found(&ring, &unknown), is("team-prod.pem", "name", "-"), "{unknown:?}");
    }
    let alone = Keyring::new(vec![named], Vec::new(), []);
    let sha256 = Some("FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M=");
    for known in [pair(Some(public("ed25519")), None), pair(None, sha256)] {
        assert_eq!(found(&ring, &known).0.as_deref(), Some("other"), "{known:?}");
        assert_eq!(found(&alone, &known), (None, "-", "-", Some("team-prod.pem".into())), "{known:?}");
    }
    let sha1 = pair(None, Some("fa:6c:ef:05:3b:ef:2b:76:07:0e:d4:91:8d:37:fa:aa:24:0d:43:06"));
    assert_eq!(found(&alone, &sha1), (None, "-", "-", Some("team-prod.pem".into())));
}

#[test]
fn a_locked_file_with_the_pairs_name_may_be_it_as_long_as_nothing_of_its_key_can_be_read() {
    let locked = file("team-prod.pem", "rsa2048.pkcs8-encrypted.pem");
    assert_eq!(locked.public, None);
    let ring = Keyring::new(vec![locked], Vec::new(), []);

    assert_eq!(found(&ring, &pair(Some(public("rsa2048")), None)), is("team-prod.pem", "name", "passphrase"));

    let made_by_ec2 = pair(None, Some("2b:ba:d5:70:67:54:6e:b4:64:1d:96:3f:ca:9e:ac:f5:e2:35:83:4f"));
    let ring = Keyring::new(vec![file("team-prod", "rsa2048.openssh-encrypted.key")], Vec::new(), []);
    assert_eq!(found(&ring, &made_by_ec2), is("team-prod", "name", "passphrase"));
}

#[test]
fn of_files_with_the_same_key_the_easiest_one_counts_and_the_agent_spares_the_passphrase() {
    let too_open = KeyFile { problem: Some(KeyProblem::TooOpen), ..file("open", "rsa2048.pkcs1.pem") };
    let putty = KeyFile { problem: Some(KeyProblem::Putty), ..file("putty", "rsa2048.v3.ppk") };
    let locked = file("locked", "rsa2048.openssh-encrypted.key");
    let plain = file("plain", "rsa2048.pkcs8.pem");
    let told = pair(Some(public("rsa2048")), None);
    let mut files = vec![putty, too_open, locked, plain];
    for (name, needs) in [("plain", "-"), ("locked", "passphrase"), ("open", "mode"), ("putty", "conversion")] {
        assert_eq!(found(&Keyring::new(files.clone(), Vec::new(), []), &told), is(name, "public_key", needs));
        let with_agent = Keyring::new(files.clone(), vec![agent("ed25519", "x"), agent("rsa2048", "y")], []);
        assert_eq!(found(&with_agent, &told), is(name, "public_key", "-"));
        files.retain(|file| !file.path.ends_with(name));
    }
    let only_agent = Keyring::new(Vec::new(), vec![agent("rsa2048", "y")], []);
    assert_eq!(found(&only_agent, &told), (None, "agent", "-", None));
}

#[test]
fn an_agents_key_is_known_by_its_fingerprint_or_where_nothing_is_known_by_its_comment() {
    let ring = Keyring::new(Vec::new(), vec![agent("rsa2048", "z"), agent("ed25519", "/home/jane/keys/team-prod.pem")], []);
    let imported = pair(None, Some("3a:8d:10:95:1d:16:a7:f9:af:2c:12:d1:b6:21:d7:b5"));

    assert_eq!(found(&ring, &imported), (None, "agent", "-", None));
    assert_eq!(found(&ring, &Fact::Pending), (None, "agent", "-", None));
    assert_eq!(found(&ring, &pair(Some(public("rsa4096")), None)), (None, "-", "-", None), "its comment says nothing then");
}

#[test]
fn the_file_that_was_asked_for_is_taken_and_told_if_it_is_another_key() {
    let asked = file("mine", "ed25519.openssh.key");
    let ring = Keyring::new(vec![file("fits", "rsa2048.pkcs1.pem")], Vec::new(), [asked.clone()]);
    let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
    instance.key_name = Some("team-prod".into());
    instance.key_pair = pair(Some(public("rsa2048")), None);

    let found = ring.key_of(&instance, Some(&asked.path));
    assert_eq!((found.file, found.by, found.other), (Some(&asked), None, Some(&asked)));

    instance.key_pair = pair(Some(public("ed25519")), None);
    let found = ring.key_of(&instance, Some(&asked.path));
    assert_eq!((found.file, found.by, found.other), (Some(&asked), Some(KeyMatch::PublicKey), None));
}
