//! A tunnel through an EC2 Instance Connect Endpoint: one connection to one port of one instance (docs/instance-connect.md 4).

mod error;
mod link;
mod relay;
mod serve;
mod words;

pub use error::{Denied, TunnelEnd, TunnelError};
pub use link::{Tunnel, open};
pub use relay::{LONGEST_FAREWELL, Relayed, relay, speaks};
pub use serve::{Carried, Event, Route, serve};
pub use words::{About, Said};
