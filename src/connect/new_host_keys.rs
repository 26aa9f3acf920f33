//! New host keys in place of those that are kept, for an instance that was rebuilt: those that AWS tells of it now, and no others.

use std::io;
use std::time::SystemTime;

use super::trust::{ToldKeys, Untold, told_keys};
use crate::aws::Cloud;
use crate::model::{HostKeyOrigin, Instance, InstanceId, Untrusted};
use crate::ssh::{KnownHost, KnownHosts};
use crate::text::Catalogue;

/// What is kept of an instance's host keys, and what may take its place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewHostKeys {
    /// The instance.
    pub id: InstanceId,
    kept: Vec<KnownHost>,
    told: ToldKeys,
}

/// Why there is nothing to take.
#[derive(Debug)]
pub enum NoNewHostKeys {
    /// No key of it is kept: the next login is its first.
    NothingKept,
    /// Nothing is told of its keys.
    Untold(Untold),
    /// What is kept is what is told.
    Same,
    /// The kept keys cannot be read.
    Unreadable(io::Error),
}

impl NewHostKeys {
    /// Ask AWS for the keys of an instance of which some are kept: its console, else its agent.
    pub async fn ask(cloud: &Cloud, instance: &Instance, kept: &KnownHosts) -> Result<Self, NoNewHostKeys> {
        let mut kept = kept.list().map_err(NoNewHostKeys::Unreadable)?;
        kept.retain(|host| host.id == instance.id);
        if kept.is_empty() {
            return Err(NoNewHostKeys::NothingKept);
        }
        let told = told_keys(cloud, instance, true).await.map_err(NoNewHostKeys::Untold)?;
        let new = Self { id: instance.id.clone(), kept, told };
        if new.is_same() { Err(NoNewHostKeys::Same) } else { Ok(new) }
    }

    fn is_same(&self) -> bool {
        !self.told.keys.is_empty()
            && self.told.keys.iter().all(|key| {
                let fingerprint = key.fingerprint().to_string();
                self.kept.iter().any(|host| host.fingerprint == fingerprint)
            })
    }

    /// Both, a sentence each.
    pub fn lines(&self, text: &Catalogue) -> Vec<String> {
        let kept: Vec<&str> = self.kept.iter().map(|host| host.fingerprint.as_str()).collect();
        let teller = if self.told.origin == HostKeyOrigin::SessionManager { "agent" } else { "console" };
        let line = |key: &str, value: String| text.say_with(key, &[("fingerprints", value.into())]);
        let mut lines = vec![line("host-keys-kept", kept.join(", "))];
        lines.push(line(&format!("host-keys-told-{teller}"), self.told.fingerprints_beside(None)));
        lines.extend(self.told.has_changed.then(|| text.say("host-keys-told-twice")));
        lines.extend(self.told.keys.is_empty().then(|| text.say("host-keys-told-by-fingerprint")));
        lines
    }

    /// Keep what is told in place of what was kept. Where fingerprints alone are told, the next login is compared with them.
    pub fn take(&self, kept: &KnownHosts, now: SystemTime) -> io::Result<()> {
        kept.replace_keys(&self.id, &self.told.keys, self.told.origin, now)
    }
}

impl NoNewHostKeys {
    /// Stable and documented.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingKept => "host-key-unknown",
            Self::Untold(_) => "host-keys-untold",
            Self::Same => "host-keys-same",
            Self::Unreadable(_) => "known-hosts",
        }
    }

    /// All of it, one idea a line.
    pub fn lines(&self, instance: &Instance, text: &Catalogue) -> Vec<String> {
        let mut values = vec![("target", instance.shown().into()), ("id", instance.id.to_string().into())];
        if let Self::Unreadable(error) = self {
            values.push(("cause", Untrusted::from(error.to_string()).shown_in(200).into()));
        }
        let what = text.say_with(&format!("error-{}", self.code()), &values);
        let next = text.say_if_whole(&format!("error-{}-next", self.code()), &values);
        std::iter::once(what).chain(self.why(text)).chain(next).collect()
    }

    /// Why, one idea a line.
    pub fn why(&self, text: &Catalogue) -> Vec<String> {
        match self {
            Self::Untold(untold) => untold.why(text),
            _ => Vec::new(),
        }
    }
}
