//! `mssh` and `msftp`: the command lines of AWS's programs of these names. Flags of theirs stand before the target, where they hide ssh's of
//! the same letters; every other flag is ssh's or sftp's, and what follows the target is none of ours.

mod called;
mod flags;
#[cfg(test)]
mod tests;
mod whither;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

pub use called::as_ours;
use clap::Args;

use super::{Global, RegionChoice};
use crate::access::Login;
use crate::model::{InstanceId, Untrusted};

/// What stands behind `mssh` or `msftp`.
#[derive(Debug, Args)]
pub struct Foreign {
    /// Flags of AWS's mssh (-t ID, -u PROFILE, -r REGION, -z ZONE, -d) or of ssh, the target, the remote command
    #[arg(value_name = "ARGS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<OsString>,
}

/// Which of the two programs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// `mssh`.
    Ssh,
    /// `msftp`.
    Sftp,
}

/// A command line of theirs, understood.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mssh {
    /// `-u`, `--profile`.
    pub profile: Option<String>,
    /// `-r`, `--region`.
    pub region: Option<RegionChoice>,
    /// `-z`, `--zone`: AWS needs it no more, but with it nothing has to be looked up.
    pub zone: Option<String>,
    /// `-t`, `--instance_id`: the target is an address or a name to reach it at.
    pub id: Option<InstanceId>,
    /// `-d`, `--debug`.
    pub is_verbose: bool,
    /// Before the `@`, else `-l`.
    pub user: Option<Login>,
    /// The first `-i`.
    pub identity: Option<PathBuf>,
    /// ssh's `-p`, sftp's `-P`.
    pub port: Option<u16>,
    /// The target, without its user and path.
    pub host: String,
    /// Of `msftp`: what stands behind the target's colon.
    pub path: Option<OsString>,
    /// What else is for the program.
    pub options: Vec<OsString>,
    /// The remote command.
    pub command: Vec<OsString>,
}

/// Why a command line is none of theirs.
#[derive(Debug, PartialEq, Eq)]
pub enum Misused {
    /// There is no target.
    NoTarget,
    /// Neither they nor the program have this flag.
    Unknown(String),
    /// This flag has no value.
    NoValue(String),
    /// This flag or the target has a value that cannot be.
    Value {
        /// Which.
        flag: String,
        /// What it has.
        value: String,
    },
    /// `msftp` takes nothing behind the target.
    TooMuch(String),
}

impl Client {
    /// Its name, as of the command.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ssh => "mssh",
            Self::Sftp => "msftp",
        }
    }

    fn takes_value(self, letter: u8) -> bool {
        match self {
            Self::Ssh => b"BDEFIJLOPQRSWbceilmopw".contains(&letter),
            Self::Sftp => b"BDFJPRSXbciloPs".contains(&letter),
        }
    }

    fn takes_none(self, letter: u8) -> bool {
        match self {
            Self::Ssh => b"1246AaCfGgKkMNnqsTtVvXxYy".contains(&letter),
            Self::Sftp => b"1246AaCfNpqrv".contains(&letter),
        }
    }

    fn port_letter(self) -> u8 {
        match self {
            Self::Ssh => b'p',
            Self::Sftp => b'P',
        }
    }
}

impl Mssh {
    /// Read a command line.
    pub fn read(client: Client, words: &[OsString]) -> Result<Self, Misused> {
        let mut read = Self::default();
        let mut words = words.iter().cloned();
        let target = loop {
            let Some(word) = words.next() else { return Err(Misused::NoTarget) };
            match word.as_bytes() {
                b"--" => break words.next().ok_or(Misused::NoTarget)?,
                [b'-', b'-', ..] => read.take_long(&word, &mut words)?,
                [b'-', _, ..] => read.take_letters(client, &word, &mut words, true)?,
                _ => break word,
            }
        };
        read.take_target(client, &target)?;
        while let Some(word) = words.next() {
            match word.as_bytes() {
                b"--" => read.command.extend(words.by_ref()),
                [b'-', b'-', ..] => return Err(Misused::Unknown(shown(&word))),
                [b'-', _, ..] => read.take_letters(client, &word, &mut words, false)?,
                _ => read.command.extend([word].into_iter().chain(words.by_ref())),
            }
        }
        match read.command.first() {
            Some(word) if client == Client::Sftp => Err(Misused::TooMuch(shown(word))),
            _ => Ok(read),
        }
    }

    /// What it says of every command, in the place of what was said.
    pub fn apply(&self, global: &mut Global) {
        if let Some(profile) = &self.profile {
            global.profiles = vec![profile.clone()];
        }
        if let Some(region) = &self.region {
            global.regions = vec![region.clone()];
        }
        if self.is_verbose {
            global.verbose = global.verbose.max(2);
        }
    }
}

fn shown(word: &OsStr) -> String {
    Untrusted::from(word.to_string_lossy().as_ref()).shown_in(60)
}
