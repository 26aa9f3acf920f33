//! From "I want in" to a session.

pub mod agent;
mod key;
mod left_child;
mod leftovers;
mod plan;
mod run_directory;
mod wire;

pub use key::EphemeralKey;
pub use leftovers::sweep;
pub use plan::{Argument, Blank, Extras, Plan, Step};
pub use run_directory::{Places, RunDirectory};
