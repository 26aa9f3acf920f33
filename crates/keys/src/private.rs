//! An unlocked private key, and why one could not be unlocked.

use std::fmt;

use zeroize::Zeroizing;

use crate::der::private_key_info;
use crate::fingerprint::Fingerprint;
use crate::public::PublicKey;
use crate::rsa::Rsa;

/// A private key, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub enum PrivateKey {
    /// RSA, as PKCS#1 DER.
    Rsa(Zeroizing<Vec<u8>>),
    /// The seed of an ed25519 key.
    Ed25519(Zeroizing<[u8; 32]>),
}

/// Why a private key was not unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// It is locked, and no passphrase was given.
    #[error("the key is locked with a passphrase")]
    Locked,
    /// The passphrase is another one.
    #[error("the passphrase is another one")]
    WrongPassphrase,
    /// The file asks for more work or memory than is given to it.
    #[error("the file asks for too much work before its passphrase can be tried")]
    TooMuchWork,
    /// Neither RSA nor ed25519, or locked in a way that is not read here.
    #[error("keys of this kind are not read here")]
    Unsupported,
    /// It is cut or contradicts itself.
    #[error("the file is damaged")]
    Damaged,
}

impl PrivateKey {
    pub(crate) fn of_rsa(key: &Rsa) -> Self {
        Self::Rsa(key.to_pkcs1())
    }

    pub(crate) fn of_seed(seed: &[u8]) -> Option<Self> {
        let mut own = Zeroizing::new([0; 32]);
        (seed.len() == own.len()).then(|| own.copy_from_slice(seed))?;
        Some(Self::Ed25519(own))
    }

    /// The public half.
    pub fn public(&self) -> Option<PublicKey> {
        match self {
            Self::Rsa(der) => Some(Rsa::from_pkcs1(der)?.public()),
            Self::Ed25519(seed) => {
                Some(PublicKey::ed25519(ed25519_dalek::SigningKey::from_bytes(seed).verifying_key().as_bytes()))
            }
        }
    }

    /// An RSA key as PKCS#8 DER; none of another kind.
    pub fn rsa_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Rsa(der) => Some(private_key_info(der)),
            Self::Ed25519(_) => None,
        }
    }

    /// Everything that EC2 may show of it.
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        let of_public = self.public().and_then(|public| public.fingerprint());
        let of_private = match self {
            Self::Rsa(der) => Rsa::from_pkcs1(der).map(|key| key.fingerprints()).unwrap_or_default(),
            Self::Ed25519(_) => Vec::new(),
        };
        of_public.into_iter().chain(of_private).collect()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa(_) => "Rsa(***)",
            Self::Ed25519(_) => "Ed25519(***)",
        })
    }
}
