//! What is said of every way into one instance.

use super::entry::Load;
use super::{Mark, Method, Outcome, Reason, Verdict};
use crate::text::Catalogue;

/// One way in and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Way {
    /// Which way.
    pub method: Method,
    /// What all rules together say.
    pub verdict: Verdict,
    /// What was found, worst first (docs/access-rules.md 0.1).
    pub reasons: Vec<Reason>,
    /// The rules that hold; empty unless they were asked for.
    pub passes: Vec<Reason>,
    mark: Mark,
}

/// Every way into one instance that this version knows, in the order of [`Method::known`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ways {
    /// In the order of [`Method::known`].
    pub list: Vec<Way>,
    /// The best one, if any can be opened: the first `✓` in the preferred order, else the first `!`, else the first `?`.
    pub best: Option<Method>,
    /// Whether a fact that may change the answer is still on its way.
    pub is_pending: bool,
}

impl Way {
    /// A way of which this was found.
    pub fn new(method: Method, verdict: Verdict, reasons: Vec<Reason>) -> Self {
        let mark = match verdict {
            Verdict::Works | Verdict::Likely if reasons.iter().all(|reason| reason.outcome == Outcome::Unknown) => Mark::Works,
            Verdict::Works | Verdict::Likely => Mark::Problem,
            Verdict::Unknown => Mark::Unknown,
            Verdict::Blocked => Mark::Blocked,
            Verdict::NotApplicable => Mark::NotApplicable,
        };
        Self { method, verdict, reasons, passes: Vec::new(), mark }
    }

    /// The same with the rules that hold.
    pub(super) fn with_passes(self, passes: Vec<Reason>) -> Self {
        Self { passes, ..self }
    }

    /// One line: what is in the way, or how it goes where nothing is.
    pub fn summary(&self, catalogue: &Catalogue) -> String {
        match self.reasons.first() {
            Some(reason) if mark(self) != Mark::Works => reason.short(catalogue),
            _ => catalogue.say(&format!("way-{}-ready", self.method.id())),
        }
    }
}

/// One reason, and the ways that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause<'w> {
    /// What was found.
    pub reason: &'w Reason,
    /// Where it counts, in the order of the ways.
    pub methods: Vec<Method>,
}

impl Cause<'_> {
    /// `ssm, ssm-ssh: the instance is stopped`.
    pub fn text(&self, catalogue: &Catalogue) -> String {
        let methods = self.methods.iter().map(|method| method.id()).collect::<Vec<_>>().join(", ");
        let values = [("methods", methods.into()), ("cause", self.reason.text(catalogue).into())];
        catalogue.say_with("cause-of", &values)
    }
}

impl Ways {
    /// The same without what was found, for a list that shows marks: few are different then, and thousands of rows share them.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        self.list.iter_mut().for_each(|way| way.reasons = Vec::new());
        self
    }

    /// Every cause once, the worst of each way first, with the ways it concerns.
    pub fn causes(&self) -> Vec<Cause<'_>> {
        let mut causes: Vec<Cause<'_>> = Vec::new();
        // That a Linux has no Windows desktop is no news.
        let told = |way: &&Way| way.method.may_be_best() || way.verdict != Verdict::NotApplicable;
        let longest = self.list.iter().map(|way| way.reasons.len()).max().unwrap_or(0);
        let by_rank = (0..longest)
            .flat_map(|at| self.list.iter().filter(told).filter_map(move |way| Some((way.method, way.reasons.get(at)?))));
        for (method, reason) in by_rank {
            match causes.iter_mut().find(|cause| cause.reason.code == reason.code && cause.reason.values == reason.values) {
                Some(cause) => cause.methods.push(method),
                None => causes.push(Cause { reason, methods: vec![method] }),
            }
        }
        causes
    }

    /// What holds for a way and stands under none before it: what is in order for all of them is read once.
    pub fn new_passes<'w>(&'w self, way: &Way) -> impl Iterator<Item = &'w Reason> {
        let at = self.list.iter().position(|own| own.method == way.method).unwrap_or(self.list.len());
        let (before, own) = self.list.split_at(at);
        let is_told =
            |pass: &Reason| before.iter().filter(|way| mark(way) != Mark::NotApplicable).any(|way| way.passes.contains(pass));
        own.iter().take(1).flat_map(|way| &way.passes).filter(move |pass| !is_told(pass))
    }

    /// The best way, where something speaks for it: the best of nothing good is not called so.
    pub fn called_best(&self) -> Option<Method> {
        let best = self.way(self.best?)?;
        matches!(mark(best), Mark::Works | Mark::Problem).then_some(best.method)
    }

    /// The ways that nothing is in the way of and that are never the best: a serial console, a desktop.
    pub fn last_resorts(&self) -> impl Iterator<Item = Method> + '_ {
        let is_open = |way: &&Way| matches!(mark(way), Mark::Works | Mark::Problem);
        self.list.iter().filter(is_open).map(|way| way.method).filter(|method| method.can_be_opened() && !method.may_be_best())
    }

    /// What all rules say of a way, in words; of one that is not known also whether that matters.
    pub fn verdict(&self, way: &Way, catalogue: &Catalogue) -> String {
        let word = way.verdict.key();
        if way.verdict != Verdict::Unknown {
            return catalogue.say(&word);
        }
        match self.called_best() {
            Some(best) => catalogue.say_with(&format!("{word}-moot"), &[("method", best.id().into())]),
            None => catalogue.say(&format!("{word}-decides")),
        }
    }

    /// Whether this computer's address, as AWS sees it, would decide something: a group lets in some, or nobody from there.
    pub fn wants_source(&self) -> bool {
        let wants = |reason: &Reason| matches!(reason.code, "net-source-unknown" | "net-group-shut");
        self.list.iter().flat_map(|way| &way.reasons).any(wants)
    }

    /// What is said of one way.
    pub fn way(&self, method: Method) -> Option<&Way> {
        self.list.iter().find(|way| way.method == method)
    }

    /// The first way that carries this, and what is said of it.
    pub fn carrying(&self, load: Load) -> Option<&Way> {
        self.list.iter().find(|way| way.method.carries(load))
    }
}

/// What one look shows of a way in.
pub fn mark(way: &Way) -> Mark {
    way.mark
}
