//! Every column: title, cell, tone, sort key.

mod address;
mod cell;
mod column;
mod entries;
mod entry;
mod iam;
pub mod json;
mod key;
mod object;
mod sort;
mod ssm;
mod state;
mod tags;
mod time;
mod ways;

#[cfg(test)]
mod tests;

pub use cell::{Cell, Tone, View};
pub use column::{Column, UnknownColumn};
pub use entry::{Entry, Width};
pub use key::SortKey;
pub use sort::Sort;
