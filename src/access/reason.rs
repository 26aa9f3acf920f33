//! Why a way in is not simply open, and what to do about it: its words in the catalogue, reached from here and nowhere else.

use super::Outcome;
use crate::text::{Catalogue, Value};

/// Why a way in is not simply open: one finding of one rule. Its words are in the catalogue under
/// `reason-<code>`, `reason-<code>-short`, `fix-<code>` and `fix-<code>-note`; those of a rule that holds under `pass-<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

impl Reason {
    /// What was found, in one sentence without a full stop.
    pub fn text(&self, catalogue: &Catalogue) -> String {
        let kind = if matches!(self.outcome, Outcome::Pass | Outcome::Seems) { "pass" } else { "reason" };
        self.say(catalogue, &format!("{kind}-{}", self.code))
    }

    /// The same in at most 60 columns, for one line among others.
    pub fn short(&self, catalogue: &Catalogue) -> String {
        let short = format!("reason-{}-short", self.code);
        if catalogue.has(&short) { self.say(catalogue, &short) } else { self.text(catalogue) }
    }

    /// The command that mends it, if one does: whole, and nothing but the command.
    pub fn remedy(&self, catalogue: &Catalogue) -> Option<String> {
        self.advice(catalogue, &format!("fix-{}", self.code))
    }

    /// What else to know before mending it, or what to do where no command does it.
    pub fn remark(&self, catalogue: &Catalogue) -> Option<String> {
        self.advice(catalogue, &format!("fix-{}-note", self.code))
    }

    fn advice(&self, catalogue: &Catalogue, key: &str) -> Option<String> {
        (self.has_remedy && catalogue.has(key)).then(|| self.say(catalogue, key))
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
