//! From the SDK's types to the model's, where foreign text is marked and identifiers are checked.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use aws_sdk_ec2::types as ec2;
use aws_sdk_ssm::types as ssm;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::model::{
    AccountId, Fact, Image, Instance, InstanceId, InstanceState, Os, Place, SecurityGroup, Ssm, SsmStatus, Untrusted, WhenStopped,
};

/// The rows of a page, and how many were left out because their id is none.
pub(super) fn page(reservations: Vec<ec2::Reservation>, place: &Arc<Place>) -> (Vec<Instance>, usize) {
    let mut rows = Vec::with_capacity(reservations.len());
    let mut odd = 0;
    for reservation in reservations {
        let account: Option<AccountId> = reservation.owner_id.and_then(|id| id.parse().ok());
        for told in reservation.instances.unwrap_or_default() {
            match instance(told, place, account.as_ref()) {
                Some(row) => rows.push(row),
                None => odd += 1,
            }
        }
    }
    (rows, odd)
}

fn instance(told: ec2::Instance, place: &Arc<Place>, account: Option<&AccountId>) -> Option<Instance> {
    let id: InstanceId = told.instance_id.as_deref()?.parse().ok()?;
    let os = os(&told);
    let state = told.state.as_ref().and_then(|state| state.name.as_ref());
    let mut interfaces = told.network_interfaces.unwrap_or_default();
    // The list has no order of its own, and what the instance itself tells is of the first interface alone.
    interfaces.sort_by_key(|interface| interface.attachment().and_then(|attached| attached.device_index()).unwrap_or(i32::MAX));
    let (private, public) = (private_ips(&interfaces), public_ips(&interfaces));
    let private_ip = told.private_ip_address.as_deref().and_then(|ip| ip.parse().ok()).or(private.first().copied());
    let public_ip = told.public_ip_address.as_deref().and_then(|ip| ip.parse().ok()).or(public.first().copied());
    let when_stopped = WhenStopped {
        elastic_ip: public_ip.and_then(|ip| is_elastic(&interfaces, ip)),
        ebs_root: told.root_device_type.as_ref().map(|kind| *kind == ec2::DeviceType::Ebs),
        hibernation: told.hibernation_options.as_ref().and_then(|options| options.configured),
    };
    let is_further = |ip: &Ipv4Addr| Some(*ip) != private_ip && Some(*ip) != public_ip;
    let dns_names = dns_names(told.private_dns_name.as_deref(), told.public_dns_name.as_deref(), &interfaces);
    let profile = told.iam_instance_profile.and_then(|profile| profile.arn);
    Some(Instance {
        id,
        place: Arc::clone(place),
        account: account.cloned(),
        state: state.map_or(InstanceState::Unknown, |name| InstanceState::from_word(name.as_str())),
        state_reason: told.state_reason.and_then(|reason| reason.message.or(reason.code)).map(Untrusted::from),
        tags: told.tags.unwrap_or_default().into_iter().map(|tag| (text(tag.key), text(tag.value))).collect(),
        instance_type: told.instance_type.map(|kind| Untrusted::from(kind.as_str())),
        az: told.placement.and_then(|placement| placement.availability_zone).map(Untrusted::from),
        private_ip,
        public_ip,
        ipv6: ipv6(&interfaces, told.ipv6_address.as_deref()),
        further_ips: private.into_iter().chain(public).filter(is_further).collect(),
        dns_names,
        image: told.image_id.map(Untrusted::from),
        key_name: told.key_name.map(Untrusted::from),
        vpc: told.vpc_id.map(Untrusted::from),
        subnet: told.subnet_id.map(Untrusted::from),
        security_groups: told
            .security_groups
            .unwrap_or_default()
            .into_iter()
            .map(|group| SecurityGroup { id: text(group.group_id), name: text(group.group_name) })
            .collect(),
        launched: told.launch_time.and_then(time),
        platform: told.platform_details.map(Untrusted::from),
        os,
        metadata_enabled: told
            .metadata_options
            .and_then(|options| options.http_endpoint)
            .map(|state| state == ec2::InstanceMetadataEndpointState::Enabled),
        is_spot: told.instance_lifecycle == Some(ec2::InstanceLifecycleType::Spot),
        managed_by: told.operator.filter(|operator| operator.managed == Some(true)).map(|operator| text(operator.principal)),
        instance_profile: profile.as_deref().and_then(profile_name).map(Untrusted::from),
        when_stopped,
        role: Fact::Pending,
        ssm: Fact::Pending,
        image_name: Fact::Pending,
    })
}

/// Steps 2 to 4 of the ladder in docs/access-rules.md 1.2.1; what is certain of nothing logs in like Linux.
fn os(told: &ec2::Instance) -> Os {
    let architecture = told.architecture.as_ref().map_or("", |architecture| architecture.as_str());
    let kind = told.instance_type.as_ref().map_or("", |kind| kind.as_str());
    let platform = told.platform.as_ref().map_or("", |platform| platform.as_str());
    let details = told.platform_details.as_deref().unwrap_or_default();
    if architecture.ends_with("_mac") || kind.starts_with("mac") {
        Os::MacOs
    } else if platform.eq_ignore_ascii_case("windows") || details.starts_with("Windows") {
        Os::Windows
    } else {
        Os::Linux
    }
}

/// The private IPv4 addresses of all interfaces, the primary one of each first.
fn private_ips(interfaces: &[ec2::InstanceNetworkInterface]) -> Vec<Ipv4Addr> {
    each_address(interfaces).filter_map(|address| address.private_ip_address()?.parse().ok()).collect()
}

/// The public IPv4 addresses of all interfaces.
fn public_ips(interfaces: &[ec2::InstanceNetworkInterface]) -> Vec<Ipv4Addr> {
    each_address(interfaces).filter_map(|address| address.association()?.public_ip()?.parse().ok()).collect()
}

/// Whether a public address is an Elastic IP: those that EC2 lends until a stop are Amazon's own.
fn is_elastic(interfaces: &[ec2::InstanceNetworkInterface], ip: Ipv4Addr) -> Option<bool> {
    let associations = each_address(interfaces).filter_map(|address| address.association());
    let own = interfaces.iter().filter_map(|interface| interface.association());
    let mut all = associations.chain(own);
    let association = all.find(|own| own.public_ip().and_then(|text| text.parse().ok()) == Some(ip))?;
    Some(association.ip_owner_id().filter(|owner| !owner.is_empty())? != "amazon")
}

fn each_address(interfaces: &[ec2::InstanceNetworkInterface]) -> impl Iterator<Item = &ec2::InstancePrivateIpAddress> {
    interfaces.iter().flat_map(|interface| {
        let (primary, others): (Vec<_>, Vec<_>) =
            interface.private_ip_addresses().iter().partition(|address| address.primary() == Some(true));
        primary.into_iter().chain(others)
    })
}

/// All names in DNS, each once.
fn dns_names(private: Option<&str>, public: Option<&str>, interfaces: &[ec2::InstanceNetworkInterface]) -> Vec<Untrusted> {
    let own = [private, public].into_iter().flatten();
    let further = each_address(interfaces).flat_map(|address| {
        [address.private_dns_name(), address.association().and_then(|own| own.public_dns_name())].into_iter().flatten()
    });
    let mut names: Vec<Untrusted> = Vec::new();
    for name in own.chain(further).filter(|name| !name.is_empty()).map(Untrusted::from) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// All addresses, the primary one first. A scope such as `%eth0` is no part of an address here.
fn ipv6(interfaces: &[ec2::InstanceNetworkInterface], primary: Option<&str>) -> Vec<Ipv6Addr> {
    let mut all: Vec<(bool, Ipv6Addr)> = Vec::new();
    for own in interfaces.iter().flat_map(|interface| interface.ipv6_addresses()) {
        if let Some(address) = own.ipv6_address().and_then(|text| text.parse().ok()) {
            all.push((own.is_primary_ipv6() != Some(true), address));
        }
    }
    if let Some(address) = primary.and_then(|text| text.parse::<Ipv6Addr>().ok()) {
        all.retain(|(_, other)| *other != address);
        all.insert(0, (false, address));
    }
    all.sort_by_key(|(is_later, _)| *is_later);
    all.into_iter().map(|(_, address)| address).collect()
}

/// `arn:aws:iam::123456789012:instance-profile/path/name` → `name`.
fn profile_name(arn: &str) -> Option<&str> {
    let (_, path) = arn.split_once(":instance-profile/")?;
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

/// A registration by `DescribeInstanceProperties`; `None` for what is no EC2 instance (`mi-…`).
pub(super) fn property(told: ssm::InstanceProperty) -> Option<(InstanceId, Ssm)> {
    let id = told.instance_id?.parse().ok()?;
    let status = status(told.ping_status.as_ref());
    let last_ping = told.last_ping_date_time.and_then(time);
    Some((id, registration(status, last_ping, told.agent_version, told.platform_name, told.platform_version)))
}

/// A registration by `DescribeInstanceInformation`.
pub(super) fn information(told: ssm::InstanceInformation) -> Option<(InstanceId, Ssm)> {
    let id = told.instance_id?.parse().ok()?;
    let status = status(told.ping_status.as_ref());
    let last_ping = told.last_ping_date_time.and_then(time);
    Some((id, registration(status, last_ping, told.agent_version, told.platform_name, told.platform_version)))
}

fn registration(
    status: SsmStatus,
    last_ping: Option<Timestamp>,
    agent_version: Option<String>,
    platform_name: Option<String>,
    platform_version: Option<String>,
) -> Ssm {
    let told = |word: Option<String>| word.filter(|word| !word.trim().is_empty()).map(Untrusted::from);
    Ssm {
        status,
        agent_version: told(agent_version),
        last_ping,
        platform_name: told(platform_name),
        platform_version: told(platform_version),
    }
}

/// `ConnectionLost` and the old `Inactive`: registered, and not heard. What is missing or a word of later days is not that.
fn status(ping: Option<&ssm::PingStatus>) -> SsmStatus {
    match ping {
        Some(ssm::PingStatus::Online) => SsmStatus::Online,
        Some(ssm::PingStatus::ConnectionLost | ssm::PingStatus::Inactive) => SsmStatus::Lost,
        _ => SsmStatus::Unknown,
    }
}

/// An image by `DescribeInstanceImageMetadata`.
pub(super) fn image_of_metadata(told: ec2::ImageMetadata) -> Option<(Untrusted, Image)> {
    let id = told.image_id.map(Untrusted::from)?;
    let owner_alias = told.image_owner_alias.map(Untrusted::from);
    Some((id, Image { name: told.name.map(Untrusted::from)?, owner: told.owner_id.map(Untrusted::from), owner_alias }))
}

/// An image by `DescribeImages`.
pub(super) fn image(told: ec2::Image) -> Option<(Untrusted, Image)> {
    let id = told.image_id.map(Untrusted::from)?;
    let owner_alias = told.image_owner_alias.map(Untrusted::from);
    Some((id, Image { name: told.name.map(Untrusted::from)?, owner: told.owner_id.map(Untrusted::from), owner_alias }))
}

fn time(time: DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}

fn text(told: Option<String>) -> Untrusted {
    Untrusted::from(told.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Arc<Place> {
        Arc::new(Place { profile: None, region: "us-east-1".parse().unwrap() })
    }

    fn told() -> ec2::builders::InstanceBuilder {
        ec2::Instance::builder().instance_id("i-0123456789abcdef0")
    }

    fn row(told: ec2::builders::InstanceBuilder) -> Instance {
        instance(told.build(), &place(), None).unwrap()
    }

    #[test]
    fn a_row_without_a_usable_id_is_left_out_and_counted() {
        let good = told().build();
        let bad = ["i-0123456789abcdef0\n", "-oX", "../../x", ""].map(|id| ec2::Instance::builder().instance_id(id).build());
        let mut reservation = ec2::Reservation::builder().owner_id("123456789012").instances(good);
        for own in bad {
            reservation = reservation.instances(own);
        }

        let (rows, odd) = page(vec![reservation.instances(ec2::Instance::builder().build()).build()], &place());

        assert_eq!((rows.len(), odd), (1, 5));
        assert_eq!(rows[0].account.as_ref().unwrap().as_str(), "123456789012");
    }

    #[test]
    fn what_is_no_address_is_dropped() {
        let hostile = row(told().private_ip_address("10.0.0.1;id").public_ip_address("-oX").ipv6_address("fe80::1%eth0"));

        assert_eq!((hostile.private_ip, hostile.public_ip, hostile.ipv6), (None, None, vec![]));
    }

    #[test]
    fn an_elastic_ip_of_any_interface_counts_and_the_lower_device_index_comes_first() {
        let interface = |index: i32, private: &str, public: Option<&str>| {
            let association = public
                .map(|ip| ec2::InstanceNetworkInterfaceAssociation::builder().public_ip(ip).public_dns_name("ec2-x").build());
            let address = ec2::InstancePrivateIpAddress::builder().private_ip_address(private).primary(true);
            ec2::InstanceNetworkInterface::builder()
                .attachment(ec2::InstanceNetworkInterfaceAttachment::builder().device_index(index).build())
                .private_ip_addresses(address.set_association(association).build())
                .build()
        };
        let ip = |text: &str| text.parse::<Ipv4Addr>().unwrap();
        let second = told()
            .private_ip_address("10.0.0.1")
            .network_interfaces(interface(2, "10.0.2.1", Some("3.36.0.2")))
            .network_interfaces(interface(1, "10.0.1.1", Some("3.36.0.1")))
            .network_interfaces(interface(0, "10.0.0.1", None));

        let on_the_second = row(second.clone());
        let on_the_first = row(second.public_ip_address("3.36.0.9"));

        assert_eq!((on_the_second.private_ip, on_the_second.public_ip), (Some(ip("10.0.0.1")), Some(ip("3.36.0.1"))));
        assert_eq!(on_the_second.further_ips, [ip("10.0.1.1"), ip("10.0.2.1"), ip("3.36.0.2")]);
        assert_eq!(on_the_second.dns_names, ["ec2-x".into()]);
        assert_eq!(on_the_first.public_ip, Some(ip("3.36.0.9")));
    }

    #[test]
    fn an_address_of_amazons_own_is_not_elastic_and_one_of_nobody_is_not_known() {
        let with = |owner: Option<&str>| {
            let own = ec2::InstanceNetworkInterfaceAssociation::builder().public_ip("3.36.0.1");
            let own = own.set_ip_owner_id(owner.map(str::to_owned)).build();
            let address = ec2::InstancePrivateIpAddress::builder().private_ip_address("10.0.0.1").association(own).build();
            let interface = ec2::InstanceNetworkInterface::builder().private_ip_addresses(address).build();
            row(told().public_ip_address("3.36.0.1").network_interfaces(interface)).when_stopped.elastic_ip
        };

        assert_eq!(with(Some("amazon")), Some(false));
        assert_eq!(with(Some("123456789012")), Some(true));
        assert_eq!(with(None), None);
        assert_eq!(row(told()).when_stopped, WhenStopped::default());
    }

    #[test]
    fn the_primary_ipv6_address_comes_first() {
        let own = |text: &str, is_primary: bool| {
            ec2::InstanceIpv6Address::builder().ipv6_address(text).is_primary_ipv6(is_primary).build()
        };
        let interface = ec2::InstanceNetworkInterface::builder()
            .ipv6_addresses(own("2001:db8::1", false))
            .ipv6_addresses(own("2001:db8::2", true))
            .build();

        let marked = row(told().network_interfaces(interface.clone())).ipv6;
        let named = row(told().network_interfaces(interface).ipv6_address("2001:db8::1")).ipv6;

        assert_eq!(marked, ["2001:db8::2".parse::<Ipv6Addr>().unwrap(), "2001:db8::1".parse().unwrap()]);
        assert_eq!(named[0], "2001:db8::1".parse::<Ipv6Addr>().unwrap());
        assert_eq!(named.len(), 2);
    }

    #[test]
    fn the_operating_system_is_what_the_first_certain_sign_says() {
        let with = |architecture: &str, kind: &str, platform: &str, details: &str| {
            let told = told().architecture(architecture.into()).instance_type(kind.into()).platform_details(details);
            row(if platform.is_empty() { told } else { told.platform(platform.into()) }).os
        };
        assert_eq!(with("arm64_mac", "mac2.metal", "", "Linux/UNIX"), Os::MacOs);
        assert_eq!(with("x86_64", "t3.micro", "windows", "SQL Server Web"), Os::Windows);
        assert_eq!(with("x86_64", "t3.micro", "Windows", "Linux/UNIX"), Os::Windows);
        assert_eq!(with("x86_64", "t3.micro", "", "Windows BYOL"), Os::Windows);
        assert_eq!(with("x86_64", "t3.micro", "", "SQL Server Web"), Os::Linux);
        assert_eq!(with("arm64", "t4g.micro", "", "Red Hat Enterprise Linux"), Os::Linux);
    }

    #[test]
    fn facts_of_the_description_arrive_under_their_names() {
        let options = ec2::InstanceMetadataOptionsResponse::builder();
        let full = row(told()
            .state(ec2::InstanceState::builder().name("shutting-down".into()).build())
            .iam_instance_profile(
                ec2::IamInstanceProfile::builder().arn("arn:aws:iam::123456789012:instance-profile/a/b/web").build(),
            )
            .metadata_options(options.clone().http_endpoint("disabled".into()).build())
            .instance_lifecycle("spot".into())
            .operator(ec2::OperatorResponse::builder().managed(true).principal("eks.amazonaws.com").build())
            .launch_time(DateTime::from_secs(1_790_000_000))
            .tags(ec2::Tag::builder().key("Name").value("\u{1b}]52;c;Y3Vy\u{7}").build()));

        assert_eq!(full.state, InstanceState::ShuttingDown);
        assert_eq!(full.instance_profile.unwrap().raw(), "web");
        assert_eq!(full.metadata_enabled, Some(false));
        assert!(full.is_spot);
        assert_eq!(full.managed_by.unwrap().raw(), "eks.amazonaws.com");
        assert_eq!(full.launched.unwrap().as_second(), 1_790_000_000);
        assert_eq!(full.tags[&Untrusted::from("Name")].shown(), "·]52;c;Y3Vy·");
        let empty = row(told());
        assert_eq!((empty.state, empty.metadata_enabled, empty.is_spot), (InstanceState::Unknown, None, false));
        assert_eq!((empty.managed_by, empty.instance_profile, empty.launched), (None, None, None));
    }

    #[test]
    fn a_registration_is_heard_when_it_is_online_and_lost_only_when_aws_says_so() {
        let with = |ping: &str| {
            let told = ssm::InstanceProperty::builder().instance_id("i-0123456789abcdef0").ping_status(ping.into()).build();
            property(told).unwrap().1.status
        };
        assert_eq!(with("Online"), SsmStatus::Online);
        assert_eq!(with("ConnectionLost"), SsmStatus::Lost);
        assert_eq!(with("Inactive"), SsmStatus::Lost);
        assert_eq!(with("Dormant"), SsmStatus::Unknown);
        let unsaid = ssm::InstanceProperty::builder().instance_id("i-0123456789abcdef0").build();
        assert_eq!(property(unsaid).unwrap().1.status, SsmStatus::Unknown);
        assert_eq!(property(ssm::InstanceProperty::builder().instance_id("mi-0123456789abcdef0").build()), None);
    }
}
