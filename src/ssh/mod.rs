//! OpenSSH and what it needs from us: keys, agent, host keys, the places of its files, its child process.

pub mod agent;
mod block_host_keys;
mod block_login;
pub(crate) mod child;
mod host_key_check;
mod host_key_files;
mod host_line;
mod key;
mod known_hosts;
mod left_child;
mod leftovers;
mod opened_key;
mod run_directory;
mod settings_of;
pub mod shared_agent;
mod ssh_client;
mod ssh_memory;
mod user_agent;
mod wire;

pub use block_host_keys::{BlockHostKeys, Refused, answer_block};
pub use block_login::BlockLogin;
pub use host_key_check::{HostKeyCheck, answer_ssh};
pub use host_key_files::HostKeyFiles;
pub use host_line::HostLine;
pub use key::EphemeralKey;
pub use known_hosts::{KnownHost, KnownHosts};
pub use leftovers::sweep;
pub use opened_key::OpenedKey;
pub use run_directory::{Places, RunDirectory};
pub use settings_of::settings_of;
pub use ssh_client::{SshClient, in_path};
pub use ssh_memory::SshMemory;
pub use user_agent::identities;
