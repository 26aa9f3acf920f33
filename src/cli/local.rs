//! What this computer has for getting in: an ssh program, keys, routes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::invocation::Invocation;
use crate::access::{Local, SshClient};
use crate::model::Instance;

/// What is looked for once, whatever the instances.
#[derive(Debug, Clone)]
pub struct Computer {
    home: Option<PathBuf>,
    ssh: SshClient,
    key_paths: Vec<PathBuf>,
}

impl Computer {
    /// Find ssh, and note the keys that rules and `identity` name.
    pub async fn look(invocation: &Invocation, identity: Option<&Path>) -> Self {
        let path = invocation.environment.get("PATH").map(OsStr::new);
        let ssh = SshClient::from(crate::ssh::SshClient::find(path).await);
        let of_rules = invocation.loaded.settings.rules.iter().filter_map(|rule| rule.key.clone());
        let key_paths = of_rules.chain(identity.map(Path::to_owned)).collect();
        Self { home: invocation.directories.home.clone(), ssh, key_paths }
    }

    /// What the rules look at for these instances.
    pub fn local<'i>(&self, instances: impl IntoIterator<Item = &'i Instance>) -> Local {
        let names = instances.into_iter().filter_map(|instance| instance.key_name.as_ref());
        crate::here::look_around(self.home.as_deref(), names, self.key_paths.iter().map(PathBuf::as_path), self.ssh.clone())
    }
}
