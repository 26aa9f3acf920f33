//! Every file of the key pair vectors, against what OpenSSL, ssh-keygen and puttygen say of it.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test that calls it")]

use std::fs;
use std::path::{Path, PathBuf};

use ec2dash_keys::{Fingerprint, Format, KeyFile, PrivateKey, PublicKey, Unopened, unlock};
use serde_json::Value;

const PASSPHRASE: &[u8] = b"test-passphrase";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/keypairs")
}

fn expected() -> Value {
    serde_json::from_str(&fs::read_to_string(directory().join("expected.json")).unwrap()).unwrap()
}

/// Name, bytes, and what is expected of the file and of its key.
fn vectors() -> Vec<(String, Vec<u8>, Value, Value)> {
    let expected = expected();
    let files = expected["files"].as_object().unwrap();
    assert!(files.len() >= 24, "all vectors");
    let of = |(name, file): (&String, &Value)| {
        let key = expected["keys"][file["key"].as_str().unwrap()].clone();
        (name.clone(), fs::read(directory().join(name)).unwrap(), file.clone(), key)
    };
    files.iter().map(of).collect()
}

fn fingerprint(key: &Value, name: &str) -> Fingerprint {
    Fingerprint::parse(key[name].as_str().unwrap()).unwrap()
}

#[test]
fn every_file_is_recognised_with_its_public_half_as_far_as_it_is_not_locked() {
    for (name, bytes, file, key) in vectors() {
        let read = KeyFile::read(&bytes).unwrap_or_else(|| panic!("{name}"));

        let format = match file["format"].as_str().unwrap() {
            "pkcs1-pem" => Format::Pkcs1,
            "pkcs8-pem" => Format::Pkcs8,
            "openssh-private" => Format::OpenSsh,
            "ppk-v2" => Format::Ppk(2),
            "ppk-v3" => Format::Ppk(3),
            _ => Format::Public,
        };
        assert_eq!((read.format, read.is_locked), (format, file["encrypted"] == true), "{name}");
        let public = PublicKey::from_line(key["public_key"].as_str().unwrap()).unwrap();
        let hides_it = read.is_locked && matches!(format, Format::Pkcs1 | Format::Pkcs8);
        assert_eq!(read.public, (!hides_it).then_some(public), "{name}");
        let imported = fingerprint(&key, "ec2_fingerprint_if_imported");
        assert_eq!(read.fingerprints.contains(&imported), !hides_it, "{name}");
        let created = fingerprint(&key, "ec2_fingerprint_if_created_by_ec2");
        let tells_it = key["type"] == "ed25519" || (!read.is_locked && format != Format::Public);
        assert_eq!(read.fingerprints.contains(&created), tells_it, "{name}");
    }
}

#[test]
fn every_private_half_is_opened_and_is_the_same_in_all_formats() {
    let mut opened: Vec<(String, PrivateKey)> = Vec::new();
    for (name, bytes, file, key) in vectors() {
        if file["format"].as_str().unwrap().contains("public") {
            assert_eq!(unlock(&bytes, None), Err(Unopened::Damaged), "{name}");
            continue;
        }
        let is_locked = file["encrypted"] == true;
        assert_eq!(unlock(&bytes, None).err(), is_locked.then_some(Unopened::Locked), "{name}");
        assert_eq!(unlock(&bytes, Some(b"another")).err(), is_locked.then_some(Unopened::WrongPassphrase), "{name}");

        let private = unlock(&bytes, Some(PASSPHRASE)).unwrap_or_else(|why| panic!("{name}: {why}"));

        assert_eq!(private.public().unwrap().line(), key["public_key"].as_str().unwrap(), "{name}");
        for known in ["ec2_fingerprint_if_imported", "ec2_fingerprint_if_created_by_ec2"] {
            assert!(private.fingerprints().contains(&fingerprint(&key, known)), "{name} {known}");
        }
        // PuTTY may write the primes of the same key in the other order.
        let name = if name.contains("swapped") { name } else { file["key"].as_str().unwrap().to_owned() };
        match opened.iter().find(|(known, _)| *known == name) {
            Some((_, known)) => assert_eq!(*known, private, "{name}"),
            None => opened.push((name, private)),
        }
    }
}

#[test]
fn plausible_wrong_fingerprints_are_not_ec2s() {
    for (name, bytes, _, key) in vectors() {
        for wrong in key["not_ec2_fingerprints"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(kind, _)| *kind != "sha1_of_pkcs8_in_ppk_prime_order")
        {
            let all = unlock(&bytes, Some(PASSPHRASE)).map(|private| private.fingerprints()).unwrap_or_default();
            let wrong = wrong.1.as_str().unwrap();
            let wrong = Fingerprint::parse(wrong).or_else(|| Fingerprint::parse(wrong.strip_prefix("MD5:")?));

            assert!(wrong.is_none_or(|wrong| !all.contains(&wrong)), "{name} {wrong:?}");
        }
    }
}

#[test]
fn odd_line_ends_and_text_around_hide_no_key() {
    for (name, bytes, _, _) in vectors() {
        let good = KeyFile::read(&bytes);
        let text = String::from_utf8(bytes).unwrap();
        let odd = [
            text.replace('\n', "\r\n"),
            text.trim_end().to_owned(),
            text.trim_end().replace('\n', "\r\n"),
            format!("Bag Attributes\n    friendlyName: key\n{text}"),
            format!("{text}and more\n"),
        ];
        for odd in odd {
            assert_eq!(KeyFile::read(odd.as_bytes()), good, "{name}");
            assert_eq!(unlock(odd.as_bytes(), None), unlock(text.as_bytes(), None), "{name}");
        }
        let foreign = [b"caf\xe9 \xff\n".as_slice(), text.as_bytes(), b"\xff\xfe"].concat();
        assert_eq!(KeyFile::read(&foreign), good, "{name}");
    }
}

#[test]
fn a_key_that_is_cut_or_changed_is_none_or_stays_locked() {
    for (name, bytes, file, key) in vectors() {
        for cut in (0..bytes.len().saturating_sub(3)).step_by(7) {
            let part = bytes.get(..cut).unwrap();
            let read = KeyFile::read(part);
            assert!(file["format"].as_str().unwrap().contains("public") || read.is_none(), "{name} at {cut}: {read:?}");
            assert!(unlock(part, Some(PASSPHRASE)).is_err(), "{name} at {cut}");
        }
        for at in (0..bytes.len()).step_by(41) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x01;

            if let Ok(private) = unlock(&changed, if file["encrypted"] == true { None } else { Some(PASSPHRASE) }) {
                let public = private.public().unwrap().line();
                // What is not covered by a check (a comment, the exponents) may differ; the key never does.
                let is_same = public == key["public_key"].as_str().unwrap();
                assert!(is_same || file["format"] == "pkcs8-pem" || file["format"] == "pkcs1-pem", "{name} at {at}");
            }
        }
    }
}

#[test]
fn work_without_bounds_is_not_begun() {
    let text = fs::read_to_string(directory().join("TEST-ONLY-ed25519.v3-encrypted.ppk")).unwrap();
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    for (name, value) in [("Argon2-Memory", "4294967295"), ("Argon2-Passes", "4294967295")] {
        let greedy = text.replace(&line(name), &format!("{name}: {value}"));

        assert_eq!(unlock(greedy.as_bytes(), Some(PASSPHRASE)), Err(Unopened::TooMuchWork), "{name}");
    }
    for (name, value) in
        [("Argon2-Memory", "0"), ("Argon2-Parallelism", "4294967295"), ("Argon2-Salt", "0"), ("Argon2-Passes", "0")]
    {
        let odd = text.replace(&line(name), &format!("{name}: {value}"));

        assert!(unlock(odd.as_bytes(), Some(PASSPHRASE)).is_err(), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(which in 0..24_usize, at in 0..2_000_usize, put: Vec<u8>, cut in 0..200_usize) {
        let name = expected()["files"].as_object().unwrap().keys().nth(which).unwrap().clone();
        let mut bytes = fs::read(directory().join(name)).unwrap();
        let at = at % bytes.len();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, put.iter().copied());

        let _ = (KeyFile::read(&bytes), unlock(&bytes, None));
        let _ = (KeyFile::read(&put), unlock(&put, None));
    }
}

#[test]
fn nothing_private_is_in_a_debug_text() {
    for (name, bytes, _, _) in vectors() {
        let Ok(private) = unlock(&bytes, Some(PASSPHRASE)) else { continue };

        assert!(format!("{private:?}").ends_with("(***)"), "{name}");
    }
}
