//! Codes that a browser brings back to the program which sent it (RFC 7636: with a proof).

use std::collections::VecDeque;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::refusal::Refusal;

/// The oldest go first.
const MOST: usize = 1_000;

/// What a code stands for.
#[derive(Debug)]
pub(super) struct AuthorizationCode {
    pub(super) code: String,
    pub(super) client: String,
    /// Where the browser was sent, with the port.
    pub(super) redirect: String,
    /// What the proof must hash to.
    pub(super) challenge: String,
    pub(super) ends: SystemTime,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct AuthorizationCodes(VecDeque<AuthorizationCode>);

impl AuthorizationCodes {
    pub(super) fn add(&mut self, code: AuthorizationCode) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(code);
    }

    /// Takes a code, which is used up whether the rest holds or not.
    pub(super) fn redeem(
        &mut self,
        client: &str,
        code: &str,
        redirect: &str,
        verifier: &str,
        now: SystemTime,
    ) -> Result<(), Refusal> {
        let place = self.0.iter().position(|known| known.code == code && known.client == client);
        let known = place.and_then(|place| self.0.remove(place));
        let holds = known.is_some_and(|known| {
            known.ends > now && known.redirect == redirect && is_verifier(verifier) && challenge(verifier) == known.challenge
        });
        holds.then_some(()).ok_or_else(|| Refusal::new(400, "InvalidGrantException", "Invalid grant provided"))
    }
}

/// What a proof of this form hashes to.
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether it can be a hash: 32 bytes in base64url without padding.
pub(super) fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const BACK: &str = "http://127.0.0.1:49152/oauth/callback";
    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn codes() -> AuthorizationCodes {
        let mut codes = AuthorizationCodes::default();
        codes.add(AuthorizationCode {
            code: "code".to_owned(),
            client: "client".to_owned(),
            redirect: BACK.to_owned(),
            challenge: CHALLENGE.to_owned(),
            ends: NOW + Duration::from_secs(60),
        });
        codes
    }

    #[test]
    fn the_published_proof_holds_once() {
        let mut codes = codes();

        assert!(codes.redeem("client", "code", BACK, VERIFIER, NOW).is_ok());
        assert!(codes.redeem("client", "code", BACK, VERIFIER, NOW).is_err());
        assert!(is_challenge(CHALLENGE) && !is_challenge("E9Melhoa2Owv") && !is_challenge(""));
    }

    #[test]
    fn another_proof_place_program_or_time_does_not_hold_and_uses_the_code_up() {
        let other = VERIFIER.replace('d', "e");
        let late = NOW + Duration::from_secs(60);
        let cases = [
            ("client", "http://127.0.0.1:49153/oauth/callback", VERIFIER, NOW),
            ("client", BACK, other.as_str(), NOW),
            ("client", BACK, CHALLENGE, NOW),
            ("client", BACK, VERIFIER, late),
        ];
        for (client, back, verifier, now) in cases {
            let mut codes = codes();
            assert!(codes.redeem(client, "code", back, verifier, now).is_err(), "{back} {verifier}");
            assert!(codes.redeem("client", "code", BACK, VERIFIER, NOW).is_err(), "used up: {back} {verifier}");
        }
        assert!(codes().redeem("other", "code", BACK, VERIFIER, NOW).is_err());
    }
}
