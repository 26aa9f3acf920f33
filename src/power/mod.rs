//! Starting, stopping and rebooting instances: what it costs, the calls, and how far they are.

mod cost;
mod order;
pub mod preview;
mod progress;
mod runner;
mod update;

pub use cost::{Cost, Disks, costs};
pub use order::{Order, PowerCall, calls};
pub use progress::{Progress, Row, Stage};
pub use runner::{disks, run};
pub use update::{Outcome, Update};
