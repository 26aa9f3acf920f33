//! A private key read from a file, in memory only: for our agent, where OpenSSH cannot read the file itself.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKey;
use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding};
use ec2dash_keys::{PrivateKey, PublicKey};

use super::wire;

/// Flags of a request to sign, draft-miller-ssh-agent 4.5.1.
const WITH_SHA256: u32 = 2;
const WITH_SHA512: u32 = 4;

/// The key, which is wiped when this goes.
pub struct OpenedKey {
    public: PublicKey,
    private: Private,
}

enum Private {
    Rsa(RsaKey),
    Ed25519(Ed25519KeyPair),
}

impl OpenedKey {
    /// None if the library takes no such key: RSA of fewer than 2,048 bits.
    pub fn new(private: &PrivateKey) -> Option<Self> {
        let public = private.public()?;
        let private = match private {
            PrivateKey::Rsa(der) => Private::Rsa(RsaKey::from_der(der).ok()?),
            PrivateKey::Ed25519(seed) => Private::Ed25519(Ed25519KeyPair::from_seed_unchecked(&**seed).ok()?),
        };
        Some(Self { public, private })
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A signature as SSH sends it. With SHA-1, which is broken, there is none.
    pub(super) fn sign(&self, data: &[u8], flags: u32) -> Option<Vec<u8>> {
        let (algorithm, signature) = match &self.private {
            Private::Ed25519(key) => ("ssh-ed25519", key.sign(data).as_ref().to_vec()),
            Private::Rsa(key) if flags & WITH_SHA512 != 0 => ("rsa-sha2-512", rsa(key, &RSA_PKCS1_SHA512, data)?),
            Private::Rsa(key) if flags & WITH_SHA256 != 0 => ("rsa-sha2-256", rsa(key, &RSA_PKCS1_SHA256, data)?),
            Private::Rsa(_) => return None,
        };
        Some([wire::string(algorithm.as_bytes()), wire::string(&signature)].concat())
    }
}

fn rsa(key: &RsaKey, encoding: &'static dyn RsaEncoding, data: &[u8]) -> Option<Vec<u8>> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), data, &mut signature).ok()?;
    Some(signature)
}

impl fmt::Debug for OpenedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedKey(***)")
    }
}
