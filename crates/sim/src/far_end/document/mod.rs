//! Session documents: what kind of session a name asks for.

mod chosen;
mod content;
mod known;
mod preferences;
mod work;

pub(super) use chosen::{chosen, get};
pub use preferences::Preferences;
pub(super) use work::{Document, Streams, Work};
