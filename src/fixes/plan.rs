//! From what the doctor found to what mends it.

mod acls;
mod agents;
mod connect_endpoints;
mod found;
mod groups;
mod instances;
mod names;
mod profiles;
mod roles;
mod routes;
mod service_endpoints;

use std::sync::Arc;

use jiff::Timestamp;

use self::found::{Found, Plan};
use super::fix::Fix;
use crate::access::{Method, Ways};
use crate::model::Instance;

/// What can be mended, each once, in the order of the ways and their reasons. `others`: the instances of the same VPC, if they were read.
/// `now` stands in what is written beside what is made, so that it is found again.
pub fn offered(instance: &Instance, ways: &Ways, others: Option<&[Arc<Instance>]>, now: Timestamp) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    for way in &ways.list {
        for reason in &way.reasons {
            let found = Found { instance, reason, others, now };
            let Some(fix) = plan(&found).map(|plan| fix(&found, way.method, plan)) else { continue };
            if !fixes.iter().any(|known| known.changes == fix.changes) {
                fixes.push(fix);
            }
        }
    }
    fixes
}

fn plan(found: &Found<'_>) -> Option<Plan> {
    match found.reason.code {
        "net-group-closed" => groups::to_me(found),
        "eice-group-closed" => groups::to_endpoint(found),
        "eice-outbound-closed" => groups::endpoint_out(found),
        "eice-no-endpoint" => connect_endpoints::create(found),
        "jump-group-closed" => groups::to_jump_host(found),
        "forward-group-closed" => groups::to_forwarding(found),
        "ssm-outbound-closed" => groups::agent_out(found),
        "ssm-endpoint-closed" => groups::to_service_endpoint(found),
        "net-acl-in" => acls::inbound(found),
        "net-acl-out" | "net-acl-out-partly" => acls::replies(found),
        "ssm-acl-out" | "ssm-acl-replies" => acls::agent(found),
        "ssm-no-profile" | "ssm-no-profile-at-all" => profiles::attach(found),
        "ssm-role-lacks" => roles::attach(found),
        "no-public-address" => routes::address(found),
        "net-route-none" => routes::gateway(found),
        "ssm-no-path" | "ssm-logging-cut-off" => service_endpoints::create(found),
        "ssm-agent-too-old" | "ssm-ssh-agent-too-old" | "ssm-ssh-agent-slow" | "forward-agent-old" | "forward-agent-too-old" => {
            agents::update(found)
        }
        "serial-off" => Some(instances::serial(found)),
        "instance-stopped" => instances::start(found),
        "eic-metadata-off" | "ssm-metadata-off" => instances::metadata(found),
        "ssm-vpc-dns-off" => names::resolver(found),
        "ssm-endpoint-no-name" => names::endpoint(found),
        _ => None,
    }
}

fn fix(found: &Found<'_>, method: Method, plan: Plan) -> Fix {
    let Plan { id, changes, consequences } = plan;
    let Found { instance, reason, .. } = found;
    Fix {
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
    }
}
