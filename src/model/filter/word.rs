//! One word of a filter: what it asks of a row.

use ipnet::IpNet;

use super::haystack::Haystack;
use super::pattern::{Fuzzy, Pattern};
use crate::model::{Fact, Instance, Untrusted};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) negated: bool,
    /// One of them must hold.
    pub(super) choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) negated: bool,
    pub(super) test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Anywhere(Pattern),
    Fuzzy(Fuzzy),
    Field(&'static str, Pattern),
    Block(IpNet),
    /// Whole key, and the value.
    Tag(String, Pattern),
    /// All words of a saved filter.
    All(Vec<Word>),
}

/// A row as it is looked at.
#[derive(Clone, Copy)]
pub(super) struct Look<'r> {
    pub(super) row: &'r Instance,
    pub(super) via: &'r str,
    pub(super) haystack: Option<&'r Haystack<'r>>,
}

/// How well a row fits all words.
pub(super) fn score(words: &[Word], look: Look<'_>) -> Option<u32> {
    words.iter().try_fold(0_u32, |sum, word| Some(sum.saturating_add(word.score(look)?)))
}

impl Word {
    fn score(&self, look: Look<'_>) -> Option<u32> {
        let best = self.choices.iter().filter_map(|choice| choice.score(look)).max();
        if self.negated { best.is_none().then_some(0) } else { best }
    }

    pub(super) fn asks(&self, field: &str) -> bool {
        self.choices.iter().any(|choice| match &choice.test {
            Test::Field(name, _) => *name == field,
            Test::All(words) => words.iter().any(|word| word.asks(field)),
            _ => false,
        })
    }

    pub(super) fn ranks(&self) -> bool {
        let ranks = |choice: &Choice| match &choice.test {
            Test::Fuzzy(_) => true,
            Test::All(words) => words.iter().any(Self::ranks),
            _ => false,
        };
        !self.negated && self.choices.iter().any(|choice| !choice.negated && ranks(choice))
    }

    pub(super) fn narrows(&self, before: &Self) -> bool {
        if self == before {
            return true;
        }
        let plain = |word: &Self| match word.choices.as_slice() {
            [Choice { negated: false, test }] if !word.negated => Some(test.clone()),
            _ => None,
        };
        match (plain(self), plain(before)) {
            (Some(Test::Anywhere(now)), Some(Test::Anywhere(before))) => now.narrows(&before),
            (Some(Test::Field(field, now)), Some(Test::Field(other, before))) => field == other && now.narrows(&before),
            _ => false,
        }
    }
}

impl Choice {
    fn score(&self, look: Look<'_>) -> Option<u32> {
        let score = self.test.score(look);
        if self.negated { score.is_none().then_some(0) } else { score }
    }
}

impl Test {
    fn score(&self, look: Look<'_>) -> Option<u32> {
        let Look { row, via, haystack } = look;
        let holds = match self {
            Self::Anywhere(pattern) => {
                haystack.and_then(|haystack| haystack.holds(pattern)).unwrap_or_else(|| anywhere(row, pattern))
            }
            Self::Fuzzy(letters) => return row.name().and_then(|name| letters.score(name)),
            Self::Field(field, pattern) => field_holds(row, via, field, pattern),
            Self::Block(block) => row.addresses().any(|address| block.contains(&address)),
            Self::Tag(key, pattern) => row.tags.iter().any(|(own, value)| own.composed() == *key && pattern.fits(value)),
            Self::All(words) => return score(words, look),
        };
        holds.then_some(0)
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
            Fact::Known(ssm) | Fact::Kept(ssm, _) => pattern.fits_text(ssm.status.word()),
            Fact::Hidden(_) => pattern.fits_text("unknown"),
            Fact::Pending => false,
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
