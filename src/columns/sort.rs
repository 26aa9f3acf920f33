//! What rows are sorted by.

use super::column::{Column, UnknownColumn};

/// A column and a direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Whether the last comes first.
    pub is_reversed: bool,
}

impl Sort {
    /// `name`, or `-name` for the reverse.
    pub fn parse(text: &str) -> Result<Self, UnknownColumn> {
        let (name, is_reversed) = Self::split(text);
        Ok(Self { column: Column::parse(name)?, is_reversed })
    }

    /// The name of the column and whether the order is turned round.
    pub fn split(text: &str) -> (&str, bool) {
        match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        }
    }
}
