//! Files as a tar stream, for where nothing answers questions about them: made here, and taken apart here.
//!
//! What comes from an instance is taken apart in a folder of its own, and only what lies there in the end is copied to where it belongs.

mod pack;
mod stage;
mod unpack;

pub use pack::{Pack, Packed};
pub use stage::Stage;
pub use unpack::Unpack;

#[cfg(test)]
mod tests;
