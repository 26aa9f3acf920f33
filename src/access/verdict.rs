//! What can be said of a way in: of one rule, of all rules together, and at one look.

/// What one rule found (docs/access-rules.md 0.1), in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The data shows that the condition does not hold.
    Fail,
    /// Data is missing, denied, or not visible from outside.
    Unknown,
    /// Something is off, and a connection may still work.
    Warn,
    /// A hint says that the condition holds.
    Seems,
    /// The data shows that the condition holds.
    Pass,
}

impl Outcome {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Warn => "warn",
            Self::Seems => "pass?",
            Self::Pass => "pass",
        }
    }
}

impl Outcome {
    /// What one look shows of it.
    pub fn mark(self) -> Mark {
        match self {
            Self::Fail => Mark::Blocked,
            Self::Unknown => Mark::Unknown,
            Self::Warn => Mark::Problem,
            Self::Seems | Self::Pass => Mark::Works,
        }
    }
}

/// What all rules together say of a way in (docs/access-rules.md 0.1).
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
    /// Key of the word for people.
    pub fn key(self) -> String {
        format!("verdict-{}", self.word().replace('_', "-"))
    }

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

/// What one look shows of a way in.
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
