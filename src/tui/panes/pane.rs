//! One pane: a folder, the cursor in it, and what is marked.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::files::Kind;
use crate::model::Untrusted;

/// Most names of a folder that are shown.
const MOST: usize = 20_000;

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As the system has it.
    pub name: OsString,
    /// What it is.
    pub kind: Kind,
    /// In bytes.
    pub size: u64,
}

/// What is in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content(Vec<Entry>);

/// A pane.
#[derive(Debug)]
pub struct Pane {
    /// Whose files these are, fit for a screen.
    pub(super) head: String,
    /// The folder, as a whole path.
    pub(super) path: PathBuf,
    pub(super) entries: Vec<Entry>,
    pub(super) cursor: usize,
    pub(super) marked: BTreeSet<OsString>,
    /// Whether a folder is being read.
    pub(super) is_waiting: bool,
    /// What the cursor will stand on.
    wanted: Option<OsString>,
}

impl Content {
    /// Folders first, then by name; of a huge folder not all. Whether there is room for more.
    pub fn add(&mut self, entry: Entry) -> bool {
        self.0.push(entry);
        self.0.len() < MOST
    }

    fn sorted(mut self) -> Vec<Entry> {
        self.0.sort_by(|one, other| {
            let rank = |entry: &Entry| entry.kind != Kind::Folder;
            rank(one).cmp(&rank(other)).then_with(|| one.name.cmp(&other.name))
        });
        self.0
    }
}

impl Entry {
    /// The name, fit for a screen, with the sign of what it is.
    pub fn shown(&self) -> String {
        let name = Untrusted::from(self.name.to_string_lossy().as_ref()).shown();
        match self.kind {
            Kind::Folder => format!("{name}/"),
            Kind::Link => format!("{name}@"),
            Kind::File | Kind::Special => name,
        }
    }
}

impl Pane {
    pub(super) fn new(head: &str) -> Self {
        Self {
            head: head.to_owned(),
            path: PathBuf::new(),
            entries: Vec::new(),
            cursor: 0,
            marked: BTreeSet::new(),
            is_waiting: false,
            wanted: None,
        }
    }

    pub(super) fn await_folder(&mut self, cursor: Option<OsString>) {
        (self.is_waiting, self.wanted) = (true, cursor);
    }

    /// What was read; where it was not, the old folder stays.
    pub(super) fn take(&mut self, path: PathBuf, content: Result<Content, String>) -> Result<(), String> {
        self.is_waiting = false;
        let wanted = self.wanted.take();
        let entries = content?.sorted();
        if path != self.path {
            self.marked.clear();
        }
        self.marked.retain(|name| entries.iter().any(|entry| entry.name == *name));
        let at = wanted.and_then(|wanted| entries.iter().position(|entry| entry.name == wanted));
        self.cursor = at.unwrap_or(if path == self.path { self.cursor } else { 0 }).min(entries.len().saturating_sub(1));
        (self.path, self.entries) = (path, entries);
        Ok(())
    }

    pub(super) fn under_cursor(&self) -> Option<&Entry> {
        self.entries.get(self.cursor)
    }

    pub(super) fn move_by(&mut self, rows: isize) {
        self.cursor = self.cursor.saturating_add_signed(rows).min(self.entries.len().saturating_sub(1));
    }

    /// Mark the row, or take the mark off, and go on to the next.
    pub(super) fn mark(&mut self) {
        let Some(name) = self.under_cursor().map(|entry| entry.name.clone()) else { return };
        if !self.marked.remove(&name) {
            self.marked.insert(name);
        }
        self.move_by(1);
    }

    pub(super) fn mark_all(&mut self) {
        self.marked = self.entries.iter().map(|entry| entry.name.clone()).collect();
    }

    pub(super) fn unmark(&mut self) {
        self.marked.clear();
    }

    /// What is marked, or what the cursor is on.
    pub(super) fn chosen(&self) -> Vec<OsString> {
        if self.marked.is_empty() {
            return self.under_cursor().map(|entry| entry.name.clone()).into_iter().collect();
        }
        self.marked.iter().cloned().collect()
    }

    pub(super) fn has(&self, name: &OsStr) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }
}
