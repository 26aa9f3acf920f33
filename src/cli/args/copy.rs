//! What `cp`, `sync` and `files` take.

use std::ffi::OsString;

use clap::{Args, ValueHint};

use super::connect::How;
use super::offers;

/// `cp`.
#[derive(Debug, Args)]
pub struct Copy {
    /// What to copy: files of this computer, or TARGET:PATH on an instance; without a PATH, the home directory there
    #[arg(value_name = "SRC", required = true, value_hint = ValueHint::AnyPath)]
    pub sources: Vec<OsString>,
    /// Where to: into a folder that is there, or under a new name
    #[arg(value_name = "DST", required = true, value_hint = ValueHint::AnyPath)]
    pub destination: OsString,
    /// Folders, with all that is in them; links stay links
    #[arg(short, long)]
    pub recursive: bool,
    /// Keep modes and times
    #[arg(short = 'p', long)]
    pub preserve: bool,
    /// Go on where an earlier copy of the same source broke off
    #[arg(long)]
    pub resume: bool,
    /// What has the same content there already is not copied again
    #[arg(long)]
    pub checksum: bool,
    /// Connections to each instance at a time: each has a pace of its own
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub sessions: u8,
    /// How to get into the instance.
    #[command(flatten)]
    pub how: How,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// `sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// What DST is to be like: a folder or a file here, or TARGET:PATH on an instance
    #[arg(value_name = "SRC", value_hint = ValueHint::AnyPath)]
    pub source: OsString,
    /// What is made like it
    #[arg(value_name = "DST", value_hint = ValueHint::AnyPath)]
    pub destination: OsString,
    /// Remove what SRC lacks, after saying how many
    #[arg(long)]
    pub delete: bool,
    /// Let the content decide, not size and time
    #[arg(long)]
    pub checksum: bool,
    /// List what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Connections to each instance at a time: each has a pace of its own
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub sessions: u8,
    /// How to get into the instance.
    #[command(flatten)]
    pub how: How,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// `files`.
#[derive(Debug, Args)]
pub struct Files {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// How to get into the instance.
    #[command(flatten)]
    pub how: How,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}
