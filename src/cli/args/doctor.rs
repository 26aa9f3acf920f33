//! What `doctor` is asked.

use std::net::IpAddr;

use clap::Args;

use super::offers;

/// Which instance, or which of all, and seen from where.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -; with --all the words of a filter
    #[arg(value_name = "TARGET", required_unless_present = "all", add = offers::targets())]
    pub target: Vec<String>,
    /// A report of all instances, or of those that a filter leaves: -o md, html, json
    #[arg(long)]
    pub all: bool,
    /// Your address as AWS sees it: judges groups, ACLs and routes for it; one of each family
    #[arg(long, value_name = "ADDRESS")]
    pub from: Vec<IpAddr>,
}
