//! Real calls, translated at the door.

mod error;

pub use error::Error;
