//! A WebSocket over the network: TLS and the upgrade.

mod answer;
mod boundary;
mod dial;
mod failed;

pub use answer::{error_code, reason};
pub use boundary::Boundary;
pub use dial::{Socket, upgraded};
pub use failed::Failed;
