//! A WebSocket over the network: the look-up of the name, the proxy on the way, TLS and the upgrade.

mod address;
mod answer;
mod boundary;
mod dial;
mod failed;
mod proxy;
mod server;
mod wire;

pub use address::first_of;
pub use answer::{error_code, reason};
pub use boundary::Boundary;
pub use dial::{Socket, upgraded};
pub use failed::{Failed, deepest};
pub use server::Server;
