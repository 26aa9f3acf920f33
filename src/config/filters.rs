//! Filters with a name: the table `[filters]`.

use super::section::{Quoted, Section};
use crate::model::{Filter, SavedFilters, Untrusted};

/// Every filter, composed, with what is wrong with it told at its place.
pub(super) fn read_filters(section: &Section<'_, '_>) -> SavedFilters {
    let mut saved = SavedFilters::new();
    let mut places: Vec<(String, Quoted<'_>)> = Vec::new();
    for (name, line) in section.named_text() {
        let composed = Untrusted::from(name.text).composed();
        if composed.is_empty() || !composed.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            section.notes().object(name.span.clone(), "config-not-a-filter-name", vec![("value", name.shown())]);
            continue;
        }
        saved.insert(composed.clone(), line.text.to_owned());
        places.push((composed, line));
    }
    for (name, line) in places {
        if let Some(error) = Filter::check(&name, &saved) {
            section.notes().object(line.span.clone(), error.key(), error.values());
        }
    }
    saved
}
