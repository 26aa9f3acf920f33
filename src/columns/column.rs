//! A column as the rest of the program speaks of it: one of the table's entries, or the value of one tag.

use std::cmp::Ordering;

use serde_json::Value;

use super::cell::{Cell, View};
use super::entries::ENTRIES;
use super::entry::{Entry, Width};
use super::key::{Key, SortKey};
use super::tags::tag;
use crate::model::{FactKinds, OTHER_NAMES, Untrusted};
use crate::text::Catalogue;

/// A column of the table, of `ls`, and a key to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Column {
    /// One of those that are declared.
    Declared(&'static Entry),
    /// The value of one tag.
    Tag(String),
}

/// A name that no column has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no column called {name}")]
pub struct UnknownColumn {
    /// The name as typed, fit for a screen.
    pub name: String,
    /// The nearest name there is, if one is near.
    pub nearest: Option<&'static str>,
}

impl Column {
    /// The instance's id.
    pub const ID: Self = Self::declared("id");
    /// The tag `Name`.
    pub const NAME: Self = Self::declared("name");
    /// The state.
    pub const STATE: Self = Self::declared("state");
    /// The best way in.
    pub const VIA: Self = Self::declared("via");
    /// The region.
    pub const REGION: Self = Self::declared("region");
    /// The account.
    pub const ACCOUNT: Self = Self::declared("account");
    /// The profile that lists it.
    pub const PROFILE: Self = Self::declared("profile");
    /// Every tag.
    pub const TAGS: Self = Self::declared("tags");
    /// Every way in with its mark.
    pub const METHODS: Self = Self::declared("methods");

    /// The declared column of that name; one that nobody declared does not compile where a constant is made of it.
    pub const fn declared(name: &str) -> Self {
        let mut at = 0;
        while at < ENTRIES.len() {
            if is_same(ENTRIES[at].name.as_bytes(), name.as_bytes()) {
                return Self::Declared(&ENTRIES[at]);
            }
            at += 1;
        }
        panic!("no column has this name")
    }

    /// The names of [`Self::all`].
    pub fn names() -> impl Iterator<Item = &'static str> {
        ENTRIES.iter().map(|entry| entry.name)
    }

    /// Every column but those of single tags, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(Self::Declared)
    }

    /// The column of that name: as in JSON, further `via`, `up` and `tag:X`. The words that a filter has for it are taken, too.
    pub fn parse(name: &str) -> Result<Self, UnknownColumn> {
        if let Some(key) = name.strip_prefix("tag:").filter(|key| !key.is_empty()) {
            return Ok(Self::Tag(Untrusted::from(key).composed()));
        }
        let find = |name| ENTRIES.iter().find(|entry| entry.name == name || entry.other_words.contains(&name));
        let field = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, field)| *field);
        let found = find(name).or(field.and_then(find)).map(Self::Declared);
        found.ok_or_else(|| UnknownColumn { name: Untrusted::from(name).shown_in(40), nearest: nearest(name) })
    }

    /// The name: the same in `--columns`, in the settings and in JSON.
    pub fn name(&self) -> String {
        match self {
            Self::Declared(entry) => entry.name.to_owned(),
            Self::Tag(key) => format!("tag:{key}"),
        }
    }

    /// The head of the column. A tag's key is somebody else's text and passes the gate here.
    pub fn title(&self, text: &Catalogue) -> String {
        match self {
            Self::Declared(entry) => text.say(&format!("column-{}", entry.name)),
            Self::Tag(key) => Untrusted::from(key.as_str()).shown_in(40),
        }
    }

    /// The lower, the longer it stays on a narrow screen.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Declared(entry) => entry.rank,
            Self::Tag(_) => 5,
        }
    }

    /// The columns of a terminal that it wants.
    pub fn width(&self) -> Width {
        match self {
            Self::Declared(entry) => entry.width,
            Self::Tag(_) => Width { min: 8, max: 24 },
        }
    }

    /// What it shows that costs calls of its own.
    pub fn facts(&self) -> FactKinds {
        match self {
            Self::Declared(entry) => entry.facts,
            Self::Tag(_) => FactKinds::NONE,
        }
    }

    /// The cell for one row.
    pub fn cell(&self, view: &View<'_>) -> Cell {
        match self {
            Self::Declared(entry) => entry.shows.cell(view),
            Self::Tag(key) => Cell::untrusted(tag(view.instance, key)),
        }
    }

    /// The bare value without marks, for CSV and TSV: AWS's own words, or nothing. Whoever writes it minds its characters.
    pub fn value(&self, view: &View<'_>) -> Untrusted {
        match self {
            Self::Declared(entry) => entry.shows.value(view),
            Self::Tag(key) => tag(view.instance, key).cloned().unwrap_or_default(),
        }
    }

    /// The value in an object; what is absent is `null`.
    pub fn json(&self, view: &View<'_>) -> Value {
        match self {
            Self::Declared(entry) => entry.shows.json(view),
            Self::Tag(key) => tag(view.instance, key).map(Untrusted::raw).into(),
        }
    }

    /// The row's key under this column: cheaper than [`Self::compare`] where many rows are sorted.
    pub fn sort_key(&self, view: &View<'_>) -> SortKey {
        let value = match self {
            Self::Declared(entry) => entry.shows.key(view),
            Self::Tag(key) => tag(view.instance, key).and_then(|value| Key::text(value.raw())),
        };
        SortKey::new(value, view.instance)
    }

    /// How two rows stand to each other under this column.
    pub fn compare(&self, a: &View<'_>, b: &View<'_>) -> Ordering {
        self.sort_key(a).cmp(&self.sort_key(b))
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The name nearest to what was typed: another word for it, one that holds it, or one with few letters changed.
fn nearest(typed: &str) -> Option<&'static str> {
    let typed = typed.to_lowercase().replace('-', "_");
    if let Some(entry) = ENTRIES.iter().find(|entry| entry.other_words.contains(&typed.as_str())) {
        return Some(entry.name);
    }
    let names = Column::names;
    let by_letters = names().map(|name| (strsim::damerau_levenshtein(name, &typed), name)).min();
    match by_letters {
        Some((distance, name)) if distance <= 2 && distance < name.len() => Some(name),
        _ => names().find(|name| typed.len() >= 3 && name.contains(&typed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_its_name_and_has_a_head() {
        let text = Catalogue::english();
        for column in Column::all() {
            assert_eq!(Column::parse(&column.name()), Ok(column.clone()));
            assert!(text.has(&format!("column-{}", column.name())), "{column:?}");
            assert!(column.width().min <= column.width().max);
            assert!(crate::model::display_width(&column.title(&text)) <= column.width().max, "{column:?}");
        }
        assert_eq!(Column::parse("tag:env"), Ok(Column::Tag("env".into())));
        assert_eq!(Column::parse("tag:aws:cloudformation:stack-name").unwrap().name(), "tag:aws:cloudformation:stack-name");
    }

    #[test]
    fn no_two_columns_have_the_same_name_or_place_in_an_object_and_no_word_means_two() {
        let unique = |words: Vec<String>| words.iter().collect::<std::collections::BTreeSet<_>>().len() == words.len();

        let further = ENTRIES.iter().flat_map(|entry| entry.other_words).map(|word| (*word).to_owned());
        assert!(unique(Column::names().map(str::to_owned).chain(further).collect()));
        assert!(unique(ENTRIES.iter().filter_map(|entry| entry.in_object).map(|place| place.to_string()).collect()));
    }

    #[test]
    fn the_words_of_a_filter_are_names_of_columns() {
        let column = |name| Column::parse(name).unwrap().name();

        assert_eq!(["type", "ip", "key", "sg"].map(column), ["instance_type", "private_ip", "key_name", "security_groups"]);
        for field in crate::model::FIELDS {
            assert!(Column::parse(field).is_ok(), "{field}");
        }
        for (other, field) in OTHER_NAMES {
            assert_eq!(column(other), column(field), "{other} and {field} are one thing");
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest_one() {
        for (typed, nearest) in [
            ("nmae", Some("name")),
            ("private-ip", Some("private_ip")),
            ("Type", Some("instance_type")),
            ("groups", Some("security_groups")),
            ("Region", Some("region")),
            ("zzzzzz", None),
            ("tag:", Some("tags")),
        ] {
            assert_eq!(Column::parse(typed).unwrap_err().nearest, nearest, "{typed}");
        }
    }

    #[test]
    fn the_head_of_a_tag_is_clean() {
        let column = Column::parse("tag:a\u{1b}[2J").unwrap();

        assert_eq!(column.title(&Catalogue::english()), "a·[2J");
    }

    #[test]
    fn columns_of_the_listing_alone_need_no_further_call() {
        for name in ["id", "name", "state", "private_ip", "public_ip"] {
            assert_eq!(Column::parse(name).unwrap().facts(), FactKinds::NONE);
        }
        assert_eq!(Column::VIA.facts(), FactKinds::ALL);
    }
}
