//! A line of a known_hosts file: whose key it tells.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::host_glob_fits;

/// `[@marker] hosts algorithm base64 [comment]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostLine<'l> {
    /// `@revoked`, `@cert-authority`, or another.
    pub marker: Option<&'l str>,
    /// Names and patterns with commas between them, or one name that `HashKnownHosts` hid.
    pub hosts: &'l str,
    /// Such as `ssh-ed25519`.
    pub algorithm: &'l str,
    /// The key.
    pub base64: &'l str,
}

impl<'l> HostLine<'l> {
    /// None of a comment, an empty line, and what cannot be read.
    pub fn read(line: &'l str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let first = words.next().filter(|word| !word.starts_with('#'))?;
        let (marker, hosts) = if first.starts_with('@') { (Some(first), words.next()?) } else { (None, first) };
        Some(Self { marker, hosts, algorithm: words.next()?, base64: words.next()? })
    }

    /// Whether it is about the host of this name, in any case, as OpenSSH decides that.
    pub fn is_about(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        if let Some(hashed) = self.hosts.strip_prefix(HASHED) {
            let parts =
                hashed.split_once('|').and_then(|(salt, hash)| STANDARD.decode(salt).ok().zip(STANDARD.decode(hash).ok()));
            return parts.is_some_and(|(salt, hash)| {
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &salt);
                hmac::verify(&key, name.as_bytes(), &hash).is_ok()
            });
        }
        let fits = |pattern: &str| host_glob_fits(&pattern.to_lowercase(), &name);
        let is_excluded = self.hosts.split(',').filter_map(|pattern| pattern.strip_prefix('!')).any(fits);
        !is_excluded && self.hosts.split(',').any(|pattern| !pattern.starts_with('!') && fits(pattern))
    }

    /// Whether the name is hidden.
    pub(super) fn is_hashed(&self) -> bool {
        self.hosts.starts_with('|')
    }
}

/// What stands before a salt and a hash of SHA-1.
const HASHED: &str = "|1|";

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const ID: &str = "i-0123456789abcdef0";

    #[test]
    fn names_patterns_and_hashes_are_told_apart_as_openssh_does() {
        // `ssh-keygen -H` of OpenSSH 9.2 made the hash.
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
            ("|1|OnRt/HFQglm5ihZVunZexlHpPa0=|kXtN3yey7C9+nroCnHP0aq0S1mY=", true),
            ("|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=", false),
        ] {
            let line = format!("{hosts} {KEY}");

            assert_eq!(HostLine::read(&line).unwrap().is_about(ID), is_about, "{hosts}");
        }
    }

    #[test]
    fn a_line_has_its_parts_between_any_blanks_and_a_comment_or_half_a_line_has_none() {
        let (algorithm, base64) = KEY.split_once(' ').unwrap();
        let line = format!(" \t@revoked \t*\t{algorithm}  {base64}\tcomment \r");

        let read = HostLine::read(&line).unwrap();

        assert_eq!(read, HostLine { marker: Some("@revoked"), hosts: "*", algorithm, base64 });
        for none in ["", "# x y z", " #web ssh-rsa AAAA", "web ssh-rsa", "@revoked web ssh-rsa"] {
            assert_eq!(HostLine::read(none), None, "{none}");
        }
    }
}
