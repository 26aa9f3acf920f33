//! From "I want in" to a session.

pub mod agent;
mod child;
pub mod command;
mod diagnosis;
mod error;
pub mod fleet;
mod key;
mod known_hosts;
mod leaving;
mod left_child;
mod leftovers;
mod local;
mod own_terminal;
mod plan;
mod port;
pub mod proxy;
mod recording;
mod run;
mod run_directory;
pub mod session;
mod shell;
mod ssh_client;
pub mod tunnel;
mod wire;

pub use diagnosis::{Diagnosis, diagnose};
pub use error::Error;
pub use key::EphemeralKey;
pub use known_hosts::{KnownHost, KnownHosts};
pub use leaving::{LeavingSignals, can_stop, stop};
pub use leftovers::sweep;
pub use local::look_around;
pub use own_terminal::give_back;
pub use plan::{
    Argument, Blank, Choice, Extras, Feature, OwnProgram, Plan, Refusal, SshLogin, SshPlace, Step, UnknownSshOption, may_try,
    plan, split_ssh_arguments,
};
pub use recording::Recording;
pub use run::{Ended, Notice, Surroundings, run, run_recorded};
pub use run_directory::{Places, RunDirectory};
pub use ssh_client::{SshClient, Version, in_path};
