//! Sealing data keys: what stands behind the KMS API.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ssh_key::rand_core::{OsRng, RngCore as _};
use zeroize::Zeroizing;

/// What a ciphertext starts with; behind it the length of the key's arn, the arn, a nonce and the sealed key.
const MARK: &[u8] = b"sim1";

/// What seals the data keys of one simulated cloud. No ciphertext opens in another one.
pub(super) struct Seal(LessSafeKey);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(***)")
    }
}

impl Seal {
    pub(super) fn new() -> Self {
        let secret = random::<32>();
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret.as_slice()).expect("thirty-two bytes are an AES-256 key")))
    }

    pub(super) fn seal(&self, arn: &str, context: &BTreeMap<String, String>, plaintext: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE_LEN>();
        let mut sealed = plaintext.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(*nonce), Aad::from(bound(arn, context)), &mut sealed)
            .expect("a data key is far below what AES-GCM can seal");
        let length = u16::try_from(arn.len()).unwrap_or(u16::MAX).to_be_bytes();
        [MARK, &length, arn.as_bytes(), nonce.as_slice(), &sealed].concat()
    }

    /// The arn of the key and the plaintext, if `context` is the one it was sealed with.
    pub(super) fn open(&self, ciphertext: &[u8], context: &BTreeMap<String, String>) -> Option<(String, Zeroizing<Vec<u8>>)> {
        let (length, rest) = ciphertext.strip_prefix(MARK)?.split_first_chunk()?;
        let (arn, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let arn = std::str::from_utf8(arn).ok()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(bound(arn, context)), &mut opened).ok()?.len();
        opened.truncate(length);
        Some((arn.to_owned(), opened))
    }
}

/// What a ciphertext is bound to; the lengths keep two contexts apart that would read the same.
fn bound(arn: &str, context: &BTreeMap<String, String>) -> Vec<u8> {
    let pairs = context.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    std::iter::once(arn)
        .chain(pairs)
        .flat_map(|text| [&(text.len() as u64).to_be_bytes()[..], text.as_bytes()].concat())
        .collect()
}

fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    OsRng.fill_bytes(bytes.as_mut());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_key_opens_under_its_context_and_no_other() {
        let seal = Seal::new();
        let context = BTreeMap::from([("aws:ssm:SessionId".to_owned(), "jane-1".to_owned())]);
        let other = BTreeMap::from([("aws:ssm:SessionId".to_owned(), "jane-2".to_owned())]);
        let sealed = seal.seal("arn:1", &context, b"key");

        assert_eq!(seal.open(&sealed, &context).unwrap(), ("arn:1".to_owned(), Zeroizing::new(b"key".to_vec())));
        assert!(seal.open(&sealed, &other).is_none() && seal.open(&sealed, &BTreeMap::new()).is_none());
        assert!(Seal::new().open(&sealed, &context).is_none());
        for length in 0..sealed.len() {
            assert!(seal.open(&sealed[..length], &context).is_none(), "{length}");
        }
    }
}
