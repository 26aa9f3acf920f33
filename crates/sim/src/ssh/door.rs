//! The door of one simulated instance: whom it admits, and what all who come through it share.

use std::sync::Arc;
use std::time::Duration;

use russh::keys::{Algorithm, PrivateKey, PublicKey};
use russh::server::Config;
use russh::{MethodKind, MethodSet, SshId};

use super::host::{Error, Host};
use crate::keys::KeyStore;
use crate::machine::{Homes, Machine, Processes, plain};

/// sshd's `MaxAuthTries`; the client's first try, without a key, counts here.
const MOST_TRIES: usize = 7;
/// Refusals take the same time, whatever the reason.
const REFUSAL: Duration = Duration::from_millis(20);

/// What every connection to one instance shares.
pub(super) struct Door {
    pub(super) host: Host,
    /// The host's name as the shell's prompt may have it.
    pub(super) prompt: String,
    pub(super) homes: Arc<Homes>,
    pub(super) processes: Processes,
    /// `ssh-ed25519 AAAA…`.
    pub(super) host_key_line: String,
    authorized: Vec<PublicKey>,
    keys: KeyStore,
    pub(super) config: Arc<Config>,
}

impl Door {
    pub(super) fn new(host: Host, keys: KeyStore, machine: &Machine) -> Result<Self, Error> {
        let authorized = host
            .authorized
            .iter()
            .map(|line| PublicKey::from_openssh(line))
            .collect::<Result<_, _>>()
            .map_err(|_| Error::Key { instance: host.instance.clone() })?;
        let host_key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)
            .map_err(|_| Error::HostKey { instance: host.instance.clone() })?;
        let host_key_line = host_key.public_key().to_openssh().map_err(|_| Error::HostKey { instance: host.instance.clone() })?;
        let Machine { homes, processes } = machine.clone();
        Ok(Self {
            host_key_line,
            prompt: plain(&host.name),
            config: Arc::new(config(host_key)),
            host,
            homes,
            processes,
            authorized,
            keys,
        })
    }

    /// The key pair of the launch opens for every login user, a pushed key for the one it was pushed for, and a user's own file for that user.
    pub(super) fn admits(&self, user: &str, key: &PublicKey) -> bool {
        let is_same = |other: &PublicKey| other.key_data() == key.key_data();
        let was_pushed = || {
            let pushed = self.keys.active(&self.host.instance, user);
            pushed.iter().filter_map(|line| PublicKey::from_openssh(line).ok()).any(|pushed| is_same(&pushed))
        };
        let is_in_home = || {
            let lines = self.homes.authorized_keys(&self.host.instance, user);
            lines.iter().filter_map(|line| PublicKey::from_openssh(line).ok()).any(|own| is_same(&own))
        };
        let is_user = self.host.users.iter().any(|name| name == user);
        is_user && (self.authorized.iter().any(is_same) || was_pushed() || is_in_home())
    }
}

fn config(host_key: PrivateKey) -> Config {
    Config {
        server_id: SshId::Standard("SSH-2.0-ec2dash-sim".into()),
        methods: MethodSet::from([MethodKind::PublicKey].as_slice()),
        auth_rejection_time: REFUSAL,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![host_key],
        max_auth_attempts: MOST_TRIES,
        inactivity_timeout: None,
        ..Config::default()
    }
}
