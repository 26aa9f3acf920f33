//! The search for private keys: which files may be some, what they say, and what keeps OpenSSH from using one.

mod candidates;
mod look;
mod ssh_config;

use std::collections::{HashMap, HashSet};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ec2dash_keys::{Format, KeyFile as Contents, PublicKey};

pub use self::candidates::KeyPlaces;
use self::look::Look;
pub use self::look::{KeyMemory, read_key_file};
pub use self::ssh_config::host_words;
use crate::access::{AgentKey, KeyFile, KeyProblem, Keyring};

/// All private keys of this computer, and those of the user's agent. What a file says is read once, as long as it is the same file.
pub(super) fn search(places: &KeyPlaces, agent: Vec<AgentKey>, memory: &KeyMemory) -> Keyring {
    let looks = memory.look_at(candidates::find(places));
    let publics: HashMap<PathBuf, PublicKey> =
        looks.iter().filter_map(|(path, look)| Some((path.clone(), look.public_file()?))).collect();
    let files: Vec<KeyFile> =
        looks.iter().filter_map(|(path, look)| Some(described(path, look, &publics)).filter(|_| look.is_private())).collect();
    let asked: HashSet<&PathBuf> = places.asked.iter().collect();
    let asked: Vec<KeyFile> = asked.into_iter().map(|path| at(path, memory)).collect();
    Keyring::new(files, agent, asked)
}

/// The file at a path that was asked for.
fn at(path: &Path, memory: &KeyMemory) -> KeyFile {
    let missing = || KeyFile { path: path.to_owned(), problem: Some(KeyProblem::Missing), ..KeyFile::default() };
    let neighbours = candidates::neighbours(path);
    let looks = memory.look_at(neighbours.into_iter().chain([path.to_owned()]).collect());
    let publics = looks.iter().filter_map(|(path, look)| Some((path.clone(), look.public_file()?))).collect();
    match looks.iter().find(|(found, _)| found == path) {
        Some((_, look)) => described(path, look, &publics),
        None if path.exists() => KeyFile { problem: Some(KeyProblem::Unreadable), ..missing() },
        None => missing(),
    }
}

/// What is known of a file; where a format hides the public half, the file beside it tells.
fn described(path: &Path, look: &Look, publics: &HashMap<PathBuf, PublicKey>) -> KeyFile {
    let contents = look.contents.as_deref();
    let of_neighbour = || candidates::neighbours(path).into_iter().find_map(|path| publics.get(&path).cloned());
    let is_hidden = contents.is_some_and(|contents| contents.is_locked);
    let public = contents.and_then(|contents| contents.public.clone()).or_else(|| of_neighbour().filter(|_| is_hidden));
    let mut fingerprints = contents.map(|contents| contents.fingerprints.clone()).unwrap_or_default();
    if fingerprints.is_empty() {
        fingerprints.extend(public.as_ref().and_then(PublicKey::fingerprint));
    }
    KeyFile { path: path.to_owned(), problem: problem(look), public, fingerprints, is_locked: is_hidden }
}

fn problem(look: &Look) -> Option<KeyProblem> {
    if !look.is_readable {
        return Some(KeyProblem::Unreadable);
    }
    let contents: &Contents = look.contents.as_deref()?;
    let is_ed25519 = contents.public.as_ref().is_some_and(|public| public.algorithm() == "ssh-ed25519");
    match contents.format {
        Format::Public => Some(KeyProblem::Public),
        Format::Ppk(_) => Some(KeyProblem::Putty),
        // The older formats are read by another hand, which minds none of this.
        Format::OpenSsh if look.has_odd_line_ends => Some(KeyProblem::LineEnds),
        Format::Pkcs8 if is_ed25519 => Some(KeyProblem::Pkcs8),
        _ if look.others_may_read => Some(KeyProblem::TooOpen),
        _ => None,
    }
}

/// Let nobody but the user read or write a key file.
pub fn make_own(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o600))
}

#[cfg(test)]
mod tests;
