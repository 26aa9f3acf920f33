//! A saved tunnel: where it listens, and where it leads.

use super::led::Led;
use super::listener::{Bind, Listen};
use crate::config::{Carries, Listens, SavedTunnel};

/// Where a saved tunnel listens, and where it leads.
pub fn place_of(saved: &SavedTunnel) -> (Listen, Led) {
    let (port, led) = match &saved.carries {
        Carries::Forward(forward) => (forward.local_port(), Led::Forward(forward.to.clone())),
        Carries::Socket { local, to } => (*local, Led::Socket(to.clone())),
        Carries::Socks(port) => (*port, Led::Socks),
    };
    let place = match &saved.listens {
        Listens::Loopback => Listen::Tcp { bind: Bind::Loopback, port },
        Listens::Address(address) => Listen::Tcp { bind: Bind::Address(*address), port },
        Listens::Socket(path) => Listen::Unix(path.clone()),
    };
    (place, led)
}
