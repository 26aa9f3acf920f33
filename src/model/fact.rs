//! What a question to AWS has come to: asked, refused, answered, or answered once and refused since.

use jiff::{SignedDuration, Timestamp};

use super::Untrusted;

/// How long the last answer stands where AWS refuses a newer one (docs/access-rules.md 0.1).
const STANDS: SignedDuration = SignedDuration::from_mins(10);

/// Anything that costs its own AWS call. "We may not look" is a different answer from "there is none", and "not this time" takes nothing
/// away from what was told before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fact<T> {
    /// Not answered yet, or never asked.
    #[default]
    Pending,
    /// AWS did not tell, and why.
    Hidden(Denial),
    /// The answer.
    Known(T),
    /// The last answer: AWS was asked again, and did not tell.
    Kept(T, Refusal),
}

/// Why an answer is not a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What AWS said when it was asked again.
    pub denial: Denial,
    /// When the answer that is kept was told.
    pub told: Timestamp,
}

impl<T> Fact<T> {
    /// The last answer, if there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) | Self::Kept(value, _) => Some(value),
            Self::Pending | Self::Hidden(_) => None,
        }
    }

    /// Why there is no answer at all, if AWS refused one.
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Hidden(denial) => Some(denial),
            Self::Pending | Self::Known(_) | Self::Kept(..) => None,
        }
    }

    /// Why the answer is an old one, if it is.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Kept(_, refusal) => Some(refusal),
            Self::Pending | Self::Hidden(_) | Self::Known(_) => None,
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
            Self::Kept(value, refusal) => Fact::Kept(value, refusal.clone()),
        }
    }

    /// The same fact about another value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Pending => Fact::Pending,
            Self::Hidden(denial) => Fact::Hidden(denial),
            Self::Known(value) => Fact::Known(convert(value)),
            Self::Kept(value, refusal) => Fact::Kept(convert(value), refusal),
        }
    }
}

impl<T: Clone + PartialEq> Fact<T> {
    /// What this fact is after a new answer, if it is another one than before. A refusal changes the standing and not the value, which
    /// was told at `told`.
    pub fn after(&self, answer: Fact<&T>, told: Timestamp) -> Option<Self> {
        match (self, answer) {
            (_, Fact::Pending) => None,
            (Self::Known(old), Fact::Known(new)) if old == new => None,
            (_, Fact::Known(new)) => Some(Self::Known(new.clone())),
            (_, Fact::Kept(new, refusal)) => Some(Self::Kept(new.clone(), refusal)),
            // An answer that does not settle the question is an answer: what was told before holds no longer.
            (Self::Known(old), Fact::Hidden(denial)) if denial.why != Why::Undecided => {
                Some(Self::Kept(old.clone(), Refusal { denial, told }))
            }
            (Self::Kept(_, refusal), Fact::Hidden(denial)) if refusal.denial == denial => None,
            (Self::Kept(old, refusal), Fact::Hidden(denial)) if denial.why != Why::Undecided => {
                Some(Self::Kept(old.clone(), Refusal { denial, told: refusal.told }))
            }
            (Self::Hidden(old), Fact::Hidden(denial)) if *old == denial => None,
            (_, Fact::Hidden(denial)) => Some(Self::Hidden(denial)),
        }
    }

    /// As [`Self::after`] for what may soon be another: an answer that AWS has not repeated for ten minutes closes nothing and opens nothing
    /// any more, it is not known.
    pub fn lately(&self, answer: Fact<&T>, told: Timestamp, now: Timestamp) -> Option<Self> {
        let new = self.after(answer, told);
        match new.as_ref().unwrap_or(self) {
            Self::Kept(_, refusal) if now.duration_since(refusal.told) > STANDS => Some(Self::Hidden(refusal.denial.clone())),
            _ => new,
        }
    }

    /// This answer where an older one was known, told at `told`.
    pub fn over(self, old: &Self, told: Timestamp) -> Self {
        old.after(self.as_ref(), told).unwrap_or_else(|| old.clone())
    }

    /// As [`Self::over`] for what may soon be another.
    pub fn lately_over(self, old: &Self, told: Timestamp, now: Timestamp) -> Self {
        old.lately(self.as_ref(), told, now).unwrap_or_else(|| old.clone())
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
    /// Nobody waits for the answer any more.
    Unasked,
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
            Self::Unasked => "unasked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(why: Why) -> Denial {
        Denial { why, action: "ssm:DescribeInstanceProperties", message: None }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_refusal_changes_the_standing_and_keeps_the_value_with_its_time() {
        let throttled = Fact::Hidden(refused(Why::Throttled)).over(&Fact::Known(1), at(10));
        let denied = Fact::Hidden(refused(Why::AccessDenied)).over(&throttled, at(20));

        assert_eq!(throttled, Fact::Kept(1, Refusal { denial: refused(Why::Throttled), told: at(10) }));
        assert_eq!(denied, Fact::Kept(1, Refusal { denial: refused(Why::AccessDenied), told: at(10) }));
        assert_eq!(Fact::Known(2).over(&denied, at(30)), Fact::Known(2));
    }

    #[test]
    fn what_may_soon_be_another_stands_for_ten_minutes_without_a_new_answer() {
        let denied = || Fact::<i32>::Hidden(refused(Why::AccessDenied));
        let kept = denied().lately_over(&Fact::Known(1), at(10), at(610));

        assert_eq!(kept.known(), Some(&1));
        assert_eq!(kept.lately(denied().as_ref(), at(10), at(610)), None, "the same refusal");
        assert_eq!(kept.lately(denied().as_ref(), at(10), at(611)), Some(denied()));
        assert_eq!(kept.lately(Fact::Pending, at(10), at(611)), Some(denied()), "nobody answers");
        assert_eq!(kept.lately(Fact::Known(&1), at(10), at(611)), Some(Fact::Known(1)));
        assert_eq!(kept.after(denied().as_ref(), at(10)), None, "what stays as it is");
    }

    #[test]
    fn an_answer_that_settles_nothing_ends_what_was_known() {
        let undecided = Fact::Hidden(refused(Why::Undecided));

        assert_eq!(undecided.clone().over(&Fact::Known(1), at(10)), undecided);
    }

    #[test]
    fn the_same_answer_is_no_change() {
        assert_eq!(Fact::Known(1).after(Fact::Known(&1), at(10)), None);
        assert_eq!(Fact::<i32>::Pending.after(Fact::Pending, at(10)), None);
        let hidden = Fact::<i32>::Hidden(refused(Why::Timeout));
        assert_eq!(hidden.after(hidden.as_ref(), at(10)), None);
    }
}
