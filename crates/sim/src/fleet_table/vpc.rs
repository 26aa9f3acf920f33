//! The tables of a fleet file about VPCs.

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct VpcTable {
    pub(in super::super) account: Spanned<String>,
    pub(in super::super) region: Spanned<String>,
    pub(in super::super) name: String,
    /// `attached`, `detached` or `none`.
    #[serde(default = "attached")]
    pub(in super::super) internet_gateway: Spanned<String>,
    /// The account that shares it.
    pub(in super::super) owner: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AclTable {
    pub(in super::super) account: Spanned<String>,
    pub(in super::super) region: Spanned<String>,
    pub(in super::super) vpc: String,
    #[serde(default)]
    pub(in super::super) name: String,
    /// Their keys; without them it is the default one.
    pub(in super::super) subnets: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(in super::super) entries: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct RouteTableTable {
    pub(in super::super) account: Spanned<String>,
    pub(in super::super) region: Spanned<String>,
    pub(in super::super) vpc: String,
    #[serde(default)]
    pub(in super::super) name: String,
    /// Their keys; without them it is the main one.
    pub(in super::super) subnets: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(in super::super) routes: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PrefixListTable {
    pub(in super::super) account: Spanned<String>,
    pub(in super::super) region: Spanned<String>,
    pub(in super::super) id: String,
    #[serde(default)]
    pub(in super::super) name: String,
    #[serde(default)]
    pub(in super::super) entries: Vec<Spanned<String>>,
}

fn attached() -> Spanned<String> {
    Spanned::new(0..0, "attached".to_owned())
}
