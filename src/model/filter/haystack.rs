//! All that a word without a field looks at in one row, in one text: what most words are not in.

use std::borrow::Cow;

use super::pattern::{Kind, Pattern};
use crate::model::Instance;

/// All that a word without a field looks at in one row, in one text: most words are in none of it, and that is seen at once.
#[derive(Debug, Clone)]
pub struct Haystack<'t> {
    pub(super) text: Cow<'t, str>,
    /// Whether the row's own text is plain: then it was lowered letter by letter.
    pub(super) is_ascii: bool,
}

impl Haystack<'static> {
    /// Of this row; it holds as long as the row does.
    pub fn of(row: &Instance) -> Self {
        let mut text = String::with_capacity(256);
        let mut add = |part: &str| {
            text.push_str(part);
            text.push('\n');
        };
        add(row.id.as_str());
        for (key, value) in row.tags.iter() {
            for part in [key, value] {
                if part.raw().is_ascii() { add(part.raw()) } else { add(&part.composed()) }
            }
        }
        for address in row.addresses() {
            add(&address.to_string());
        }
        let is_ascii = text.is_ascii();
        if is_ascii {
            text.make_ascii_lowercase();
            return Self { text: Cow::Owned(text), is_ascii };
        }
        Self { text: Cow::Owned(text.to_lowercase()), is_ascii }
    }
}

impl Haystack<'_> {
    /// Whether a part of the row fits the pattern; `None`: only the row itself can tell.
    pub(super) fn holds(&self, pattern: &Pattern) -> Option<bool> {
        // How a letter is lowered may depend on its neighbours, so an exact pattern is only looked for if it is plain.
        if pattern.kind != Kind::Part || (pattern.case_matters && !pattern.text.is_ascii()) {
            return None;
        }
        if pattern.case_matters {
            return if self.text.contains(pattern.text.to_ascii_lowercase().as_str()) { None } else { Some(false) };
        }
        match self.text.contains(pattern.text.as_str()) {
            false => Some(false),
            // What has a line break of its own may begin in one part and end in another.
            true => (self.is_ascii && !pattern.text.contains('\n')).then_some(true),
        }
    }
}
