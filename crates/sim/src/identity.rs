//! Who calls, and what they sign with.

use std::fmt;
use std::time::SystemTime;

use ssh_key::rand_core::{OsRng, RngCore as _};

/// An identity, as `GetCallerIdentity` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// `arn:aws:iam::123456789012:user/jane`.
    pub arn: String,
    /// `AIDA…` or `AROA…:session`.
    pub user_id: String,
}

/// What a caller signs with.
#[derive(Clone)]
pub struct Credentials {
    /// `AKIA…`, or `ASIA…` with a session token.
    pub access_key: String,
    /// The secret.
    pub secret: String,
    /// Of temporary credentials.
    pub session_token: Option<String>,
    /// When temporary credentials end.
    pub expires: Option<SystemTime>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// New credentials from the operating system's random numbers, whatever fleet they are for: they open a shell as whoever runs
/// the simulation, and a seed is known to everybody.
pub(super) fn random_credentials(access_key_prefix: &str) -> Credentials {
    let mut bytes = zeroize::Zeroizing::new([0; 40]);
    OsRng.fill_bytes(bytes.as_mut());
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (access, secret) = hex.split_at(13);
    Credentials {
        access_key: format!("{access_key_prefix}{}", access.to_uppercase()),
        secret: format!("sim{}", &secret[..37]),
        session_token: None,
        expires: None,
    }
}

/// Temporary credentials that end then.
pub(super) fn random_session_credentials(ends: SystemTime) -> Credentials {
    let mut credentials = random_credentials("ASIASIM");
    credentials.session_token = Some(random_text("sim/", 40));
    credentials.expires = Some(ends);
    credentials
}

/// `prefix` and so many random bytes in hexadecimal digits.
pub(super) fn random_text(prefix: &str, bytes: usize) -> String {
    let mut random = zeroize::Zeroizing::new(vec![0; bytes]);
    OsRng.fill_bytes(&mut random);
    random.iter().fold(prefix.to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// Letters that are not mistaken for each other and make no words.
pub(super) fn random_letters(count: usize) -> String {
    const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    let evenly = std::iter::repeat_with(|| OsRng.next_u32()).map(|number| number.to_le_bytes()[0]).filter(|byte| *byte < 240);
    evenly.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_look_like_aws_keys_that_nobody_has_and_keep_their_secret() {
        let credentials = random_credentials("AKIASIM");

        assert_eq!((credentials.access_key.len(), credentials.secret.len()), (20, 40));
        assert!(credentials.access_key.starts_with("AKIASIM"));
        assert!(!format!("{credentials:?}").contains(&credentials.secret));
        assert_ne!(random_credentials("AKIASIM").secret, credentials.secret);
    }
}
