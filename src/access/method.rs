//! The ways in, and what can be said of one.

use std::str::FromStr;

/// A way into an instance. The order is the one in which JSON lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// A Session Manager shell.
    Ssm,
    /// SSH through Session Manager.
    SsmSsh,
    /// SSH through an EC2 Instance Connect Endpoint.
    Eice,
    /// SSH with a one-time key pushed by EC2 Instance Connect.
    Eic,
    /// SSH with a key pair.
    Ssh,
}

impl Method {
    /// Every way in there is a word for.
    pub const ALL: [Self; 5] = [Self::Ssm, Self::SsmSsh, Self::Eice, Self::Eic, Self::Ssh];
    /// The ways this version gives a verdict on.
    pub const KNOWN: [Self; 4] = [Self::Ssm, Self::SsmSsh, Self::Eic, Self::Ssh];

    /// The id: the same everywhere.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ssm => "ssm",
            Self::SsmSsh => "ssm-ssh",
            Self::Eice => "eice",
            Self::Eic => "eic",
            Self::Ssh => "ssh",
        }
    }

    /// Whether this version can open it. One that it cannot is never the best and never chosen.
    pub fn can_be_opened(self) -> bool {
        matches!(self, Self::Ssm | Self::SsmSsh | Self::Eic | Self::Ssh)
    }

    /// Whether it goes through Session Manager, and so fails where that does.
    pub fn is_by_session_manager(self) -> bool {
        matches!(self, Self::Ssm | Self::SsmSsh)
    }
}

impl FromStr for Method {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|method| method.id() == text).ok_or(())
    }
}

/// What one rule found (access-rules 0.1), in the order in which reasons are shown. A rule that passes gives no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The data shows that the condition does not hold.
    Fail,
    /// Data is missing, denied, or not visible from outside.
    Unknown,
    /// Something is off, and a connection may still work.
    Warn,
}

impl Outcome {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Warn => "warn",
        }
    }
}

/// What all rules together say of a way in (access-rules 0.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Proven.
    Works,
    /// Nothing is in the way.
    Likely,
    /// A fact that decides is not known.
    Unknown,
    /// Something is in the way.
    Blocked,
    /// It has no meaning for this instance.
    NotApplicable,
}

impl Verdict {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Likely => "likely",
            Self::Unknown => "unknown",
            Self::Blocked => "blocked",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// What one look shows of a way in (ux 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// Nothing is in the way.
    Works,
    /// It works or may work, and something is off.
    Problem,
    /// What decides is not known.
    Unknown,
    /// Something is in the way.
    Blocked,
    /// It has no meaning for this instance.
    NotApplicable,
}

impl Mark {
    /// The character, in its Unicode form.
    pub fn symbol(self) -> char {
        match self {
            Self::Works => '✓',
            Self::Problem => '!',
            Self::Unknown => '?',
            Self::Blocked => '✗',
            Self::NotApplicable => '–',
        }
    }
}
