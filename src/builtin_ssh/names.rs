//! The lines of known_hosts that are about one host.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::HostKey;

/// A key that a line tells of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownKey {
    pub(super) key: HostKey,
    /// Whether it is never to be taken.
    pub(super) is_revoked: bool,
}

/// The keys that `text` tells of the host of this name. Lines that are none, and those of authorities, tell nothing.
pub(super) fn known_keys(text: &str, name: &str) -> Vec<KnownKey> {
    let name = name.to_lowercase();
    text.lines().filter_map(|line| known_key(line, &name)).collect()
}

/// `[marker] hosts type base64 [comment]`, if it is about this host.
fn known_key(line: &str, name: &str) -> Option<KnownKey> {
    let mut words = line.split_ascii_whitespace();
    let first = words.next().filter(|word| !word.starts_with('#'))?;
    let (is_revoked, hosts) = match first {
        "@revoked" => (true, words.next()?),
        other if other.starts_with('@') => return None,
        hosts => (false, hosts),
    };
    let (algorithm, base64) = (words.next()?, words.next()?);
    if !is_about(hosts, name) {
        return None;
    }
    Some(KnownKey { key: HostKey::of(algorithm, base64)?, is_revoked })
}

/// Whether a list of patterns, or a name that `HashKnownHosts` hid, means this name, which is in small letters.
fn is_about(hosts: &str, name: &str) -> bool {
    if let Some(hashed) = hosts.strip_prefix("|1|") {
        let parts = hashed.split_once('|').and_then(|(salt, hash)| STANDARD.decode(salt).ok().zip(STANDARD.decode(hash).ok()));
        return parts.is_some_and(|(salt, hash)| {
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &salt);
            hmac::verify(&key, name.as_bytes(), &hash).is_ok()
        });
    }
    let fits = |pattern: &str| fits(pattern.to_lowercase().as_bytes(), name.as_bytes());
    let is_excluded = hosts.split(',').filter_map(|pattern| pattern.strip_prefix('!')).any(fits);
    !is_excluded && hosts.split(',').any(|pattern| !pattern.starts_with('!') && fits(pattern))
}

/// `*` stands for any characters, `?` for one.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    // Where the last star stands, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    let (mut at, mut of) = (0, 0);
    while at < name.len() {
        match pattern.get(of) {
            Some(b'*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(b'?') => (at, of) = (at + 1, of + 1),
            Some(byte) if name.get(at) == Some(byte) => (at, of) = (at + 1, of + 1),
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (at, of) = (*taken, *place + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(of..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const ID: &str = "i-0123456789abcdef0";

    #[test]
    fn names_patterns_and_hashes_are_told_apart_as_openssh_does() {
        // `ssh-keygen -H` of OpenSSH 9.2 made the last.
        for (hosts, is_about) in [
            (ID, true),
            ("i-0123456789ABCDEF0", true),
            ("i-0123456789abcdef", false),
            ("web,i-0123456789abcdef0", true),
            ("i-0*", true),
            ("i-?123456789abcdef?", true),
            ("*,!i-0123456789abcdef0", false),
            ("!i-0*", false),
            ("*f0*", true),
            ("[i-0123456789abcdef0]:2222", false),
            (HASHED, true),
            ("|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=", false),
        ] {
            assert_eq!(!known_keys(&format!("{hosts} {KEY}"), ID).is_empty(), is_about, "{hosts}");
        }
    }

    const HASHED: &str = "|1|OnRt/HFQglm5ihZVunZexlHpPa0=|kXtN3yey7C9+nroCnHP0aq0S1mY=";

    #[test]
    fn lines_are_read_with_every_type_of_key_and_any_blanks() {
        for key in [
            KEY,
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHTdTW9S9xacf2pzqbQpK1tNVphtKm5oopyCgykPqq8nC4FYHiJI9cUjGlc+WfsDIe+UaaKmfF04MIQXZQ+k7cM=",
            "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBO66Rt7LDREEm3vIPy1qHi5ubCoWrTxMu7LpjjSKghnBrdxIcht7LSsWrMEkXWJK/YTO/Gb3yUQsoDxvaX5VY2CPSXPrlTaujyR/EQCgflg5lfz23CXga32pVggCXGIAGA==",
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAEfE4gJ8GUZqVwfvJpwz93gscNvdQe62CVgtMkt/xlBaFJe/IR5ez9bcPNNoJ/6aHtDJsg8ucS7IabdhFD2INXuxQAiQI4TdcupjmHveyhJqFioVTBnu6PFtJO+HqLb43DXY6XO063MfJXoPD5jgOMT0d5lwOjDeWnsAbKNTHGi8l2n3g==",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCbPA62NBZrId0WM96Jzp+/pNvCNCqMQtzn/qby3qeAUg+LzBAwvxAwWPdZ7ymoBzyJrONzk6yz91/lIRbzdg+/52MnlfVzUKR42MAPhvHbYX7ojzlxMGnT6UpuVviGI3I/svlC2v1VKE48U+2cPu//MIiHVPinXRgKmcLrHbnW/Q==",
        ] {
            let bare = key.replace(' ', "\t");
            for (line, is_revoked) in [
                (format!("{ID} {key}"), false),
                (format!(" \t {ID}\t \t{bare}\tcomment \r"), false),
                (format!("{HASHED} {key}"), false),
                (format!("@revoked\t*\t{bare}"), true),
            ] {
                assert_eq!(known_keys(&line, ID), [KnownKey { key: HostKey::read(key).unwrap(), is_revoked }], "{line}");
            }
            for line in [format!("@cert-authority * {key}"), format!("@odd * {key}"), format!(" #{ID} {key}"), key.to_owned()] {
                assert_eq!(known_keys(&line, ID), [], "{line}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_takes_nothing_with_it() {
        let text = format!("# a comment\n\nnonsense\n{ID} ssh-foo AAAA\n{ID} ssh-rsa !!!\n{ID} {KEY} a comment\n");

        let known = known_keys(&text, ID);

        assert_eq!(known, [KnownKey { key: HostKey::read(KEY).unwrap(), is_revoked: false }]);
    }
}
