//! Who is signed in: access tokens, and what renews them.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::clients::Client;
use super::rules::SignInRules;
use crate::identity::random_text;
use crate::refusal::Refusal;

/// The oldest are forgotten first.
const MOST: usize = 1_000;
/// Tokens of one sign-in that may be in use beside each other.
const MOST_TOKENS: usize = 20;

/// What a program gets.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) lasts: Duration,
    pub(super) refresh: Option<String>,
}

/// One sign-in, with all that came of it.
#[derive(Debug)]
struct SignIn {
    client: String,
    ends: SystemTime,
    access: VecDeque<(String, SystemTime)>,
    /// The last one given; those before it are void.
    refresh: Option<String>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct SignIns(VecDeque<SignIn>);

impl SignIns {
    /// Somebody is let in.
    pub(super) fn begin(&mut self, client: &Client, rules: &SignInRules, now: SystemTime) -> Tokens {
        let mut sign_in = SignIn { client: client.id.clone(), ends: now + rules.session, access: VecDeque::new(), refresh: None };
        let tokens = sign_in.renew(client.renews(), rules, now);
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(sign_in);
        tokens
    }

    /// New tokens for a refresh token, which is void from now on.
    pub(super) fn renew(
        &mut self,
        client: &Client,
        refresh: &str,
        rules: &SignInRules,
        now: SystemTime,
    ) -> Result<Tokens, Refusal> {
        let is_that = |sign_in: &&mut SignIn| {
            sign_in.client == client.id && sign_in.refresh.as_deref() == Some(refresh) && sign_in.ends > now
        };
        let sign_in = self.0.iter_mut().find(is_that);
        let sign_in = sign_in.ok_or_else(|| Refusal::new(400, "InvalidGrantException", "Invalid refresh token provided"))?;
        Ok(sign_in.renew(true, rules, now))
    }

    /// Whether this token opens the portal.
    pub(super) fn is_good(&self, access: &str, now: SystemTime) -> bool {
        let is_that = |(token, ends): &(String, SystemTime)| token == access && *ends > now;
        self.0.iter().any(|sign_in| sign_in.ends > now && sign_in.access.iter().any(is_that))
    }

    /// The end of the sign-in that this token came of.
    pub(super) fn end(&mut self, access: &str) {
        self.0.retain(|sign_in| sign_in.access.iter().all(|(token, _)| token != access));
    }

    /// The end of all of them: an administrator has revoked what was signed in.
    pub(super) fn end_all(&mut self) {
        self.0.clear();
    }
}

impl SignIn {
    fn renew(&mut self, renews: bool, rules: &SignInRules, now: SystemTime) -> Tokens {
        let left = self.ends.duration_since(now).unwrap_or_default();
        let lasts = rules.token.min(left);
        let access = random_text("sim-access-", 40);
        if self.access.len() >= MOST_TOKENS {
            self.access.pop_front();
        }
        self.access.push_back((access.clone(), now + lasts));
        self.refresh = renews.then(|| random_text("sim-refresh-", 40));
        Tokens { access, lasts, refresh: self.refresh.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity_center::clients::{ACCOUNT_ACCESS, Grant};

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
    }

    fn client(scopes: &[&str]) -> Client {
        let mut client = Client::new("test", at(1_000_000));
        client.grants = vec![Grant::DeviceCode, Grant::RefreshToken];
        client.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        client
    }

    #[test]
    fn a_refresh_token_is_good_once_and_not_beyond_the_sign_in() {
        let rules = SignInRules { token: Duration::from_secs(60), session: Duration::from_secs(100), ..SignInRules::default() };
        let client = client(&[ACCOUNT_ACCESS]);
        let mut all = SignIns::default();
        let first = all.begin(&client, &rules, at(0));
        let refresh = first.refresh.unwrap();

        let second = all.renew(&client, &refresh, &rules, at(50)).unwrap();

        assert_eq!((first.lasts, second.lasts), (Duration::from_secs(60), Duration::from_secs(50)));
        assert!(all.is_good(&first.access, at(59)) && !all.is_good(&first.access, at(60)) && all.is_good(&second.access, at(99)));
        assert_eq!(all.renew(&client, &refresh, &rules, at(51)).unwrap_err().code, "InvalidGrantException");
        let last = second.refresh.unwrap();
        assert_eq!(all.renew(&client, &last, &rules, at(100)).unwrap_err().code, "InvalidGrantException");
    }

    #[test]
    fn without_the_scope_nothing_is_renewed() {
        assert!(SignIns::default().begin(&client(&[]), &SignInRules::default(), at(0)).refresh.is_none());
    }

    #[test]
    fn signing_out_ends_the_tokens_of_that_sign_in_and_no_other() {
        let (rules, client, mut all) = (SignInRules::default(), client(&[ACCOUNT_ACCESS]), SignIns::default());
        let (mine, yours) = (all.begin(&client, &rules, at(0)), all.begin(&client, &rules, at(0)));

        all.end(&mine.access);

        assert!(!all.is_good(&mine.access, at(1)) && all.is_good(&yours.access, at(1)));
        assert!(all.renew(&client, &mine.refresh.unwrap(), &rules, at(1)).is_err());
        all.end_all();
        assert!(!all.is_good(&yours.access, at(1)));
    }
}
