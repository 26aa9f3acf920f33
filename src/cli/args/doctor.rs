//! What `doctor` and `undo` are asked.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use strum::IntoEnumIterator as _;

use super::offers;
use crate::access::Login;
use crate::fixes::FixId;
use crate::model::Forward;
use crate::text::joined;

/// Which instance, or which of all, and seen from where.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -; with --all the words of a filter; without one: this computer
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: Vec<String>,
    /// A report of all instances, or of those that a filter leaves: -o md, html, json
    #[arg(long)]
    pub all: bool,
    /// Your address as AWS sees it: judges groups, ACLs and routes for it; one of each family
    #[arg(long, value_name = "ADDRESS")]
    pub from: Vec<IpAddr>,
    /// Judge this private key; FX-KEY-ADD lets it in
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "all", requires = "target")]
    pub identity: Option<PathBuf>,
    /// Judge this login name
    #[arg(short, long, value_name = "NAME", conflicts_with = "all", requires = "target")]
    pub user: Option<Login>,
    /// Judge what a tunnel would forward there, too: PORT, HOST:PORT or LOCAL:HOST:PORT
    #[arg(long, value_name = "FORWARD", conflicts_with = "all")]
    pub forward: Option<Forward>,
    /// Test the ways in, too: simulates your permissions, reads what sshd says, opens a tunnel and a session and ends them; says so first
    #[arg(long, conflicts_with = "all", requires = "target")]
    pub test: bool,
    /// Mend a finding by a fix that it names: shows the calls, whom they affect and how they are taken back, and asks
    #[arg(long, value_name = "ID", conflicts_with = "all", requires = "target", value_parser = fix_id, add = offers::fixes())]
    pub fix: Option<FixId>,
    /// Mend it without a question
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// Show what would be changed and ask AWS whether you may, and change nothing
    #[arg(long, requires = "fix", conflicts_with = "yes")]
    pub dry_run: bool,
}

/// Which fix is taken back.
#[derive(Debug, Args)]
pub struct Undo {
    /// Its number, as "fixes" lists it
    #[arg(value_name = "NUMBER")]
    pub number: u32,
    /// Take it back without a question
    #[arg(long)]
    pub yes: bool,
}

fn fix_id(text: &str) -> Result<FixId, String> {
    text.parse().map_err(|_| {
        let known: Vec<&str> = FixId::iter().map(FixId::as_str).collect();
        format!("a fix is one of {}", joined(", ", known))
    })
}
