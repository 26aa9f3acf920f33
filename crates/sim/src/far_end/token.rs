//! What cannot be guessed: tokens, suffixes of session ids, random bytes of agents.

use std::time::{Duration, Instant};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ssh_key::rand_core::{OsRng, RngCore as _};
use zeroize::Zeroizing;

use ec2dash_ssm::Entropy;

/// AWS says "only long enough to make the connection".
const LIFE: Duration = Duration::from_secs(60);

/// The right to make one connection to one session.
pub(super) struct Token {
    value: Zeroizing<String>,
    made: Instant,
}

impl Token {
    pub(super) fn new(now: Instant) -> Self {
        let mut bytes = Zeroizing::new([0; 96]);
        OsRng.fill_bytes(bytes.as_mut());
        Self { value: Zeroizing::new(BASE64.encode(bytes.as_ref())), made: now }
    }

    pub(super) fn value(&self) -> &str {
        &self.value
    }

    /// Whether `shown` is this token, in time. Takes as long for a wrong one as for the right one.
    pub(super) fn admits(&self, shown: &str, now: Instant) -> bool {
        let is_same = verify_slices_are_equal(self.value.as_bytes(), shown.as_bytes()).is_ok();
        is_same && now.saturating_duration_since(self.made) <= LIFE
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Random letters and digits, as session ids end.
pub(super) fn suffix() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bytes = [0; 26];
    OsRng.fill_bytes(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// What an agent binds to the key of an encrypted session.
pub(super) fn challenge() -> String {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    BASE64.encode(bytes)
}

/// The random bytes of one agent.
pub(super) fn entropy() -> Entropy {
    let mut bytes = Zeroizing::new([0; 32]);
    OsRng.fill_bytes(bytes.as_mut());
    Entropy::new(*bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_admits_itself_alone_and_not_for_long() {
        let now = Instant::now();
        let token = Token::new(now);
        let shown = token.value().to_owned();

        assert!(token.admits(&shown, now + LIFE));
        assert!(!token.admits(&shown, now + LIFE + Duration::from_millis(1)));
        assert!(!token.admits("", now) && !token.admits(&shown[1..], now));
        assert!(!Token::new(now).admits(&shown, now));
        assert_eq!(format!("{token:?}"), "Token(***)");
    }

    #[test]
    fn suffixes_are_lower_case_and_never_the_same() {
        assert!(suffix().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
        assert_ne!(suffix(), suffix());
    }
}
