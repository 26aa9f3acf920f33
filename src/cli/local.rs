//! What this computer has for getting in: an ssh program, keys, routes.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use super::invocation::Invocation;
use crate::access::{AddedKey, Local, SshClient};
use crate::fixes::Journal;
use crate::here::{self, KeyMemory, KeyPlaces};
use crate::model::InstanceId;
use crate::ssh::SshMemory;

/// Find ssh, the user's agent and all private keys, with those that rules and `identity` name.
pub async fn look(invocation: &Invocation, identity: Option<&Path>) -> Local {
    let variable = |name: &str| invocation.environment.get(name).map(OsStr::new);
    let settings = &invocation.loaded.settings;
    let memory = SshMemory::default();
    let finding = crate::ssh::SshClient::find(variable("PATH"), &memory);
    let (ssh, agent) = tokio::join!(finding, crate::ssh::identities(variable("SSH_AUTH_SOCK")));
    let ssh = SshClient::from(ssh);
    let of_rules = settings.rules.iter().filter_map(|rule| rule.key.clone());
    let places = KeyPlaces {
        home: invocation.directories.home.clone(),
        reads_ssh_config: settings.connect.use_ssh_config,
        folders: settings.connect.key_dirs.clone(),
        asked: of_rules.chain(identity.map(Path::to_owned)).collect(),
    };
    let looking = {
        let ssh = ssh.clone();
        tokio::task::spawn_blocking(move || here::look_around(&places, agent, &KeyMemory::default(), ssh))
    };
    // A search that fails has found nothing.
    let found = looking.await.unwrap_or_else(|_| Local { ssh, ..Local::default() });
    Local { added_keys: added_keys(invocation), ..found }
}

/// The keys that instances were told to take, by fixes of the doctor.
pub fn added_keys(invocation: &Invocation) -> BTreeMap<InstanceId, Vec<AddedKey>> {
    invocation.directories.state.as_deref().map(|state| Journal::new(state).added_keys()).unwrap_or_default()
}
