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
    #[serde(default = "yes")]
    pub(in super::super) dns_support: bool,
    #[serde(default = "yes")]
    pub(in super::super) dns_hostnames: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct VpcEndpointTable {
    /// In words of AWS: `ssm`. Each gets an endpoint of its own.
    pub(in super::super) services: Vec<String>,
    /// Their keys, at least one.
    pub(in super::super) subnets: Vec<Spanned<String>>,
    #[serde(default)]
    pub(in super::super) security_groups: Vec<String>,
    #[serde(default = "available")]
    pub(in super::super) state: String,
    #[serde(default = "yes")]
    pub(in super::super) private_dns: bool,
    pub(in super::super) policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NatGatewayTable {
    pub(in super::super) subnet: Spanned<String>,
    pub(in super::super) id: String,
    #[serde(default = "available")]
    pub(in super::super) state: String,
    #[serde(default = "public")]
    pub(in super::super) connectivity: String,
    /// Whether it is in no subnet, and that key only says whose it is.
    #[serde(default)]
    pub(in super::super) regional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct VpcPeeringTable {
    pub(in super::super) account: Spanned<String>,
    pub(in super::super) region: Spanned<String>,
    pub(in super::super) id: String,
    pub(in super::super) vpcs: [String; 2],
    #[serde(default = "active")]
    pub(in super::super) state: String,
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

fn yes() -> bool {
    true
}

fn active() -> String {
    "active".to_owned()
}

fn available() -> String {
    "available".to_owned()
}

fn public() -> String {
    "public".to_owned()
}

fn attached() -> Spanned<String> {
    Spanned::new(0..0, "attached".to_owned())
}
