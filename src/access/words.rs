//! What a reason says, and what to do about it: its words in the catalogue, reached from here and nowhere else.

use super::{Method, Reason, Way};
use crate::text::{Catalogue, Value};

/// Every code a reason can have, for the manual and for translators.
pub const CODES: [&str; 57] = [
    "address-ipv6-only",
    "address-ipv6-unseen",
    "address-private",
    "eic-image-unseen",
    "eic-metadata-off",
    "eic-metadata-unseen",
    "eic-not-for-windows",
    "eic-package-missing",
    "eic-package-pending",
    "eic-package-unseen",
    "eic-package-unsupported",
    "eic-user-not-taken",
    "instance-gone",
    "instance-starting",
    "instance-state-unknown",
    "instance-stopped",
    "instance-stopping",
    "jump-later",
    "managed-by-service",
    "no-address",
    "no-ipv6-address",
    "no-private-address",
    "no-public-address",
    "ssh-foreign",
    "ssh-key-line-ends",
    "ssh-key-missing",
    "ssh-key-not-found",
    "ssh-key-not-set",
    "ssh-key-public",
    "ssh-key-putty",
    "ssh-key-too-open",
    "ssh-key-unreadable",
    "ssh-missing",
    "ssh-no-key-pair",
    "ssh-too-old",
    "ssh-windows",
    "ssm-agent-lost",
    "ssm-agent-not-in-image",
    "ssm-agent-silent",
    "ssm-agent-too-old",
    "ssm-agent-unsaid",
    "ssm-agent-version-unseen",
    "ssm-kept",
    "ssm-metadata-off",
    "ssm-no-profile",
    "ssm-not-registered",
    "ssm-pending",
    "ssm-ping-old",
    "ssm-previous-boot",
    "ssm-profile-without-role",
    "ssm-role-lacks",
    "ssm-role-unseen",
    "ssm-ssh-agent-slow",
    "ssm-ssh-agent-too-old",
    "ssm-ssh-no-key",
    "ssm-starting",
    "ssm-unseen",
];

impl Reason {
    /// What was found, in one sentence without a full stop.
    pub fn text(&self, catalogue: &Catalogue) -> String {
        self.say(catalogue, &format!("reason-{}", self.code))
    }

    /// The same in at most 60 columns, for one line among others.
    pub fn short(&self, catalogue: &Catalogue) -> String {
        let short = format!("reason-{}-short", self.code);
        if catalogue.has(&short) { self.say(catalogue, &short) } else { self.text(catalogue) }
    }

    /// What can be done about it, if anything: a command, or a setting.
    pub fn remedy(&self, catalogue: &Catalogue) -> Option<String> {
        self.has_remedy.then(|| self.say(catalogue, &format!("fix-{}", self.code)))
    }

    fn say(&self, catalogue: &Catalogue, key: &str) -> String {
        let mut values: Vec<(&'static str, Value)> = Vec::with_capacity(self.values.len() + 1);
        for (name, value) in &self.values {
            match value.parse() {
                // An age is told in the words of the language.
                Ok(seconds) if *name == "seconds" => values.push(("age", catalogue.age(seconds).into())),
                _ => values.push((name, value.clone().into())),
            }
        }
        catalogue.say_with(key, &values)
    }
}

impl Way {
    /// One line: what is in the way, or how it goes where nothing is.
    pub fn summary(&self, catalogue: &Catalogue) -> String {
        match self.reasons.first() {
            Some(reason) if super::mark(self) != super::Mark::Works => reason.short(catalogue),
            _ => catalogue.say(&format!("way-{}-ready", self.method.id())),
        }
    }
}

/// What this version does not check for a way in, as keys of the catalogue.
pub fn unchecked(method: Method) -> &'static [&'static str] {
    match method {
        Method::Ssm | Method::SsmSsh => &["unchecked-channel", "unchecked-permissions"],
        Method::Eic | Method::Eice => &["unchecked-network", "unchecked-permissions"],
        Method::Ssh => &["unchecked-network"],
    }
}
