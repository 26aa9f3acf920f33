//! Looks at what this computer has: private keys, routes, a browser. Blocking, and quick: small files.

pub mod browser;
mod desktop_client;
mod keys;
mod routes;
mod running;

pub use desktop_client::{DesktopClient, desktop_file};
pub use keys::{KeyMemory, KeyPlaces, host_words, make_own, read_key_file};
pub use running::{Registered, Registry, next_number, own_terminal};

use crate::access::{AgentKey, Local, SshClient};

/// What this computer has, as far as the rules ask: private keys and routes. `ssh` and what the user's agent holds were found before; what
/// key files say is read once for each `memory`.
pub fn look_around(places: &KeyPlaces, agent: Vec<AgentKey>, memory: &KeyMemory, ssh: SshClient) -> Local {
    let keys = keys::search(places, agent, memory).into();
    Local { ssh, keys, has_ipv6: routes::has_ipv6(), routes: routes::specific(), ..Local::default() }
}
