//! What a user reads of a connection: why it did not start, what happens while it is made, how it ended; the same words in every place.

use ec2dash_keys::Unopened;
use jiff::Timestamp;

use super::host_check::HostKeyNews;
use super::{ConnectEvent, Ended, Error, LossNews, why_over};
use crate::aws::documents;
use crate::model::{Instance, SessionPreferences, Untrusted};
use crate::text::{Catalogue, Value};

/// Most columns of a text of the operating system.
const QUOTED: usize = 200;

impl Error {
    /// What is in the way, then its causes, one idea a line.
    pub fn why(&self, instance: &Instance, now: Timestamp, text: &Catalogue) -> Vec<String> {
        let shown = |path: &std::path::Path| Untrusted::from(path.to_string_lossy().as_ref()).shown_in(QUOTED);
        let quoted = |source: &std::io::Error| Untrusted::from(source.to_string()).shown_in(QUOTED);
        match self {
            Self::Aws(error) => std::iter::once(error.what(text)).chain(error.why(text)).collect(),
            Self::NotRunning { state } => vec![text.say_with("session-not-running", &[("state", state.word().into())])],
            Self::NotStarted(outcome) => {
                let of_aws = outcome.error().and_then(|error| error.why(text));
                outcome.reason(text).into_iter().chain(of_aws).collect()
            }
            Self::NoWay(refusal) => refusal.why(text),
            Self::NotAnswering { method, seconds } => {
                let values = [("method", method.id().into()), ("seconds", seconds.to_string().into())];
                vec![text.say_with("start-not-answering", &values)]
            }
            Self::AddressGone => vec![text.say("session-address-gone")],
            Self::SshMissing => vec![text.say("ssh-gone")],
            Self::HostKeysUnreadable { path, source } => {
                let path = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(QUOTED);
                vec![text.say_with("session-host-keys-unreadable", &[("path", path.into()), ("cause", quoted(source).into())])]
            }
            Self::HostKeyUntold(untold) => untold.why(text),
            Self::KeyUnopened { file, why: Unopened::WrongPassphrase } => {
                vec![text.say_with("session-key-passphrase-wrong", &[("path", shown(file).into())])]
            }
            Self::KeyUnopened { file, why } => {
                let why = match why {
                    Unopened::TooMuchWork => "session-key-too-much-work",
                    Unopened::Unsupported => "session-key-unsupported",
                    _ => "session-key-damaged",
                };
                vec![text.say_with(why, &[("path", shown(file).into())])]
            }
            Self::NobodyToAsk { file, .. } => {
                vec![text.say_with("session-key-passphrase-unasked", &[("path", shown(file).into())])]
            }
            Self::SerialOff { .. } => {
                let region = instance.place.region.to_string();
                vec![text.say_with(&format!("reason-{}", self.code()), &[("region", region.into())])]
            }
            Self::SerialRefused { code } => vec![text.say_with(&format!("session-{code}"), &serial_values(instance))],
            Self::Session(ending) => {
                std::iter::once(ending.what(instance, text)).chain(why_over(ending, instance, now, text)).collect()
            }
            Self::Local { what, source } => {
                vec![text.say_with("session-local-failure", &[("what", (*what).into()), ("why", quoted(source).into())])]
            }
        }
    }

    /// What the user can do now, one idea a line.
    pub fn next(&self, instance: &Instance, text: &Catalogue) -> Vec<String> {
        match self {
            Self::Aws(error) => error.next(text).into_iter().collect(),
            Self::SshMissing => vec![text.say("fix-ssh-missing-note")],
            Self::HostKeysUnreadable { .. } => vec![text.say("session-host-keys-unreadable-next")],
            Self::HostKeyUntold(_) => vec![text.say("session-host-key-untold-next")],
            Self::KeyUnopened { file, .. } | Self::NobodyToAsk { file, .. } => {
                let key = match self {
                    Self::NobodyToAsk { is_putty: true, .. } => "session-key-unasked-putty-next",
                    Self::NobodyToAsk { .. } => "session-key-unasked-next",
                    _ => "session-key-unopened-next",
                };
                let word = crate::text::shell_word(&Untrusted::from(file.to_string_lossy().as_ref()).shown());
                vec![text.say_with(key, &[("word", word.into())])]
            }
            Self::SerialOff { by_policy: true } => Vec::new(),
            Self::SerialOff { by_policy: false } => {
                let place = crate::access::place_flags(&instance.place);
                let values = [("place", place.into())];
                vec![text.say_with("fix-serial-off", &values), text.say_with("fix-serial-off-note", &values)]
            }
            Self::SerialRefused { code } => vec![text.say_with(&format!("session-{code}-next"), &serial_values(instance))],
            Self::Session(ending) => ending.next(instance, text),
            Self::NoWay(refusal) => refusal.next(instance, text),
            Self::NotAnswering { .. } => {
                vec![text.say_with("refused-doctor", &[("id", instance.id.as_str().to_owned().into())])]
            }
            Self::NotStarted(outcome) => outcome.error().and_then(|error| error.next(text)).into_iter().collect(),
            Self::NotRunning { .. } | Self::AddressGone | Self::Local { .. } => Vec::new(),
        }
    }
}

fn serial_values(instance: &Instance) -> [(&'static str, Value); 2] {
    let kind = instance.instance_type.as_ref().map(|kind| kind.shown_in(40)).unwrap_or_default();
    [("id", instance.id.to_string().into()), ("type", kind.into())]
}

/// Something that went wrong, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Stable and documented.
    pub code: &'static str,
    /// What happened.
    pub what: String,
    /// Why, one idea a line.
    pub why: Vec<String>,
    /// What to do now, one idea a line.
    pub next: Vec<String>,
}

impl Story {
    /// All of it.
    pub fn lines(self) -> impl Iterator<Item = String> {
        std::iter::once(self.what).chain(self.why).chain(self.next)
    }
}

impl Ended {
    /// How a session of Session Manager ended, without its name; none where ssh ran, whose exit code says it.
    pub fn way(&self, instance: &Instance, text: &Catalogue) -> Option<String> {
        self.ending.as_ref().map(|ending| ending.what(instance, text))
    }

    /// What to know of a session of Session Manager that ended well.
    pub fn hint(&self, text: &Catalogue) -> Option<String> {
        self.ending.as_ref().filter(|ending| ending.code() == 0)?.hint(text)
    }

    /// What ended it, if that is known and not as it should be.
    pub fn cause(&self, instance: &Instance, now: Timestamp, text: &Catalogue) -> Option<Story> {
        if let Some(ending) = self.ending.as_ref().filter(|ending| ending.code() != 0) {
            return Some(Story {
                code: ending.reason.code(),
                what: ending.what(instance, text),
                why: why_over(ending, instance, now, text),
                next: ending.next(instance, text),
            });
        }
        let diagnosis = self.diagnosis.as_ref()?;
        // What our own proxy said of the way is why.
        if let ("session-lost" | "session-closed", Some(said)) = (diagnosis.code, &self.said) {
            let what = diagnosis.what(text);
            return Some(Story { code: diagnosis.code, what, why: vec![said.what.clone()], next: Vec::new() });
        }
        Some(Story { code: diagnosis.code, what: diagnosis.what(text), why: diagnosis.why(text), next: diagnosis.next(text) })
    }

    /// What went wrong besides.
    pub fn besides(&self, instance: &Instance, text: &Catalogue) -> Vec<Story> {
        let plain = |code: &'static str, values: &[(&'static str, Value)]| {
            let next = format!("error-{code}-next");
            let next = text.has(&next).then(|| text.say(&next));
            Story {
                code,
                what: text.say_with(&format!("error-{code}"), values),
                why: Vec::new(),
                next: next.into_iter().collect(),
            }
        };
        let cut = self.is_cut.then(|| plain("session-not-shown", &[]));
        let recording = self.recording_failure.as_ref().map(|cause| {
            let cause = Untrusted::from(cause.as_str()).shown_in(QUOTED);
            plain("recording-incomplete", &[("cause", cause.into())])
        });
        // The key was good enough for a login that came to a code of its own.
        let push = self.push_failure.as_ref().filter(|_| self.code == 255).map(|error| Story {
            code: error.code(),
            what: text.say_with("push-failed", &[("id", instance.id.to_string().into())]),
            why: std::iter::once(error.what(text)).chain(error.why(text)).collect(),
            next: error.next(text).into_iter().collect(),
        });
        [cut, recording, push].into_iter().flatten().collect()
    }
}

impl ConnectEvent {
    /// The sentence.
    pub fn words(&self, instance: &Instance, text: &Catalogue) -> String {
        match self {
            Self::Loss(news) => news.words(instance, text),
            Self::ShellDenied { action, message } => {
                let document = format!("document/{}", documents::INTERACTIVE);
                let message = message.shown_in(400);
                text.say_with(
                    "shell-denied",
                    &[("action", (*action).into()), ("document", document.into()), ("message", message.into())],
                )
            }
            Self::SerialOpens => text.say("serial-opens"),
            Self::Greeted { words } => text.say_with("shell-greeted", &[("words", words.shown_in(400).into())]),
            Self::FellBack { from, why, to } => {
                let why = ending_with_a_stop(why.what(instance, text));
                text.say_with("shell-fell-back", &[("from", from.id().into()), ("why", why.into()), ("to", to.id().into())])
            }
            Self::Preferences(preferences) => preferences_of_the_account(preferences, text).join("; "),
            Self::PreferencesUnknown(error) => text.say_with("session-kept-unknown", &[("why", error.what(text).into())]),
            Self::Moved { from, to } => {
                text.say_with("session-moved", &[("from", from.to_string().into()), ("to", to.to_string().into())])
            }
            Self::NotDescribed(error) => text.say_with("session-not-described", &[("why", error.what(text).into())]),
            Self::Starting { state, seconds } => {
                let values = [("name", instance.shown().into()), ("state", state.word().into())];
                text.say_with("start-state", &[values[0].clone(), values[1].clone(), ("seconds", seconds.to_string().into())])
            }
            Self::NotYet { method, seconds } => {
                let values = [("method", method.id().into()), ("seconds", seconds.to_string().into())];
                text.say_with("start-not-yet", &values)
            }
            Self::NoWayYet { seconds } => text.say_with("start-no-way-yet", &[("seconds", seconds.to_string().into())]),
            Self::HostKey(news) => news.words(instance, text),
            Self::BuiltInClient => text.say("ssh-built-in"),
        }
    }
}

impl LossNews {
    fn words(self, instance: &Instance, text: &Catalogue) -> String {
        let name = || ("name", Value::from(instance.shown()));
        let span = |seconds: u64| ("span", text.span(i64::try_from(seconds).unwrap_or(i64::MAX)).into());
        match self {
            Self::Slept { seconds } => text.say_with("session-came-back", &[span(seconds)]),
            Self::Lost => text.say_with("loss-lost", &[name()]),
            Self::Closed => text.say_with("loss-closed", &[name()]),
            Self::Back { seconds } => text.say_with("loss-back", &[name(), span(seconds)]),
            Self::NotYet => text.say_with("loss-not-yet", &[name()]),
            Self::TimeOver => text.say_with("loss-time-over", &[name()]),
            Self::StaysUp => text.say_with("loss-stays-up", &[name()]),
            Self::Stops { state } => text.say_with("loss-stops", &[name(), ("state", state.word().into())]),
            Self::NotBack { seconds } => text.say_with("loss-not-back", &[name(), span(seconds)]),
        }
    }
}

impl HostKeyNews {
    fn words(&self, instance: &Instance, text: &Catalogue) -> String {
        let id = || ("id", instance.id.to_string().into());
        match self {
            Self::NotKept => text.say("session-no-known-hosts"),
            Self::ToldTwice => text.say_with("session-host-keys-twice", &[id()]),
            Self::Unchecked(untold) => {
                let why = untold.why(text).join("; ");
                text.say_with("session-host-key-unchecked", &[id(), ("why", why.into())])
            }
        }
    }
}

/// What the account's preferences do to a session that a user would want to know; nothing, if they are the usual ones.
fn preferences_of_the_account(preferences: &SessionPreferences, text: &Catalogue) -> Vec<String> {
    let place = match (preferences.bucket.is_some(), preferences.log_group.is_some()) {
        (true, true) => Some("session-kept-in-both"),
        (true, false) => Some("session-kept-in-s3"),
        (false, true) => Some("session-kept-in-cloudwatch"),
        (false, false) => None,
    };
    let minutes =
        |key: &str, minutes: Option<u32>| minutes.map(|minutes| text.say_with(key, &[("minutes", minutes.to_string().into())]));
    let said = [
        place.map(|key| text.say(key)),
        preferences.runs_as.then(|| text.say("session-runs-as")),
        minutes("session-idle", preferences.idle_minutes),
        minutes("session-longest", preferences.longest_minutes),
    ];
    said.into_iter().flatten().collect()
}

fn ending_with_a_stop(mut sentence: String) -> String {
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_preferences_that_are_not_the_usual_are_told() {
        let text = Catalogue::english();
        let told = |preferences: SessionPreferences| preferences_of_the_account(&preferences, &text).join("; ");

        for usual in
            [SessionPreferences::default(), SessionPreferences { key: Some("alias/x".into()), ..SessionPreferences::default() }]
        {
            assert_eq!((told(usual.clone()), usual.are_usual()), (String::new(), true));
        }
        let bucket = Some("logs".into());
        let strict = SessionPreferences { bucket, runs_as: true, idle_minutes: Some(5), ..SessionPreferences::default() };
        assert!(!strict.are_usual());
        let words = told(strict);
        assert!(words.contains("S3") && words.contains("runs as") && words.contains("5 min"), "{words}");
    }
}
