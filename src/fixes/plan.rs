//! From what the doctor found to what mends it.

use std::sync::Arc;

use ipnet::IpNet;
use jiff::Timestamp;

use super::change::{Change, Partition};
use super::consequence::Consequence;
use super::fix::{Fix, FixId, named};
use crate::access::{Method, Reason, Ways};
use crate::model::{AclOpening, GroupOpening, Instance, OpeningPeer, ResourceId, RoleName};

/// The ports to which replies go.
const REPLIES: (u16, u16) = (1024, 65535);

/// What can be mended, each once, in the order of the ways and their reasons. `others`: the instances of the same VPC, if they were read.
/// `now` stands in what is written beside what is made, so that it is found again.
pub fn offered(instance: &Instance, ways: &Ways, others: Option<&[Arc<Instance>]>, now: Timestamp) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    for way in &ways.list {
        for reason in &way.reasons {
            let Some(fix) = of_reason(instance, way.method, reason, others, now) else { continue };
            if !fixes.iter().any(|known| known.changes == fix.changes) {
                fixes.push(fix);
            }
        }
    }
    fixes
}

fn of_reason(
    instance: &Instance,
    method: Method,
    reason: &Reason,
    others: Option<&[Arc<Instance>]>,
    now: Timestamp,
) -> Option<Fix> {
    let (id, changes, consequences) = match reason.code {
        "net-group-closed" => {
            let opening = open_to_me(reason, now)?;
            let consequences = vec![of_group(instance, &opening.group, others)];
            (FixId::OpenToMe, vec![Change::OpenGroup(opening)], consequences)
        }
        "eice-group-closed" => {
            let opening = open_to_group(reason, "group", "endpoint-group", false, now)?;
            let consequences = vec![of_group(instance, &opening.group, others)];
            (FixId::OpenToEndpoint, vec![Change::OpenGroup(opening)], consequences)
        }
        "eice-outbound-closed" => {
            let opening = open_to_group(reason, "endpoint-group", "group", true, now)?;
            let consequences = vec![of_group(instance, &opening.group, others)];
            (FixId::OpenEndpointOut, vec![Change::OpenGroup(opening)], consequences)
        }
        "jump-group-closed" => {
            let opening = open_to_group(reason, "group", "jump-group", false, now)?;
            let consequences = vec![of_group(instance, &opening.group, others)];
            (FixId::OpenToJumpHost, vec![Change::OpenGroup(opening)], consequences)
        }
        "net-acl-in" => {
            let opening = open_acl(reason, false)?;
            let consequences = vec![Consequence::WholeSubnets(opening.acl.to_string())];
            (FixId::OpenAclIn, vec![Change::OpenAcl(opening)], consequences)
        }
        "net-acl-out" | "net-acl-out-partly" => {
            let opening = open_acl(reason, true)?;
            let consequences = vec![Consequence::WholeSubnets(opening.acl.to_string())];
            (FixId::OpenAclOut, vec![Change::OpenAcl(opening)], consequences)
        }
        "ssm-role-lacks" => {
            let role: RoleName = value(reason, "role-word")?.parse().ok()?;
            let partition = Partition::of_id(value(reason, "partition")?)?;
            let consequences = vec![of_role(instance, &role, others), Consequence::AgentLater];
            (FixId::AttachPolicy, vec![Change::AttachPolicy { role, partition }], consequences)
        }
        "serial-off" => {
            let region = instance.place.region.to_string();
            (FixId::SerialConsole, vec![Change::EnableSerialConsole], vec![Consequence::WholeRegion(region)])
        }
        "instance-stopped" if !instance.id.is_hybrid() => {
            let instance = instance.id.as_str().parse().ok()?;
            (FixId::Start, vec![Change::StartInstance { instance }], vec![Consequence::Billed])
        }
        _ => return None,
    };
    Some(Fix {
        id,
        instance: instance.id.clone(),
        name: instance.name().cloned(),
        account: instance.account.clone(),
        place: (*instance.place).clone(),
        method,
        rule: reason.rule,
        code: reason.code,
        changes,
        consequences,
    })
}

/// The address of the finding alone, in the group and on the port of the finding.
fn open_to_me(reason: &Reason, now: Timestamp) -> Option<GroupOpening> {
    Some(GroupOpening {
        group: value(reason, "group")?.parse().ok()?,
        is_egress: false,
        port: value(reason, "port")?.parse().ok()?,
        peer: OpeningPeer::Block(IpNet::from(value(reason, "ip")?.parse::<std::net::IpAddr>().ok()?)),
        description: format!("ec2dash {now}"),
    })
}

/// What has one group in, or out to, another group, on the port of the finding.
fn open_to_group(reason: &Reason, group: &str, peer: &str, is_egress: bool, now: Timestamp) -> Option<GroupOpening> {
    Some(GroupOpening {
        group: value(reason, group)?.parse().ok()?,
        is_egress,
        port: value(reason, "port")?.parse().ok()?,
        peer: OpeningPeer::Group(value(reason, peer)?.parse().ok()?),
        description: format!("ec2dash {now}"),
    })
}

/// An entry before the one that denies: the port of the finding in, or the ports of replies out.
fn open_acl(reason: &Reason, is_egress: bool) -> Option<AclOpening> {
    let port = value(reason, "port")?.parse().ok()?;
    let (first, last) = if is_egress { REPLIES } else { (port, port) };
    let address: std::net::IpAddr = value(reason, "ip")?.parse().ok()?;
    Some(AclOpening {
        acl: value(reason, "acl-word")?.parse().ok()?,
        number: value(reason, "free")?.parse().ok()?,
        is_egress,
        first,
        last,
        block: address.into(),
    })
}

fn value<'r>(reason: &'r Reason, name: &str) -> Option<&'r str> {
    reason.values.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
}

/// Who else has the instance profile, and so the role.
fn of_role(instance: &Instance, role: &RoleName, others: Option<&[Arc<Instance>]>) -> Consequence {
    let has = |other: &&Arc<Instance>| other.id != instance.id && other.instance_profile == instance.instance_profile;
    let names = others.unwrap_or_default().iter().filter(has).map(|other| named(other)).collect();
    Consequence::RoleShared(role.to_string(), names)
}

/// Who else has the group.
fn of_group(instance: &Instance, group: &ResourceId, others: Option<&[Arc<Instance>]>) -> Consequence {
    let Some(others) = others else { return Consequence::GroupUnread(group.to_string()) };
    let has = |other: &Instance| {
        let on_interfaces = other.interfaces.iter().flat_map(|interface| &interface.groups);
        other.id != instance.id && on_interfaces.into_iter().any(|own| own.raw() == group.as_str())
    };
    let names: Vec<String> = others.iter().filter(|other| has(other)).map(|other| named(other)).collect();
    if names.is_empty() { Consequence::GroupOfOne(group.to_string()) } else { Consequence::GroupShared(group.to_string(), names) }
}
