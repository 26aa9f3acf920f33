//! What `password` takes.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::offers;

/// `password`.
#[derive(Debug, Args)]
pub struct AskPassword {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// Print the password
    #[arg(long)]
    pub print: bool,
    /// Write the password to a file that only you can read; a file that is there is replaced after a yes only
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// The private half of the key pair, where it is not found by itself
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub identity: Option<PathBuf>,
}
