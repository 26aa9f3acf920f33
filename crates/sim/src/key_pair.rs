//! EC2 key pairs, with the private half where somebody is to have it.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use ssh_key::rand_core::OsRng;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey};
use zeroize::Zeroizing;

use super::id::derived_id;
use super::rsa::RsaKey;

/// What kind of key a pair is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// Ed25519, which Windows cannot use.
    #[default]
    Ed25519,
    /// RSA of 2048 bits.
    Rsa,
}

impl KeyKind {
    /// `KeyType`, as EC2 tells it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Rsa => "rsa",
        }
    }
}

/// An EC2 key pair.
#[derive(Clone)]
pub struct KeyPair {
    /// Its name.
    pub name: String,
    /// `key-0…`.
    pub id: String,
    /// What kind of key it is.
    pub kind: KeyKind,
    /// The OpenSSH public key line; empty: that of an RSA key, which is made when somebody asks.
    pub public: String,
    /// What EC2 shows of the key; empty as `public` is.
    pub fingerprint: String,
    /// When it was made.
    pub created: SystemTime,
    /// The private half, if it lies in the directory of the simulation.
    private: Option<Arc<PrivateKey>>,
    rsa: Option<Arc<RsaPair>>,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("name", &self.name).field("public", &self.public).finish_non_exhaustive()
    }
}

impl KeyPair {
    /// A new pair; the private half of ed25519 is kept only if there is to be a file of it.
    pub(super) fn new(name: &str, kind: KeyKind, has_file: bool, created: SystemTime) -> Result<Self, ssh_key::Error> {
        let pair = Self {
            name: name.to_owned(),
            id: derived_id("key-", &[name]),
            kind,
            public: String::new(),
            fingerprint: String::new(),
            created,
            private: None,
            rsa: None,
        };
        if kind == KeyKind::Rsa {
            return Ok(Self { rsa: Some(Arc::new(RsaPair::new(name, has_file))), ..pair });
        }
        let mut private = PrivateKey::random(&mut OsRng, Algorithm::Ed25519)?;
        private.set_comment(name);
        let fingerprint = private.fingerprint(HashAlg::Sha256).to_string();
        Ok(Self {
            public: private.public_key().to_openssh()?,
            fingerprint: format!("{}=", fingerprint.trim_start_matches("SHA256:")),
            private: has_file.then(|| Arc::new(private)),
            ..pair
        })
    }

    /// The public key line, and what EC2 shows of the key.
    pub(super) fn told(&self) -> (&str, &str) {
        let made = self.rsa.as_ref().filter(|_| self.public.is_empty() && self.fingerprint.is_empty());
        match made.and_then(|rsa| rsa.made()) {
            Some(made) => (&made.public, &made.fingerprint),
            None => (&self.public, &self.fingerprint),
        }
    }

    /// What only its private half opens; none if it is of a kind that cannot.
    pub(super) fn encrypt(&self, text: &str) -> Option<Vec<u8>> {
        self.rsa.as_ref()?.made()?.key.encrypt(text)
    }

    /// The same pair in another account, whose file lies there already.
    pub(super) fn elsewhere(&self) -> Self {
        Self { private: None, ..self.clone() }
    }

    /// Whether a file of the private half lies in the directory of the simulation.
    pub fn has_file(&self) -> bool {
        self.private.is_some() || self.rsa.as_ref().is_some_and(|rsa| rsa.has_file)
    }

    /// The text of that file, which is written now; that of an RSA key writes itself to `path` when it is made.
    pub(super) fn private_file(&self, path: &Path) -> Option<Result<Zeroizing<String>, ssh_key::Error>> {
        if let Some(rsa) = self.rsa.as_ref().filter(|rsa| rsa.has_file) {
            let _ = rsa.path.set(path.to_owned());
            // Somebody asked for it before there was a place for it.
            if let Some(text) = rsa.made.get().and_then(|made| made.as_ref()?.key.private_file()) {
                return Some(Ok(text));
            }
        }
        self.private.as_ref().map(|private| private.to_openssh(LineEnding::LF))
    }
}

/// An RSA key pair. To make one takes a moment, and few ask for it.
struct RsaPair {
    name: String,
    has_file: bool,
    path: OnceLock<PathBuf>,
    made: OnceLock<Option<MadeRsa>>,
}

struct MadeRsa {
    key: RsaKey,
    public: String,
    fingerprint: String,
}

impl RsaPair {
    fn new(name: &str, has_file: bool) -> Self {
        Self { name: name.to_owned(), has_file, path: OnceLock::new(), made: OnceLock::new() }
    }

    /// None if the library makes none.
    fn made(&self) -> Option<&MadeRsa> {
        let make = || {
            let key = RsaKey::generate().ok()?;
            let (public, fingerprint) = (format!("{} {}", key.public_line()?, self.name), key.fingerprint());
            if let (Some(path), Some(text)) = (self.path.get(), key.private_file()) {
                // The directory may be gone by now.
                let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
                let _ = file.and_then(|mut file| file.write_all(text.as_bytes()));
            }
            Some(MadeRsa { key, public, fingerprint })
        };
        self.made.get_or_init(make).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_pair_has_the_fingerprint_ec2_shows_and_a_file_only_if_asked() {
        let pair = KeyPair::new("team-prod", KeyKind::Ed25519, true, SystemTime::UNIX_EPOCH).unwrap();
        let without = KeyPair::new("lost", KeyKind::Ed25519, false, SystemTime::UNIX_EPOCH).unwrap();

        assert!(pair.public.starts_with("ssh-ed25519 ") && pair.public.ends_with(" team-prod"));
        assert_eq!(pair.fingerprint.len(), 44);
        assert!(pair.private_file(Path::new("")).unwrap().unwrap().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
        assert!(without.private_file(Path::new("")).is_none());
        assert!(!format!("{pair:?}").contains("PRIVATE"));
    }

    #[test]
    fn an_rsa_pair_is_made_when_somebody_asks_and_writes_its_file_then() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("it-windows");
        let pair = KeyPair::new("it-windows", KeyKind::Rsa, true, SystemTime::UNIX_EPOCH).unwrap();
        assert!(pair.has_file() && pair.private_file(&path).is_none() && !path.exists());

        let twin = pair.clone();
        let (public, fingerprint) = twin.told();

        assert!(public.starts_with("ssh-rsa ") && fingerprint.len() == 59);
        assert_eq!(pair.told(), (public, fingerprint), "once for all");
        assert!(std::fs::read_to_string(path).unwrap().starts_with("-----BEGIN RSA PRIVATE KEY-----"));
    }
}
