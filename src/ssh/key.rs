//! The one-time key of an EC2 Instance Connect login, which exists in memory only.

use std::fmt;
use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::rand_core::{OsRng, RngCore};
use ssh_key::{PrivateKey, PublicKey, Signature, SigningKey};
use zeroize::Zeroizing;

use super::wire;

/// An ed25519 key. Clones share the one copy of the private half, which is wiped when the last of them goes.
#[derive(Clone)]
pub struct EphemeralKey {
    private: Arc<PrivateKey>,
    line: String,
    blob: Vec<u8>,
}

impl EphemeralKey {
    /// A new key from the system's random generator.
    pub fn generate() -> io::Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(seed.as_mut()).map_err(|error| io::Error::other(error.to_string()))?;
        let pair = Ed25519Keypair::from_seed(&seed);
        let public = PublicKey::from(pair.public);
        let private = PrivateKey::new(KeypairData::Ed25519(pair), "").map_err(io::Error::other)?;
        Ok(Self {
            private: Arc::new(private),
            line: public.to_openssh().map_err(io::Error::other)?,
            blob: public.to_bytes().map_err(io::Error::other)?,
        })
    }

    /// The OpenSSH line without a comment: 80 characters, the least that `SendSSHPublicKey` takes.
    pub fn public_line(&self) -> &str {
        &self.line
    }

    /// The public half as SSH sends it.
    pub(super) fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// A signature as SSH sends it; none if the library cannot make one.
    pub(super) fn sign(&self, data: &[u8]) -> Option<Vec<u8>> {
        let signature = signature(self.private.as_ref(), data)?;
        let algorithm = signature.algorithm();
        Some([wire::string(algorithm.as_str().as_bytes()), wire::string(signature.as_bytes())].concat())
    }
}

/// A short name for the files of a key.
pub(super) fn tag(blob: &[u8]) -> String {
    Sha256::digest(blob).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Generic, as the trait with `try_sign` comes from a crate that `ssh-key` does not show.
fn signature(key: &impl SigningKey, data: &[u8]) -> Option<Signature> {
    key.try_sign(data).ok()
}

impl fmt::Debug for EphemeralKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EphemeralKey(***)")
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_public_line_has_exactly_the_eighty_characters_the_api_asks_for() {
        let key = EphemeralKey::generate().unwrap();

        assert_eq!(key.public_line().len(), 80);
        assert!(key.public_line().starts_with("ssh-ed25519 AAAA"));
    }

    #[test]
    fn keys_differ() {
        let keys = [EphemeralKey::generate().unwrap(), EphemeralKey::generate().unwrap()];

        assert_ne!(keys[0].public_line(), keys[1].public_line());
        assert_ne!(tag(keys[0].blob()), tag(keys[1].blob()));
    }

    #[test]
    fn debug_output_shows_nothing_of_the_key() {
        let key = EphemeralKey::generate().unwrap();

        assert_eq!(format!("{key:?}"), "EphemeralKey(***)");
    }

    #[test]
    fn a_signature_is_an_ed25519_one() {
        let key = EphemeralKey::generate().unwrap();
        let signed = key.sign(b"data").unwrap();
        let mut rest = signed.as_slice();

        assert_eq!(wire::take_string(&mut rest), Some(b"ssh-ed25519".as_slice()));
        assert_eq!(wire::take_string(&mut rest).map(<[u8]>::len), Some(64));
        assert!(rest.is_empty());
    }
}
