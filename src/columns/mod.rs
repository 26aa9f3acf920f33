//! Every column: title, cell, tone, sort key.

mod cell;
mod column;
pub mod json;
mod object;
mod sort;

pub use cell::{Cell, Tone, View};
pub use column::{Column, Needs, UnknownColumn, Width};
pub use sort::SortKey;
