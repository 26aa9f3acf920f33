//! From what the doctor found to what mends it.

use std::sync::Arc;

use ipnet::IpNet;
use jiff::Timestamp;

use super::change::Change;
use super::consequence::Consequence;
use super::fix::{Fix, FixId, named};
use crate::access::{Method, Reason, Ways};
use crate::model::{GroupOpening, Instance, OpeningPeer, ResourceId};

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

fn value<'r>(reason: &'r Reason, name: &str) -> Option<&'r str> {
    reason.values.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
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
