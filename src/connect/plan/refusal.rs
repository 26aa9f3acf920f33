//! Why no plan can be made, told apart by what the user can do about it.

use crate::access::{AddressChoice, Channel, JumpFault, Method, Reason, Way};
use crate::model::{Instance, Untrusted};
use crate::text::Catalogue;

/// Why an instance is not connected to. The `#[error]` text is for logs; the user reads [`Refusal::what`], [`Refusal::why`]
/// and [`Refusal::next`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No way in works that this version can open.
    #[error("no way in works")]
    NoWay {
        /// Every way and what is in its way.
        ways: Vec<Way>,
        /// A way that is open, and that the rules or flags leave out.
        instead: Option<Method>,
    },
    /// Something is in the way that was asked for.
    #[error("{} is blocked", .method.id())]
    Blocked {
        /// The way asked for.
        method: Method,
        /// What is in the way.
        reasons: Vec<Reason>,
        /// Whether trying anyway makes sense.
        may_try: bool,
        /// Another way, that is open.
        instead: Option<Method>,
    },
    /// This version cannot do what was asked for.
    #[error("{} is not in this version", .0.word())]
    NotInThisVersion(Feature),
    /// The instance has no address of the kind wished for.
    #[error("the instance has no address")]
    NoAddress {
        /// The way that was chosen.
        method: Method,
        /// The address wished for.
        wanted: AddressChoice,
    },
    /// There is no private key that OpenSSH can use.
    #[error("no usable private key")]
    NoKey {
        /// The way that was chosen.
        method: Method,
        /// What was found instead.
        reason: Option<Box<Reason>>,
    },
    /// Arguments for ssh, or a command, and a way in that has no ssh.
    #[error("{} has no ssh", .method.id())]
    NeedsSsh {
        /// The way that was chosen.
        method: Method,
    },
    /// The jump hosts that are asked for lead nowhere.
    #[error("{}: {}", .0.code(), .0.shown())]
    Jump(JumpFault),
    /// A jump host was asked for, and a way in that passes none.
    #[error("{} passes no jump host", .method.id())]
    NotByJump {
        /// The way that was chosen.
        method: Method,
    },
    /// What was asked for only OpenSSH does, and there is none.
    #[error("{what} needs OpenSSH")]
    NeedsOpenSsh {
        /// An option of ssh's, or a program, fit for a screen.
        what: String,
    },
    /// `ssh` is too old.
    #[error("ssh {version} is too old")]
    SshTooOld {
        /// Its version.
        version: String,
    },
    /// `ssh` is not OpenSSH.
    #[error("ssh is not OpenSSH")]
    SshForeign,
}

/// What this version cannot do yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Open this way in.
    Method(Method),
}

impl Feature {
    /// The word the user typed for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Method(method) => method.id(),
        }
    }
}

impl Refusal {
    /// Stable and documented.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoWay { .. } => "no-way-in",
            Self::Blocked { reasons, .. } => reasons.first().map_or("no-way-in", |reason| reason.code),
            Self::NotInThisVersion(_) => "not-in-this-version",
            Self::NoAddress { .. } => "no-address",
            Self::NoKey { reason, .. } => reason.as_ref().map_or("ssh-key-not-found", |reason| reason.code),
            Self::NeedsSsh { .. } => "needs-ssh",
            Self::Jump(fault) => fault.code(),
            Self::NotByJump { .. } => "jump-not-by",
            Self::NeedsOpenSsh { .. } => "needs-openssh",
            Self::SshTooOld { .. } => "ssh-too-old",
            Self::SshForeign => "ssh-foreign",
        }
    }

    /// What happened, in one sentence.
    pub fn what(&self, instance: &Instance, text: &Catalogue) -> String {
        let target = ("target", instance.shown().into());
        match self {
            Self::NoWay { .. } | Self::Jump(_) | Self::NeedsOpenSsh { .. } | Self::SshTooOld { .. } | Self::SshForeign => {
                text.say_with("refused", &[target])
            }
            Self::NotInThisVersion(feature) => {
                text.say_with("refused-not-in-this-version", &[("feature", feature.word().into())])
            }
            Self::Blocked { method, .. }
            | Self::NoAddress { method, .. }
            | Self::NeedsSsh { method }
            | Self::NotByJump { method } => text.say_with("refused-by", &[target, ("method", method.id().into())]),
            Self::NoKey { method, .. } => text.say_with("refused-by", &[target, ("method", method.id().into())]),
        }
    }

    /// Why, one idea a line.
    pub fn why(&self, text: &Catalogue) -> Vec<String> {
        match self {
            Self::NoWay { ways, .. } => no_way(ways, text),
            Self::Blocked { reasons, .. } => reasons.iter().map(|reason| reason.text(text)).collect(),
            Self::NotInThisVersion(_) => Vec::new(),
            Self::Jump(fault) => vec![text.say_with(&format!("reason-{}", fault.code()), &[("chain", fault.shown().into())])],
            Self::NoAddress { wanted, .. } => vec![text.say(missing_address(*wanted))],
            Self::NoKey { reason, .. } => vec![match reason {
                Some(reason) => reason.text(text),
                None => text.say("reason-ssh-key-not-set"),
            }],
            Self::NeedsSsh { method } => vec![text.say(match method.channel() {
                Channel::SerialConsole => "refused-needs-ssh-serial",
                Channel::Desktop => "refused-needs-ssh-rdp",
                _ => "refused-needs-ssh",
            })],
            Self::NotByJump { .. } => vec![text.say("refused-not-by-jump")],
            Self::NeedsOpenSsh { what } => vec![text.say_with("refused-needs-openssh", &[("what", what.clone().into())])],
            Self::SshTooOld { version } => {
                let version = Untrusted::from(version.as_str()).shown_in(40);
                vec![text.say_with("reason-ssh-too-old", &[("version", version.into())])]
            }
            Self::SshForeign => vec![text.say("reason-ssh-foreign")],
        }
    }

    /// What the user can do now, one command or hint a line.
    pub fn next(&self, instance: &Instance, text: &Catalogue) -> Vec<String> {
        let remedies = |reasons: &[Reason]| {
            let of = |reason: &Reason| [reason.remedy(text), reason.remark(text)];
            reasons.iter().flat_map(of).flatten().collect::<Vec<_>>()
        };
        let mut next = match self {
            // What this version cannot open is not worth mending for this connection.
            Self::NoWay { ways, .. } => {
                let openable = ways.iter().filter(|way| way.method.can_be_opened());
                openable.flat_map(|way| remedies(&way.reasons)).collect()
            }
            Self::Blocked { reasons, .. } => remedies(reasons),
            Self::NoKey { reason: Some(reason), .. } => remedies(std::slice::from_ref(reason)),
            Self::NotInThisVersion(_)
            | Self::NoAddress { .. }
            | Self::NoKey { reason: None, .. }
            | Self::NeedsSsh { .. }
            | Self::NotByJump { .. } => Vec::new(),
            Self::Jump(fault) => return vec![text.say(&format!("fix-{}-note", fault.code()))],
            Self::NeedsOpenSsh { .. } => return vec![text.say("fix-ssh-missing-note")],
            Self::SshTooOld { .. } => return vec![text.say("fix-ssh-too-old-note")],
            Self::SshForeign => return vec![text.say("fix-ssh-foreign-note")],
        };
        let id = || ("id", instance.id.as_str().to_owned().into());
        if let Self::NoWay { instead: Some(method), .. } | Self::Blocked { instead: Some(method), .. } = self {
            next.insert(0, text.say_with("refused-instead", &[id(), ("method", method.id().into())]));
        }
        let mut seen = std::collections::HashSet::new();
        next.retain(|line| seen.insert(line.clone()));
        next.push(text.say_with("refused-doctor", &[id()]));
        next
    }
}

/// The worst reason of every way; said once for those that share it.
fn no_way(ways: &[Way], text: &Catalogue) -> Vec<String> {
    let worst: Vec<(Method, String)> =
        ways.iter().filter_map(|way| way.reasons.first().map(|reason| (way.method, reason.text(text)))).collect();
    match worst.split_first() {
        Some(((_, first), others)) if others.iter().all(|(_, reason)| reason == first) => vec![first.clone()],
        _ => {
            let mut lines: Vec<(Vec<&str>, String)> = Vec::new();
            for (method, reason) in worst {
                match lines.iter_mut().find(|(_, said)| *said == reason) {
                    Some((methods, _)) => methods.push(method.id()),
                    None => lines.push((vec![method.id()], reason)),
                }
            }
            lines.into_iter().map(|(methods, reason)| format!("{}: {reason}", methods.join(", "))).collect()
        }
    }
}

fn missing_address(wanted: AddressChoice) -> &'static str {
    match wanted {
        AddressChoice::Public => "reason-no-public-address",
        AddressChoice::Private => "reason-no-private-address",
        AddressChoice::Ipv6 => "reason-no-ipv6-address",
        AddressChoice::Auto | AddressChoice::Fixed(_) => "reason-no-address",
    }
}
