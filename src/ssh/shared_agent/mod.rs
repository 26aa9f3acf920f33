//! The agent that the ssh programs of one user share: it holds a one-time key for each instance that somebody connects to, in memory only.

mod client;
mod place;
mod server;
mod words;

pub use client::{AgentStatus, LentKey, borrow, status, stop};
pub use place::AgentPlace;
pub use server::SharedAgent;
pub use words::HeldFor;
