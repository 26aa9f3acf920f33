//! What `config` and `known-hosts` take.

use clap::Subcommand;

/// `config …`.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigAction {
    /// Print where the file is
    Path,
    /// Say what is wrong with the file, and which rule applies to an instance
    Check {
        /// Instance to say the rules of
        #[arg(value_name = "TARGET", conflicts_with = "target")]
        name: Option<String>,
        /// The same, as a flag
        #[arg(long, value_name = "TARGET")]
        target: Option<String>,
    },
    /// Write the example file, if there is none
    Init,
    /// Print the keys of the dashboard and their commands
    Keys,
}

/// `known-hosts …`.
#[derive(Debug, Clone, Subcommand)]
pub enum KnownHostsAction {
    /// Print the instances whose host keys are known
    List,
    /// Forget the host keys of an instance
    Forget {
        /// The instance; by its id also one that is gone
        #[arg(value_name = "TARGET")]
        target: String,
    },
    /// Keep the host keys that AWS tells now in place of those that are kept
    Replace {
        /// The instance, which was rebuilt
        #[arg(value_name = "TARGET")]
        target: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}
