//! EC2 key pairs, with the private half where somebody is to have it.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use ssh_key::rand_core::OsRng;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey};

use super::id::derived_id;

/// An EC2 key pair.
#[derive(Clone)]
pub struct KeyPair {
    /// Its name.
    pub name: String,
    /// `key-0…`.
    pub id: String,
    /// The OpenSSH public key line.
    pub public: String,
    /// SHA-256 of the public key, as EC2 shows it.
    pub fingerprint: String,
    /// When it was made.
    pub created: SystemTime,
    /// The private half, if it lies in the directory of the simulation.
    private: Option<Arc<PrivateKey>>,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("name", &self.name).field("public", &self.public).finish_non_exhaustive()
    }
}

impl KeyPair {
    /// A new ed25519 pair; the private half is kept only if there is to be a file of it.
    pub(super) fn new(name: &str, has_file: bool, created: SystemTime) -> Result<Self, ssh_key::Error> {
        let mut private = PrivateKey::random(&mut OsRng, Algorithm::Ed25519)?;
        private.set_comment(name);
        let fingerprint = private.fingerprint(HashAlg::Sha256).to_string();
        Ok(Self {
            name: name.to_owned(),
            id: derived_id("key-", &[name]),
            public: private.public_key().to_openssh()?,
            fingerprint: format!("{}=", fingerprint.trim_start_matches("SHA256:")),
            created,
            private: has_file.then(|| Arc::new(private)),
        })
    }

    /// The same pair in another account, whose file lies there already.
    pub(super) fn elsewhere(&self) -> Self {
        Self { private: None, ..self.clone() }
    }

    /// Whether a file of the private half lies in the directory of the simulation.
    pub fn has_file(&self) -> bool {
        self.private.is_some()
    }

    /// The text of that file.
    pub(super) fn private_file(&self) -> Option<Result<zeroize::Zeroizing<String>, ssh_key::Error>> {
        self.private.as_ref().map(|private| private.to_openssh(LineEnding::LF))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_pair_has_the_fingerprint_ec2_shows_and_a_file_only_if_asked() {
        let pair = KeyPair::new("team-prod", true, SystemTime::UNIX_EPOCH).unwrap();
        let without = KeyPair::new("lost", false, SystemTime::UNIX_EPOCH).unwrap();

        assert!(pair.public.starts_with("ssh-ed25519 ") && pair.public.ends_with(" team-prod"));
        assert_eq!(pair.fingerprint.len(), 44);
        assert!(pair.private_file().unwrap().unwrap().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
        assert!(without.private_file().is_none());
        assert!(!format!("{pair:?}").contains("PRIVATE"));
    }
}
