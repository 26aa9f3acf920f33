//! All that a word without a field looks at in one row, in one text: what most words are not in.

use super::pattern::{Kind, Pattern};
use crate::model::Instance;

/// All that a word without a field looks at in one row, in one text: most words are in none of it, and that is seen at once.
#[derive(Debug, Clone)]
pub struct Haystack(Box<str>);

impl Haystack {
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
        if text.is_ascii() {
            text.make_ascii_lowercase();
            return Self(text.into());
        }
        Self(text.to_lowercase().into())
    }

    /// `false`: no part of the row fits the pattern. `true` promises nothing.
    pub(super) fn may_hold(&self, pattern: &Pattern) -> bool {
        // How a letter is lowered may depend on its neighbours, so an exact pattern is only looked for if it is plain.
        let is_plain = !pattern.case_matters || pattern.text.is_ascii();
        if pattern.kind != Kind::Part || !is_plain {
            return true;
        }
        if pattern.case_matters { self.0.contains(&pattern.text.to_ascii_lowercase()) } else { self.0.contains(&pattern.text) }
    }
}
