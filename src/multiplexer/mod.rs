//! Opens sessions beside the dashboard: in panes, windows or tabs of the terminal or multiplexer that it runs in.

mod handed;
mod host;
mod opening;
mod start;

pub use handed::{Counter, FLAG, Handed, take};
pub use host::{Host, Nowhere};
pub use opening::{Manner, Opening};
pub use start::{NotOpened, open};
