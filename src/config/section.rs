//! One table of the file, read key by key: what is asked for is known, what is left over is reported.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Finding;
use crate::model::Untrusted;

/// Findings beyond these are not told: one mistake may repeat a thousand times.
const MOST_FINDINGS: usize = 50;
/// Columns of a quoted value.
const QUOTED: usize = 40;

/// What is found while reading, with the lines of the source to place it.
pub(super) struct Notes<'s> {
    source: &'s str,
    line_starts: Vec<usize>,
    found: RefCell<Found>,
}

#[derive(Default)]
struct Found {
    warnings: Vec<Finding>,
    problems: Vec<Finding>,
}

impl<'s> Notes<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let line_starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, line_starts, found: RefCell::default() }
    }

    /// Line and column from 1 of a byte.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= at);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.source.get(start..at).map_or(0, |before| before.chars().count());
        (line, column + 1)
    }

    pub(super) fn warn(&self, span: Range<usize>, code: &'static str, values: Vec<(&'static str, String)>) {
        let finding = self.finding(span, code, values);
        push(&mut self.found.borrow_mut().warnings, finding);
    }

    pub(super) fn object(&self, span: Range<usize>, code: &'static str, values: Vec<(&'static str, String)>) {
        let finding = self.finding(span, code, values);
        push(&mut self.found.borrow_mut().problems, finding);
    }

    fn finding(&self, span: Range<usize>, code: &'static str, values: Vec<(&'static str, String)>) -> Finding {
        let (line, column) = self.position(span.start);
        Finding { line, column, code, values }
    }

    /// Warnings and problems, each in the order of the lines.
    pub(super) fn finish(self) -> (Vec<Finding>, Vec<Finding>) {
        let Found { mut warnings, mut problems } = self.found.into_inner();
        warnings.sort_by_key(|finding| (finding.line, finding.column));
        problems.sort_by_key(|finding| (finding.line, finding.column));
        (warnings, problems)
    }
}

fn push(list: &mut Vec<Finding>, finding: Finding) {
    if list.len() < MOST_FINDINGS {
        list.push(finding);
    }
}

/// A text of the file and where it stands.
#[derive(Clone)]
pub(super) struct Quoted<'t> {
    pub(super) text: &'t str,
    pub(super) span: Range<usize>,
}

impl Quoted<'_> {
    /// As it may stand in a sentence, in its quotes: an empty text is seen, too.
    pub(super) fn shown(&self) -> String {
        in_quotes(self.text)
    }
}

/// A text of the file as it may stand in a sentence.
pub(super) fn shown(text: &str) -> String {
    Untrusted::from(text).shown_in(QUOTED)
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", shown(text))
}

/// One table.
pub(super) struct Section<'n, 't> {
    notes: &'n Notes<'n>,
    table: &'t DeTable<'t>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'n, 't> Section<'n, 't> {
    pub(super) fn new(notes: &'n Notes<'n>, table: &'t DeTable<'t>) -> Self {
        Self { notes, table, asked: RefCell::default() }
    }

    pub(super) fn notes(&self) -> &'n Notes<'n> {
        self.notes
    }

    fn value(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    /// Where the value of a key stands, if it is there.
    pub(super) fn has(&self, key: &'static str) -> Option<Range<usize>> {
        self.value(key).map(Spanned::span)
    }

    pub(super) fn text(&self, key: &'static str) -> Option<Quoted<'t>> {
        let value = self.value(key)?;
        self.as_text(key, value)
    }

    fn as_text(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Quoted<'t>> {
        match value.as_ref().as_str() {
            Some(text) => Some(Quoted { text, span: value.span() }),
            None => {
                self.wrong_type(key, "text", value);
                None
            }
        }
    }

    pub(super) fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let answer = value.as_ref().as_bool();
        if answer.is_none() {
            self.wrong_type(key, "boolean", value);
        }
        answer
    }

    pub(super) fn number<N: TryFrom<i64>>(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<N> {
        let value = self.value(key)?;
        let Some(number) = value.as_ref().as_integer() else {
            self.wrong_type(key, "number", value);
            return None;
        };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| range.contains(number));
        let fitting = number.and_then(|number| N::try_from(number).ok());
        if fitting.is_none() {
            let values = vec![("key", key.to_owned()), ("least", range.start().to_string()), ("most", range.end().to_string())];
            self.notes.object(value.span(), "config-out-of-range", values);
        }
        fitting
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let quoted = self.text(key)?;
        self.pick(key, &quoted, words)
    }

    /// The meaning of a word; a wrong one is reported with the nearest right one.
    pub(super) fn pick<T: Copy>(&self, noun: &str, quoted: &Quoted<'_>, words: &[(&'static str, T)]) -> Option<T> {
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == quoted.text) {
            return Some(*meaning);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.wrong_word(noun, quoted, nearest(quoted.text, known.iter().copied()), &known);
        None
    }

    /// Report a word that is none of those known, with the nearest of them if one is near.
    pub(super) fn wrong_word(&self, noun: &str, quoted: &Quoted<'_>, nearest: Option<&str>, known: &[&str]) {
        let mut values = vec![("noun", noun.to_owned()), ("value", quoted.shown())];
        let code = match nearest {
            Some(near) => {
                values.push(("nearest", near.to_owned()));
                "config-wrong-word-near"
            }
            None => {
                values.push(("valid", known.join(", ")));
                "config-wrong-word"
            }
        };
        self.notes.object(quoted.span.clone(), code, values);
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<Quoted<'t>>> {
        let value = self.value(key)?;
        self.as_texts(key, value)
    }

    /// A list of which at least one is wanted: nothing at all could never be meant.
    pub(super) fn some_texts(&self, key: &'static str) -> Option<Vec<Quoted<'t>>> {
        let list = self.texts(key)?;
        if list.is_empty() {
            let span = self.value(key).map(Spanned::span).unwrap_or_default();
            self.notes.object(span, "config-empty-list", vec![("key", key.to_owned())]);
            return None;
        }
        Some(list)
    }

    fn as_texts(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Vec<Quoted<'t>>> {
        let Some(list) = value.as_ref().as_array() else {
            self.wrong_type(key, "list", value);
            return None;
        };
        list.iter().map(|item| self.as_text(key, item)).collect()
    }

    pub(super) fn section(&self, key: &'static str) -> Option<Section<'n, 't>> {
        let value = self.value(key)?;
        self.as_section(key, value)
    }

    fn as_section(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Section<'n, 't>> {
        match value.as_ref().as_table() {
            Some(table) => Some(Section::new(self.notes, table)),
            None => {
                self.wrong_type(key, "table", value);
                None
            }
        }
    }

    /// Every `[[key]]`, with the line it begins in.
    pub(super) fn sections(&self, key: &'static str) -> Vec<(usize, Section<'n, 't>)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(list) = value.as_ref().as_array() else {
            self.wrong_type(key, "tables", value);
            return Vec::new();
        };
        let line = |item: &Spanned<DeValue<'_>>| self.notes.position(item.span().start).0;
        list.iter().filter_map(|item| Some((line(item), self.as_section(key, item)?))).collect()
    }

    /// Every key of a table whose keys are the user's own, as tables.
    pub(super) fn named_sections(&self) -> Vec<(Quoted<'t>, Section<'n, 't>)> {
        let tables = self.table.iter().filter_map(|(key, value)| {
            let section = self.as_section(key.as_ref(), value)?;
            Some((Quoted { text: key.as_ref(), span: key.span() }, section))
        });
        tables.collect()
    }

    /// Every key of a table whose keys are the user's own, as lists of texts.
    pub(super) fn named_texts(&self) -> Vec<(Quoted<'t>, Vec<Quoted<'t>>)> {
        let lists = self.table.iter().filter_map(|(key, value)| {
            let texts = self.as_texts(key.as_ref(), value)?;
            Some((Quoted { text: key.as_ref(), span: key.span() }, texts))
        });
        lists.collect()
    }

    /// Every key of a table whose keys are the user's own, as texts.
    pub(super) fn named_text(&self) -> Vec<(Quoted<'t>, Quoted<'t>)> {
        let texts = self.table.iter().filter_map(|(key, value)| {
            let text = self.as_text(key.as_ref(), value)?;
            Some((Quoted { text: key.as_ref(), span: key.span() }, text))
        });
        texts.collect()
    }

    /// Report every key that nobody asked for.
    pub(super) fn finish(self) {
        let notes = self.notes;
        self.leftovers(|span, code, values| notes.warn(span, code, values));
    }

    /// As [`Self::finish`], where ignoring a mistyped key would make the rest mean more than it says.
    pub(super) fn finish_strictly(self) {
        let notes = self.notes;
        self.leftovers(|span, code, values| notes.object(span, code, values));
    }

    fn leftovers(self, report: impl Fn(Range<usize>, &'static str, Vec<(&'static str, String)>)) {
        let asked = self.asked.into_inner();
        for key in self.table.keys() {
            let name: &str = key.as_ref();
            if asked.contains(name) {
                continue;
            }
            let mut values = vec![("key", in_quotes(name))];
            let code = match nearest(name, asked.iter().copied()) {
                Some(near) => {
                    values.push(("nearest", near.to_owned()));
                    "config-unknown-key-near"
                }
                None => "config-unknown-key",
            };
            report(key.span(), code, values);
        }
    }

    fn wrong_type(&self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        // A key of the user's own may be nothing at all.
        let named = if key.is_empty() { in_quotes(key) } else { shown(key) };
        let values = vec![("key", named), ("wanted", wanted.to_owned()), ("found", value.as_ref().type_str().to_owned())];
        self.notes.object(value.span(), "config-wrong-type", values);
    }
}

/// The nearest of some words, if one is near enough to be what was meant.
pub(super) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // What is longer than every word is near none, and comparing a megabyte takes a while.
    if word.len() > 60 {
        return None;
    }
    let near_enough = (word.chars().count() / 2).clamp(1, 3);
    let lower = word.to_lowercase();
    words
        .map(|known| (strsim::damerau_levenshtein(&lower, known), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= near_enough)
        .map(|(_, known)| known)
}
