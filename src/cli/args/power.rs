//! What `start`, `stop` and `reboot` take.

use clap::Args;

use super::offers;

/// `start`, `stop`, `reboot`.
#[derive(Debug, Args)]
pub struct Powering {
    /// Instances: id, name, start of an id, address, DNS name, tag:K=V (all that have it); with --filter, none or several
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub targets: Vec<String>,
    /// Do it without a question
    #[arg(long)]
    pub yes: bool,
    /// Wait until they are there: running, or stopped
    #[arg(long)]
    pub wait: bool,
    /// Print what would be done and ask EC2 whether you may, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}
