//! From "I want in" to a session.

mod plan;

pub use plan::{Argument, Blank, Extras, Plan, Step};
