//! What `ls` and `profiles` take.

use clap::Args;

use super::offers;

/// `ls`.
#[derive(Debug, Args)]
pub struct List {
    /// Words that all must fit: web, !web, state:running, Role=web, ip:10.0.0.0/16
    #[arg(value_name = "FILTER")]
    pub words: Vec<String>,
    /// Only these columns, by their names in JSON, and via, up, tag:KEY
    #[arg(long, value_name = "A,B", value_delimiter = ',', add = offers::columns())]
    pub columns: Option<Vec<String>>,
    /// Column to sort by; with - in front turned round
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true, add = offers::columns())]
    pub sort: Option<String>,
    /// Only favourites: those marked with f in the dashboard, and those of the config file
    #[arg(long)]
    pub favourites: bool,
    /// In CSV, write cells that begin with = + - @ as they are
    #[arg(long)]
    pub csv_raw: bool,
    /// With -o ansible: everything, as Ansible asks inventory scripts for it
    #[arg(long, hide_short_help = true)]
    pub list: bool,
    /// With -o ansible: the variables of this host alone
    #[arg(long, value_name = "HOST", conflicts_with = "list", hide_short_help = true)]
    pub host: Option<String>,
}

/// `profiles`.
#[derive(Debug, Default, Args)]
pub struct ListProfiles {
    /// Every account and role of the SSO sessions that are signed in to; each is a place for --profile
    #[arg(long)]
    pub sso: bool,
    /// Append a profile for each of them to ~/.aws/config, after showing what and a yes; what stands there stays
    #[arg(long, requires = "sso")]
    pub write: bool,
    /// Append without a question
    #[arg(long, requires = "write")]
    pub yes: bool,
}
