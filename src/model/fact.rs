//! What a question to AWS has come to: asked, refused, or answered.

use super::Untrusted;

/// Anything that costs its own AWS call. "We may not look" is a different answer from "there is none".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fact<T> {
    /// Not answered yet, or never asked.
    #[default]
    Pending,
    /// AWS did not tell, and why.
    Hidden(Denial),
    /// The answer.
    Known(T),
}

impl<T> Fact<T> {
    /// The answer, if there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Pending | Self::Hidden(_) => None,
        }
    }

    /// Why there is no answer, if AWS refused one.
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Hidden(denial) => Some(denial),
            Self::Pending | Self::Known(_) => None,
        }
    }

    /// Whether the answer is still to come.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending)
    }

    /// The same fact about a borrowed value.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::Pending => Fact::Pending,
            Self::Hidden(denial) => Fact::Hidden(denial.clone()),
            Self::Known(value) => Fact::Known(value),
        }
    }

    /// The same fact about another value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Pending => Fact::Pending,
            Self::Hidden(denial) => Fact::Hidden(denial),
            Self::Known(value) => Fact::Known(convert(value)),
        }
    }
}

/// Why AWS did not tell something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Denial {
    /// What kind of refusal it was.
    pub why: Why,
    /// The IAM action that was called, such as `iam:GetInstanceProfile`.
    pub action: &'static str,
    /// What AWS said, if anything.
    pub message: Option<Untrusted>,
}

/// The kinds of refusal, in the words of the JSON output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// The caller may not.
    AccessDenied,
    /// Too many calls.
    Throttled,
    /// No answer in time.
    Timeout,
    /// Anything else that went wrong.
    Failed,
    /// The answer came, and does not settle the question.
    Undecided,
}

impl Why {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Failed => "failed",
            Self::Undecided => "undecided",
        }
    }
}
