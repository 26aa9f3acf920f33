//! Real calls, translated at the door.

mod error;
mod words;

pub use error::Error;
