//! Looks at what this computer has: private keys, routes, a browser. Blocking, and quick: a handful of small files.

pub mod browser;
mod keys;
mod routes;
mod running;

pub use running::{Registered, Registry, next_number, own_terminal};

use std::collections::BTreeSet;
use std::path::Path;

use crate::access::{HomeKey, Local, SshClient};
use crate::model::Untrusted;

/// What this computer has, as far as the rules ask: private keys for the names of key pairs in `home/.ssh` and under the
/// paths asked for, and routes. `ssh` was found before.
pub fn look_around<'a>(
    home: Option<&Path>,
    key_names: impl IntoIterator<Item = &'a Untrusted>,
    key_paths: impl IntoIterator<Item = &'a Path>,
    ssh: SshClient,
) -> Local {
    let names: BTreeSet<&Untrusted> = key_names.into_iter().collect();
    let paths: BTreeSet<&Path> = key_paths.into_iter().collect();
    let by_name = names.into_iter().filter_map(|name| {
        let file = keys::for_pair(home?, name)?;
        Some((HomeKey::Pair(name.raw().to_owned()), file))
    });
    let by_path = paths.into_iter().map(|path| (HomeKey::Path(path.to_owned()), keys::at(path)));
    Local {
        ssh,
        keys: by_name.chain(by_path).collect(),
        has_ipv6: routes::has_ipv6(),
        routes: routes::specific(),
        ..Local::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_path_is_looked_for_once() {
        let home = tempfile::tempdir().unwrap();
        let names = [Untrusted::from("team-prod"), Untrusted::from("team-prod")];

        let local = look_around(Some(home.path()), &names, [Path::new("/no/such/key")], SshClient::Missing);

        assert_eq!(local.ssh, SshClient::Missing);
        assert_eq!(local.keys.len(), 1, "a key pair without a file here is simply not there");
        assert!(local.keys.contains_key(&HomeKey::Path("/no/such/key".into())));
    }
}
