//! From "I want in" to a session.

pub mod agent;
mod key;
mod known_hosts;
mod left_child;
mod leftovers;
mod plan;
mod run_directory;
mod ssh_client;
mod wire;

pub use key::EphemeralKey;
pub use known_hosts::{KnownHost, KnownHosts};
pub use leftovers::sweep;
pub use plan::{
    Argument, Blank, Choice, Extras, Feature, Plan, Refusal, Step, UnknownSshOption, may_try, plan, split_ssh_arguments,
};
pub use run_directory::{Places, RunDirectory};
pub use ssh_client::{SshClient, Version, in_path};
