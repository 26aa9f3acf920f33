//! From the SDK's types to the model's, where foreign text is marked and identifiers are checked.

use std::sync::Arc;

use aws_sdk_ec2::operation::describe_instances::DescribeInstancesOutput;
use aws_sdk_ec2::types as ec2;
use aws_sdk_ssm::types as ssm;
use aws_smithy_types::DateTime;
use ec2dash_keys::{Fingerprint, PublicKey};
use jiff::Timestamp;

use super::described::{Address, Association, Described, Interface, Ipv6, Operator, Reason, Text};
use super::page::Page;
use super::texts::Texts;
use crate::model::{AccountId, Image, InstanceId, KeyPair, Place, Ssm, SsmStatus, Untrusted};

/// A page as the SDK reads it.
pub(super) fn page(told: DescribeInstancesOutput, place: &Arc<Place>) -> Page {
    let mut texts = Texts::default();
    let mut page = Page { rows: Vec::new(), odd: 0, token: told.next_token };
    for reservation in told.reservations.unwrap_or_default() {
        let account: Option<AccountId> = reservation.owner_id.and_then(|id| id.parse().ok());
        for told in reservation.instances.unwrap_or_default() {
            match Described::from(told).row(place, account.as_ref(), &mut texts) {
                Some(row) => page.rows.push(row),
                None => page.odd += 1,
            }
        }
    }
    page
}

/// By the SDK's reading what our own takes from the page (`page.rs`).
impl From<ec2::Instance> for Described<'static> {
    fn from(told: ec2::Instance) -> Self {
        let hibernation = told.hibernation_options.and_then(|options| options.configured);
        let reason = told.state_reason.map(|own| (own.code, own.message)).unwrap_or_default();
        Self {
            id: told.instance_id.map(Text::Owned),
            state: told.state.and_then(|state| word(state.name.as_ref()?.as_str())),
            state_reason: Reason { code: reason.0.map(Text::Owned), message: reason.1.map(Text::Owned) },
            tags: told.tags.unwrap_or_default().into_iter().map(|tag| (owned(tag.key), owned(tag.value))).collect(),
            instance_type: told.instance_type.and_then(|kind| word(kind.as_str())),
            architecture: told.architecture.and_then(|architecture| word(architecture.as_str())),
            az: told.placement.and_then(|placement| placement.availability_zone).map(Text::Owned),
            private_ip: told.private_ip_address.map(Text::Owned),
            public_ip: told.public_ip_address.map(Text::Owned),
            ipv6: told.ipv6_address.map(Text::Owned),
            private_dns_name: told.private_dns_name.map(Text::Owned),
            public_dns_name: told.public_dns_name.map(Text::Owned),
            interfaces: told.network_interfaces.unwrap_or_default().into_iter().map(interface).collect(),
            image: told.image_id.map(Text::Owned),
            key_name: told.key_name.map(Text::Owned),
            vpc: told.vpc_id.map(Text::Owned),
            subnet: told.subnet_id.map(Text::Owned),
            security_groups: told
                .security_groups
                .unwrap_or_default()
                .into_iter()
                .map(|group| (owned(group.group_id), owned(group.group_name)))
                .collect(),
            launched: told.launch_time.and_then(time),
            platform: told.platform.and_then(|platform| word(platform.as_str())),
            platform_details: told.platform_details.map(Text::Owned),
            metadata_endpoint: told.metadata_options.and_then(|options| word(options.http_endpoint?.as_str())),
            lifecycle: told.instance_lifecycle.and_then(|lifecycle| word(lifecycle.as_str())),
            operator: told.operator.map(operator).unwrap_or_default(),
            instance_profile_arn: told.iam_instance_profile.and_then(|profile| profile.arn).map(Text::Owned),
            root_device: told.root_device_type.and_then(|kind| word(kind.as_str())),
            hibernation: hibernation.and_then(|is_configured| word(if is_configured { "true" } else { "false" })),
        }
    }
}

fn operator(told: ec2::OperatorResponse) -> Operator<'static> {
    Operator { manages: told.managed == Some(true), principal: told.principal.map(Text::Owned) }
}

fn interface(told: ec2::InstanceNetworkInterface) -> Interface<'static> {
    Interface {
        device_index: told.attachment.and_then(|attached| attached.device_index),
        id: told.network_interface_id.map(Text::Owned),
        subnet: told.subnet_id.map(Text::Owned),
        groups: told
            .groups
            .unwrap_or_default()
            .into_iter()
            .map(|group| (owned(group.group_id), owned(group.group_name)))
            .collect(),
        addresses: told.private_ip_addresses.unwrap_or_default().into_iter().map(address).collect(),
        ipv6: told.ipv6_addresses.unwrap_or_default().into_iter().map(ipv6).collect(),
    }
}

fn address(told: ec2::InstancePrivateIpAddress) -> Address<'static> {
    let public = told.association.map(|own| {
        let carrier = own.carrier_ip.or(own.customer_owned_ip);
        (own.public_ip, own.public_dns_name, own.ip_owner_id, carrier)
    });
    let public = public.unwrap_or_default();
    Address {
        is_primary: told.primary == Some(true),
        private_ip: told.private_ip_address.map(Text::Owned),
        private_dns_name: told.private_dns_name.map(Text::Owned),
        association: Association {
            public_ip: public.0.map(Text::Owned),
            public_dns_name: public.1.map(Text::Owned),
            owner: public.2.map(Text::Owned),
            carrier_ip: public.3.map(Text::Owned),
        },
    }
}

fn ipv6(told: ec2::InstanceIpv6Address) -> Ipv6<'static> {
    Ipv6 { is_primary: told.is_primary_ipv6 == Some(true), address: told.ipv6_address.map(Text::Owned) }
}

/// A word of one of the SDK's lists; also one that it does not know.
fn word(word: &str) -> Option<Text<'static>> {
    Some(Text::Owned(word.to_owned()))
}

fn owned(told: Option<String>) -> Text<'static> {
    Text::Owned(told.unwrap_or_default())
}

/// A registration by `DescribeInstanceProperties`; `None` without a usable id.
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

/// A key pair by name. Its fingerprint tells by its shape what it was made of.
pub(super) fn key_pair(told: ec2::KeyPairInfo) -> Option<(Untrusted, KeyPair)> {
    let name = told.key_name.map(Untrusted::from)?;
    let public = told.public_key.as_deref().and_then(PublicKey::from_line);
    let fingerprint = told.key_fingerprint.as_deref().and_then(Fingerprint::parse);
    Some((name, KeyPair { public, fingerprint }))
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

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;
    use crate::model::{Instance, InstanceState, Os};

    fn place() -> Arc<Place> {
        Arc::new(Place { profile: None, region: "us-east-1".parse().unwrap() })
    }

    fn told() -> ec2::builders::InstanceBuilder {
        ec2::Instance::builder().instance_id("i-0123456789abcdef0")
    }

    fn row(told: ec2::builders::InstanceBuilder) -> Instance {
        Described::from(told.build()).row(&place(), None, &mut Texts::default()).unwrap()
    }

    #[test]
    fn a_row_without_a_usable_id_is_left_out_and_counted() {
        let good = told().build();
        let bad = ["i-0123456789abcdef0\n", "-oX", "../../x", ""].map(|id| ec2::Instance::builder().instance_id(id).build());
        let mut reservation = ec2::Reservation::builder().owner_id("123456789012").instances(good);
        for own in bad {
            reservation = reservation.instances(own);
        }

        let told =
            DescribeInstancesOutput::builder().reservations(reservation.instances(ec2::Instance::builder().build()).build());
        let page = page(told.build(), &place());

        assert_eq!((page.rows.len(), page.odd), (1, 5));
        assert_eq!(page.rows[0].account.as_ref().unwrap().as_str(), "123456789012");
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
        let addresses: Vec<_> = on_the_second.interfaces.iter().map(|own| own.addresses.clone()).collect();
        assert_eq!(addresses[..2], [vec![(ip("10.0.0.1"), None)], vec![(ip("10.0.1.1"), Some(ip("3.36.0.1")))]]);
        assert_eq!(on_the_first.public_ip, Some(ip("3.36.0.9")));
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
        assert_eq!(full.tags.get("Name").unwrap().shown(), "·]52;c;Y3Vy·");
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
        assert_eq!(property(ssm::InstanceProperty::builder().instance_id("mi-0123").build()), None);
    }
}
