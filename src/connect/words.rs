//! What a user reads of a connection that did not start, and of what happens while one is made: the same words in every place.

use jiff::Timestamp;

use super::Error;
use crate::model::{Instance, Untrusted};
use crate::text::Catalogue;

/// Most columns of a text of the operating system.
const QUOTED: usize = 200;

impl Error {
    /// What is in the way, then its causes, one idea a line.
    pub fn why(&self, instance: &Instance, now: Timestamp, text: &Catalogue) -> Vec<String> {
        let quoted = |source: &std::io::Error| Untrusted::from(source.to_string()).shown_in(QUOTED);
        match self {
            Self::Aws(error) => std::iter::once(error.what(text)).chain(error.why(text)).collect(),
            Self::NotRunning { state } => vec![text.say_with("session-not-running", &[("state", state.word().into())])],
            Self::AddressGone => vec![text.say("session-address-gone")],
            Self::SshMissing => vec![text.say("reason-ssh-missing")],
            Self::HostKeysUnreadable { path, source } => {
                let path = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(QUOTED);
                vec![text.say_with("session-host-keys-unreadable", &[("path", path.into()), ("cause", quoted(source).into())])]
            }
            Self::Session(ending) => {
                std::iter::once(ending.what(instance, text)).chain(ending.why(instance, now, text)).collect()
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
            Self::SshMissing => vec![text.say("fix-ssh-missing")],
            Self::HostKeysUnreadable { .. } => vec![text.say("session-host-keys-unreadable-next")],
            Self::Session(ending) => ending.next(instance, text),
            Self::NotRunning { .. } | Self::AddressGone | Self::Local { .. } => Vec::new(),
        }
    }
}
