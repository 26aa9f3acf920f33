//! A simulated instance that can be logged in to, and why it cannot be served.

use std::io;

/// One simulated instance that can be logged in to.
#[derive(Debug, Clone)]
pub struct Host {
    /// The instance id, or `*` for a server that stands for every instance of a generated fleet.
    pub instance: String,
    /// What the shell's prompt says.
    pub name: String,
    /// The login users this system has.
    pub users: Vec<String>,
    /// OpenSSH public key lines that may always log in: the key pair chosen at launch.
    pub authorized: Vec<String>,
    /// Whether it is OpenSSH for Windows: the paths, names and modes of its files are others.
    pub is_windows: bool,
}

/// Why the servers could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No free port on loopback.
    #[error("cannot listen on 127.0.0.1")]
    Listen(#[source] io::Error),
    /// No private directory for the homes.
    #[error("cannot make a directory for the homes of the simulated instances")]
    Home(#[source] io::Error),
    /// A key of the fleet is not an OpenSSH public key.
    #[error("the key pair of {instance} is not an OpenSSH public key")]
    Key {
        /// Whose key it is.
        instance: String,
    },
    /// The random generator failed.
    #[error("cannot make a host key for {instance}")]
    HostKey {
        /// Whose host key was to be made.
        instance: String,
    },
}
