//! The columns of tags: the name, one tag, and all.

use serde_json::{Map, Value};

use super::cell::{Cell, LONGEST, Tone, View};
use super::entry::{Faces, Shows};
use crate::model::{Instance, Untrusted};

/// The tag `Name`; on a screen the id stands in for it.
pub(super) const NAME: Shows = Shows::Faces(Faces {
    cell: |view| match view.instance.name() {
        Some(name) => Cell::plain(name.shown_in(LONGEST)),
        None => Cell::of(view.instance.id.as_str(), Tone::Faint),
    },
    value: |view| view.instance.name().cloned().unwrap_or_default(),
    json: |view| view.instance.name().map(Untrusted::raw).into(),
    key: None,
});

/// Every tag; on a screen all but `Name`.
pub(super) const ALL: Shows = Shows::Faces(Faces {
    cell: others,
    value: |view| {
        let tags = view.instance.tags.iter().map(|(key, value)| format!("{}={}", key.raw(), value.raw()));
        tags.collect::<Vec<_>>().join(" ").into()
    },
    json: |view| {
        let tags = view.instance.tags.iter().map(|(key, value)| (key.raw().to_owned(), value.raw().into()));
        Value::Object(tags.collect::<Map<_, _>>())
    },
    key: None,
});

/// The value of one tag, its key as sent or composed.
pub(super) fn tag<'i>(row: &'i Instance, key: &str) -> Option<&'i Untrusted> {
    row.tags.iter().find(|(own, _)| own.raw() == key || own.composed() == key).map(|(_, value)| value)
}

fn others(view: &View<'_>) -> Cell {
    let others = view.instance.tags.iter().filter(|(key, _)| key.raw() != "Name");
    let shown: Vec<String> = others.map(|(key, value)| format!("{}={}", key.shown_in(60), value.shown_in(60))).collect();
    if shown.is_empty() { Cell::none() } else { Cell::plain(shown.join("  ")) }
}
