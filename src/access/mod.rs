//! Which ways in work, and what is in the way of the others: pure rules over facts.

mod address;
mod bastion;
mod book;
mod case;
mod door;
mod egress;
mod entries;
mod entry;
mod finding;
mod forward;
mod forwarding;
mod general;
mod hints;
mod images;
mod jump;
mod jump_candidates;
mod key_to_add;
mod keyring;
mod method;
mod network;
mod options;
mod permission;
mod preferences;
mod probed;
mod reason;
mod rules;
mod serial_host;
mod session_shell;
mod standing;
mod suspects;
mod users;
mod verdict;
mod ways;

pub use address::{AddressKind, address};
#[cfg(test)]
use book::rules_of_the_book;
pub use book::{Severity, fix, severity};
pub use case::place_flags;
pub use door::{Door, ENDPOINT_PORTS, NoDoor, door, inner_address, inner_port};
pub use entries::{
    COMMANDS_SINCE, DESKTOP_PORT, Desktop, DesktopPath, LoginKey, desktops, found_key, login_key, may_push, pair_key,
    too_old_for_commands, too_open_key,
};
pub use entry::{Channel, Client, KeySource, Load};
pub use forward::Forward;
pub use forwarding::forwarded;
pub use general::of_client;
pub use images::dotted;
pub use jump::{Jump, JumpFault, JumpFaultKind, JumpHost, MOST_JUMPS, shown_target};
pub use jump_candidates::{JumpCandidate, jump_candidates};
pub use key_to_add::{KeyToAdd, key_to_add, taker};
pub use keyring::{AgentKey, FoundKey, KeyFile, KeyMatch, KeyNeed, KeyProblem, Keyring};
pub use method::Method;
pub use options::{AddedKey, AddressChoice, ConnectOptions, InvalidLogin, LONGEST_TUNNEL, Local, Login, SshClient, SshVersion};
pub use reason::Reason;
pub use rules::{codes, examined, ways};
pub use serial_host::{SerialHost, serial_host};
pub use session_shell::{SessionShell, ShellCommand};
pub use standing::of_account;
pub use suspects::may_explain;
pub use users::{LoginSource, login, logins};
pub use verdict::{Mark, Outcome, Verdict};
pub use ways::{Cause, Way, Ways, mark};
