//! Which files may be private keys: those of a few folders, and those that somebody names.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::ssh_config;

/// Names looked at in one search; a folder with more is no folder of keys.
const MOST: usize = 20_000;

/// Where private keys are looked for.
#[derive(Debug, Clone, Default)]
pub struct KeyPlaces {
    /// The home directory: in `.ssh`, one folder below, and what the ssh_config there names.
    pub home: Option<PathBuf>,
    /// Whether that ssh_config is read.
    pub reads_ssh_config: bool,
    /// Further folders.
    pub folders: Vec<PathBuf>,
    /// Files that rules and flags name.
    pub asked: Vec<PathBuf>,
}

/// Regular files and links, each once or more, the likeliest first.
pub(super) fn find(places: &KeyPlaces) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(home) = &places.home {
        let below = files_of(&home.join(".ssh"), &mut found);
        for folder in below {
            files_of(&folder, &mut found);
        }
        if places.reads_ssh_config {
            let named = ssh_config::identity_files(home);
            found.extend(named.iter().flat_map(|path| neighbours(path)));
            found.extend(named);
        }
    }
    for folder in &places.folders {
        files_of(folder, &mut found);
    }
    found.truncate(MOST);
    found
}

/// Where the public half of a private key may lie: `key.pub`, and `key.pub` for `key.pem`.
pub(super) fn neighbours(path: &Path) -> Vec<PathBuf> {
    let mut longer: OsString = path.as_os_str().to_owned();
    longer.push(".pub");
    [PathBuf::from(longer), path.with_extension("pub")].into_iter().filter(|neighbour| neighbour != path).collect()
}

/// The files of a folder, by name; the folders in it are given back.
fn files_of(folder: &Path, found: &mut Vec<PathBuf>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in entries.flatten().take(MOST) {
        match entry.file_type() {
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            Ok(kind) if kind.is_dir() => folders.push(entry.path()),
            // Where it leads tells what it is.
            Ok(kind) if kind.is_symlink() && entry.path().is_dir() => folders.push(entry.path()),
            Ok(kind) if kind.is_symlink() => files.push(entry.path()),
            _ => {}
        }
    }
    files.sort();
    folders.sort();
    found.append(&mut files);
    folders
}
