//! The first password of a Windows Administrator: asked of EC2, and opened here with the key pair's private half.

use std::fmt;
use std::path::{Path, PathBuf};

use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use ec2dash_keys::PrivateKey;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Error;
use super::open_key::{Unlocked, unlocked};
use crate::access::{FoundKey, KeyFile, KeyProblem};
use crate::aws::{self, Cloud};
use crate::model::{Instance, Os, Untrusted};
use crate::text::{Catalogue, Value};

/// Windows tells its password at most so many seconds after its launch.
const TOLD_AFTER: i64 = 15 * 60;

/// A password, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The text, for whoever asked to see it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

/// A password that EC2 keeps, and the file that opens it.
#[derive(Debug, Clone)]
pub struct SealedPassword {
    data: Vec<u8>,
    /// The private half of the key pair.
    pub file: PathBuf,
    /// Whether its passphrase has to be asked for first.
    pub is_locked: bool,
    /// Whether EC2 tells of another key under the pair's name: the name may have been given again since the launch.
    pub is_doubtful: bool,
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub enum NoPassword {
    /// EC2 did not tell.
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// Only Windows has one.
    #[error("the instance does not run Windows")]
    NotWindows,
    /// Without a key pair none is kept.
    #[error("the instance was launched without a key pair")]
    NoPair,
    /// Windows has not told it yet.
    #[error("{seconds} s after its launch there is no password yet")]
    NotYet {
        /// Since the launch.
        seconds: i64,
    },
    /// Windows made none.
    #[error("the image made no password")]
    NotMade,
    /// The key pair is of a kind that opens nothing.
    #[error("the key pair is not RSA")]
    NotRsa,
    /// The private half is nowhere here.
    #[error("the private half of the key pair was not found")]
    NoKey {
        /// A file that was asked for.
        file: Option<PathBuf>,
    },
    /// The file holds another key.
    #[error("{} does not open the password", .file.display())]
    OtherKey {
        /// The file.
        file: PathBuf,
    },
    /// The key was not opened.
    #[error(transparent)]
    Key(Error),
    /// This signal told us to leave.
    #[error("left by signal {0}")]
    Left(i32),
}

/// Ask EC2 for the password of `instance`, whose key is `found`. Nothing is opened, and nobody is asked for anything.
pub async fn sealed_password(
    cloud: &Cloud,
    instance: &Instance,
    found: &FoundKey<'_>,
    now: Timestamp,
) -> Result<SealedPassword, NoPassword> {
    if matches!(instance.os, Os::Linux | Os::MacOs) {
        return Err(NoPassword::NotWindows);
    }
    let Some(data) = cloud.password_data(&instance.place.region, &instance.id).await? else {
        return Err(untold(instance, now));
    };
    let is_rsa = |file: &&KeyFile| file.public.as_ref().is_none_or(|public| public.algorithm() == "ssh-rsa");
    // What EC2 tells of a pair is what has its name now. Whether a key opens the password, it shows.
    match found.file.or(found.other) {
        Some(file) if matches!(file.problem, Some(KeyProblem::Missing | KeyProblem::Unreadable | KeyProblem::Public)) => {
            Err(NoPassword::NoKey { file: Some(file.path.clone()) })
        }
        Some(file) if !is_rsa(&file) => Err(NoPassword::OtherKey { file: file.path.clone() }),
        Some(file) => {
            let (path, is_doubtful) = (file.path.clone(), found.other.is_some());
            Ok(SealedPassword { data, file: path, is_locked: file.is_locked, is_doubtful })
        }
        None => Err(NoPassword::NoKey { file: None }),
    }
}

/// Why EC2 keeps no password of it.
fn untold(instance: &Instance, now: Timestamp) -> NoPassword {
    let pair = instance.key_pair.known().and_then(|pair| pair.as_deref());
    let is_other = pair.and_then(|pair| pair.public.as_ref()).is_some_and(|public| public.algorithm() != "ssh-rsa");
    let seconds = instance.launched.map(|launched| now.as_second() - launched.as_second());
    match (&instance.key_name, seconds) {
        (None, _) => NoPassword::NoPair,
        (Some(_), _) if is_other => NoPassword::NotRsa,
        (Some(_), Some(seconds)) if seconds < TOLD_AFTER => NoPassword::NotYet { seconds },
        (Some(_), _) => NoPassword::NotMade,
    }
}

impl SealedPassword {
    /// Open it. A locked key file asks for its passphrase on the terminal, unless nobody may be asked.
    pub async fn open(&self, may_ask: bool, text: &Catalogue) -> Result<Password, NoPassword> {
        let private = match unlocked(&self.file, may_ask, text).await.map_err(NoPassword::Key)? {
            Unlocked::Key(private) => private,
            Unlocked::Left(number) => return Err(NoPassword::Left(number)),
        };
        decrypted(&private, &self.data).ok_or_else(|| NoPassword::OtherKey { file: self.file.clone() })
    }
}

/// None if it is not for this key.
fn decrypted(private: &PrivateKey, data: &[u8]) -> Option<Password> {
    let key = PrivateDecryptingKey::from_pkcs8(&private.rsa_pkcs8()?).ok()?;
    let key = Pkcs1PrivateDecryptingKey::new(key).ok()?;
    let mut opened = Zeroizing::new(vec![0; key.min_output_size()]);
    let count = key.decrypt(data, &mut opened).ok()?.len();
    let text = std::str::from_utf8(opened.get(..count)?).ok()?;
    Some(Password(Zeroizing::new(text.to_owned())))
}

impl NoPassword {
    /// Stable and documented: the key of the sentence in the catalogue. Of AWS and of keys it is theirs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Aws(error) => error.code(),
            Self::NotWindows => "password-not-windows",
            Self::NoPair => "password-no-pair",
            Self::NotYet { .. } => "password-not-yet",
            Self::NotMade => "password-not-made",
            Self::NotRsa => "password-not-rsa",
            Self::NoKey { file: None } => "password-no-key",
            Self::NoKey { file: Some(_) } => "password-no-such-key",
            Self::OtherKey { .. } => "password-other-key",
            Self::Key(error) => error.code(),
            Self::Left(_) => "",
        }
    }

    /// What the sentences name.
    pub fn values(&self, instance: &Instance) -> Vec<(&'static str, Value)> {
        let shown = |path: &Path| Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200);
        let mut values = vec![
            ("target", instance.shown().into()),
            ("id", instance.id.to_string().into()),
            ("pair", instance.key_name.as_ref().map(|name| name.shown_in(60)).unwrap_or_default().into()),
        ];
        match self {
            Self::NotYet { seconds } => values.push(("minutes", (seconds / 60).max(0).into())),
            Self::NoKey { file: Some(file) } | Self::OtherKey { file } => values.push(("path", shown(file).into())),
            _ => {}
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_is_opened_by_every_file_of_its_key_and_by_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs");
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
        let mut data = String::from_utf8(read("getpassword-rsa2048.b64")).unwrap();
        data.retain(|c| !c.is_ascii_whitespace());
        let data = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).unwrap();
        let opened = |name: &str| {
            let private = ec2dash_keys::unlock(&read(name), Some(b"test-passphrase")).unwrap();
            decrypted(&private, &data).map(|password| password.as_str().to_owned())
        };

        for file in ["pkcs1.pem", "pkcs8-encrypted.pem", "openssh-encrypted.key", "v2.ppk", "v3-encrypted.ppk"] {
            assert_eq!(opened(&format!("TEST-ONLY-rsa2048.{file}")).as_deref(), Some("Test-0nly-Passw0rd&(x"), "{file}");
        }
        for file in ["rsa2048-swapped.pkcs1.pem", "rsa4096.pkcs1.pem", "ed25519.openssh.key"] {
            assert_eq!(opened(&format!("TEST-ONLY-{file}")), None, "{file}");
        }
    }

    #[test]
    fn a_password_is_in_no_log() {
        assert_eq!(format!("{:?}", Password(Zeroizing::new("canary".to_owned()))), "Password(***)");
    }
}
