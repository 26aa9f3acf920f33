//! What proves that the one who exchanges a code is the one who asked for it (RFC 7636).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A secret of one sign-in.
pub(super) struct Verifier(Zeroizing<String>);

impl Verifier {
    /// Four random numbers of 122 bits: 86 characters.
    pub(super) fn new() -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        for _ in 0..4 {
            bytes.extend_from_slice(Uuid::new_v4().as_bytes());
        }
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(&*bytes)))
    }

    /// What is shown of it before.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }

    pub(super) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tests::vectors;
    use super::*;

    #[test]
    fn a_challenge_is_that_of_the_standard_and_a_verifier_is_new_each_time() {
        let known = Verifier(Zeroizing::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned()));
        assert_eq!(known.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(vectors().to_string().contains(&known.challenge()));

        let (one, other) = (Verifier::new(), Verifier::new());
        assert_ne!(one.secret(), other.secret());
        assert_eq!(one.secret().len(), 86);
        assert_eq!(format!("{one:?}"), "***");
    }
}
