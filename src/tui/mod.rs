//! The dashboard.

mod glyphs;
mod look;

pub use glyphs::ascii;
pub use look::{Depth, Look};
