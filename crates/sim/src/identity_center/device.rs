//! Codes that wait for somebody who compares and approves them.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use crate::identity::{random_letters, random_text};
use crate::refusal::Refusal;

/// The oldest go first.
const MOST: usize = 1_000;
/// A timer of the caller may be this much early.
const TOLERANCE: Duration = Duration::from_millis(100);

/// What somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Approved,
    Refused,
}

/// A code that a program shows, and the longer one that it asks with.
#[derive(Clone, Debug)]
pub(super) struct DeviceCode {
    pub(super) client: String,
    pub(super) device_code: String,
    pub(super) user_code: String,
    pub(super) ends: SystemTime,
    pub(super) decision: Option<Decision>,
    asked: Option<SystemTime>,
    is_used: bool,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct DeviceCodes(VecDeque<DeviceCode>);

impl DeviceCodes {
    /// A new one for this client.
    pub(super) fn add(&mut self, client: &str, ends: SystemTime, decision: Option<Decision>) -> DeviceCode {
        let letters = random_letters(8);
        let code = DeviceCode {
            client: client.to_owned(),
            device_code: random_text("sim-device-", 32),
            user_code: format!("{}-{}", &letters[..4], &letters[4..]),
            ends,
            decision,
            asked: None,
            is_used: false,
        };
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(code.clone());
        code
    }

    /// The one that still waits, however it is written: with or without the dash, in small letters.
    pub(super) fn waiting(&mut self, user_code: &str, now: SystemTime) -> Option<&mut DeviceCode> {
        let letters = |code: &str| code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let wanted = letters(user_code);
        self.0.iter_mut().find(|code| letters(&code.user_code) == wanted && code.decision.is_none() && code.ends > now)
    }

    /// `client` asks whether its code is approved; it is, if this is not refused, and the code is used up.
    pub(super) fn redeem(&mut self, client: &str, device_code: &str, interval: Duration, now: SystemTime) -> Result<(), Refusal> {
        let known = self.0.iter_mut().find(|code| code.device_code == device_code && code.client == client && !code.is_used);
        let code = known.ok_or_else(|| Refusal::new(400, "InvalidGrantException", "Invalid grant provided"))?;
        if code.ends <= now {
            return Err(Refusal::new(400, "ExpiredTokenException", "Device code is expired"));
        }
        let since = code.asked.replace(now).and_then(|asked| now.duration_since(asked).ok());
        match code.decision {
            Some(Decision::Approved) => {
                code.is_used = true;
                Ok(())
            }
            Some(Decision::Refused) => Err(Refusal::new(400, "AccessDeniedException", "The user refused")),
            None if since.is_some_and(|since| since + TOLERANCE < interval) => {
                Err(Refusal::new(400, "SlowDownException", "The client is asking too often"))
            }
            None => Err(Refusal::new(400, "AuthorizationPendingException", "")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + Duration::from_millis(milliseconds)
    }

    fn redeemed(codes: &mut DeviceCodes, code: &DeviceCode, now: SystemTime) -> String {
        let answer = codes.redeem("client", &code.device_code, Duration::from_secs(1), now);
        answer.map_or_else(|refusal| refusal.code.into_owned(), |()| "token".to_owned())
    }

    #[test]
    fn a_code_waits_is_approved_once_and_is_used_up() {
        let mut codes = DeviceCodes::default();
        let code = codes.add("client", at(60_000), None);

        assert_eq!(redeemed(&mut codes, &code, at(0)), "AuthorizationPendingException");
        assert_eq!(redeemed(&mut codes, &code, at(300)), "SlowDownException");
        assert_eq!(redeemed(&mut codes, &code, at(1_250)), "AuthorizationPendingException");
        let written = code.user_code.replace('-', "").to_lowercase();
        codes.waiting(&written, at(1_300)).unwrap().decision = Some(Decision::Approved);
        assert!(codes.waiting(&code.user_code, at(1_300)).is_none());
        assert_eq!(
            codes.redeem("other", &code.device_code, Duration::ZERO, at(2_300)).unwrap_err().code,
            "InvalidGrantException"
        );
        assert_eq!(redeemed(&mut codes, &code, at(2_300)), "token");
        assert_eq!(redeemed(&mut codes, &code, at(3_300)), "InvalidGrantException");
    }

    #[test]
    fn a_code_that_nobody_approves_runs_out() {
        let mut codes = DeviceCodes::default();
        let code = codes.add("client", at(5_000), None);

        assert!(codes.waiting(&code.user_code, at(5_000)).is_none());
        assert_eq!(redeemed(&mut codes, &code, at(5_000)), "ExpiredTokenException");
    }
}
