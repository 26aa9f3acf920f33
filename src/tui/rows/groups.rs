//! The groups of rows by one value each: their names, their order, what is counted of them.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::columns::{Column, View};

/// Heads stand among the places of lines: this and the number of the group.
const HEADS: usize = 1 << 40;

/// The groups of the rows, by the value under one column.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    pub(super) column: Column,
    /// In the order in which they came: a line knows the number of its own.
    pub(super) list: Vec<Group>,
    numbers: HashMap<String, usize>,
}

/// Rows with the same value.
#[derive(Debug, Clone)]
pub struct Group {
    /// The value, fit for a screen; empty: the rows have none.
    pub name: String,
    /// What it is ordered by.
    pub(super) order: (bool, String),
    /// How many rows it has.
    pub total: usize,
    /// How many of them the filter lets pass.
    pub shown: usize,
    /// Whether they are folded away.
    pub is_folded: bool,
}

impl Groups {
    pub(super) fn new(column: Column) -> Self {
        Self { column, list: Vec::new(), numbers: HashMap::new() }
    }

    /// The number of the group that a row belongs to.
    pub(super) fn of(&mut self, view: &View<'_>) -> usize {
        let value = self.column.value(view);
        let name = value.shown();
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        self.numbers.insert(name.clone(), self.list.len());
        // Rows without a value come last, as when they are sorted.
        let order = (name.is_empty(), value.composed().to_lowercase());
        self.list.push(Group { name, order, total: 0, shown: 0, is_folded: false });
        self.list.len() - 1
    }

    /// How two lines stand to each other by their groups, each by its number and whether it is the head.
    pub(super) fn compare(&self, (left, is_left_head): (usize, bool), (right, is_right_head): (usize, bool)) -> Ordering {
        if left == right {
            return is_right_head.cmp(&is_left_head);
        }
        let order = |number: usize| self.list.get(number).map(|group| &group.order);
        order(left).cmp(&order(right)).then(left.cmp(&right))
    }

    pub(super) fn get(&self, number: usize) -> Option<&Group> {
        self.list.get(number)
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut Group> {
        self.list.get_mut(number)
    }
}

/// The place of a group's head.
pub(super) fn place_of_head(number: usize) -> usize {
    HEADS + number
}

/// The number of the group whose head this place is.
pub(super) fn head(place: usize) -> Option<usize> {
    place.checked_sub(HEADS)
}
