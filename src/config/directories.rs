//! Where our files are: XDG on every system, 0700, and nowhere at all if there is no home.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The environment as values: who reads it decides whose it is.
pub type Environment = BTreeMap<String, String>;

/// The variables of this process; one that is no text means nothing to us.
pub fn process_environment() -> Environment {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect()
}

const OURS: &str = "ec2dash";

/// Our directories. None of them need exist; [`create`] makes one when something is first written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directories {
    /// The user's home.
    pub home: Option<PathBuf>,
    /// Holds `config.toml`.
    pub config: Option<PathBuf>,
    /// Holds `known_hosts` and what is remembered.
    pub state: Option<PathBuf>,
    /// Holds what can be asked for again.
    pub cache: Option<PathBuf>,
}

impl Directories {
    /// Where our files are for this environment. `account_home` is the home of the account database, for a user without `HOME`.
    pub fn of(environment: &Environment, account_home: Option<&Path>) -> Self {
        // The XDG specification: a path that is not absolute is to be ignored.
        let absolute = |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME").or_else(|| account_home.map(Path::to_owned));
        let place = |variable: &str, usual: &str| {
            absolute(variable).or_else(|| home.as_ref().map(|home| home.join(usual))).map(|base| base.join(OURS))
        };
        Self {
            config: place("XDG_CONFIG_HOME", ".config"),
            state: place("XDG_STATE_HOME", ".local/state"),
            cache: place("XDG_CACHE_HOME", ".cache"),
            home,
        }
    }

    /// Where the configuration file is when nobody names another.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config.as_ref().map(|config| config.join("config.toml"))
    }
}

/// The home of the account database, for a user without `HOME`.
pub fn account_home() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|base| base.home_dir().to_owned())
}

/// Make one of our directories, 0700 whatever the umask; one that is there must be ours.
pub fn create(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let metadata = fs::symlink_metadata(directory)?;
    if !metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "a symlink stands in the directory's place"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the directory belongs to another user"));
    }
    if metadata.mode() & 0o777 != 0o700 {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn xdg_variables_beat_home_and_relative_ones_do_not_count() {
        let given = environment(&[("HOME", "/home/jane"), ("XDG_STATE_HOME", "/s"), ("XDG_CONFIG_HOME", "relative")]);

        let directories = Directories::of(&given, None);

        assert_eq!(directories.config_file(), Some("/home/jane/.config/ec2dash/config.toml".into()));
        assert_eq!(directories.state, Some("/s/ec2dash".into()));
    }

    #[test]
    fn without_a_home_there_are_no_places() {
        let directories = Directories::of(&Environment::new(), None);

        assert_eq!((directories.config_file(), directories.state), (None, None));
    }

    #[test]
    fn a_directory_is_private_from_the_start_and_made_private_again() {
        let base = tempfile::tempdir().unwrap();
        let directory = base.path().join("a/b");

        create(&directory).unwrap();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
        create(&directory).unwrap();

        assert_eq!(fs::metadata(&directory).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(base.path().join("a")).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_symlink_in_the_directorys_place_is_refused() {
        let base = tempfile::tempdir().unwrap();
        let elsewhere = base.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, base.path().join("link")).unwrap();

        assert!(create(&base.path().join("link")).is_err());
    }
}
