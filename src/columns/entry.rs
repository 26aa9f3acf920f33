//! What an entry of the table of columns answers.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde_json::Value;

use super::cell::{Cell, View};
use super::key::Key;
use crate::model::{FactKinds, Instance, Untrusted};

/// One column, declared once: lists, parsers, heads, `facts`, cells, orders and JSON are read from here.
pub struct Entry {
    /// The name: the same in `--columns`, in the settings and in JSON. Its head is `column-<name>` in the catalogue.
    pub(super) name: &'static str,
    /// What it is also called: short words that a filter has for it, and what AWS's own names would let one expect.
    pub(super) other_words: &'static [&'static str],
    /// The lower, the longer it stays on a narrow screen.
    pub(super) rank: u8,
    /// Columns of a terminal that it wants.
    pub(super) width: Width,
    /// The facts it shows that cost calls of their own.
    pub(super) facts: FactKinds,
    /// Its place among the keys of an object that holds everything; `None`: it is there only where it is asked for.
    pub(super) in_object: Option<u8>,
    /// What it shows.
    pub(super) shows: Shows,
}

/// Columns of a terminal that a column wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// With fewer it is left out; at this width the short form of its cells is shown.
    pub min: usize,
    /// With more nothing is gained.
    pub max: usize,
}

/// What a column shows of a row: its cell, its bare value, its JSON and what it is sorted by.
pub(super) enum Shows {
    /// A text of AWS or of its owner, the same everywhere.
    Text(fn(&Instance) -> Option<&Untrusted>),
    /// A checked word that needs no gate, the same everywhere.
    Word(fn(&Instance) -> Option<&str>),
    /// Something that looks different in each place.
    Faces(Faces),
}

/// What a column shows in each place.
pub(super) struct Faces {
    /// On a screen.
    pub cell: fn(&View<'_>) -> Cell,
    /// The bare value without marks, for CSV and TSV.
    pub value: fn(&View<'_>) -> Untrusted,
    /// In an object.
    pub json: fn(&View<'_>) -> Value,
    /// What its rows are compared by; `None`: the text of the bare value.
    pub key: Option<fn(&View<'_>) -> Option<Key>>,
}

impl Shows {
    /// The cell for one row.
    pub fn cell(&self, view: &View<'_>) -> Cell {
        match self {
            Self::Text(text) => Cell::untrusted(text(view.instance)),
            Self::Word(word) => word(view.instance).map_or_else(Cell::none, Cell::plain),
            Self::Faces(faces) => (faces.cell)(view),
        }
    }

    /// The bare value without marks: AWS's own words, or nothing.
    pub fn value(&self, view: &View<'_>) -> Untrusted {
        match self {
            Self::Text(text) => text(view.instance).cloned().unwrap_or_default(),
            Self::Word(word) => word(view.instance).unwrap_or_default().into(),
            Self::Faces(faces) => (faces.value)(view),
        }
    }

    /// The value in an object; what is absent is `null`.
    pub fn json(&self, view: &View<'_>) -> Value {
        match self {
            Self::Text(text) => text(view.instance).map(Untrusted::raw).into(),
            Self::Word(word) => word(view.instance).into(),
            Self::Faces(faces) => (faces.json)(view),
        }
    }

    /// What the row is compared by.
    pub fn key(&self, view: &View<'_>) -> Option<Key> {
        match self {
            Self::Text(text) => Key::text(text(view.instance)?.raw()),
            Self::Word(word) => Key::text(word(view.instance)?),
            Self::Faces(Faces { key: Some(key), .. }) => key(view),
            Self::Faces(Faces { value, .. }) => Key::text(value(view).raw()),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A column is its name: no two have the same.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
