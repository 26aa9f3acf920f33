//! The lines of known_hosts that are about one host.

use aws_lc_rs::hmac;
use ssh_key::known_hosts::{HostPatterns, KnownHosts, Marker};

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
    // One at a time: a line that cannot be read takes none of the others with it.
    let entries = text.lines().filter_map(|line| KnownHosts::new(line).next()?.ok());
    let keys = entries.filter(|entry| is_about(entry.host_patterns(), name)).filter_map(|entry| {
        let is_revoked = match entry.marker() {
            Some(Marker::CertAuthority) => return None,
            Some(Marker::Revoked) => true,
            None => false,
        };
        let key = HostKey::read(&entry.public_key().to_openssh().ok()?)?;
        Some(KnownKey { key, is_revoked })
    });
    keys.collect()
}

fn is_about(patterns: &HostPatterns, name: &str) -> bool {
    let name = name.to_lowercase();
    match patterns {
        HostPatterns::HashedName { salt, hash } => {
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, salt);
            hmac::verify(&key, name.as_bytes(), hash).is_ok()
        }
        HostPatterns::Patterns(patterns) => {
            let fits = |pattern: &str| fits(pattern.to_lowercase().as_bytes(), name.as_bytes());
            let is_excluded = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!')).any(fits);
            !is_excluded && patterns.iter().any(|pattern| !pattern.starts_with('!') && fits(pattern))
        }
    }
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
    fn what_cannot_be_read_takes_nothing_with_it() {
        let text = format!("# a comment\n\nnonsense\n{ID} ssh-foo AAAA\n{ID} ssh-rsa !!!\n{ID} {KEY} a comment\n");

        let known = known_keys(&text, ID);

        assert_eq!(known, [KnownKey { key: HostKey::read(KEY).unwrap(), is_revoked: false }]);
    }
}
