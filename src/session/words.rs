//! What a user reads at the end of a session: what happened, why, and what to do now.

use std::time::Duration;

use super::end::{Reason, SessionEnd};
use super::link_error::LinkError;
use crate::aws;
use crate::model::{Instance, InstanceId, Untrusted};
use crate::text::{Catalogue, Value};
use ec2dash_ssm::Failure;

/// Most columns of a text of the far side in a sentence (docs/faults.md H20).
const QUOTED: usize = 400;
const NAME: usize = 60;
/// The service's limit where the account sets none, and the part of it after which we suspect it.
const USUAL_IDLE_MINUTES: u64 = 20;
const SUSPECTED_PART: (u64, u64) = (4, 5);
/// From the start of a session to its first word, at most.
const COUNTED_BEFORE: Duration = Duration::from_secs(5);

/// Words of the service and the agent whose meaning is known, by their short stable part (docs/access-rules.md 2.3).
const KNOWN_WORDS: [(&str, &str); 14] = [
    ("unable to validate encryption", "over-words-logging"),
    ("encryption is not set up on the selected", "over-words-logging"),
    ("Fetching data key failed", "over-words-key"),
    ("since RunAs user", "over-words-user"),
    ("Unable to start shell", "over-words-user"),
    ("RunAs", "over-words-run-as"),
    ("Run As", "over-words-run-as"),
    ("is forbidden", "over-words-forbidden-address"),
    ("CreateDataChannel failed", "over-words-channel"),
    ("Unable to connect to specified port", "over-words-port"),
    ("Connection to destination port failed", "over-words-port"),
    ("Cannot perform start session", "over-words-agent"),
    ("timed out", "over-words-idle"),
    ("Unable to start command", "over-words-command"),
];

impl SessionEnd {
    /// What happened, in one sentence without the name of the instance at its end.
    pub fn what(&self, instance: &Instance, text: &Catalogue) -> String {
        self.what_at(&instance.id, text)
    }

    /// The same of an instance of which nothing more is known.
    pub fn what_at(&self, id: &InstanceId, text: &Catalogue) -> String {
        match &self.reason {
            Reason::NotStarted(error) | Reason::NotLinked(LinkError::Aws(error)) => error.what(text),
            _ => self.say(id, text, ""),
        }
    }

    /// Why, one idea a line, the likeliest first; without what is known of the instance besides.
    pub fn why_at(&self, id: &InstanceId, text: &Catalogue) -> Vec<String> {
        let mut why = match &self.reason {
            Reason::NotStarted(error) | Reason::NotLinked(LinkError::Aws(error)) => return error.why(text).into_iter().collect(),
            Reason::Failed { key: Some(error), .. } => std::iter::once(error.what(text)).chain(error.why(text)).collect(),
            Reason::ResumeDenied { error, .. } => error.why(text).into_iter().chain(self.said(id, text, "-why")).collect(),
            Reason::NotResumed { last: Some(LinkError::Aws(error)), .. } => {
                std::iter::once(error.what(text)).chain(error.why(text)).collect()
            }
            Reason::NotResumed { last: Some(error), .. } => vec![told(error, text)],
            Reason::Closed { words, .. } => known(words).map(|key| text.say(key)).into_iter().collect(),
            _ => self.said(id, text, "-why").into_iter().collect::<Vec<_>>(),
        };
        why.extend(self.hint(text));
        why
    }

    /// What the user can do now.
    pub fn next(&self, instance: &Instance, text: &Catalogue) -> Vec<String> {
        self.next_at(&instance.id, text)
    }

    /// The same of an instance of which nothing more is known.
    pub fn next_at(&self, id: &InstanceId, text: &Catalogue) -> Vec<String> {
        let next = match &self.reason {
            Reason::NotStarted(error) | Reason::NotLinked(LinkError::Aws(error)) => error.next(text),
            Reason::NotResumed { last: Some(last), .. } => mend(last, text).or_else(|| self.said(id, text, "-next")),
            Reason::ResumeDenied { .. } => {
                return ["-next", "-next-all"].into_iter().filter_map(|part| self.said(id, text, part)).collect();
            }
            Reason::Failed { key: Some(error), .. } => error.next(text),
            Reason::Closed { words, .. } => known(words).map(|key| text.say(&format!("{key}-next"))),
            _ => self.said(id, text, "-next"),
        };
        next.into_iter().collect()
    }

    /// What probably ended it, where the service does not say so: also a session whose end looks normal.
    pub fn hint(&self, text: &Catalogue) -> Option<String> {
        self.longest(text).or_else(|| self.idle(text))
    }

    /// Whether the service may have ended it without saying why.
    fn may_be_limited(&self) -> bool {
        matches!(self.reason, Reason::Closed { .. } | Reason::TimedOut | Reason::Terminated)
    }

    /// The service ends sessions that lasted long enough.
    fn longest(&self, text: &Catalogue) -> Option<String> {
        let longest = u64::from(self.longest?);
        // The service began to count before the first word came.
        let has_lasted = self.lasted + COUNTED_BEFORE >= Duration::from_secs(longest * 60);
        (self.may_be_limited() && has_lasted).then(|| text.say_with("over-longest", &[("minutes", longest.to_string().into())]))
    }

    /// The service ends idle sessions without always saying so.
    fn idle(&self, text: &Catalogue) -> Option<String> {
        let may_be_idle = self.may_be_limited();
        let minutes = self.quiet?.as_secs() / 60;
        let limit = self.idle_limit.map_or(USUAL_IDLE_MINUTES, u64::from);
        let key = if self.idle_limit.is_some() { "over-idle-set" } else { "over-idle" };
        let values = [("minutes", minutes.to_string().into()), ("limit", limit.to_string().into())];
        let (part, of) = SUSPECTED_PART;
        (may_be_idle && minutes * of >= limit * part).then(|| text.say_with(key, &values))
    }

    fn said(&self, id: &InstanceId, text: &Catalogue, part: &str) -> Option<String> {
        text.has(&format!("over-{}{part}", self.reason.code())).then(|| self.say(id, text, part))
    }

    fn say(&self, id: &InstanceId, text: &Catalogue, part: &str) -> String {
        let mut values = values(&self.reason);
        values.push(("id", id.to_string().into()));
        text.say_with(&format!("over-{}{part}", self.reason.code()), &values)
    }
}

/// What mends a connection that was not made, where time and the network's return do not.
fn mend(error: &LinkError, text: &Catalogue) -> Option<String> {
    match error {
        LinkError::Unreachable { .. } | LinkError::Timeout { .. } => None,
        LinkError::Aws(aws::Error::Unreachable { .. } | aws::Error::Timeout { .. } | aws::Error::Throttled { .. }) => None,
        LinkError::Aws(error) => error.next(text),
        error => {
            let key = format!("over-{}-next", error.code());
            text.say_if_whole(&key, &text.with_cause(values_of_link(error)))
        }
    }
}

/// Why a connection was not made, in one sentence.
pub(super) fn told(error: &LinkError, text: &Catalogue) -> String {
    match error {
        LinkError::Aws(error) => error.what(text),
        error => text.say_with(&format!("over-{}", error.code()), &text.with_cause(values_of_link(error))),
    }
}

/// What a session that waits for somebody says: what is wrong, and the command that mends it.
pub fn hindered(error: &aws::Error, text: &Catalogue) -> String {
    let what = ("what", error.what(text).into());
    match error.command() {
        None if matches!(error, aws::Error::Certificate { .. }) => text.say_with("session-waits-certificate", &[what]),
        Some(command) if error.mfa_device().is_some() => {
            text.say_with("session-waits-code", &[what, ("command", command.into())])
        }
        Some(command) => text.say_with("session-waits-sign-in", &[what, ("command", command.into())]),
        None => text.say_with("session-waits-credentials", &[what]),
    }
}

fn values(reason: &Reason) -> Vec<(&'static str, Value)> {
    match reason {
        Reason::NotLinked(error) => values_of_link(error),
        Reason::Closed { words, .. } => vec![("words", words.shown_in(QUOTED).into())],
        Reason::ResumeDenied { error, resource } => {
            let action = match error {
                aws::Error::Denied { action, .. } => *action,
                _ => "ssm:ResumeSession",
            };
            vec![("action", action.into()), ("resource", resource.clone().into())]
        }
        Reason::NotBack { waited } => vec![("seconds", waited.as_secs().to_string().into())],
        Reason::NotResumed { tried, .. } => vec![("seconds", tried.as_secs().to_string().into())],
        Reason::Failed { failure, .. } => values_of_failure(failure),
        Reason::NotStarted(_)
        | Reason::NotOpened
        | Reason::Left { .. }
        | Reason::TimedOut
        | Reason::Terminated
        | Reason::Rebooted => Vec::new(),
    }
}

fn values_of_link(error: &LinkError) -> Vec<(&'static str, Value)> {
    match error {
        LinkError::Unreachable { host, cause } | LinkError::Proxy { host, cause } => {
            vec![("host", shown(host)), ("cause", cause.shown_in(QUOTED).into())]
        }
        LinkError::Timeout { host } => vec![("host", shown(host))],
        LinkError::Forbidden { host, status, words } | LinkError::Refused { host, status, words } => {
            vec![("host", shown(host)), ("status", status.to_string().into()), ("words", words.shown_in(QUOTED).into())]
        }
        LinkError::Unsafe(_) | LinkError::Aws(_) => Vec::new(),
    }
}

fn values_of_failure(failure: &Failure) -> Vec<(&'static str, Value)> {
    let foreign = |words: &ec2dash_ssm::Foreign| Untrusted::from(words.as_str()).shown_in(NAME).into();
    match failure {
        Failure::HandshakeTimedOut { step } | Failure::UnreadableHandshake { step } | Failure::OutOfStep { step } => {
            vec![("step", step.to_string().into())]
        }
        Failure::UnknownSessionType { session_type } | Failure::UnexpectedSession { session_type } => {
            vec![("type", foreign(session_type))]
        }
        Failure::UnsupportedAction { action_type } => vec![("type", foreign(action_type))],
        _ => Vec::new(),
    }
}

fn shown(host: &str) -> Value {
    Untrusted::from(host).shown_in(NAME * 2).into()
}

fn known(words: &Untrusted) -> Option<&'static str> {
    KNOWN_WORDS.iter().find(|(part, _)| words.raw().contains(part)).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::UnsafeStream;
    use crate::model::{MfaDevice, row};
    use ec2dash_ssm::{Foreign, Step};

    fn ending(reason: Reason) -> SessionEnd {
        SessionEnd { reason, session: None, lasted: Duration::ZERO, quiet: None, gap: None, idle_limit: None, longest: None }
    }

    fn failed(failure: Failure) -> Reason {
        Reason::Failed { failure, key: None }
    }

    fn resume_denied() -> Reason {
        let error = aws::Error::Denied { action: "ssm:ResumeSession", message: "jane may not".into() };
        Reason::ResumeDenied { error, resource: "arn:aws:ssm:*:*:session/jane-*".to_owned() }
    }

    fn link_errors() -> Vec<LinkError> {
        let host = || "ssmmessages.us-east-1.amazonaws.com".to_owned();
        vec![
            LinkError::Unsafe(UnsafeStream::Elsewhere),
            LinkError::Unreachable { host: host(), cause: "connection refused".into() },
            LinkError::Proxy { host: host(), cause: "it refuses to (403 Forbidden)".into() },
            LinkError::Timeout { host: host() },
            LinkError::Forbidden { host: host(), status: 403, words: "no".into() },
            LinkError::Refused { host: host(), status: 500, words: "sorry".into() },
            LinkError::Aws(aws::Error::NoCredentials),
        ]
    }

    fn all() -> Vec<Reason> {
        let words = |text: &str| Foreign::new(text);
        let step = Step::Challenge;
        let mut all = vec![
            Reason::NotStarted(aws::Error::NotConnected { message: "i-1 is not connected.".into() }),
            Reason::NotOpened,
            Reason::Closed { words: Untrusted::default(), is_complete: true },
            Reason::Closed { words: Untrusted::default(), is_complete: false },
            Reason::Closed { words: "ended".into(), is_complete: true },
            Reason::Left { undelivered: 0 },
            Reason::TimedOut,
            Reason::Terminated,
            resume_denied(),
            Reason::NotResumed { last: None, tried: Duration::from_secs(600) },
            failed(Failure::NoAnswer),
            failed(Failure::HandshakeTimedOut { step }),
            failed(Failure::UnreadableHandshake { step }),
            failed(Failure::OutOfStep { step }),
            failed(Failure::UnknownSessionType { session_type: words("x") }),
            failed(Failure::UnexpectedSession { session_type: words("Port") }),
            failed(Failure::UnsupportedAction { action_type: words("x") }),
            failed(Failure::KeyRefused { reason: "denied".to_owned() }),
            failed(Failure::WrongKey),
            failed(Failure::ChallengeSkipped),
            failed(Failure::ClearText),
            failed(Failure::Integrity { sequence: 7 }),
            failed(Failure::Unanswered),
        ];
        all.extend(link_errors().into_iter().map(Reason::NotLinked));
        all
    }

    #[test]
    fn every_end_has_its_words() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        for reason in all() {
            let ending = ending(reason);
            let what = ending.what(&instance, &text);

            assert!(!what.starts_with("over-") && !what.is_empty(), "{:?}: {what}", ending.reason);
            let why = ending.why_at(&instance.id, &text);
            for line in why.into_iter().chain(ending.next(&instance, &text)).chain([what]) {
                assert!(!line.contains(['{', '$']), "{line}");
            }
        }
        for error in link_errors() {
            assert!(!told(&error, &text).starts_with("over-"));
        }
        for (_, key) in KNOWN_WORDS {
            assert!(text.has(key) && text.has(&format!("{key}-next")), "{key}");
        }
    }

    #[test]
    fn a_resume_that_is_denied_names_the_action_and_the_resource_and_no_network() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        let ending = ending(resume_denied());

        let what = ending.what(&instance, &text);
        let why = ending.why_at(&instance.id, &text);
        let next = ending.next(&instance, &text).join("\n");

        assert!(what.contains("ssm:ResumeSession is denied"), "{what}");
        assert_eq!(why.first().map(String::as_str), Some("jane may not"));
        assert!(next.contains("arn:aws:ssm:*:*:session/jane-*") && next.contains("aws:userid"), "{next}");
        assert!(![&what, &next].into_iter().any(|said| said.contains("network") || said.contains("within")), "{what} {next}");
    }

    #[test]
    fn what_mends_a_lost_session_is_that_of_the_last_refusal_not_the_network() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        let next = |last: LinkError| {
            let reason = Reason::NotResumed { last: Some(last), tried: Duration::from_secs(600) };
            ending(reason).next(&instance, &text).join("\n")
        };
        let host = || "ssmmessages.us-east-1.amazonaws.com".to_owned();

        let refused = next(LinkError::Forbidden { host: host(), status: 403, words: "no".into() });
        let proxy = next(LinkError::Proxy { host: "proxy".to_owned(), cause: "it refuses to (403 Forbidden)".into() });
        let away = next(LinkError::Timeout { host: host() });

        assert!(refused.contains("ssmmessages:OpenDataChannel"), "{refused}");
        assert!(proxy.contains("HTTPS_PROXY"), "{proxy}");
        assert!(away.contains("when the network is back"), "{away}");
    }

    #[test]
    fn what_the_far_side_says_is_shown_harmless_and_explained_where_it_is_known() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        let words = "\u{1b}[2J----------ERROR-------\nCouldn't start: unable to validate encryption on Amazon S3 bucket";
        let closed = ending(Reason::Closed { words: words.into(), is_complete: true });

        let what = closed.what(&instance, &text);

        assert!(what.contains("unable to validate") && !what.chars().any(char::is_control), "{what}");
        assert_eq!(closed.next(&instance, &text).len(), 1);
        let long = ending(Reason::Closed { words: "x".repeat(100_000).into(), is_complete: true });
        assert!(long.what(&instance, &text).len() < 1_024);
    }

    #[test]
    fn every_text_of_the_service_and_the_agent_that_is_known_has_its_cause() {
        for (words, key) in [
            (
                "Encountered error while initiating handshake. Fetching data key failed: Unable to retrieve data key, AccessDeniedException",
                "over-words-key",
            ),
            (
                "Couldn't start the session because we are unable to validate encryption on Amazon S3 bucket.",
                "over-words-logging",
            ),
            ("Invalid RunAs username. Set default username in Session Manager Preferences page.", "over-words-run-as"),
            ("please set the RunAs default user", "over-words-run-as"),
            ("failed to start pty since RunAs user deploy does not exist", "over-words-user"),
            ("Unable to start shell: user does not exist", "over-words-user"),
            ("Forwarding to IP address 169.254.169.254 is forbidden.", "over-words-forbidden-address"),
            ("Connection to destination port failed, check SSM Agent logs.", "over-words-port"),
            ("CreateDataChannel failed with no output or error: createDataChannel request failed", "over-words-channel"),
            ("SessionId: jane-0a1b. Cannot perform start session: EOF", "over-words-agent"),
            ("Session: jane-0a1b timed out.", "over-words-idle"),
        ] {
            assert_eq!(known(&words.into()), Some(key), "{words}");
        }
        assert_eq!(known(&"logout".into()), None);
    }

    #[test]
    fn a_quiet_session_was_probably_idle() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        let closed = |quiet| SessionEnd { quiet: Some(Duration::from_secs(quiet)), ..ending(Reason::TimedOut) };
        let lines = |quiet| closed(quiet).why_at(&instance.id, &text).join(" ");

        assert!(lines(20 * 60).contains("20 min"), "{}", lines(20 * 60));
        assert!(!lines(60).contains("20 min"));
        let set = SessionEnd { idle_limit: Some(5), ..closed(290) };
        assert!(set.why_at(&instance.id, &text).join(" ").contains("after 5 min"));
    }

    #[test]
    fn a_session_that_lasted_as_long_as_the_account_lets_it_is_told_so_and_no_other() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        let closed = || Reason::Closed { words: Untrusted::default(), is_complete: true };
        let said = |reason, lasted, longest| {
            let ending = SessionEnd { lasted: Duration::from_secs(lasted), longest, ..ending(reason) };
            ending.why_at(&instance.id, &text).join(" ").contains("end every session after 60 min")
        };

        assert!(said(closed(), 3_600, Some(60)) && said(Reason::TimedOut, 3_598, Some(60)));
        assert!(!said(closed(), 3_500, Some(60)));
        assert!(!said(closed(), 3_600, None));
        assert!(!said(Reason::Left { undelivered: 0 }, 3_600, Some(60)));
    }

    #[test]
    fn a_session_that_did_not_come_back_for_want_of_credentials_names_the_login_command() {
        let text = Catalogue::english();
        let instance = row("i-0123456789abcdef0", "web-1");
        let remedy = ["ec2dash", "login", "--profile", "corp"].map(str::to_owned).to_vec();
        let ended = aws::Error::SignInEnded {
            profile: "corp".into(),
            session: Some("corp".into()),
            remedy,
            end: aws::SignInEnd::Missing,
        };
        let lost = |error| ending(Reason::NotResumed { last: Some(LinkError::Aws(error)), tried: Duration::from_secs(600) });
        let next = |error| lost(error).next(&instance, &text).join(" ");

        assert!(next(ended.clone()).ends_with("ec2dash login --profile corp"));
        assert!(hindered(&ended, &text).ends_with("ec2dash login --profile corp"));
        let device = MfaDevice { profile: "ops".into(), serial: "arn:aws:iam::123456789012:mfa/jane".into() };
        let code = hindered(&aws::Error::MfaNeeded { device: device.clone(), is_kept: true }, &text);
        assert!(code.contains("mfa/jane") && code.ends_with("until the code is given: ec2dash whoami --profile ops"), "{code}");
        assert!(!hindered(&aws::Error::MfaNeeded { device, is_kept: false }, &text).contains("ec2dash whoami"));
        assert!(lost(ended).why_at(&instance.id, &text).join(" ").contains("Not signed in"));
        assert!(next(aws::Error::Throttled { action: "ssm:ResumeSession" }).contains("when the network is back"));
    }
}
