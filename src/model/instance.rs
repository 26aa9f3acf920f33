//! One EC2 instance and what is known of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use jiff::Timestamp;

use super::{AccountId, Endpoint, Examination, Fact, InstanceId, Interface, KeyPair, Network, Place, Serial, Tags, Untrusted};

/// A row: what `DescribeInstances` said, and the facts that cost a call of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The instance's id.
    pub id: InstanceId,
    /// Where it was listed.
    pub place: Arc<Place>,
    /// The account that owns the reservation.
    pub account: Option<AccountId>,
    /// The state at the time of listing.
    pub state: InstanceState,
    /// Why it left `running`, in AWS's words.
    pub state_reason: Option<Untrusted>,
    /// All tags.
    pub tags: Tags,
    /// Such as `c6i.large`.
    pub instance_type: Option<Untrusted>,
    /// Availability zone, such as `ap-northeast-2a`.
    pub az: Option<Untrusted>,
    /// First private IPv4 address, of the interface with the lowest device index.
    pub private_ip: Option<Ipv4Addr>,
    /// Public or elastic IPv4 address: the first, by the device index of the interfaces.
    pub public_ip: Option<Ipv4Addr>,
    /// All IPv6 addresses, the primary one first.
    pub ipv6: Vec<Ipv6Addr>,
    /// Further IPv4 addresses, private and public: of other interfaces, and secondary ones.
    pub further_ips: Vec<Ipv4Addr>,
    /// Its network interfaces, in the order of their device indexes. Groups and subnets are theirs.
    pub interfaces: Vec<Interface>,
    /// Its names in DNS, private and public. To be compared with what a user types, and never looked up.
    pub dns_names: Vec<Untrusted>,
    /// Id of the machine image.
    pub image: Option<Untrusted>,
    /// Name of the key pair chosen at launch.
    pub key_name: Option<Untrusted>,
    /// Id of the VPC.
    pub vpc: Option<Untrusted>,
    /// Id of the subnet.
    pub subnet: Option<Untrusted>,
    /// Security groups of the primary interface.
    pub security_groups: Vec<SecurityGroup>,
    /// Last start.
    pub launched: Option<Timestamp>,
    /// EC2's `PlatformDetails`, such as `Linux/UNIX`.
    pub platform: Option<Untrusted>,
    /// The operating system as far as `DescribeInstances` tells it.
    pub os: Os,
    /// Whether the instance metadata service answers (`MetadataOptions.HttpEndpoint`); `None` if AWS did not say.
    pub metadata_enabled: Option<bool>,
    /// Whether it is a Spot instance.
    pub is_spot: bool,
    /// The service that manages it, if one does (`Operator.Principal`).
    pub managed_by: Option<Untrusted>,
    /// What decides what a stop costs.
    pub when_stopped: WhenStopped,
    /// Name of the attached instance profile.
    pub instance_profile: Option<Untrusted>,
    /// What that instance profile holds. Pending without a profile.
    pub role: Fact<ProfileRole>,
    /// Registration with Systems Manager.
    pub ssm: Fact<Ssm>,
    /// Name and owner of the machine image; `Known(None)` if AWS knows none.
    pub image_name: Fact<Option<Image>>,
    /// What its VPC has; pending without one.
    pub network: Fact<Arc<Network>>,
    /// The key pair chosen at launch, as EC2 has it now; `Known(None)` if it has none of that name any more. Pending without a name.
    pub key_pair: Fact<Option<Arc<KeyPair>>>,
    /// Whether its agent has its session channel open right now; asked for only where somebody looks at it.
    pub channel: Fact<bool>,
    /// Its serial console; asked for only where somebody looks at it.
    pub serial: Serial,
    /// What is asked for only where it is examined; none elsewhere.
    pub examination: Option<Arc<Examination>>,
}

impl Instance {
    /// An instance of which nothing is known but its id and where it is.
    pub fn untold(id: InstanceId, place: Arc<Place>) -> Self {
        Self {
            id,
            place,
            account: None,
            state: InstanceState::Unknown,
            state_reason: None,
            tags: Tags::default(),
            instance_type: None,
            az: None,
            private_ip: None,
            public_ip: None,
            ipv6: Vec::new(),
            further_ips: Vec::new(),
            interfaces: Vec::new(),
            dns_names: Vec::new(),
            image: None,
            key_name: None,
            vpc: None,
            subnet: None,
            security_groups: Vec::new(),
            launched: None,
            platform: None,
            os: Os::Linux,
            metadata_enabled: None,
            is_spot: false,
            managed_by: None,
            when_stopped: WhenStopped::default(),
            instance_profile: None,
            role: Fact::Pending,
            ssm: Fact::Pending,
            image_name: Fact::Pending,
            network: Fact::Pending,
            key_pair: Fact::Pending,
            channel: Fact::Pending,
            serial: Serial::default(),
            examination: None,
        }
    }

    /// The tag `Name`, unless it is missing or empty.
    pub fn name(&self) -> Option<&Untrusted> {
        self.tags.get("Name").filter(|name| !name.is_empty())
    }

    /// Seconds since the last start of an instance that is up; 0 where our clock is behind AWS's.
    pub fn up(&self, now: Timestamp) -> Option<i64> {
        let launched = self.launched.filter(|_| self.state == InstanceState::Running)?;
        Some(now.as_second().saturating_sub(launched.as_second()).max(0))
    }

    /// `web-1 (i-0123456789abcdef0)`, or the id alone: how a sentence names an instance.
    pub fn shown(&self) -> String {
        match self.name() {
            Some(name) => format!("{} ({})", name.shown_in(60), self.id),
            None => self.id.to_string(),
        }
    }

    /// The EC2 Instance Connect Endpoints of its VPC; pending without one.
    pub fn endpoints(&self) -> Fact<&Vec<Endpoint>> {
        match &self.network {
            Fact::Known(network) => network.endpoints.as_ref(),
            Fact::Kept(network, refusal) => match network.endpoints.as_ref() {
                Fact::Known(all) => Fact::Kept(all, refusal.clone()),
                other => other,
            },
            Fact::Hidden(denial) => Fact::Hidden(denial.clone()),
            Fact::Pending => Fact::Pending,
        }
    }

    /// All addresses, private first.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + '_ {
        let v4 = self.private_ip.into_iter().chain(self.public_ip).chain(self.further_ips.iter().copied()).map(IpAddr::V4);
        v4.chain(self.ipv6.iter().copied().map(IpAddr::V6))
    }

    /// The security groups, by id, of the interface that has an address; those of the primary one where that is not told.
    pub fn groups_at(&self, address: IpAddr) -> Vec<Untrusted> {
        match self.interfaces.iter().find(|interface| interface.has(address)) {
            Some(interface) => interface.groups.clone(),
            None => self.security_groups.iter().map(|group| group.id.clone()).collect(),
        }
    }

    /// IAM profile, role and what the role grants, in one value.
    pub fn iam(&self) -> Iam<'_> {
        let Some(profile) = &self.instance_profile else { return Iam::None };
        match &self.role {
            Fact::Pending => Iam::Set { profile },
            Fact::Hidden(denial) => Iam::Unknown { profile, role: None, denial },
            Fact::Known(ProfileRole { role: None, .. }) | Fact::Kept(ProfileRole { role: None, .. }, _) => {
                Iam::NoRole { profile }
            }
            Fact::Known(ProfileRole { role: Some(role), grant, .. })
            | Fact::Kept(ProfileRole { role: Some(role), grant, .. }, _) => match grant {
                Fact::Pending => Iam::Set { profile },
                Fact::Hidden(denial) => Iam::Unknown { profile, role: Some(role), denial },
                Fact::Known(Grant::Sessions) | Fact::Kept(Grant::Sessions, _) => Iam::Ok { profile, role },
                Fact::Known(Grant::Lacks(_)) | Fact::Kept(Grant::Lacks(_), _) => Iam::NoSsm { profile, role },
            },
        }
    }
}

/// What `DescribeInstances` tells of what a stop keeps; `None` where it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct WhenStopped {
    /// Whether the public IPv4 address is an Elastic IP, which stays.
    pub elastic_ip: Option<bool>,
    /// Whether the root volume is EBS: what starts from instance store cannot be stopped.
    pub ebs_root: Option<bool>,
    /// Whether hibernation is configured.
    pub hibernation: Option<bool>,
}

/// The IAM column: one of the six things that can be said of an instance's profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Iam<'a> {
    /// No instance profile is attached.
    None,
    /// A profile is attached; its role has not been asked for, or is being asked for.
    Set {
        /// The instance profile.
        profile: &'a Untrusted,
    },
    /// The role grants what the SSM agent needs.
    Ok {
        /// The instance profile.
        profile: &'a Untrusted,
        /// Its role.
        role: &'a Untrusted,
    },
    /// The role was read, and lacks what the SSM agent needs.
    NoSsm {
        /// The instance profile.
        profile: &'a Untrusted,
        /// Its role.
        role: &'a Untrusted,
    },
    /// The profile holds no role.
    NoRole {
        /// The instance profile.
        profile: &'a Untrusted,
    },
    /// Asked and refused.
    Unknown {
        /// The instance profile.
        profile: &'a Untrusted,
        /// Its role, if that much was read.
        role: Option<&'a Untrusted>,
        /// Why the rest is not known.
        denial: &'a super::Denial,
    },
}

impl Iam<'_> {
    /// The word in JSON: `ok no_ssm no_role set none unknown`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Set { .. } => "set",
            Self::Ok { .. } => "ok",
            Self::NoSsm { .. } => "no_ssm",
            Self::NoRole { .. } => "no_role",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// What an instance profile holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRole {
    /// The role's name; `None` if the profile is empty.
    pub role: Option<Untrusted>,
    /// Whether the role grants what the SSM agent needs.
    pub grant: Fact<Grant>,
    /// Whether AWS's retired policy for agents is attached to the role, as far as its policies were read.
    pub has_retired_policy: bool,
}

/// What a role's policies say about the five core actions of the SSM agent (docs/access-rules.md SSM-9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// All of them are granted.
    Sessions,
    /// These are granted nowhere.
    Lacks(Vec<&'static str>),
}

/// `Instance.State.Name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstanceState {
    /// Starting.
    Pending,
    /// Up.
    Running,
    /// On its way down.
    Stopping,
    /// Off; can be started.
    Stopped,
    /// On its way out, for good.
    ShuttingDown,
    /// Gone.
    Terminated,
    /// A hybrid node, whose state nobody tells: Systems Manager says whether its agent is heard.
    Hybrid,
    /// A word this version does not know.
    Unknown,
}

impl InstanceState {
    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::ShuttingDown => "shutting-down",
            Self::Terminated => "terminated",
            Self::Hybrid => "hybrid",
            Self::Unknown => "unknown",
        }
    }

    /// Whether somebody may get in, as far as the state tells. A word of AWS's that this version does not know is no reason not to.
    pub fn may_be_up(self) -> bool {
        matches!(self, Self::Running | Self::Hybrid | Self::Unknown)
    }

    /// The state for AWS's word.
    pub fn from_word(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "running" => Self::Running,
            "stopping" => Self::Stopping,
            "stopped" => Self::Stopped,
            "shutting-down" => Self::ShuttingDown,
            "terminated" => Self::Terminated,
            "hybrid" => Self::Hybrid,
            _ => Self::Unknown,
        }
    }
}

/// The operating system, where it is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Os {
    /// Linux, or something that logs in like it.
    Linux,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
}

impl Os {
    /// The word in a rule's `match`: `linux windows macos`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::MacOs => "macos",
        }
    }
}

/// A security group by id and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Such as `sg-0cc3`.
    pub id: Untrusted,
    /// Such as `web`.
    pub name: Untrusted,
}

/// A machine image by name and owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Such as `al2023-ami-2023.5.20240722.0-kernel-6.1-x86_64`.
    pub name: Untrusted,
    /// Account id of the owner.
    pub owner: Option<Untrusted>,
    /// Alias of the owner, such as `amazon`.
    pub owner_alias: Option<Untrusted>,
}

/// What Systems Manager says of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssm {
    /// Whether the agent is heard.
    pub status: SsmStatus,
    /// Such as `3.3.1611.0`.
    pub agent_version: Option<Untrusted>,
    /// When the agent was last heard.
    pub last_ping: Option<Timestamp>,
    /// Such as `Amazon Linux`.
    pub platform_name: Option<Untrusted>,
    /// Such as `2023`.
    pub platform_version: Option<Untrusted>,
}

impl Ssm {
    /// Whether `new` says nothing more than that the agent, online as before, was heard again.
    pub fn is_heard_again(&self, new: &Self) -> bool {
        let Self { status, agent_version, last_ping: _, platform_name, platform_version } = self;
        *status == SsmStatus::Online
            && (*status, agent_version, platform_name, platform_version)
                == (new.status, &new.agent_version, &new.platform_name, &new.platform_version)
    }

    /// What is said of an instance that a complete list of registrations lacks.
    pub fn unmanaged() -> Self {
        Self { status: SsmStatus::Unmanaged, agent_version: None, last_ping: None, platform_name: None, platform_version: None }
    }
}

/// Whether the SSM agent is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SsmStatus {
    /// Registered and heard.
    Online,
    /// Registered, no longer heard.
    Lost,
    /// Not registered.
    Unmanaged,
    /// Registered, and AWS did not say whether it is heard, or in a word this version does not know.
    Unknown,
}

impl SsmStatus {
    /// The word in JSON: `online lost none unknown`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Lost => "lost",
            Self::Unmanaged => "none",
            Self::Unknown => "unknown",
        }
    }
}
