//! The columns from outside.

mod cells;
mod order;

use super::cell::LONGEST;
use super::{Column, Tone, View};

fn column(name: &str) -> Column {
    Column::parse(name).unwrap()
}
