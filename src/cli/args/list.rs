//! What `ls` takes.

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
}
