//! RSA key pairs as EC2 makes them for Windows, and what EC2 encrypts for their owners.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeySize, Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Columns of a line of PEM.
const LINE: usize = 64;
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// An RSA key of 2048 bits.
pub(super) struct RsaKey {
    public: PublicEncryptingKey,
    /// As PKCS#8.
    private: Zeroizing<Vec<u8>>,
}

impl RsaKey {
    pub(super) fn generate() -> Result<Self, Unspecified> {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048)?;
        let der: Pkcs8V1Der<'static> = key.as_der()?;
        Ok(Self { public: key.public_key(), private: Zeroizing::new(der.as_ref().to_vec()) })
    }

    /// `ssh-rsa …`, without a comment.
    pub(super) fn public_line(&self) -> Option<String> {
        let der: PublicKeyX509Der<'static> = self.public.as_der().ok()?;
        let mut rest = der.as_ref();
        let mut info = value(SEQUENCE, &mut rest)?;
        value(SEQUENCE, &mut info)?;
        // Behind the count of unused bits.
        let mut bits = value(BITS, &mut info)?.get(1..)?;
        let mut numbers = value(SEQUENCE, &mut bits)?;
        let (modulus, exponent) = (value(INTEGER, &mut numbers)?, value(INTEGER, &mut numbers)?);
        // DER and SSH write a number alike.
        let parts: [&[u8]; 3] = [b"ssh-rsa", exponent, modulus];
        let blob: Vec<u8> = parts.iter().flat_map(|part| [&length(part), *part].concat()).collect();
        Some(format!("ssh-rsa {}", STANDARD.encode(blob)))
    }

    /// SHA-1 of the private half, as EC2 shows it of a pair that it made.
    pub(super) fn fingerprint(&self) -> String {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.private);
        hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
    }

    /// The file that EC2 hands out: PKCS#1 as PEM.
    pub(super) fn private_file(&self) -> Option<Zeroizing<String>> {
        let mut rest: &[u8] = &self.private;
        let mut info = value(SEQUENCE, &mut rest)?;
        value(INTEGER, &mut info)?;
        value(SEQUENCE, &mut info)?;
        let encoded = Zeroizing::new(STANDARD.encode(value(OCTETS, &mut info)?));
        let mut text = Zeroizing::new(String::with_capacity(encoded.len() + encoded.len() / LINE + 80));
        text.push_str("-----BEGIN RSA PRIVATE KEY-----\n");
        for line in encoded.as_bytes().chunks(LINE) {
            text.push_str(std::str::from_utf8(line).ok()?);
            text.push('\n');
        }
        text.push_str("-----END RSA PRIVATE KEY-----\n");
        Some(text)
    }

    /// Only the private half opens it: PKCS#1 v1.5.
    pub(super) fn encrypt(&self, text: &str) -> Option<Vec<u8>> {
        let key = Pkcs1PublicEncryptingKey::new(self.public.clone()).ok()?;
        let mut sealed = vec![0; key.ciphertext_size()];
        let count = key.encrypt(text.as_bytes(), &mut sealed).ok()?.len();
        sealed.truncate(count);
        Some(sealed)
    }
}

fn length(part: &[u8]) -> [u8; 4] {
    u32::try_from(part.len()).unwrap_or_default().to_be_bytes()
}

/// Take what stands behind this tag and its length off the front.
fn value<'a>(tag: u8, rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (&first, behind) = rest.strip_prefix(&[tag])?.split_first()?;
    let (length, behind) = match first {
        short @ 0..=0x7f => (usize::from(short), behind),
        long => {
            let (bytes, behind) = behind.split_at_checked(usize::from(long & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), behind)
        }
    };
    let (inside, behind) = behind.split_at_checked(length)?;
    *rest = behind;
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_ssh_and_openssl_read_it() {
        let key = RsaKey::generate().unwrap();

        let line = key.public_line().unwrap();
        let parsed = ssh_key::PublicKey::from_openssh(&line).unwrap();

        assert_eq!(parsed.algorithm().as_str(), "ssh-rsa");
        assert_eq!(key.fingerprint().len(), 59);
        let file = key.private_file().unwrap();
        assert!(file.starts_with("-----BEGIN RSA PRIVATE KEY-----\nMII") && file.lines().all(|line| line.len() <= 64));
    }
}
