//! What a value must look like: a part of it, its start, its end, all of it, or its letters in their order.

use std::cell::RefCell;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::model::Untrusted;
use crate::model::glob::{Single, parts_fit};

/// What a value must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) text: String,
    /// Upper-case letters in the pattern make it exact (smart case).
    pub(super) case_matters: bool,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Part,
    Start,
    End,
    Whole,
    /// What stands before, between and after the stars; all of the value is covered.
    Glob(Vec<String>),
}

impl Pattern {
    pub(super) fn new(text: &str, kind: Kind) -> Self {
        Self { text: text.to_owned(), case_matters: text.chars().any(char::is_uppercase), kind }
    }

    pub(super) fn fits(&self, value: &Untrusted) -> bool {
        if value.raw().is_ascii() { self.fits_text(value.raw()) } else { self.fits_text(&value.composed()) }
    }

    /// `value` is composed already.
    pub(super) fn fits_text(&self, value: &str) -> bool {
        if self.case_matters || value.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            self.compare(value)
        } else {
            self.compare(&value.to_lowercase())
        }
    }

    /// What does not fit `before` cannot fit this one either.
    pub(super) fn narrows(&self, before: &Self) -> bool {
        let goes_on = match (&self.kind, &before.kind) {
            (Kind::Part, Kind::Part) => self.text.contains(&before.text),
            (Kind::Start, Kind::Start) => self.text.starts_with(&before.text),
            (Kind::End, Kind::End) => self.text.ends_with(&before.text),
            _ => false,
        };
        self == before || (goes_on && self.case_matters == before.case_matters)
    }

    fn compare(&self, value: &str) -> bool {
        match &self.kind {
            Kind::Part => value.contains(&self.text),
            Kind::Start => value.starts_with(&self.text),
            Kind::End => value.ends_with(&self.text),
            Kind::Whole => value == self.text,
            Kind::Glob(parts) => parts_fit(parts.iter().map(String::as_str), value, Single::Itself),
        }
    }
}

/// The letters of a name in their order, with others between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fuzzy(Atom);

thread_local! {
    /// What the matcher counts in: a hundred kilobytes, made once and not for each row.
    static SCRATCH: RefCell<(Matcher, Vec<char>)> = RefCell::new((Matcher::new(config()), Vec::new()));
}

fn config() -> Config {
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    config
}

impl Fuzzy {
    pub(super) fn new(letters: &str) -> Self {
        Self(Atom::new(letters, CaseMatching::Smart, Normalization::Never, AtomKind::Fuzzy, false))
    }

    /// How well a name fits, if it does: the more, the better.
    pub(super) fn score(&self, name: &Untrusted) -> Option<u32> {
        SCRATCH.with_borrow_mut(|(matcher, characters)| {
            let score = if name.raw().is_ascii() {
                self.0.score(Utf32Str::new(name.raw(), characters), matcher)
            } else {
                self.0.score(Utf32Str::new(&name.composed(), characters), matcher)
            };
            score.map(u32::from)
        })
    }
}
