//! What many instances have in common: who cannot be reached and why, and what stands open, is old, or is not logged. Pure.

mod facts;
mod gather;
mod html;
mod markdown;
mod object;
mod page;
mod plain;

pub use facts::{Exposure, Group, Lacks, Logging, Report, Row, SharedKey, Told, Totals, Version};
pub use gather::Gatherer;
pub use html::html;
pub use markdown::markdown;
pub use object::object;
pub use page::{Block, Page, Section, page};
pub use plain::plain;

#[cfg(test)]
mod tests;
