//! What `exec` takes.

use std::num::NonZeroUsize;

use clap::Args;

use super::connect::How;

/// `exec`.
#[derive(Debug, Args)]
pub struct Exec {
    /// Instances: id, name, start of an id, address, DNS name, tag:K=V (all that have it); with --filter, none or several
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,
    /// How to get into the one instance that is named.
    #[command(flatten)]
    pub how: How,
    /// Most instances that run it at a time
    #[arg(long, value_name = "N", default_value = "10")]
    pub parallel: NonZeroUsize,
    /// Longest that it may run on an instance; AWS's own limit is an hour
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=172_800))]
    pub timeout: Option<u64>,
    /// Put the instance's name before each line of its output, as on several; on one, too
    #[arg(long)]
    pub prefix: bool,
    /// On several: the lines as they are, without names
    #[arg(long, conflicts_with = "prefix")]
    pub no_prefix: bool,
    /// Begin nowhere else after it failed on one instance
    #[arg(long)]
    pub fail_fast: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Run in an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
    /// The command: one word is a command line for /bin/sh, several are quoted so that they arrive as they are
    #[arg(last = true, required = true, value_name = "CMD")]
    pub command: Vec<String>,
}
