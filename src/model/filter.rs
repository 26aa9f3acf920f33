//! The filter language: words joined by AND (`web !old state:running Role=web`).

use std::str::FromStr;

use ipnet::IpNet;
use unicode_normalization::UnicodeNormalization;

use super::{Instance, Untrusted};

/// Names of all fields, in the order they are offered.
pub const FIELDS: [&str; 17] = [
    "name", "id", "state", "ssm", "iam", "via", "ip", "type", "az", "region", "account", "vpc", "subnet", "sg", "key", "image",
    "platform",
];

/// A parsed filter. The empty one matches every row.
///
/// ```text
/// FILTER  = { WORD }                    all of them must fit
/// WORD    = [ "!" ] TEST | QUOTED       "!" turns it round; nothing in quotes means anything but itself
/// TEST    = TEXT                        in the id, the value or key of a tag, an address
///         | FIELD ":" TEXT              in one of the fields of FIELDS
///         | "ip:" ADDRESS "/" BITS      an address in that block
///         | [ "tag:" ] KEY "=" [ TEXT ] a tag of that key: with that value, or with any
///         | "tag:" KEY                  a tag of that key
/// ```
///
/// `state`, `ssm`, `iam`, `via` and `ip` are compared from their beginning, `az` from its end, a tag's value whole, and all
/// others anywhere. A `*` stands for any text, and then all of the value must fit. Upper-case letters in a word make case count.
///
/// ```
/// # use std::sync::Arc;
/// use ec2dash::model::{Filter, InvalidFilter};
/// # use ec2dash::model::{Fact, Instance, InstanceState, Os, Place, WhenStopped};
///
/// // web-1: running, a c6i.large in ap-northeast-2a at 10.0.3.21, with a tag Role=web
/// # let row = Instance {
/// #     id: "i-0123456789abcdef0".parse().unwrap(),
/// #     place: Arc::new(Place { profile: None, region: "ap-northeast-2".parse().unwrap() }),
/// #     account: None, state: InstanceState::Running, state_reason: None,
/// #     tags: [("Name".into(), "web-1".into()), ("Role".into(), "web".into())].into(),
/// #     instance_type: Some("c6i.large".into()), az: Some("ap-northeast-2a".into()),
/// #     private_ip: Some("10.0.3.21".parse().unwrap()), public_ip: None, ipv6: Vec::new(), further_ips: Vec::new(),
/// #     dns_names: Vec::new(), image: None, key_name: None, vpc: None, subnet: None, security_groups: Vec::new(),
/// #     launched: None, platform: None, os: Os::Linux, metadata_enabled: None, is_spot: false, managed_by: None,
/// #     when_stopped: WhenStopped::default(),
/// #     instance_profile: None, role: Fact::Pending, ssm: Fact::Pending, image_name: Fact::Pending,
/// # };
/// let passes = |filter: &str| -> Result<bool, InvalidFilter> { Ok(filter.parse::<Filter>()?.matches(&row, "eic")) };
///
/// for filter in [
///     "", "web", "web state:run", "web !old", "via:eic", "az:2a", "type:c6i.*", "ip:10.0.3.", "ip:10.0.0.0/16",
///     "Role=web", "Role=w*", "Role=", "tag:Role", "!Role=db", "\"web-1\"",
/// ] {
///     assert!(passes(filter)?, "{filter}");
/// }
/// for filter in ["db", "Web", "WEB", "web db", "!web", "state:stop", "type:large*", "ip:10.0.4.0/24", "Role=we", "tag:Owner"] {
///     assert!(!passes(filter)?, "{filter}");
/// }
///
/// let Err(InvalidFilter::UnknownField { nearest, .. }) = "stat:running".parse::<Filter>() else { panic!("a field?") };
/// assert_eq!(nearest, Some("state"));
/// assert!("ip:10.0.0.0/99".parse::<Filter>().is_err());
/// # Ok::<(), InvalidFilter>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    words: Vec<Word>,
}

/// A filter that cannot be understood; nothing is filtered by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFilter {
    /// `foo:bar` where `foo` is no field.
    #[error("no field called {field}")]
    UnknownField {
        /// The field as typed, fit for a screen.
        field: String,
        /// The nearest field there is, if one is near.
        nearest: Option<&'static str>,
    },
    /// `ip:10.0.0.0/99`.
    #[error("not an address block: {block}")]
    Block {
        /// The block as typed, fit for a screen.
        block: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Anywhere(Pattern),
    Field(&'static str, Pattern),
    Block(IpNet),
    /// Whole key, and the value.
    Tag(String, Pattern),
}

/// What a value must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    text: String,
    /// Upper-case letters in the pattern make it exact (smart case).
    case_matters: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Part,
    Start,
    End,
    Whole,
    Glob,
}

impl FromStr for Filter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        split_words(text)
            .into_iter()
            .map(|(word, quoted)| parse_word(&word, quoted))
            .collect::<Result<_, _>>()
            .map(|words| Self { words })
    }
}

impl Filter {
    /// Whether the filter lets every row pass.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a word asks about this field: what is not asked about need not be fetched.
    pub fn asks(&self, field: &str) -> bool {
        self.words.iter().any(|word| matches!(&word.test, Test::Field(name, _) if *name == field))
    }

    /// Both filters at once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.words.extend(other.words);
        self
    }

    /// Whether a row passes. `via` is the id of the best way in, or an empty text.
    pub fn matches(&self, row: &Instance, via: &str) -> bool {
        self.words.iter().all(|word| word.test.holds(row, via) != word.negated)
    }

    /// The same answer as [`Self::matches`], sooner: for rows that are filtered again with every key.
    pub fn matches_with(&self, row: &Instance, via: &str, haystack: &Haystack) -> bool {
        let holds = |test: &Test| match test {
            Test::Anywhere(pattern) if !haystack.may_hold(pattern) => false,
            test => test.holds(row, via),
        };
        self.words.iter().all(|word| holds(&word.test) != word.negated)
    }
}

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
        for (key, value) in &row.tags {
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
    fn may_hold(&self, pattern: &Pattern) -> bool {
        // How a letter is lowered may depend on its neighbours, so an exact pattern is only looked for if it is plain.
        let is_plain = !pattern.case_matters || pattern.text.is_ascii();
        if pattern.kind != Kind::Part || !is_plain {
            return true;
        }
        if pattern.case_matters { self.0.contains(&pattern.text.to_ascii_lowercase()) } else { self.0.contains(&pattern.text) }
    }
}

/// Words and whether each was quoted whole. `"two words"` is one; a quote that is not closed runs to the end.
fn split_words(text: &str) -> Vec<(String, bool)> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut in_quotes = false;
    let mut was_quoted = false;
    for character in text.nfc() {
        match character {
            '"' => {
                was_quoted |= word.is_empty() && !in_quotes;
                in_quotes = !in_quotes;
            }
            c if c.is_whitespace() && !in_quotes => {
                if !word.is_empty() {
                    words.push((std::mem::take(&mut word), was_quoted));
                }
                was_quoted = false;
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push((word, was_quoted));
    }
    words
}

fn parse_word(word: &str, quoted: bool) -> Result<Word, InvalidFilter> {
    if quoted {
        return Ok(Word { negated: false, test: Test::Anywhere(Pattern::new(word, Kind::Part)) });
    }
    let (negated, word) = match word.strip_prefix('!') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, word),
    };
    Ok(Word { negated, test: parse_test(word)? })
}

fn parse_test(word: &str) -> Result<Test, InvalidFilter> {
    if let Some(tag) = word.strip_prefix("tag:") {
        return Ok(match tag.split_once('=') {
            Some((key, value)) => Test::Tag(key.to_owned(), Pattern::new(value, tag_kind(value))),
            None => Test::Tag(tag.to_owned(), Pattern::new("", Kind::Part)),
        });
    }
    // A word with `=` is a tag, whatever colons its key has.
    if let Some((key, value)) = word.split_once('=').filter(|(key, _)| !key.is_empty()) {
        return Ok(Test::Tag(key.to_owned(), Pattern::new(value, tag_kind(value))));
    }
    let Some((field, value)) = word.split_once(':').filter(|(field, _)| !field.is_empty()) else {
        return Ok(Test::Anywhere(Pattern::new(word, Kind::Part)));
    };
    let Some(name) = FIELDS.iter().find(|name| **name == field) else {
        return Err(unknown_field(field));
    };
    if *name == "ip" && value.contains('/') {
        return parse_block(value);
    }
    let kind = match *name {
        "state" | "ssm" | "iam" | "via" | "ip" => Kind::Start,
        "az" => Kind::End,
        _ => Kind::Part,
    };
    Ok(Test::Field(name, Pattern::new(value, kind)))
}

/// `Role=web` exactly, `Role=w*` a glob, `Role=` any value.
fn tag_kind(value: &str) -> Kind {
    if value.is_empty() { Kind::Part } else { Kind::Whole }
}

fn unknown_field(field: &str) -> InvalidFilter {
    let nearest = FIELDS
        .iter()
        .chain(&["tag"])
        .map(|name| (strsim::damerau_levenshtein(name, field), *name))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, name)| name);
    InvalidFilter::UnknownField { field: Untrusted::from(field).shown_in(30), nearest }
}

fn parse_block(value: &str) -> Result<Test, InvalidFilter> {
    value.parse().map(Test::Block).map_err(|_| InvalidFilter::Block { block: Untrusted::from(value).shown_in(50) })
}

impl Test {
    fn holds(&self, row: &Instance, via: &str) -> bool {
        match self {
            Self::Anywhere(pattern) => anywhere(row, pattern),
            Self::Field(field, pattern) => field_holds(row, via, field, pattern),
            Self::Block(block) => row.addresses().any(|address| block.contains(&address)),
            Self::Tag(key, pattern) => row.tags.iter().any(|(own, value)| own.composed() == *key && pattern.fits(value)),
        }
    }
}

fn anywhere(row: &Instance, pattern: &Pattern) -> bool {
    pattern.fits_text(row.id.as_str())
        || row.tags.iter().any(|(key, value)| pattern.fits(value) || pattern.fits(key))
        || row.addresses().any(|address| pattern.fits_text(&address.to_string()))
}

fn field_holds(row: &Instance, via: &str, field: &str, pattern: &Pattern) -> bool {
    let fits = |value: &Option<Untrusted>| value.as_ref().is_some_and(|value| pattern.fits(value));
    match field {
        "name" => row.name().is_some_and(|name| pattern.fits(name)),
        "id" => pattern.fits_text(row.id.as_str()),
        "state" => pattern.fits_text(row.state.word()),
        "ssm" => match &row.ssm {
            super::Fact::Known(ssm) | super::Fact::Kept(ssm, _) => pattern.fits_text(ssm.status.word()),
            super::Fact::Hidden(_) => pattern.fits_text("unknown"),
            super::Fact::Pending => false,
        },
        "iam" => pattern.fits_text(row.iam().word()),
        "via" => pattern.fits_text(via),
        "ip" => row.addresses().any(|address| pattern.fits_text(&address.to_string())),
        "type" => fits(&row.instance_type),
        "az" => fits(&row.az),
        "region" => pattern.fits_text(row.place.region.as_str()),
        "account" => row.account.as_ref().is_some_and(|account| pattern.fits_text(account.as_str())),
        "vpc" => fits(&row.vpc),
        "subnet" => fits(&row.subnet),
        "sg" => row.security_groups.iter().any(|group| pattern.fits(&group.id) || pattern.fits(&group.name)),
        "key" => fits(&row.key_name),
        "image" => {
            fits(&row.image)
                || row.image_name.known().is_some_and(|image| image.as_ref().is_some_and(|image| pattern.fits(&image.name)))
        }
        "platform" => fits(&row.platform),
        _ => false,
    }
}

impl Pattern {
    fn new(text: &str, kind: Kind) -> Self {
        let case_matters = text.chars().any(char::is_uppercase);
        let kind = if text.contains('*') { Kind::Glob } else { kind };
        Self { text: text.to_owned(), case_matters, kind }
    }

    fn fits(&self, value: &Untrusted) -> bool {
        if value.raw().is_ascii() { self.fits_text(value.raw()) } else { self.fits_text(&value.composed()) }
    }

    /// `value` is composed already.
    fn fits_text(&self, value: &str) -> bool {
        if self.case_matters || value.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            self.compare(value)
        } else {
            self.compare(&value.to_lowercase())
        }
    }

    fn compare(&self, value: &str) -> bool {
        match self.kind {
            Kind::Part => value.contains(&self.text),
            Kind::Start => value.starts_with(&self.text),
            Kind::End => value.ends_with(&self.text),
            Kind::Whole => value == self.text,
            Kind::Glob => glob_fits(&self.text, value),
        }
    }
}

/// `*` is any run of characters, everything else itself; the pattern covers the whole value.
pub(crate) fn glob_fits(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return value.is_empty() };
    let Some(mut rest) = value.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
pub(crate) mod tests;
