//! What `login` and `logout` take.

use clap::Args;

use super::offers;
use crate::model::Region;

/// `login`.
#[derive(Debug, Args)]
pub struct Login {
    /// Start URL of your company; without it, what --profile signs in with
    #[arg(long, value_name = "URL")]
    pub start_url: Option<String>,
    /// Region of IAM Identity Center for --start-url
    #[arg(long, value_name = "REGION", requires = "start_url", add = offers::regions())]
    pub sso_region: Option<Region>,
    /// Name of the SSO session: one of ~/.aws/config, or a name for --start-url
    #[arg(long, value_name = "NAME")]
    pub session: Option<String>,
    /// Open no browser: print the link and a code, for any other computer
    #[arg(long)]
    pub no_browser: bool,
    /// Compare a code, even where the browser could come back by itself
    #[arg(long)]
    pub use_device_code: bool,
}

/// `logout`.
#[derive(Debug, Args)]
pub struct Logout {
    /// Name of the SSO session; without it, what --profile signs in with
    #[arg(long, value_name = "NAME")]
    pub session: Option<String>,
    /// Every sign-in of this computer, whichever program made it
    #[arg(long, conflicts_with = "session")]
    pub all: bool,
}
