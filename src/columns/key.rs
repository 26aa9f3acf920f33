//! Where a row stands among others: what it is compared by.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization;

use crate::model::{Instance, InstanceId};

/// Where a row stands under one column: rows with nothing to compare come last, equal ones by name, then by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    value: OrLast<Key>,
    name: OrLast<Natural>,
    id: InstanceId,
}

/// As `Option`, which puts `None` first; a row without a value belongs last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum OrLast<T> {
    There(T),
    Missing,
}

impl<T> From<Option<T>> for OrLast<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Self::There)
    }
}

/// What one column compares by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// How good it is: the least first.
    Rank(u8),
    /// A moment or a span, in seconds.
    Moment(i64),
    /// An address by its value.
    Address(IpAddr),
    /// A text as people would sort it.
    Text(Natural),
}

impl Key {
    /// A text to compare by; an empty one is none.
    pub(super) fn text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::Text(Natural::of(text)))
    }
}

impl SortKey {
    /// The key of a row with this to compare.
    pub(super) fn new(value: Option<Key>, row: &Instance) -> Self {
        let name = row.name().map(|name| Natural::of(name.raw()));
        Self { value: value.into(), name: name.into(), id: row.id.clone() }
    }
}

/// A text in the order people expect: without case, numbers by their value (`web-2` before `web-10`), composed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Natural(Box<[u8]>);

impl Natural {
    fn of(text: &str) -> Self {
        let folded: String =
            if text.is_ascii() { text.to_ascii_lowercase() } else { text.nfc().collect::<String>().to_lowercase() };
        let mut key = Vec::with_capacity(folded.len() + 8);
        let mut rest = folded.as_bytes();
        while let Some(&first) = rest.first() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (run, others) = rest.split_at(digits.max(1));
            if digits == 0 {
                key.push(first);
            } else {
                let leading_zeros = run.iter().take_while(|digit| **digit == b'0').count();
                let significant = &run[leading_zeros..];
                // A number stands where digits stand, and the one with more digits is the larger one.
                key.push(b'0');
                key.push(u8::try_from(significant.len()).unwrap_or(u8::MAX));
                key.extend_from_slice(significant);
            }
            rest = others;
        }
        Self(key.into_boxed_slice())
    }
}
