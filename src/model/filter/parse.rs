//! The text of a filter as words.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::fields::{self, nearest, nearest_field};
use super::invalid::InvalidFilter;
use super::pattern::{Fuzzy, Kind, Pattern};
use super::word::{Choice, Test, Word};
use crate::model::Untrusted;

/// Filters with a name, as they were written: `@name` is one of them.
pub type SavedFilters = BTreeMap<String, String>;

/// Most words of a filter, those of the saved filters in it included: they may use each other.
const MOST_WORDS: usize = 1_000;

/// A character, and whether it stood in quotes: there it means nothing but itself.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Typed {
    character: char,
    is_quoted: bool,
}

pub(super) struct Parser<'s> {
    saved: &'s SavedFilters,
    /// The saved filters that are being read, each used by the one before it.
    within: Vec<&'s str>,
    words_left: usize,
    /// Whether what is wrong is wrong with a filter that this one uses.
    is_elsewhere: bool,
}

impl<'s> Parser<'s> {
    pub(super) fn new(saved: &'s SavedFilters) -> Self {
        Self { saved, within: Vec::new(), words_left: MOST_WORDS, is_elsewhere: false }
    }

    /// What is wrong with the saved filter of that name itself: what is wrong with those that it uses is said of them.
    pub(super) fn check(mut self, name: &'s str) -> Option<InvalidFilter> {
        match self.use_saved(name) {
            Err(InvalidFilter::Circle { name: other }) if other != name => None,
            Err(error @ (InvalidFilter::Circle { .. } | InvalidFilter::TooLong)) => Some(error),
            Err(error) => Some(error).filter(|_| !self.is_elsewhere),
            Ok(_) => None,
        }
    }

    /// The words of a line.
    pub(super) fn line(&mut self, text: &str) -> Result<Vec<Word>, InvalidFilter> {
        let words = split(text, true);
        let count = words.len();
        words
            .iter()
            .enumerate()
            .map(|(number, word)| self.word(word, number + 1 == count))
            .filter_map(Result::transpose)
            .collect()
    }

    /// Each text is one word, whatever blanks it has.
    pub(super) fn words(&mut self, words: &[String]) -> Result<Vec<Word>, InvalidFilter> {
        let words: Vec<_> = words.iter().flat_map(|word| split(word, false)).collect();
        words.iter().map(|word| self.word(word, false)).filter_map(Result::transpose).collect()
    }

    /// `None`: nothing that asks for anything. A bar at the very end waits for what is still to be typed.
    fn word(&mut self, typed: &[Typed], is_last: bool) -> Result<Option<Word>, InvalidFilter> {
        self.words_left = self.words_left.checked_sub(1).ok_or(InvalidFilter::TooLong)?;
        let (negated, typed) = without_mark('!', typed);
        let mut parts: Vec<&[Typed]> = typed.split(|typed| *typed == Typed { character: '|', is_quoted: false }).collect();
        if is_last && parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
        if parts.iter().any(|part| part.is_empty()) {
            return Err(InvalidFilter::Bar);
        }
        let mut choices: Vec<Choice> = Vec::new();
        let mut field: Option<Vec<Typed>> = None;
        for part in parts {
            let (negated, part) = without_mark('!', part);
            let own = end_of_field(part).map(|end| part.get(..end).unwrap_or_default().to_vec());
            // What is joined to `state:running` without a field of its own is a state, too.
            let is_marked = part.first().is_some_and(|first| !first.is_quoted && matches!(first.character, '~' | '@'));
            let whole: Vec<Typed> = match (&own, &field) {
                (None, Some(field)) if !is_marked => [field.as_slice(), part].concat(),
                _ => part.to_vec(),
            };
            field = own.or(field.filter(|_| !is_marked));
            self.words_left = self.words_left.checked_sub(1).ok_or(InvalidFilter::TooLong)?;
            choices.push(Choice { negated, test: self.test(&whole)? });
        }
        Ok((!choices.is_empty()).then_some(Word { negated, choices }))
    }

    fn test(&mut self, typed: &[Typed]) -> Result<Test, InvalidFilter> {
        if typed.first().is_some_and(|first| first.is_quoted) {
            return Ok(Test::Anywhere(Pattern::new(&text(typed), Kind::Part)));
        }
        if let (true, letters) = without_mark('~', typed) {
            return Ok(Test::Fuzzy(Fuzzy::new(&text(letters))));
        }
        if let Some((Typed { character: '@', .. }, name)) = typed.split_first() {
            return self.use_saved(&text(name)).map(Test::All);
        }
        let Some(end) = end_of_field(typed) else { return Ok(Test::Anywhere(pattern(typed, Kind::Part))) };
        let (name, value) = typed.split_at(end);
        let name = text(name);
        if let Some(name) = name.strip_suffix('=') {
            return Ok(Test::Tag(name.strip_prefix("tag:").unwrap_or(name).to_owned(), pattern(value, tag_kind(value))));
        }
        let name = name.strip_suffix(':').unwrap_or(&name);
        if name == "tag" {
            return Ok(Test::Tag(text(value), Pattern::new("", Kind::Part)));
        }
        match fields::field(name) {
            Some(field) => test_of(field, value),
            None => {
                let field = Untrusted::from(name).shown_in(30);
                Err(InvalidFilter::UnknownField { field, nearest: nearest_field(name) })
            }
        }
    }

    fn use_saved(&mut self, name: &str) -> Result<Vec<Word>, InvalidFilter> {
        let Some((name, line)) = self.saved.get_key_value(name) else {
            self.is_elsewhere |= self.within.len() > 1;
            return Err(self.unknown(name));
        };
        if self.within.contains(&name.as_str()) {
            return Err(InvalidFilter::Circle { name: Untrusted::from(name.as_str()).shown_in(40) });
        }
        self.within.push(name);
        let words = self.line(line);
        self.is_elsewhere |= words.is_err() && self.within.len() > 1;
        self.within.pop();
        words
    }

    fn unknown(&self, name: &str) -> InvalidFilter {
        let shown = |name: &str| Untrusted::from(name).shown_in(40);
        let known = || self.saved.keys().map(String::as_str);
        InvalidFilter::UnknownSaved {
            name: shown(name),
            nearest: nearest(name, known()).or_else(|| known().find(|known| name.len() >= 2 && known.contains(name))).map(shown),
            known: known().map(shown).collect(),
        }
    }
}

/// Words of a text in its composed form, cut at blanks if so wanted. `"two words"` is one; a quote that is not closed runs to the end.
fn split(text: &str, at_blanks: bool) -> Vec<Vec<Typed>> {
    let mut words = vec![Vec::new()];
    let mut in_quotes = false;
    for character in text.nfc() {
        if character == '"' {
            in_quotes = !in_quotes;
        } else if at_blanks && character.is_whitespace() && !in_quotes {
            words.push(Vec::new());
        } else if let Some(word) = words.last_mut() {
            word.push(Typed { character, is_quoted: in_quotes });
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether something with that mark before it is asked for, and what. The mark alone is a text.
fn without_mark(mark: char, typed: &[Typed]) -> (bool, &[Typed]) {
    match typed.split_first() {
        Some((first, rest)) if *first == (Typed { character: mark, is_quoted: false }) && !rest.is_empty() => (true, rest),
        _ => (false, typed),
    }
}

/// Where the value begins, if the word names a field or a tag before it. A word with `=` is a tag, whatever colons its key has.
fn end_of_field(typed: &[Typed]) -> Option<usize> {
    if typed.first().is_none_or(|first| first.is_quoted) {
        return None;
    }
    let find = |sign: char| typed.iter().position(|typed| *typed == Typed { character: sign, is_quoted: false });
    find('=').filter(|at| *at > 0).or_else(|| find(':').filter(|at| *at > 0)).map(|at| at + 1)
}

fn text(typed: &[Typed]) -> String {
    typed.iter().map(|typed| typed.character).collect()
}

fn pattern(typed: &[Typed], kind: Kind) -> Pattern {
    let parts: Vec<String> = typed.split(|typed| *typed == Typed { character: '*', is_quoted: false }).map(text).collect();
    let kind = if parts.len() > 1 { Kind::Glob(parts) } else { kind };
    Pattern::new(&text(typed), kind)
}

/// `Role=web` exactly, `Role=w*` a glob, `Role=` any value.
fn tag_kind(value: &[Typed]) -> Kind {
    if value.is_empty() { Kind::Part } else { Kind::Whole }
}

fn test_of(field: &'static str, typed: &[Typed]) -> Result<Test, InvalidFilter> {
    let value = text(typed);
    if field == "ip" && value.contains('/') {
        let shown = || Untrusted::from(value.as_str()).shown_in(50);
        return value.parse().map(Test::Block).map_err(|_| InvalidFilter::Block { block: shown() });
    }
    let kind = match field {
        "state" | "ssm" | "iam" | "via" | "ip" => Kind::Start,
        "az" => Kind::End,
        _ => Kind::Part,
    };
    let Some(known) = fields::values(field) else { return Ok(Test::Field(field, pattern(typed, kind))) };
    // Words of ours and of AWS are in lower case, all of them.
    let lower: Vec<Typed> =
        typed.iter().flat_map(|one| one.character.to_lowercase().map(|c| Typed { character: c, ..*one })).collect();
    let pattern = pattern(&lower, kind);
    if known.iter().any(|word| pattern.fits_text(word)) {
        return Ok(Test::Field(field, pattern));
    }
    let value = Untrusted::from(value).shown_in(30);
    Err(InvalidFilter::UnknownValue { field, nearest: nearest(&value, known.iter().copied()), value, known })
}
