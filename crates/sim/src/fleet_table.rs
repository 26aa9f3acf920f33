//! The tables of a fleet file, as they stand in it.

mod vpc;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use toml::Spanned;

use super::fault;
use super::fleet::{Checks, KeyKind, OptIn, State};
pub(super) use vpc::{AclTable, NatGatewayTable, PrefixListTable, RouteTableTable, VpcEndpointTable, VpcPeeringTable, VpcTable};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) region: Vec<RegionTable>,
    pub(super) account: Vec<AccountTable>,
    #[serde(default)]
    pub(super) key_pair: Vec<KeyPairTable>,
    #[serde(default)]
    pub(super) role: Vec<RoleTable>,
    #[serde(default)]
    pub(super) policy: Vec<PolicyTable>,
    #[serde(default)]
    pub(super) instance_profile: Vec<InstanceProfileTable>,
    #[serde(default)]
    pub(super) image: Vec<ImageTable>,
    #[serde(default)]
    pub(super) subnet: Vec<SubnetTable>,
    #[serde(default)]
    pub(super) instance: Vec<InstanceTable>,
    #[serde(default)]
    pub(super) kms_key: Vec<KmsKeyTable>,
    #[serde(default)]
    pub(super) session_preferences: Vec<PreferencesTable>,
    #[serde(default)]
    pub(super) session_document: Vec<DocumentTable>,
    pub(super) company: Option<CompanyTable>,
    #[serde(default)]
    pub(super) hybrid_node: Vec<HybridNodeTable>,
    #[serde(default)]
    pub(super) connect_endpoint: Vec<EndpointTable>,
    #[serde(default)]
    pub(super) security_group: Vec<GroupTable>,
    #[serde(default)]
    pub(super) vpc: Vec<VpcTable>,
    #[serde(default)]
    pub(super) network_acl: Vec<AclTable>,
    #[serde(default)]
    pub(super) route_table: Vec<RouteTableTable>,
    #[serde(default)]
    pub(super) prefix_list: Vec<PrefixListTable>,
    #[serde(default)]
    pub(super) vpc_endpoint: Vec<VpcEndpointTable>,
    #[serde(default)]
    pub(super) nat_gateway: Vec<NatGatewayTable>,
    #[serde(default)]
    pub(super) vpc_peering: Vec<VpcPeeringTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointTable {
    pub(super) subnet: Spanned<String>,
    pub(super) id: Option<String>,
    pub(super) private_ip: String,
    #[serde(default)]
    pub(super) security_groups: Vec<String>,
    #[serde(default = "create_complete")]
    pub(super) state: String,
    pub(super) state_message: Option<String>,
    #[serde(default = "ipv4")]
    pub(super) address_type: String,
    #[serde(default)]
    pub(super) keeps_client_ip: bool,
    #[serde(default)]
    pub(super) fips: bool,
    pub(super) dns_name: Option<String>,
    pub(super) owner: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupTable {
    pub(super) account: Spanned<String>,
    pub(super) region: Spanned<String>,
    pub(super) vpc: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) ingress: Vec<Spanned<String>>,
    pub(super) egress: Option<Vec<Spanned<String>>>,
}

fn create_complete() -> String {
    "create-complete".to_owned()
}

fn ipv4() -> String {
    "ipv4".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanyTable {
    pub(super) name: String,
    pub(super) region: Spanned<String>,
    pub(super) user: String,
    #[serde(default)]
    pub(super) permission_set: Vec<PermissionSetTable>,
    #[serde(default)]
    pub(super) assignment: Vec<AssignmentTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionSetTable {
    pub(super) name: String,
    pub(super) allows: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentTable {
    pub(super) account: Spanned<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) roles: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) gone: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KmsKeyTable {
    pub(super) account: Spanned<String>,
    pub(super) alias: String,
    #[serde(default)]
    pub(super) disabled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreferencesTable {
    pub(super) account: Spanned<String>,
    pub(super) kms_key: Option<String>,
    pub(super) idle: Option<Span>,
    pub(super) longest: Option<Span>,
    #[serde(default)]
    pub(super) s3_bucket: String,
    #[serde(default)]
    pub(super) log_group: String,
    pub(super) run_as: Option<String>,
    #[serde(default)]
    pub(super) shell_profile: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentTable {
    pub(super) account: Spanned<String>,
    pub(super) name: String,
    pub(super) content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionTable {
    pub(super) name: String,
    #[serde(default = "not_required")]
    pub(super) opt_in: OptIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountTable {
    pub(super) id: Spanned<String>,
    pub(super) profile: String,
    pub(super) region: Spanned<String>,
    /// Without it there are no keys.
    pub(super) caller: Option<String>,
    #[serde(default = "yes")]
    pub(super) advanced_instances: bool,
    pub(super) host_management: Option<String>,
    pub(super) just_in_time: Option<JustInTimeTable>,
    #[serde(default = "yes")]
    pub(super) serial_console: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JustInTimeTable {
    #[serde(default)]
    pub(super) needed: bool,
    pub(super) approved_after: Option<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HybridNodeTable {
    pub(super) account: Spanned<String>,
    pub(super) region: Spanned<String>,
    pub(super) name: Option<String>,
    pub(super) computer: String,
    pub(super) address: String,
    pub(super) runs: [String; 3],
    #[serde(default = "x86_64")]
    pub(super) architecture: String,
    #[serde(default = "root")]
    pub(super) user: String,
    pub(super) key: Option<Spanned<String>>,
    pub(super) role: Option<String>,
    pub(super) registered: Age,
    #[serde(default)]
    pub(super) agent: AgentTable,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyPairTable {
    pub(super) account: Spanned<String>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) kind: KeyKind,
    #[serde(default = "yes")]
    pub(super) private_file: bool,
    #[serde(default)]
    pub(super) created: Age,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleTable {
    pub(super) account: Spanned<String>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) attached: Vec<String>,
    #[serde(default)]
    pub(super) inline: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) trusts: Vec<String>,
    pub(super) mfa: Option<String>,
    pub(super) longest: Option<Span>,
    pub(super) profile: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyTable {
    pub(super) account: Spanned<String>,
    pub(super) name: String,
    pub(super) document: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceProfileTable {
    pub(super) account: Spanned<String>,
    pub(super) name: String,
    pub(super) role: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageTable {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) alias: Option<String>,
    #[serde(default = "linux")]
    pub(super) platform: String,
    #[serde(default = "x86_64")]
    pub(super) architecture: String,
    pub(super) user: String,
    #[serde(default)]
    pub(super) eic: bool,
    pub(super) runs: [String; 3],
    #[serde(default)]
    pub(super) created: Age,
    #[serde(default)]
    pub(super) deregistered: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubnetTable {
    pub(super) key: String,
    pub(super) account: Spanned<String>,
    pub(super) region: Spanned<String>,
    pub(super) zone: String,
    pub(super) vpc: String,
    pub(super) block: Option<Spanned<String>>,
    pub(super) public_access: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceTable {
    pub(super) name: Option<Spanned<String>>,
    pub(super) id: Option<String>,
    pub(super) subnet: Spanned<String>,
    pub(super) image: Spanned<String>,
    pub(super) r#type: String,
    #[serde(default = "running")]
    pub(super) state: State,
    pub(super) reason: Option<[String; 2]>,
    #[serde(default)]
    pub(super) transition: String,
    pub(super) private_ip: Option<String>,
    pub(super) public_ip: Option<String>,
    pub(super) caller: Option<std::net::IpAddr>,
    #[serde(default)]
    pub(super) elastic: bool,
    #[serde(default)]
    pub(super) hibernation: bool,
    #[serde(default)]
    pub(super) ipv6: Vec<String>,
    #[serde(default)]
    pub(super) further_interfaces: Vec<InterfaceTable>,
    #[serde(default)]
    pub(super) security_groups: Vec<String>,
    pub(super) key: Option<Spanned<String>>,
    pub(super) profile: Option<Spanned<String>>,
    pub(super) launched: Age,
    pub(super) reservation: Option<String>,
    #[serde(default = "yes")]
    pub(super) metadata: bool,
    pub(super) checks: Option<ChecksTable>,
    #[serde(default = "yes")]
    pub(super) metadata_tokens: bool,
    pub(super) lifecycle: Option<String>,
    pub(super) console_text: Option<String>,
    pub(super) password: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) agent: Option<AgentTable>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChecksTable {
    #[serde(default = "ok")]
    system: String,
    #[serde(default = "ok")]
    instance: String,
    /// What is planned, a day from the start of the cloud.
    #[serde(default)]
    events: Vec<String>,
}

impl ChecksTable {
    pub(super) fn checks(self, started: SystemTime) -> Checks {
        let tomorrow = started + Duration::from_secs(86_400);
        let events = self.events.into_iter().map(|code| (code, tomorrow)).collect();
        Checks { system: self.system, instance: self.instance, events }
    }
}

fn ok() -> String {
    "ok".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InterfaceTable {
    pub(super) private_ip: String,
    pub(super) public_ip: Option<String>,
    pub(super) subnet: Option<Spanned<String>>,
    pub(super) security_groups: Option<Vec<String>>,
}

impl Default for AgentTable {
    fn default() -> Self {
        Self { version: current_agent(), lost: None, channel: true }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentTable {
    #[serde(default = "current_agent")]
    pub(super) version: String,
    pub(super) lost: Option<Age>,
    #[serde(default = "yes")]
    pub(super) channel: bool,
}

/// How long something takes: `20m`.
#[derive(Clone, Copy)]
pub(super) struct Span(pub(super) Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        fault::duration(&text).map(Self).map_err(D::Error::custom)
    }
}

/// How long ago something was: `41d ago`.
#[derive(Clone, Copy)]
pub(super) struct Age(pub(super) Duration);

impl Default for Age {
    fn default() -> Self {
        Self(Duration::from_secs(200 * 86_400))
    }
}

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.strip_suffix(" ago").and_then(|length| fault::duration(length).ok());
        length
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is not a time such as `40s ago`, `3h ago` or `41d ago`")))
    }
}

fn not_required() -> OptIn {
    OptIn::OptInNotRequired
}

fn running() -> State {
    State::Running
}

fn yes() -> bool {
    true
}

fn root() -> String {
    "root".to_owned()
}

fn linux() -> String {
    "Linux/UNIX".to_owned()
}

fn x86_64() -> String {
    "x86_64".to_owned()
}

fn current_agent() -> String {
    "3.3.1611.0".to_owned()
}
