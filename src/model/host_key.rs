//! The public key of an SSH server, and the fingerprints it is told by.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use md5::Md5;
use sha2::{Digest, Sha256};

/// Words that begin a key line, with the word that `ssh-keygen -l` has for them.
const ALGORITHMS: [(&str, KeyKind); 6] = [
    ("ssh-ed25519", KeyKind::Ed25519),
    ("ecdsa-sha2-nistp256", KeyKind::Ecdsa),
    ("ecdsa-sha2-nistp384", KeyKind::Ecdsa),
    ("ecdsa-sha2-nistp521", KeyKind::Ecdsa),
    ("ssh-rsa", KeyKind::Rsa),
    ("ssh-dss", KeyKind::Dsa),
];
/// Longest key: RSA of 16,384 bits takes 2,071 bytes.
const LONGEST: usize = 4_096;

/// The public key of an SSH server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostKey {
    algorithm: &'static str,
    kind: KeyKind,
    blob: Vec<u8>,
}

/// What a key is made with, as `ssh-keygen -l` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// `ED25519`.
    Ed25519,
    /// `ECDSA`.
    Ecdsa,
    /// `RSA`.
    Rsa,
    /// `DSA`.
    Dsa,
}

/// What a key is known by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fingerprint {
    /// SHA-256 of the key: `SHA256:` and 43 characters.
    Sha256([u8; 32]),
    /// MD5 of the key, as OpenSSH before 6.8 printed it.
    Md5([u8; 16]),
}

/// Why a host key is believed to be the instance's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HostKeyOrigin {
    /// The instance printed it on its console, and EC2 told it.
    Console,
    /// It was read on the instance, through Session Manager.
    SessionManager,
    /// It was shown at the first contact, and nothing told whether it is the right one.
    FirstContact,
}

impl HostKeyOrigin {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Console, Self::SessionManager, Self::FirstContact];

    /// The word in files and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::SessionManager => "session-manager",
            Self::FirstContact => "first-contact",
        }
    }

    /// The one of this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.word() == word)
    }
}

impl HostKey {
    /// The key of `type base64`, whatever stands behind; none if the bytes are not a key of that type.
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        Self::of(words.next()?, words.next()?)
    }

    /// The key of a type and its base64.
    pub fn of(algorithm: &str, base64: &str) -> Option<Self> {
        let (algorithm, kind) = ALGORITHMS.into_iter().find(|(name, _)| *name == algorithm)?;
        let blob = STANDARD.decode(base64).ok().filter(|blob| blob.len() <= LONGEST)?;
        // RFC 4253, 6.6: the blob begins with the type, and something follows.
        let begins = blob.get(4..)?.starts_with(algorithm.as_bytes()) && blob.len() > 4 + algorithm.len();
        let length = u32::from_be_bytes(blob.get(..4)?.try_into().ok()?);
        (begins && usize::try_from(length).is_ok_and(|length| length == algorithm.len())).then_some(Self {
            algorithm,
            kind,
            blob,
        })
    }

    /// Such as `ssh-ed25519`.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    /// What it is made with.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// `type base64`, as in the files of sshd and in known_hosts.
    pub fn line(&self) -> String {
        format!("{} {}", self.algorithm, STANDARD.encode(&self.blob))
    }

    /// Its SHA-256, as ssh shows it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::Sha256(Sha256::digest(&self.blob).into())
    }

    /// Whether it is known by this fingerprint.
    pub fn has(&self, fingerprint: &Fingerprint) -> bool {
        match fingerprint {
            Fingerprint::Sha256(_) => self.fingerprint() == *fingerprint,
            Fingerprint::Md5(hash) => <[u8; 16]>::from(Md5::digest(&self.blob)) == *hash,
        }
    }
}

impl KeyKind {
    /// The word in brackets at the end of a line of `ssh-keygen -l`.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Ed25519, Self::Ecdsa, Self::Rsa, Self::Dsa].into_iter().find(|kind| kind.word() == word)
    }

    /// `ED25519`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ed25519 => "ED25519",
            Self::Ecdsa => "ECDSA",
            Self::Rsa => "RSA",
            Self::Dsa => "DSA",
        }
    }

    /// The signatures by which a server proves such a key, for ssh's `HostKeyAlgorithms`; none of those that ssh has given up.
    pub fn signatures(self) -> &'static [&'static str] {
        match self {
            Self::Ed25519 => &["ssh-ed25519"],
            Self::Ecdsa => &["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
            Self::Rsa => &["rsa-sha2-512", "rsa-sha2-256"],
            Self::Dsa => &[],
        }
    }
}

impl Fingerprint {
    /// `SHA256:` and 43 characters, `MD5:` and hex, or such hex alone.
    pub fn read(word: &str) -> Option<Self> {
        if let Some(hash) = word.strip_prefix("SHA256:") {
            return Some(Self::Sha256(STANDARD_NO_PAD.decode(hash).ok()?.try_into().ok()?));
        }
        let pairs = word.strip_prefix("MD5:").unwrap_or(word).split(':');
        let bytes: Option<Vec<u8>> = pairs.map(pair).collect();
        Some(Self::Md5(bytes?.try_into().ok()?))
    }
}

/// Exactly two hex digits.
fn pair(digits: &str) -> Option<u8> {
    let is_pair = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| is_pair)
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(hash) => write!(f, "SHA256:{}", STANDARD_NO_PAD.encode(hash)),
            Self::Md5(hash) => {
                f.write_str("MD5")?;
                hash.iter().try_for_each(|byte| write!(f, ":{byte:02x}"))
            }
        }
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";

    #[test]
    fn a_key_line_is_read_with_its_fingerprints() {
        let key = HostKey::read(&format!("{ED25519} root@ip-10-0-1-25 \n")).unwrap();

        assert_eq!((key.line().as_str(), key.kind()), (ED25519, KeyKind::Ed25519));
        assert_eq!(key.fingerprint().to_string(), "SHA256:qNfWitDRsfy1R5QwcbOKqg60amZ8T3HZWIoLt0zC7X4");
        let md5 = "MD5:35:9c:7c:33:90:eb:fc:26:4d:c1:ea:6e:21:11:99:54";
        assert_eq!(Fingerprint::read(md5).unwrap().to_string(), md5);
    }

    #[test]
    fn what_is_not_a_key_of_its_type_is_none() {
        for line in [
            "",
            "ssh-ed25519",
            "ssh-ed25519 AAAA",
            "ssh-ed25519 !!!!",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
            &ED25519.replace("ssh-ed25519", "ssh-rsa"),
            &ED25519.replace("ssh-ed25519", "ssh-foo"),
        ] {
            assert_eq!(HostKey::read(line), None, "{line}");
        }
        for word in ["SHA256:", "SHA256:abc", "MD5:00", "00:11", "0:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f", "+1:00", ""] {
            assert_eq!(Fingerprint::read(word), None, "{word}");
        }
    }
}
