//! The public half of a key, as SSH sends it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::fingerprint::Fingerprint;
use crate::{der, wire};

/// Longer names of algorithms there are not.
const LONGEST_NAME: usize = 64;

/// A public key. Two are the same key if they are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey(Vec<u8>);

impl PublicKey {
    /// From its bytes as SSH sends them; none if they do not begin with the name of an algorithm.
    pub fn from_blob(blob: &[u8]) -> Option<Self> {
        let mut rest = blob;
        let name = wire::take_string(&mut rest)?;
        let is_name = (1..=LONGEST_NAME).contains(&name.len()) && name.iter().all(u8::is_ascii_graphic);
        (is_name && !rest.is_empty()).then(|| Self(blob.to_vec()))
    }

    /// From a line of OpenSSH: `ssh-ed25519 AAAA… comment`. What stands behind the key does not matter.
    pub fn from_line(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let name = words.next()?;
        let key = Self::from_blob(&STANDARD.decode(words.next()?).ok()?)?;
        (key.algorithm() == name).then_some(key)
    }

    /// From RFC 4716: `---- BEGIN SSH2 PUBLIC KEY ----`.
    pub(crate) fn from_rfc4716(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("---- BEGIN SSH2 PUBLIC KEY ----")?;
        let (inside, _) = rest.split_once("---- END SSH2 PUBLIC KEY ----")?;
        let mut is_header = false;
        let mut encoded = String::new();
        for line in inside.lines().map(str::trim) {
            let belongs_to_header = is_header || line.contains(": ");
            is_header = belongs_to_header && line.ends_with('\\');
            if !belongs_to_header {
                encoded.push_str(line);
            }
        }
        Self::from_blob(&STANDARD.decode(encoded).ok()?)
    }

    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        Self([wire::string(b"ssh-rsa"), wire::number(exponent), wire::number(modulus)].concat())
    }

    pub(crate) fn ed25519(point: &[u8; 32]) -> Self {
        Self([wire::string(b"ssh-ed25519"), wire::string(point)].concat())
    }

    /// Such as `ssh-ed25519`.
    pub fn algorithm(&self) -> &str {
        let mut rest = self.0.as_slice();
        wire::take_string(&mut rest).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }

    /// As SSH sends it.
    pub fn blob(&self) -> &[u8] {
        &self.0
    }

    /// The line of OpenSSH, without a comment.
    pub fn line(&self) -> String {
        format!("{} {}", self.algorithm(), STANDARD.encode(&self.0))
    }

    /// What EC2 shows of it where it does not take the private half for that.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        match self.algorithm() {
            "ssh-ed25519" => Some(Fingerprint::Sha256(Sha256::digest(&self.0).into())),
            "ssh-rsa" => {
                let (modulus, exponent) = self.rsa_numbers()?;
                Some(Fingerprint::Md5(md5::compute(&*der::public_key_info(modulus, exponent)).0))
            }
            _ => None,
        }
    }

    /// Modulus and public exponent.
    pub(crate) fn rsa_numbers(&self) -> Option<(&[u8], &[u8])> {
        let mut rest = self.0.as_slice();
        let name = wire::take_string(&mut rest)?;
        let (exponent, modulus) = (wire::take_string(&mut rest)?, wire::take_string(&mut rest)?);
        (name == b"ssh-rsa" && rest.is_empty()).then(|| (wire::trimmed(modulus), wire::trimmed(exponent)))
    }
}
