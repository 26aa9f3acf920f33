//! What is said of every way into one instance.

use super::{Mark, Method, Outcome, Verdict};

/// Why a way in is not simply open: one finding of one rule. Its words are in the catalogue under
/// `reason-<code>`, `reason-<code>-short` and `fix-<code>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Stable and documented: `eic-package-unseen`.
    pub code: &'static str,
    /// The rule's id in the rule book: `EIC-4`.
    pub rule: &'static str,
    /// What the rule found.
    pub outcome: Outcome,
    /// Values for the sentence, fit for a screen.
    pub values: Vec<(&'static str, String)>,
    /// Whether there is something to do about it (`fix-<code>` in the catalogue).
    pub has_remedy: bool,
}

/// One way in and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Which way.
    pub method: Method,
    /// What all rules together say.
    pub verdict: Verdict,
    /// What was found, worst first (access-rules 0.1).
    pub reasons: Vec<Reason>,
}

/// Every way into one instance that this version knows, in the order of [`Method::KNOWN`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// In the order of [`Method::KNOWN`].
    pub list: Vec<Way>,
    /// The best one, if any can be opened: the first `✓` in the preferred order, else the first `!`, else the first `?` (ux 4).
    pub best: Option<Method>,
    /// Whether a fact that may change the answer is still on its way.
    pub is_pending: bool,
}

impl Ways {
    /// What is said of one way.
    pub fn way(&self, method: Method) -> Option<&Way> {
        self.list.iter().find(|way| way.method == method)
    }
}

/// What one look shows of a way in.
pub fn mark(way: &Way) -> Mark {
    match way.verdict {
        Verdict::Works | Verdict::Likely if way.reasons.iter().all(|reason| reason.outcome == Outcome::Unknown) => Mark::Works,
        Verdict::Works | Verdict::Likely => Mark::Problem,
        Verdict::Unknown => Mark::Unknown,
        Verdict::Blocked => Mark::Blocked,
        Verdict::NotApplicable => Mark::NotApplicable,
    }
}
