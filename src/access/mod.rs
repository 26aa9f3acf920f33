//! Which ways in work, and what is in the way of the others: pure rules over facts.

mod method;
mod ways;
mod wishes;

pub use method::{Method, Outcome, Verdict};
pub use ways::{Reason, Way, Ways};
pub use wishes::{AddressChoice, HomeKey, InvalidLogin, KeyFile, KeyProblem, Local, Login, Network, SshClient, Wishes};
