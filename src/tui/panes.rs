//! Two panes of files, here and on an instance: what keys do to them, and what is told of them. It decides; it reads and copies nothing.

mod draw;
mod help;
mod pane;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

pub use draw::draw;
pub use pane::{Content, Entry, Pane};

use help::Help;

use super::key::{Cap, Key};
use crate::files::{Kind, Pace, Tally};
use crate::text::{Catalogue, Value};

/// Rows that a page is.
const PAGE: usize = 10;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// This computer.
    Left,
    /// The instance.
    Right,
}

/// What is asked of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaneEffect {
    /// Read a folder: [`Panes::listed`].
    List(Edge, PathBuf),
    /// Copy from this pane into the folder of the other: [`Panes::copied`].
    Copy {
        /// Where they are.
        from: Edge,
        /// What.
        sources: Vec<PathBuf>,
        /// Into which folder.
        to: PathBuf,
    },
    /// Copy no further.
    Stop,
    /// Leave.
    Quit,
}

/// What waits for a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    sentence: String,
    effect: PaneEffect,
}

/// Both panes.
#[derive(Debug)]
pub struct Panes {
    text: Arc<Catalogue>,
    left: Pane,
    right: Pane,
    active: Edge,
    question: Option<Question>,
    /// The list of keys, while it is read.
    help: Option<Help>,
    /// What is copied now, and how far it is.
    copying: Option<(Tally, Option<Pace>)>,
    /// The last thing that was said, and whether something is wrong.
    said: Option<(String, bool)>,
    /// Whether nothing may be copied to the instance.
    is_read_only: bool,
}

impl Edge {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

impl Panes {
    /// Panes with nothing in them yet; the names are fit for a screen.
    pub fn new(text: Arc<Catalogue>, here: &str, there: &str, is_read_only: bool) -> Self {
        let (left, right) = (Pane::new(here), Pane::new(there));
        Self { text, left, right, active: Edge::Right, question: None, help: None, copying: None, said: None, is_read_only }
    }

    /// Begin with these folders.
    pub fn begin(&mut self, here: PathBuf, there: PathBuf) -> Vec<PaneEffect> {
        vec![self.go(Edge::Left, here, None), self.go(Edge::Right, there, None)]
    }

    /// Whether something is being copied.
    pub fn is_copying(&self) -> bool {
        self.copying.is_some()
    }

    /// A key was pressed.
    pub fn press(&mut self, key: Key) -> Vec<PaneEffect> {
        let key = key.on_latin_layout();
        if let Some(question) = self.question.take() {
            let is_yes = matches!(key.cap, Cap::Char('y' | 'Y'));
            return if is_yes { self.perform(question.effect) } else { Vec::new() };
        }
        if let Some(help) = &mut self.help {
            if !help.press(key, PAGE) {
                self.help = None;
            }
            return Vec::new();
        }
        self.said = None;
        match (key.ctrl, key.cap) {
            (true, Cap::Char('c')) | (false, Cap::Named("Esc")) if self.is_copying() => vec![PaneEffect::Stop],
            (true, Cap::Char('c')) | (false, Cap::Char('q')) => self.leave(),
            (false, Cap::Named("Tab" | "Shift-Tab")) => {
                self.active = self.active.other();
                Vec::new()
            }
            (false, Cap::Char('j') | Cap::Named("Down")) => self.move_by(1),
            (false, Cap::Char('k') | Cap::Named("Up")) => self.move_by(-1),
            (true, Cap::Char('d')) | (false, Cap::Named("PgDn")) => self.move_by(PAGE.cast_signed()),
            (true, Cap::Char('u')) | (false, Cap::Named("PgUp")) => self.move_by(-PAGE.cast_signed()),
            (false, Cap::Char('g') | Cap::Named("Home")) => self.move_by(isize::MIN),
            (false, Cap::Char('G') | Cap::Named("End")) => self.move_by(isize::MAX),
            (false, Cap::Char(' ')) => {
                self.pane_mut(self.active).mark();
                Vec::new()
            }
            (true, Cap::Char('a')) => {
                self.pane_mut(self.active).mark_all();
                Vec::new()
            }
            (false, Cap::Named("Esc")) => {
                self.pane_mut(self.active).unmark();
                Vec::new()
            }
            (false, Cap::Named("Enter" | "Right") | Cap::Char('l')) => self.enter(),
            (false, Cap::Named("Backspace" | "Left") | Cap::Char('h')) => self.up(),
            (false, Cap::Char('R')) | (true, Cap::Char('r')) => {
                let path = self.pane(self.active).path.clone();
                vec![self.go(self.active, path, None)]
            }
            (false, Cap::Char('c') | Cap::Named("F5")) => self.copy(),
            (false, Cap::Char('?') | Cap::Named("F1")) => {
                self.help = Some(Help::default());
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// A folder was read; what it is called as a whole, and what is in it, or why not.
    pub fn listed(&mut self, edge: Edge, path: PathBuf, content: Result<Content, String>) {
        let outcome = self.pane_mut(edge).take(path, content);
        if let Err(words) = outcome {
            self.said = Some((words, true));
        }
    }

    /// How far it is.
    pub fn progress(&mut self, tally: Tally, pace: Pace) {
        if let Some(copying) = &mut self.copying {
            *copying = (tally, Some(pace));
        }
    }

    /// Something is to be known; in words fit for a screen.
    pub fn told(&mut self, words: String, is_wrong: bool) {
        self.said = Some((words, is_wrong));
    }

    /// It was copied, or not all of it: the first thing that went wrong stays to be read.
    pub fn copied(&mut self, from: Edge, tally: Tally, failed: Option<String>) -> Vec<PaneEffect> {
        self.copying = None;
        self.pane_mut(from).unmark();
        self.said = Some(match failed {
            Some(words) => (words, true),
            None => {
                let values = [("files", tally.files_done.into()), ("size", crate::text::size(tally.bytes_done).into())];
                (self.text.say_with("panes-copied", &values), false)
            }
        });
        let to = from.other();
        let (path, cursor) = (self.pane(to).path.clone(), self.pane(to).under_cursor().map(|entry| entry.name.clone()));
        vec![self.go(to, path, cursor)]
    }

    fn say(&self, key: &str, values: &[(&'static str, Value)]) -> String {
        self.text.say_with(key, values)
    }

    fn pane(&self, edge: Edge) -> &Pane {
        match edge {
            Edge::Left => &self.left,
            Edge::Right => &self.right,
        }
    }

    fn pane_mut(&mut self, edge: Edge) -> &mut Pane {
        match edge {
            Edge::Left => &mut self.left,
            Edge::Right => &mut self.right,
        }
    }

    /// Ask for a folder; the cursor will stand on `cursor`, if that is in it.
    fn go(&mut self, edge: Edge, path: PathBuf, cursor: Option<std::ffi::OsString>) -> PaneEffect {
        self.pane_mut(edge).await_folder(cursor);
        PaneEffect::List(edge, path)
    }

    fn move_by(&mut self, rows: isize) -> Vec<PaneEffect> {
        self.pane_mut(self.active).move_by(rows);
        Vec::new()
    }

    fn leave(&mut self) -> Vec<PaneEffect> {
        if !self.is_copying() {
            return vec![PaneEffect::Quit];
        }
        self.question = Some(Question { sentence: self.say("panes-ask-quit", &[]), effect: PaneEffect::Quit });
        Vec::new()
    }

    fn enter(&mut self) -> Vec<PaneEffect> {
        let pane = self.pane(self.active);
        let Some(entry) = pane.under_cursor() else { return Vec::new() };
        // A link may lead to a folder; if it does not, that is told.
        if !matches!(entry.kind, Kind::Folder | Kind::Link) {
            return Vec::new();
        }
        let path = pane.path.join(&entry.name);
        vec![self.go(self.active, path, None)]
    }

    fn up(&mut self) -> Vec<PaneEffect> {
        let path = self.pane(self.active).path.clone();
        let Some(above) = path.parent().map(std::path::Path::to_owned) else { return Vec::new() };
        let name = path.file_name().map(std::ffi::OsStr::to_owned);
        vec![self.go(self.active, above, name)]
    }

    fn copy(&mut self) -> Vec<PaneEffect> {
        if self.is_copying() {
            self.said = Some((self.say("panes-busy", &[]), true));
            return Vec::new();
        }
        if self.active == Edge::Left && self.is_read_only {
            self.said = Some((self.say("error-copy-read-only", &[]), true));
            return Vec::new();
        }
        let (pane, other) = (self.pane(self.active), self.pane(self.active.other()));
        let chosen = pane.chosen();
        if chosen.is_empty() {
            return Vec::new();
        }
        let replaced = chosen.iter().filter(|name| other.has(name)).count();
        let sources: Vec<PathBuf> = chosen.iter().map(|name| pane.path.join(name)).collect();
        let count = sources.len();
        let effect = PaneEffect::Copy { from: self.active, sources, to: other.path.clone() };
        if replaced == 0 {
            return self.perform(effect);
        }
        let sentence = self.say("panes-ask-replace", &[("replaced", replaced.into()), ("count", count.into())]);
        self.question = Some(Question { sentence, effect });
        Vec::new()
    }

    fn perform(&mut self, effect: PaneEffect) -> Vec<PaneEffect> {
        if matches!(effect, PaneEffect::Copy { .. }) {
            self.copying = Some((Tally::default(), None));
        }
        vec![effect]
    }
}
