//! One cell: what it says at full width and at the width of a small screen, and in which tone.

use jiff::Timestamp;

use crate::access::Ways;
use crate::model::{Denial, Instance, Untrusted};
use crate::text::Catalogue;

/// More than any cell shows: the screen cuts to the width it has.
pub(super) const LONGEST: usize = 256;
/// What stands for "none".
const NONE: &str = "–";
/// What stands for "not answered yet".
const PENDING: &str = "…";

/// What a column looks at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The row.
    pub instance: &'a Instance,
    /// The ways into it.
    pub ways: &'a Ways,
    /// Now, for ages.
    pub now: Timestamp,
    /// The words.
    pub text: &'a Catalogue,
}

/// One cell, fit for a screen: marks in their Unicode form, foreign text behind its gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The full form.
    pub text: String,
    /// The form for a column at its least width.
    pub short: String,
    /// What it means.
    pub tone: Tone,
}

/// What a cell means, for the theme to colour. It never says more than the cell's mark and word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Just text.
    #[default]
    Plain,
    /// Works, running.
    Good,
    /// With a problem, changing.
    Problem,
    /// Fails.
    Bad,
    /// Not known.
    Unknown,
    /// None, stopped, gone.
    Faint,
}

impl Cell {
    /// Just this text.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Plain)
    }

    /// The same text at any width.
    pub(super) fn of(text: impl Into<String>, tone: Tone) -> Self {
        let text = text.into();
        Self { short: text.clone(), text, tone }
    }

    /// With another form for a column that has no room for all of it.
    pub(super) fn or_short(self, short: impl Into<String>) -> Self {
        Self { short: short.into(), ..self }
    }

    /// There is none.
    pub(super) fn none() -> Self {
        Self::of(NONE, Tone::Faint)
    }

    /// Not answered yet.
    pub(super) fn pending() -> Self {
        Self::of(PENDING, Tone::Faint)
    }

    /// Somebody else's text, behind its gate.
    pub(super) fn untrusted(value: Option<&Untrusted>) -> Self {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => Self::plain(value.shown_in(LONGEST)),
            None => Self::none(),
        }
    }
}

/// `? denied`
pub(super) fn unknown(view: &View<'_>, denial: &Denial) -> String {
    format!("? {}", view.text.say(&format!("denial-{}", denial.why.word())))
}
