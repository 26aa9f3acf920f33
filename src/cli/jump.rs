//! From the targets that rules and flags name as jump hosts to the instances that they are.

use std::sync::Arc;

use jiff::Timestamp;

use super::invocation::Invocation;
use super::{Exit, Failure, target};
use crate::access::{Channel, ConnectOptions, Jump, JumpFaultKind, Local, Method};
use crate::aws::{self, Cloud};
use crate::config::ConnectFlags;
use crate::connect::Route;
use crate::model::{Fact, Instance};

/// How a login comes to the address of `instance`. Its network facts grow by what its security groups let through, where that is not known
/// and a jump host is gone through.
pub async fn resolved(
    invocation: &Invocation,
    instance: &mut Instance,
    options: &ConnectOptions,
    flags: &ConnectFlags,
    local: &Local,
) -> Result<Jump, Failure> {
    let passes = |method: &Method| method.channel() == Channel::Address;
    if !flags.methods.is_empty() && !flags.methods.iter().any(passes) {
        return Ok(Jump::None);
    }
    let settings = &invocation.loaded.settings;
    let mut route = Route::to(instance, options, settings);
    let mut cloud_next_to_it = None;
    while let Some((typed, from)) = route.next() {
        let (cloud, mut host) = match target::find_from(invocation, typed, from).await {
            Ok(found) => found,
            Err(failure) => return not_found(&route, failure),
        };
        aws::ask_for_facts(&cloud, &mut host).await;
        cloud_next_to_it.get_or_insert(cloud);
        if let Err(fault) = route.pass(host) {
            return Ok(Jump::Broken(fault));
        }
    }
    if let (Some(cloud), Some(host)) = (cloud_next_to_it, route.hosts().first()) {
        // Both are in the VPC of both, or nothing is said of groups.
        if host.vpc == instance.vpc {
            learn_groups(&cloud, instance).await;
        }
    }
    Ok(route.jump(local, Timestamp::now()))
}

/// What the security groups of its VPC let through, where that was not asked for yet.
async fn learn_groups(cloud: &Cloud, instance: &mut Instance) {
    let (Some(vpc), Some(network)) = (instance.vpc.clone(), instance.network.known().cloned()) else { return };
    if network.groups.is_pending() {
        let groups = cloud.groups_of(&instance.place.region, &vpc).await;
        instance.network = Fact::Known(Arc::new(crate::model::Network { groups, ..(*network).clone() }));
    }
}

/// No instance is called so, or several: a mistake in what was asked for. What AWS refuses stays what it is.
fn not_found(route: &Route<'_>, failure: Failure) -> Result<Jump, Failure> {
    let kind = match failure.code {
        "target-ambiguous" => JumpFaultKind::Ambiguous,
        _ if matches!(failure.exit, Exit::Usage | Exit::NotFound) => JumpFaultKind::Missing,
        _ => return Err(failure),
    };
    Ok(Jump::Broken(route.fault_of_target(kind)))
}
