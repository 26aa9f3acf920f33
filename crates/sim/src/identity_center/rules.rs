//! How long what a sign-in brings is good for, and what the portal allows, as a command line says it.

use std::str::FromStr;
use std::time::Duration;

use crate::fault::duration;

/// The words a setting may be, for messages.
const SETTINGS: &str = "token=1h, session=8h, code=10m, interval=1s, registration=90d, credentials=1h, limit=20, limit=none, \
                        approval=asked, approval=given, approval=refused";

/// How signing in goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInRules {
    /// How long an access token is good for; it is renewed with the refresh token.
    pub token: Duration,
    /// How long a sign-in lasts: after it nothing is renewed.
    pub session: Duration,
    /// How long a code waits for somebody who approves it.
    pub code: Duration,
    /// How long a program has to wait from one question to the next whether its code is approved.
    pub interval: Duration,
    /// How long a program stays registered.
    pub registration: Duration,
    /// How long the credentials of a role are good for.
    pub credentials: Duration,
    /// How many calls of the portal a second are answered, all callers together.
    pub limit: Option<u32>,
    /// Who decides whether somebody is let in.
    pub approval: Approval,
}

/// Who decides whether somebody is let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// Whoever presses a button of the page.
    #[default]
    Asked,
    /// Nobody: everybody is let in, as by a browser that is signed in already.
    Given,
    /// Nobody: everybody is refused.
    Refused,
}

impl Default for SignInRules {
    fn default() -> Self {
        let hours = |count: u64| Duration::from_secs(count * 3_600);
        Self {
            token: hours(1),
            session: hours(8),
            code: Duration::from_secs(600),
            interval: Duration::from_secs(1),
            registration: hours(90 * 24),
            credentials: hours(1),
            limit: Some(20),
            approval: Approval::Asked,
        }
    }
}

/// A rule that cannot be read; the message names the part and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sign-in `{rules}`: {problem}")]
pub struct InvalidSignInRules {
    rules: String,
    problem: String,
}

impl FromStr for SignInRules {
    type Err = InvalidSignInRules;

    /// What is not said stays as usual.
    fn from_str(text: &str) -> Result<Self, InvalidSignInRules> {
        let invalid = |problem: String| InvalidSignInRules { rules: text.to_owned(), problem };
        let mut rules = Self::default();
        for setting in text.split(',') {
            let (name, value) = setting.split_once('=').ok_or_else(|| invalid(format!("`{setting}` is none of {SETTINGS}")))?;
            let time = |field: &mut Duration| duration(value).map(|time| *field = time);
            match name {
                "token" => time(&mut rules.token),
                "session" => time(&mut rules.session),
                "code" => time(&mut rules.code),
                "interval" => time(&mut rules.interval),
                "registration" => time(&mut rules.registration),
                "credentials" => time(&mut rules.credentials),
                "limit" => limit(value).map(|limit| rules.limit = limit),
                "approval" => approval(value).map(|approval| rules.approval = approval),
                _ => Err(format!("unknown setting `{name}`; it is one of {SETTINGS}")),
            }
            .map_err(invalid)?;
        }
        Ok(rules)
    }
}

fn limit(text: &str) -> Result<Option<u32>, String> {
    match text {
        "none" => Ok(None),
        _ => text
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .map(Some)
            .ok_or_else(|| format!("`{text}` is neither a number of calls a second nor none")),
    }
}

fn approval(text: &str) -> Result<Approval, String> {
    match text {
        "asked" => Ok(Approval::Asked),
        "given" => Ok(Approval::Given),
        "refused" => Ok(Approval::Refused),
        _ => Err(format!("`{text}` is neither asked, given nor refused")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_as_usual() {
        let rules: SignInRules = "token=5s,limit=none,approval=given".parse().unwrap();

        let usual = SignInRules::default();
        assert_eq!(rules, SignInRules { token: Duration::from_secs(5), limit: None, approval: Approval::Given, ..usual });
        assert_eq!("limit=3".parse::<SignInRules>().unwrap().limit, Some(3));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_words_that_can() {
        let cases = [
            ("", "`` is none of token=1h"),
            ("token=soon", "500ms, 2s"),
            ("limit=0", "neither a number of calls a second nor none"),
            ("approval=maybe", "neither asked, given nor refused"),
            ("colour=red", "unknown setting `colour`; it is one of token=1h"),
        ];
        for (text, part) in cases {
            let problem = text.parse::<SignInRules>().unwrap_err().to_string();
            assert!(problem.contains(part), "{text}: {problem}");
        }
    }
}
