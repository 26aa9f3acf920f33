//! What `doctor` is asked.

use std::net::IpAddr;

use clap::Args;

use super::offers;

/// Which instance, and seen from where.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// Your address as AWS sees it: judges groups, ACLs and routes for it; one of each family
    #[arg(long, value_name = "ADDRESS")]
    pub from: Vec<IpAddr>,
}
