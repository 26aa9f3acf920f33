//! What is taken of an instance as `DescribeInstances` describes it, and the row that this makes.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use jiff::Timestamp;

use super::texts::Texts;
use crate::model::{
    self, AccountId, Fact, Instance, InstanceId, InstanceState, Os, Place, SecurityGroup, Untrusted, WhenStopped,
};

/// A text of the answer: of its page, or of the SDK's reading.
pub(super) type Text<'a> = Cow<'a, str>;

/// One instance, in EC2's words. Two readers fill it, ours and the SDK's; what its words mean is decided here alone.
#[derive(Debug, Default)]
pub(super) struct Described<'a> {
    pub(super) id: Option<Text<'a>>,
    pub(super) state: Option<Text<'a>>,
    pub(super) state_reason: Reason<'a>,
    /// Key and value.
    pub(super) tags: Vec<(Text<'a>, Text<'a>)>,
    pub(super) instance_type: Option<Text<'a>>,
    pub(super) architecture: Option<Text<'a>>,
    pub(super) az: Option<Text<'a>>,
    pub(super) private_ip: Option<Text<'a>>,
    pub(super) public_ip: Option<Text<'a>>,
    pub(super) ipv6: Option<Text<'a>>,
    pub(super) private_dns_name: Option<Text<'a>>,
    pub(super) public_dns_name: Option<Text<'a>>,
    pub(super) interfaces: Vec<Interface<'a>>,
    pub(super) image: Option<Text<'a>>,
    pub(super) key_name: Option<Text<'a>>,
    pub(super) vpc: Option<Text<'a>>,
    pub(super) subnet: Option<Text<'a>>,
    /// Id and name.
    pub(super) security_groups: Vec<(Text<'a>, Text<'a>)>,
    pub(super) launched: Option<Timestamp>,
    pub(super) platform: Option<Text<'a>>,
    pub(super) platform_details: Option<Text<'a>>,
    /// `MetadataOptions.HttpEndpoint`.
    pub(super) metadata_endpoint: Option<Text<'a>>,
    pub(super) lifecycle: Option<Text<'a>>,
    pub(super) operator: Operator<'a>,
    pub(super) instance_profile_arn: Option<Text<'a>>,
    pub(super) root_device: Option<Text<'a>>,
    /// `HibernationOptions.Configured`, as a word.
    pub(super) hibernation: Option<Text<'a>>,
}

/// Why an instance left `running`.
#[derive(Debug, Default)]
pub(super) struct Reason<'a> {
    pub(super) code: Option<Text<'a>>,
    pub(super) message: Option<Text<'a>>,
}

/// The service that manages an instance.
#[derive(Debug, Default)]
pub(super) struct Operator<'a> {
    pub(super) manages: bool,
    pub(super) principal: Option<Text<'a>>,
}

/// A network interface.
#[derive(Debug, Default)]
pub(super) struct Interface<'a> {
    pub(super) device_index: Option<i32>,
    pub(super) id: Option<Text<'a>>,
    pub(super) subnet: Option<Text<'a>>,
    /// Id and name.
    pub(super) groups: Vec<(Text<'a>, Text<'a>)>,
    pub(super) addresses: Vec<Address<'a>>,
    pub(super) ipv6: Vec<Ipv6<'a>>,
}

/// A private IPv4 address and what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Address<'a> {
    pub(super) is_primary: bool,
    pub(super) private_ip: Option<Text<'a>>,
    pub(super) private_dns_name: Option<Text<'a>>,
    pub(super) association: Association<'a>,
}

/// The public side of an address.
#[derive(Debug, Default)]
pub(super) struct Association<'a> {
    pub(super) public_ip: Option<Text<'a>>,
    pub(super) public_dns_name: Option<Text<'a>>,
    /// Of a Wavelength Zone's carrier, or of the network that an Outpost stands in.
    pub(super) carrier_ip: Option<Text<'a>>,
    /// The account of an Elastic IP, or `amazon`.
    pub(super) owner: Option<Text<'a>>,
}

/// An IPv6 address.
#[derive(Debug, Default)]
pub(super) struct Ipv6<'a> {
    pub(super) is_primary: bool,
    pub(super) address: Option<Text<'a>>,
}

impl Described<'_> {
    /// The row; `None` without a usable id.
    pub(super) fn row(mut self, place: &Arc<Place>, account: Option<&AccountId>, texts: &mut Texts) -> Option<Instance> {
        let id: InstanceId = self.id.as_deref()?.parse().ok()?;
        let os = self.os();
        // The list has no order of its own, and what the instance itself tells is of the first interface alone.
        self.interfaces.sort_by_key(|interface| interface.device_index.unwrap_or(i32::MAX));
        let (private, public) = (self.private_ips(), self.public_ips());
        let private_ip = parsed(self.private_ip.as_ref()).or(private.first().copied());
        let public_ip = parsed(self.public_ip.as_ref()).or(public.first().copied());
        let when_stopped = WhenStopped {
            elastic_ip: public_ip.and_then(|ip| self.is_elastic(ip)),
            ebs_root: self.root_device.as_deref().map(|kind| kind == "ebs"),
            hibernation: self.hibernation.as_deref().and_then(|word| word.parse().ok()),
        };
        let is_further = |ip: &Ipv4Addr| Some(*ip) != private_ip && Some(*ip) != public_ip;
        let (ipv6, dns_names) = (self.ipv6(), self.dns_names());
        let mut shared = |text: Text<'_>| texts.shared(&text);
        let interfaces = self.interfaces.into_iter().map(|own| own.kept(&mut shared)).collect();
        Some(Instance {
            id,
            place: Arc::clone(place),
            account: account.cloned(),
            state: self.state.as_deref().map_or(InstanceState::Unknown, InstanceState::from_word),
            ipv6,
            dns_names,
            state_reason: self.state_reason.message.or(self.state_reason.code).map(&mut shared),
            tags: self.tags.into_iter().map(|(key, value)| (shared(key), shared(value))).collect(),
            instance_type: self.instance_type.map(&mut shared),
            az: self.az.map(&mut shared),
            private_ip,
            public_ip,
            further_ips: private.into_iter().chain(public).filter(is_further).collect(),
            interfaces,
            image: self.image.map(&mut shared),
            key_name: self.key_name.map(&mut shared),
            vpc: self.vpc.map(&mut shared),
            subnet: self.subnet.map(&mut shared),
            security_groups: self
                .security_groups
                .into_iter()
                .map(|(id, name)| SecurityGroup { id: shared(id), name: shared(name) })
                .collect(),
            launched: self.launched,
            platform: self.platform_details.map(&mut shared),
            os,
            metadata_enabled: self.metadata_endpoint.map(|state| state == "enabled"),
            is_spot: self.lifecycle.as_deref() == Some("spot"),
            managed_by: self.operator.manages.then(|| shared(self.operator.principal.unwrap_or_default())),
            instance_profile: self
                .instance_profile_arn
                .as_deref()
                .and_then(profile_name)
                .map(|name| shared(Text::Borrowed(name))),
            when_stopped,
            role: Fact::Pending,
            ssm: Fact::Pending,
            image_name: Fact::Pending,
            network: Fact::Pending,
            key_pair: Fact::Pending,
            channel: Fact::Pending,
            serial: Default::default(),
            examination: None,
        })
    }

    /// Steps 2 to 4 of the ladder in docs/access-rules.md 1.2.1; what is certain of nothing logs in like Linux.
    fn os(&self) -> Os {
        let is = |word: &Option<Text<'_>>, fits: fn(&str) -> bool| word.as_deref().is_some_and(fits);
        let is_mac =
            is(&self.architecture, |word| word.ends_with("_mac")) || is(&self.instance_type, |word| word.starts_with("mac"));
        if is_mac {
            Os::MacOs
        } else if is(&self.platform, |word| word.eq_ignore_ascii_case("windows"))
            || is(&self.platform_details, |word| word.starts_with("Windows"))
        {
            Os::Windows
        } else {
            Os::Linux
        }
    }

    /// The addresses of all interfaces, the primary one of each first.
    fn addresses(&self) -> impl Iterator<Item = &Address<'_>> {
        self.interfaces.iter().flat_map(|interface| interface.addresses())
    }

    /// The private IPv4 addresses of all interfaces, the primary one of each first.
    fn private_ips(&self) -> Vec<Ipv4Addr> {
        self.addresses().filter_map(|address| parsed(address.private_ip.as_ref())).collect()
    }

    /// The public IPv4 addresses of all interfaces.
    fn public_ips(&self) -> Vec<Ipv4Addr> {
        self.addresses().filter_map(|address| parsed(address.association.public_ip.as_ref())).collect()
    }

    /// Whether a public address is an Elastic IP: those that EC2 lends until a stop are Amazon's own.
    fn is_elastic(&self, ip: Ipv4Addr) -> Option<bool> {
        let mut associations = self.addresses().map(|address| &address.association);
        let own = associations.find(|own| parsed(own.public_ip.as_ref()) == Some(ip))?;
        own.owner.as_deref().filter(|owner| !owner.is_empty()).map(|owner| owner != "amazon")
    }

    /// All names in DNS, each once.
    fn dns_names(&self) -> Vec<Untrusted> {
        let own = [&self.private_dns_name, &self.public_dns_name];
        let further = self.addresses().flat_map(|address| [&address.private_dns_name, &address.association.public_dns_name]);
        let mut names: Vec<Untrusted> = Vec::new();
        for name in own.into_iter().chain(further).flatten().filter(|name| !name.is_empty()) {
            if !names.iter().any(|known| known.raw() == name) {
                names.push(Untrusted::from(name.as_ref()));
            }
        }
        names
    }

    /// All addresses, the primary one first. A scope such as `%eth0` is no part of an address here.
    fn ipv6(&self) -> Vec<Ipv6Addr> {
        let listed = self.interfaces.iter().flat_map(|interface| &interface.ipv6);
        let mut all: Vec<(bool, Ipv6Addr)> =
            listed.filter_map(|own| Some((!own.is_primary, own.address.as_ref()?.parse().ok()?))).collect();
        if let Some(address) = self.ipv6.as_ref().and_then(|text| text.parse::<Ipv6Addr>().ok()) {
            all.retain(|(_, other)| *other != address);
            all.insert(0, (false, address));
        }
        all.sort_by_key(|(is_later, _)| *is_later);
        all.into_iter().map(|(_, address)| address).collect()
    }
}

impl Interface<'_> {
    /// Its addresses, the primary one first.
    fn addresses(&self) -> impl Iterator<Item = &Address<'_>> {
        let those = |is_primary: bool| self.addresses.iter().filter(move |own| own.is_primary == is_primary);
        those(true).chain(those(false))
    }

    /// What a row keeps of it: in fleets of many there is one of these for each, with no room to spare in it.
    fn kept(self, mut shared: impl FnMut(Text<'_>) -> Untrusted) -> model::Interface {
        let public = |own: &Address<'_>| parsed(own.association.public_ip.as_ref());
        let mut addresses: Vec<_> =
            self.addresses().filter_map(|own| Some((parsed(own.private_ip.as_ref())?, public(own)))).collect();
        let mut ipv6: Vec<Ipv6Addr> = self.ipv6.iter().filter_map(|own| own.address.as_ref()?.parse().ok()).collect();
        let carrier = self.addresses().find_map(|own| parsed(own.association.carrier_ip.as_ref()));
        addresses.shrink_to_fit();
        ipv6.shrink_to_fit();
        model::Interface {
            // No other row has this one.
            id: Untrusted::from(self.id.as_deref().unwrap_or_default()),
            subnet: self.subnet.map(&mut shared),
            groups: self.groups.into_iter().map(|(id, _)| shared(id)).collect(),
            addresses,
            ipv6,
            carrier,
        }
    }
}

/// `arn:aws:iam::123456789012:instance-profile/path/name` → `name`.
fn profile_name(arn: &str) -> Option<&str> {
    let (_, path) = arn.split_once(":instance-profile/")?;
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

fn parsed(text: Option<&Text<'_>>) -> Option<Ipv4Addr> {
    text?.parse().ok()
}
