//! Which ways in work, and what is in the way of the others: pure rules over facts.

mod address;
mod case;
mod eic;
mod finding;
mod general;
mod images;
mod method;
mod options;
mod rules;
mod ssh;
mod ssm;
mod ssm_ssh;
mod users;
mod ways;
mod words;

pub use address::{AddressKind, address};
pub use case::place_flags;
pub use method::{Mark, Method, Outcome, Verdict};
pub use options::{
    AddressChoice, ConnectOptions, HomeKey, InvalidLogin, KeyFile, KeyProblem, Local, Login, Network, SshClient, SshVersion,
};
pub use rules::ways;
pub use ssh::key_file;
pub use ssm::{COMMANDS_SINCE, too_old_for_commands};
pub use ssm_ssh::{LoginKey, login_key};
pub use users::{LoginSource, login, logins};
pub use ways::{Reason, Way, Ways, mark};
pub use words::{CODES, unchecked};
