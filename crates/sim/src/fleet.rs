//! What exists in the simulated cloud: accounts and what they own.

use std::time::{Duration, SystemTime};

pub use super::company::{Assignment, Company, PermissionSet};
pub use super::far_end::Preferences;
pub use super::identity::{Caller, Credentials};
pub use super::key_pair::{KeyKind, KeyPair};
pub use super::network::{ConnectEndpoint, GroupRule, GroupRules, Peer};
pub use super::permissions::Permissions;
pub use super::vpc::{
    AclEntry, InternetGateway, NatGateway, NetworkAcl, PrefixList, Protocol, Resolver, Route, RouteTable, RouteTo, Subnet,
    VpcEndpoint, VpcPeering, Vpcs,
};

/// A whole simulated cloud.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// When the simulation began: everything relative in a fleet counts from here.
    pub started: SystemTime,
    /// The regions there are, the same for every account.
    pub regions: Vec<Region>,
    /// The images instances are started from.
    pub images: Vec<Image>,
    /// The first account is the one whose keys are offered to other programs.
    pub accounts: Vec<Account>,
    /// The company that some of the accounts belong to.
    pub company: Option<Company>,
}

/// A region and whether it may be used.
#[derive(Clone, Debug)]
pub struct Region {
    /// `ap-northeast-2`.
    pub name: String,
    /// Whether accounts have to ask for it.
    pub opt_in: OptIn,
}

/// AWS's words for whether a region is enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptIn {
    /// On for everybody.
    OptInNotRequired,
    /// Asked for and enabled.
    OptedIn,
    /// Not enabled: calls are refused.
    NotOptedIn,
}

/// An AWS account, with the caller whose credentials we hand out.
#[derive(Clone, Debug)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// The name of its profile in the AWS files.
    pub profile: String,
    /// The region of that profile.
    pub region: String,
    /// Whether there are keys for it; without them only a sign-in leads to it.
    pub has_keys: bool,
    /// Who calls with `credentials`.
    pub caller: Caller,
    /// What the caller signs with.
    pub credentials: Credentials,
    /// The key pairs, in every region.
    pub key_pairs: Vec<KeyPair>,
    /// The roles.
    pub roles: Vec<Role>,
    /// The instance profiles.
    pub instance_profiles: Vec<InstanceProfile>,
    /// The policies the customer wrote.
    pub policies: Vec<Policy>,
    /// What it wants of its sessions, if it ever said.
    pub session_preferences: Option<Preferences>,
    /// The session documents the customer wrote.
    pub documents: Vec<SessionDocument>,
    /// Its KMS keys, in every region.
    pub kms_keys: Vec<KmsKey>,
    /// Whether sessions on machines outside EC2 are paid for.
    pub has_advanced_instances: bool,
    /// The role of Default Host Management, in every region; none: it is off.
    pub host_management: Option<String>,
    /// Whether somebody can ask for a session, and has to.
    pub just_in_time: Option<JustInTime>,
    /// Whether it lets serial consoles be used, in every region.
    pub serial_console: bool,
    /// The Elastic IP addresses that were allocated by calls, in all regions.
    pub addresses: Vec<ElasticAddress>,
    /// Its EC2 Instance Connect Endpoints, in all regions.
    pub endpoints: Vec<ConnectEndpoint>,
    /// What its security groups let through, in all regions.
    pub groups: Vec<GroupRules>,
    /// Its subnets and what decides where packets of its VPCs go, in all regions.
    pub vpcs: Vpcs,
    /// The instances of all regions, and the machines outside EC2 that are registered there.
    pub instances: Vec<Instance>,
}

/// Just-in-time node access of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JustInTime {
    /// Whether a session begins with nothing but what was granted.
    pub is_needed: bool,
    /// How long after it was asked for access is granted by itself.
    pub approved_after: Option<Duration>,
}

/// What a machine outside EC2 is besides its agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hybrid {
    /// The activation it was registered with.
    pub activation: String,
    /// The role of that activation.
    pub role: String,
    /// What it calls itself.
    pub computer: String,
    /// When it was registered.
    pub registered: SystemTime,
    /// Who logs in to it.
    pub user: String,
}

/// A role, with what it may do and who may take it.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What stands beside it.
    pub description: Option<String>,
    /// Arns of managed policies.
    pub attached: Vec<String>,
    /// Inline policies: name and document.
    pub inline: Vec<(String, String)>,
    /// Arns (`*` as wildcard) of callers that may assume it; the EC2 service always may.
    pub trusts: Vec<String>,
    /// Assuming it takes a code of this MFA device.
    pub mfa: Option<String>,
    /// How long it may be taken for.
    pub longest: Duration,
    /// The name of a profile in the AWS files that assumes it.
    pub profile: Option<String>,
}

/// An Elastic IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElasticAddress {
    /// `eipalloc-…`.
    pub allocation: String,
    /// Which of the account's it is.
    pub number: u8,
    /// The address.
    pub address: String,
    /// Where it is.
    pub region: String,
    /// Its tag, if it was given one.
    pub tag: Option<(String, String)>,
    /// The interface that has it.
    pub interface: Option<String>,
}

/// What joins an instance and a role.
#[derive(Clone, Debug)]
pub struct InstanceProfile {
    /// Its name.
    pub name: String,
    /// The role in it, if there is one.
    pub role: Option<String>,
    /// From when EC2 knows it: one that was just made it does not.
    pub known_from: Option<SystemTime>,
}

/// A managed policy of the customer.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// The JSON of its default version.
    pub document: String,
}

/// A session document of the customer.
#[derive(Clone, Debug)]
pub struct SessionDocument {
    /// Its name.
    pub name: String,
    /// Its JSON.
    pub content: String,
}

/// A KMS key.
#[derive(Clone, Debug)]
pub struct KmsKey {
    /// `alias/…`.
    pub alias: String,
    /// A uuid.
    pub id: String,
    /// Whether it may be used.
    pub is_enabled: bool,
}

/// What instances are started from.
#[derive(Clone, Debug)]
pub struct Image {
    /// `ami-…`, another one in each region.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// `al2023-ami-2023.6.…`.
    pub name: String,
    /// The account that owns it.
    pub owner: String,
    /// `amazon` or `aws-marketplace`.
    pub alias: Option<String>,
    /// `Linux/UNIX`, `Windows`, …
    pub platform_details: String,
    /// `x86_64`, `arm64`, `arm64_mac`, …
    pub architecture: String,
    /// When it was made.
    pub created: SystemTime,
    /// Whether the owner has withdrawn it: `DescribeImages` no longer tells it.
    pub is_deregistered: bool,
    /// Who logs in to what is started from it.
    pub user: String,
    /// Whether it serves keys pushed by EC2 Instance Connect.
    pub serves_pushed_keys: bool,
    /// What its SSM agent says it runs on: type, name, version.
    pub agent_platform: [String; 3],
}

/// What EC2 says of the checks of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checks {
    /// Of its host: `ok`, `impaired`, `initializing`, …
    pub system: String,
    /// Of itself.
    pub instance: String,
    /// What is planned: the code, and not before when.
    pub events: Vec<(String, SystemTime)>,
}

/// An EC2 instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// `i-…`.
    pub id: String,
    /// What is not in order with its checks; none: all are passed.
    pub checks: Option<Checks>,
    /// Where it is.
    pub region: String,
    /// The availability zone.
    pub zone: String,
    /// Instances launched together share it.
    pub reservation: String,
    /// Tags in the order AWS tells them.
    pub tags: Vec<(String, String)>,
    /// What it is doing.
    pub state: State,
    /// Why it came to that state: code and message.
    pub state_reason: Option<(String, String)>,
    /// `User initiated (2026-11-19 08:00:00 GMT)`.
    pub transition_reason: String,
    /// `ami-…`.
    pub image: String,
    /// `c6i.large`.
    pub instance_type: String,
    /// `Linux/UNIX`, `Windows`, …
    pub platform_details: String,
    /// `x86_64`, `arm64`, `arm64_mac`, …
    pub architecture: String,
    /// The virtual network.
    pub vpc: Option<String>,
    /// The subnet.
    pub subnet: Option<String>,
    /// The private IPv4 address.
    pub private_ip: Option<String>,
    /// The public IPv4 address.
    pub public_ip: Option<String>,
    /// The address that a caller from this computer has: then the network is asked whether it lets it in.
    pub caller: Option<std::net::IpAddr>,
    /// Whether that is an Elastic IP: it stays through a stop.
    pub elastic_ip: bool,
    /// Whether it can hibernate (`HibernationOptions.Configured`).
    pub hibernates: bool,
    /// The IPv6 addresses.
    pub ipv6: Vec<String>,
    /// Its network interfaces besides the first, by device index.
    pub further_interfaces: Vec<Interface>,
    /// The security groups.
    pub security_groups: Vec<SecurityGroup>,
    /// The name of its key pair.
    pub key_name: Option<String>,
    /// The name of its instance profile.
    pub instance_profile: Option<String>,
    /// When it started last.
    pub launched: SystemTime,
    /// Whether the metadata service is on.
    pub has_metadata: bool,
    /// Whether it answers only whoever has a token.
    pub asks_metadata_tokens: bool,
    /// `spot`.
    pub lifecycle: Option<String>,
    /// The service that runs it, such as `eks.amazonaws.com`.
    pub operator: Option<String>,
    /// What it printed on its console; `None`: what an instance prints, with its host keys.
    pub console_text: Option<String>,
    /// The first password of its Administrator, if it made one.
    pub password: Option<String>,
    /// Its SSM agent, if it ever registered.
    pub agent: Option<Agent>,
    /// Of a machine outside EC2, whose id is `mi-…`.
    pub hybrid: Option<Hybrid>,
}

/// A further network interface of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    /// The private IPv4 address.
    pub private_ip: String,
    /// The elastic IPv4 address.
    pub public_ip: Option<String>,
    /// Its subnet, by id; `None`: that of the instance.
    pub subnet: Option<String>,
    /// Its security groups; `None`: those of the instance.
    pub security_groups: Option<Vec<SecurityGroup>>,
}

/// A security group, as an instance names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// `sg-…`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What an instance is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Starting.
    Pending,
    /// Up.
    Running,
    /// Going down for good.
    ShuttingDown,
    /// Gone.
    Terminated,
    /// Going down.
    Stopping,
    /// Down.
    Stopped,
}

/// The SSM agent of an instance.
#[derive(Clone, Debug)]
pub struct Agent {
    /// When it was last heard of.
    pub ping: Ping,
    /// `3.3.1611.0`.
    pub version: String,
    /// Type, name and version of the operating system.
    pub platform: [String; 3],
    /// Whether it has its session channel open, where it is heard.
    pub has_channel: bool,
}

/// When an agent was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ping {
    /// It answers, and did so this long before whenever we are asked.
    Online(Duration),
    /// It fell silent then.
    Lost(SystemTime),
}

impl State {
    /// AWS's number and word.
    pub(super) fn code(self) -> (u8, &'static str) {
        match self {
            Self::Pending => (0, "pending"),
            Self::Running => (16, "running"),
            Self::ShuttingDown => (32, "shutting-down"),
            Self::Terminated => (48, "terminated"),
            Self::Stopping => (64, "stopping"),
            Self::Stopped => (80, "stopped"),
        }
    }
}

impl OptIn {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::OptInNotRequired => "opt-in-not-required",
            Self::OptedIn => "opted-in",
            Self::NotOptedIn => "not-opted-in",
        }
    }
}

impl Instance {
    /// The value of the tag `Name`, or nothing.
    pub fn name(&self) -> &str {
        self.tags.iter().find(|(key, _)| key == "Name").map_or("", |(_, value)| value)
    }

    /// Whether its platform is Windows.
    pub fn is_windows(&self) -> bool {
        self.platform_details.starts_with("Windows")
    }

    /// What its operating system calls it, as Systems Manager shows it.
    pub(super) fn computer_name(&self) -> String {
        if let Some(hybrid) = &self.hybrid {
            return hybrid.computer.clone();
        }
        let address = self.private_ip.as_deref().unwrap_or("0.0.0.0").replace('.', "-");
        if self.is_windows() {
            return format!("EC2AMAZ-{}", self.id.chars().skip(3).take(7).collect::<String>().to_uppercase());
        }
        format!("ip-{address}.{}.compute.internal", self.region)
    }

    /// The name by which its VPC knows it; what is gone has none.
    pub(super) fn private_name(&self) -> Option<String> {
        let first =
            self.private_ip.as_ref().map_or_else(|| self.id.clone(), |address| format!("ip-{}", address.replace('.', "-")));
        (!self.is_gone()).then(|| format!("{first}.{}.compute.internal", self.region))
    }

    /// AWS tells no addresses of what is gone.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self.state, State::ShuttingDown | State::Terminated)
    }
}

impl Account {
    /// `arn:aws:iam::123456789012:role/web`.
    pub(super) fn arn(&self, kind_and_name: &str) -> String {
        format!("arn:aws:iam::{}:{kind_and_name}", self.id)
    }
}

/// Families of types that are not built on Nitro.
const NOT_NITRO: [&str; 6] = ["t2.", "m4.", "c4.", "r4.", "i3.", "d2."];

/// Whether a type is built on Nitro.
pub(super) fn is_nitro(kind: &str) -> bool {
    !NOT_NITRO.iter().any(|family| kind.starts_with(family))
}

impl Fleet {
    /// The account with this id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub(super) fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// All instances of all accounts.
    pub fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.accounts.iter().flat_map(|account| &account.instances)
    }

    /// The instance with this id or name, to change it.
    pub fn instance_mut(&mut self, id_or_name: &str) -> Option<&mut Instance> {
        let instances = self.accounts.iter_mut().flat_map(|account| &mut account.instances);
        instances.into_iter().find(|instance| instance.id == id_or_name || instance.name() == id_or_name)
    }

    pub(super) fn image(&self, id: &str) -> Option<&Image> {
        self.images.iter().find(|image| image.id == id)
    }

    /// Who logs in to it.
    pub(super) fn user(&self, instance: &Instance) -> Option<String> {
        let of_image = || self.image(&instance.image).map(|image| image.user.clone());
        instance.hybrid.as_ref().map(|hybrid| hybrid.user.clone()).or_else(of_image)
    }

    /// Whether the far end of `instance` takes keys pushed by EC2 Instance Connect.
    pub(super) fn serves_pushed_keys(&self, instance: &Instance) -> bool {
        instance.has_metadata && self.image(&instance.image).is_some_and(|image| image.serves_pushed_keys)
    }

    /// Whether accounts may call this region.
    pub(super) fn is_enabled(&self, region: &str) -> bool {
        self.regions.iter().any(|known| known.name == region && known.opt_in != OptIn::NotOptedIn)
    }
}
