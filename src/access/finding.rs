//! What one rule found, and what all findings together say of a way in (docs/access-rules.md 0.1).

use super::{Outcome, Reason, Verdict};

/// One rule's finding: the reason as it is shown, and how much it weighs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    reason: Reason,
    effect: Effect,
}

/// What a finding does to the verdict, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// The way has no meaning for this instance.
    Excludes,
    /// A hard rule (H) failed.
    Blocks,
    /// Required evidence (R) is missing.
    Withholds,
    /// It is said, and changes no verdict.
    Counts,
    /// The rule holds.
    Passes,
}

impl Finding {
    /// The way has no meaning for this instance.
    pub(super) fn excludes(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Fail, Effect::Excludes)
    }

    /// A hard rule fails: the way is blocked.
    pub(super) fn blocks(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Fail, Effect::Blocks)
    }

    /// Required evidence is missing: the verdict is unknown.
    pub(super) fn withholds(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Unknown, Effect::Withholds)
    }

    /// A soft rule fails for certain.
    pub(super) fn fails_softly(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Fail, Effect::Counts)
    }

    /// Something is off, and a connection may still work.
    pub(super) fn warns(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Warn, Effect::Counts)
    }

    /// Something cannot be seen that is not required.
    pub(super) fn unseen(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Unknown, Effect::Counts)
    }

    /// Something is worth knowing, and in nobody's way.
    pub(super) fn notes(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Warn, Effect::Passes)
    }

    /// The condition holds.
    pub(super) fn passes(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Pass, Effect::Passes)
    }

    /// A hint says that the condition holds.
    pub(super) fn seems(rule: &'static str, code: &'static str) -> Self {
        Self::new(rule, code, Outcome::Seems, Effect::Passes)
    }

    fn new(rule: &'static str, code: &'static str, outcome: Outcome, effect: Effect) -> Self {
        Self { reason: Reason { code, rule, outcome, values: Vec::new(), has_remedy: false }, effect }
    }

    /// A value for the sentence, fit for a screen.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        // With tens of thousands of rows, room for values that never come is the most of what is kept.
        self.reason.values.reserve_exact(1);
        self.reason.values.push((name, value.into()));
        self
    }

    /// There is something to do about it.
    pub(super) fn with_remedy(mut self) -> Self {
        self.reason.has_remedy = true;
        self
    }

    /// Whether this is what it says.
    pub(super) fn is(&self, code: &str) -> bool {
        self.reason.code == code
    }

    /// Whether it says that a condition holds, and nothing else.
    pub(super) fn holds(&self) -> bool {
        self.reason.outcome == Outcome::Pass
    }

    /// What is shown of it.
    pub(super) fn into_reason(self) -> Reason {
        self.reason
    }

    /// Whether it is only worth knowing.
    pub(super) fn is_in_nobodys_way(&self) -> bool {
        self.effect == Effect::Passes
    }

    /// Whether it blocks the way.
    pub(super) fn is_blocking(&self) -> bool {
        self.effect == Effect::Blocks
    }

    /// The order in which reasons are shown: H-fail, unknown R, warn, and last what merely cannot be seen.
    fn rank(&self) -> (Effect, bool) {
        (self.effect, self.effect == Effect::Counts && self.reason.outcome == Outcome::Unknown)
    }
}

/// Seconds after which a fact proves nothing any more (docs/access-rules.md 0.1, rule 6).
const PROOF_OLD: i64 = 10 * 60;

/// What all findings together say of a way in.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// What was found, in the order in which it is shown.
    pub(super) reasons: Vec<Reason>,
    /// The rules that hold, as far as they were asked for.
    pub(super) passes: Vec<Reason>,
}

/// The verdict of all findings, and their reasons in the order in which they are shown. `proof`: the age in seconds of the oldest fact
/// that proves that the way works; `None` if nothing does.
pub(super) fn judge(findings: Vec<Finding>, proof: Option<i64>) -> Judgement {
    let (passes, mut findings): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.effect == Effect::Passes);
    findings.sort_by_key(Finding::rank);
    let verdict = match findings.first().map(|worst| worst.effect) {
        Some(Effect::Excludes) => Verdict::NotApplicable,
        Some(Effect::Blocks) => Verdict::Blocked,
        Some(Effect::Withholds) => Verdict::Unknown,
        None if proof.is_some_and(|age| age <= PROOF_OLD) => Verdict::Works,
        Some(Effect::Counts | Effect::Passes) | None => Verdict::Likely,
    };
    if verdict == Verdict::NotApplicable {
        findings.retain(|finding| finding.effect == Effect::Excludes);
    }
    let told = |findings: Vec<Finding>| {
        let mut reasons: Vec<Reason> = findings.into_iter().map(|finding| finding.reason).collect();
        reasons.shrink_to_fit();
        reasons
    };
    Judgement { verdict, reasons: told(findings), passes: told(passes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_the_table_that_matches_is_the_verdict() {
        let warns = || Finding::warns("GEN-7", "managed-by-service");
        let unseen = || Finding::unseen("EIC-4", "eic-package-unseen");
        let withholds = || Finding::withholds("ADDR-4", "address-private");
        let blocks = || Finding::blocks("EIC-3", "eic-metadata-off");
        let excludes = || Finding::excludes("EIC-1", "eic-not-for-windows");
        for (findings, verdict, codes) in [
            (vec![], Verdict::Likely, vec![]),
            (vec![unseen(), warns()], Verdict::Likely, vec!["managed-by-service", "eic-package-unseen"]),
            (vec![warns(), withholds()], Verdict::Unknown, vec!["address-private", "managed-by-service"]),
            (
                vec![unseen(), withholds(), blocks()],
                Verdict::Blocked,
                vec!["eic-metadata-off", "address-private", "eic-package-unseen"],
            ),
            (vec![blocks(), excludes()], Verdict::NotApplicable, vec!["eic-not-for-windows"]),
        ] {
            let judged = judge(findings, None);

            assert_eq!(judged.verdict, verdict);
            assert_eq!(judged.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(), codes);
        }
    }

    #[test]
    fn what_was_proven_more_than_ten_minutes_ago_is_only_likely() {
        let verdict = |findings, age| judge(findings, Some(age)).verdict;

        assert_eq!(verdict(vec![], 600), Verdict::Works);
        assert_eq!(verdict(vec![], 601), Verdict::Likely);
        assert_eq!(verdict(vec![Finding::warns("GEN-7", "managed-by-service")], 0), Verdict::Likely);
        assert_eq!(verdict(vec![Finding::blocks("EIC-3", "eic-metadata-off")], 0), Verdict::Blocked);
    }
}
