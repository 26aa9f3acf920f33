//! `CreateSecurityGroup` and `DeleteSecurityGroup`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Account, GroupRule, GroupRules, Peer};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;

pub(super) fn create(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let vpc = parameters.required("VpcId")?;
    let name = parameters.required("GroupName")?;
    let description = parameters.required("GroupDescription")?;
    let account = asking.account;
    if !account.vpcs.subnets.iter().any(|subnet| subnet.vpc == vpc && subnet.region == asking.region) {
        return Err(Refusal::new(400, "InvalidVpcID.NotFound", format!("The vpc ID '{vpc}' does not exist")));
    }
    if account.groups.iter().any(|group| group.vpc == vpc && group.name == name) {
        let message = format!("The security group '{name}' already exists for VPC '{vpc}'");
        return Err(Refusal::new(400, "InvalidGroup.Duplicate", message));
    }
    refuse_dry(parameters)?;
    let made = GroupRules {
        id: derived_id("sg-", &[&account.id, vpc, name]),
        name: name.to_owned(),
        description: Some(description.to_owned()),
        region: asking.region.to_owned(),
        vpc: vpc.to_owned(),
        ingress: Vec::new(),
        egress: vec![GroupRule::everything()],
    };
    let id = made.id.clone();
    edit(asking, |account| account.groups.push(made));
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.flag("return", true);
        xml.text("groupId", &id);
    }))
}

pub(super) fn delete(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("GroupId")?;
    let account = asking.account;
    if !account.groups.iter().any(|group| group.region == asking.region && group.id == id) {
        return Err(Refusal::new(400, "InvalidGroup.NotFound", format!("The security group '{id}' does not exist")));
    }
    if is_in_use(account, id) {
        return Err(Refusal::new(400, "DependencyViolation", format!("resource {id} has a dependent object")));
    }
    refuse_dry(parameters)?;
    edit(asking, |account| account.groups.retain(|group| group.id != id));
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

/// Whether an interface has it, or a rule of another group names it.
fn is_in_use(account: &Account, id: &str) -> bool {
    let on_instances = account.instances.iter().flat_map(|own| &own.security_groups).any(|group| group.id == id);
    let on_endpoints = account.endpoints.iter().flat_map(|own| &own.security_groups).any(|group| group == id);
    let on_services = account.vpcs.endpoints.iter().flat_map(|own| &own.groups).any(|(group, _)| group == id);
    let others = account.groups.iter().filter(|group| group.id != id);
    let named =
        others.flat_map(|group| group.ingress.iter().chain(&group.egress)).any(|rule| rule.peer == Peer::Group(id.to_owned()));
    on_instances || on_endpoints || on_services || named
}

fn edit(asking: &Asking<'_>, change: impl FnOnce(&mut Account)) {
    asking.world.mend(|fleet| {
        fleet.account_mut(&asking.account.id).map(change);
    });
}
