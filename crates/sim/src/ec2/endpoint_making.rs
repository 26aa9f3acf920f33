//! `CreateInstanceConnectEndpoint` and `DeleteInstanceConnectEndpoint`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Account, ConnectEndpoint, Fleet};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;
use super::endpoint::write;

pub(super) fn create(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("SubnetId")?;
    let account = asking.account;
    let subnet = account.vpcs.subnets.iter().find(|subnet| subnet.region == asking.region && subnet.id == id);
    let missing = || Refusal::new(400, "InvalidSubnetID.NotFound", format!("The subnet ID '{id}' does not exist"));
    let subnet = subnet.ok_or_else(missing)?;
    let token = parameters.text("ClientToken").unwrap_or(asking.request_id);
    let groups: Vec<String> = parameters.list("SecurityGroupId").into_iter().map(str::to_owned).collect();
    if let Some(group) = groups.iter().find(|group| account.groups.iter().all(|own| own.id != **group)) {
        return Err(Refusal::new(400, "InvalidSecurityGroupID.NotFound", format!("The security group '{group}' does not exist")));
    }
    let made = derived_id("eice-", &[id, token]);
    let known = account.endpoints.iter().find(|own| own.id == made);
    if known.is_none() && account.endpoints.iter().any(|own| own.vpc == subnet.vpc && own.region == asking.region) {
        let message = "You've reached the limit on the number of EC2 Instance Connect Endpoints for the VPC.";
        return Err(Refusal::new(400, "ResourceLimitExceeded", message));
    }
    refuse_dry(parameters)?;
    let endpoint = known.cloned().unwrap_or_else(|| ConnectEndpoint {
        id: made.clone(),
        region: asking.region.to_owned(),
        zone: subnet_zone(&subnet.region, &subnet.zone),
        vpc: subnet.vpc.clone(),
        subnet: subnet.id.clone(),
        private_ip: subnet.block.hosts().nth(200).unwrap_or_else(|| subnet.block.addr()).to_string(),
        security_groups: groups,
        state: "create-in-progress".to_owned(),
        state_message: None,
        address_type: "ipv4".to_owned(),
        keeps_client_ip: parameters.flag("PreserveClientIp"),
        has_fips: false,
        dns_name: None,
        owner: None,
    });
    if known.is_none() {
        let own = endpoint.clone();
        edit(asking, |account| account.endpoints.push(own));
        become_later(asking, &made, "create-complete");
    }
    let here = asking.world.tunnels.as_str();
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.within("instanceConnectEndpoint", |xml| write(xml, &endpoint, &account.id, here));
        xml.text("clientToken", token);
    }))
}

pub(super) fn delete(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("InstanceConnectEndpointId")?;
    let found = asking.account.endpoints.iter().find(|own| own.region == asking.region && own.id == id);
    let missing = || {
        let message = format!("The instance connect endpoint ID '{id}' does not exist");
        Refusal::new(400, "InvalidInstanceConnectEndpointId.NotFound", message)
    };
    let mut endpoint = found.ok_or_else(missing)?.clone();
    refuse_dry(parameters)?;
    endpoint.state = "delete-in-progress".to_owned();
    let own = endpoint.clone();
    edit(asking, |account| {
        account.endpoints.retain(|known| known.id != own.id);
        account.endpoints.push(own);
    });
    let (account, gone) = (asking.account.id.clone(), id.to_owned());
    let change = move |fleet: &mut Fleet| {
        if let Some(account) = fleet.account_mut(&account) {
            account.endpoints.retain(|known| known.id != gone);
        }
    };
    asking.world.later.plan(asking.now + asking.world.power.times().stopping, Box::new(change));
    let here = asking.world.tunnels.as_str();
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.within("instanceConnectEndpoint", |xml| write(xml, &endpoint, &asking.account.id, here));
    }))
}

fn become_later(asking: &Asking<'_>, id: &str, state: &'static str) {
    let (account, id) = (asking.account.id.clone(), id.to_owned());
    let change = move |fleet: &mut Fleet| {
        let all = fleet.account_mut(&account).map(|account| &mut account.endpoints);
        if let Some(own) = all.into_iter().flatten().find(|own| own.id == id && own.state == "create-in-progress") {
            own.state = state.to_owned();
        }
    };
    asking.world.later.plan(asking.now + asking.world.power.times().starting, Box::new(change));
}

fn subnet_zone(region: &str, zone: &str) -> String {
    if zone.starts_with(region) { zone.to_owned() } else { format!("{region}{zone}") }
}

fn edit(asking: &Asking<'_>, change: impl FnOnce(&mut Account)) {
    asking.world.edit(|fleet| {
        fleet.account_mut(&asking.account.id).map(change);
    });
}
