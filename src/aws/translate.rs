//! From the SDK's types to the model's, where foreign text is marked and identifiers are checked.

use std::net::Ipv6Addr;
use std::sync::Arc;

use aws_sdk_ec2::types as ec2;
use aws_sdk_ssm::types as ssm;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::model::{
    AccountId, Fact, Image, Instance, InstanceId, InstanceState, Os, Place, SecurityGroup, Ssm, SsmStatus, Untrusted,
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
    let interfaces = told.network_interfaces.unwrap_or_default();
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
        private_ip: told.private_ip_address.and_then(|ip| ip.parse().ok()),
        public_ip: told.public_ip_address.and_then(|ip| ip.parse().ok()),
        ipv6: ipv6(&interfaces, told.ipv6_address.as_deref()),
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
        role: Fact::Pending,
        ssm: Fact::Pending,
        image_name: Fact::Pending,
    })
}

/// Steps 2 to 4 of the ladder in access-rules 1.2.1; what is certain of nothing logs in like Linux.
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
    Ssm {
        status,
        agent_version: agent_version.map(Untrusted::from),
        last_ping,
        platform_name: platform_name.map(Untrusted::from),
        platform_version: platform_version.map(Untrusted::from),
    }
}

/// `ConnectionLost`, the old `Inactive` and whatever comes later: registered, and not heard.
fn status(ping: Option<&ssm::PingStatus>) -> SsmStatus {
    match ping {
        Some(ssm::PingStatus::Online) => SsmStatus::Online,
        _ => SsmStatus::Lost,
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
