//! What `ssh-config` and `agent` take.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::model::AliasPrefix;

/// `ssh-config`.
#[derive(Debug, Args)]
pub struct SshConfig {
    /// Words that all must fit: web, !web, env=prod, ip:10.0.0.0/16
    #[arg(value_name = "FILTER")]
    pub words: Vec<String>,
    /// Write FILE, which must be new or written by this command before
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub write: Option<PathBuf>,
    /// Write nothing: say what is different in the file of --write, and exit with 1 if anything is
    #[arg(long, requires = "write", conflicts_with = "include")]
    pub check: bool,
    /// Put this in front of every name, such as aws-
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    pub prefix: AliasPrefix,
    /// Then add the line to ~/.ssh/config that includes the file of --write, after a yes
    #[arg(long, requires = "write")]
    pub include: bool,
    /// Add the line without a question
    #[arg(long, requires = "include")]
    pub yes: bool,
}

/// `agent`.
#[derive(Debug, Args)]
pub struct Agent {
    /// Say whether it runs, and which keys it holds
    #[arg(long, conflicts_with = "stop")]
    pub status: bool,
    /// End it; every key that it holds is forgotten
    #[arg(long)]
    pub stop: bool,
    /// Serve in this directory, apart from the terminal: how "proxy" starts it
    #[arg(long, value_name = "DIR", hide = true, conflicts_with_all = ["status", "stop"])]
    pub serve: Option<PathBuf>,
}
