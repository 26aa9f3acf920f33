//! `CreateVpcEndpoint`, `DeleteVpcEndpoints` and `DescribeVpcEndpointServices`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Fleet, Resolver, VpcEndpoint};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;
use super::filter::Filters;
use super::vpc_endpoint::write;

/// The services that a VPC may have endpoints of, in words of AWS.
const SERVICES: [&str; 6] = ["ec2", "ec2messages", "kms", "logs", "ssm", "ssmmessages"];
const OPEN: &str = r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;

pub(super) fn services(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["service-type", "service-name"])?;
    let names: Vec<String> = SERVICES.iter().map(|own| format!("com.amazonaws.{}.{own}", asking.region)).collect();
    let held: Vec<&String> = names
        .iter()
        .filter(|name| filters.hold(|filter| vec![if filter == "service-type" { "Interface" } else { name.as_str() }]))
        .collect();
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("serviceNameSet", held, |xml, name| xml.plain(name));
        xml.within("serviceDetailSet", |_| {});
    }))
}

pub(super) fn create(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let account = asking.account;
    let vpc = parameters.required("VpcId")?;
    let service = parameters.required("ServiceName")?;
    if !SERVICES.iter().any(|own| service == format!("com.amazonaws.{}.{own}", asking.region)) {
        return Err(Refusal::new(400, "InvalidServiceName", format!("The Vpc Endpoint Service '{service}' does not exist")));
    }
    let subnets: Vec<String> = parameters.list("SubnetId").into_iter().map(str::to_owned).collect();
    let is_here =
        |id: &String| account.vpcs.subnets.iter().any(|own| own.id == *id && own.vpc == vpc && own.region == asking.region);
    if let Some(id) = subnets.iter().find(|id| !is_here(id)) {
        return Err(Refusal::new(400, "InvalidSubnetId.NotFound", format!("The subnet ID '{id}' does not exist")));
    }
    let groups: Result<Vec<(String, String)>, Refusal> = parameters
        .list("SecurityGroupId")
        .into_iter()
        .map(|id| {
            let own = account.groups.iter().find(|own| own.id == id).map(|own| (own.id.clone(), own.name.clone()));
            own.ok_or_else(|| Refusal::new(400, "InvalidGroup.NotFound", format!("The security group '{id}' does not exist")))
        })
        .collect();
    let groups = groups?;
    let is_named = parameters.flag("PrivateDnsEnabled");
    if is_named && account.vpcs.resolvers.get(vpc).is_some_and(|Resolver { support, hostnames }| !(*support && *hostnames)) {
        let message = "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true";
        return Err(Refusal::new(400, "InvalidParameter", message));
    }
    let token = parameters.text("ClientToken").unwrap_or(asking.request_id);
    let id = derived_id("vpce-", &[vpc, service, token]);
    let known = account.vpcs.endpoints.iter().find(|own| own.id == id);
    let conflicts = |own: &&VpcEndpoint| own.vpc == vpc && own.service == service && own.private_dns;
    if known.is_none() && is_named && account.vpcs.endpoints.iter().any(|own| conflicts(&own)) {
        let message =
            format!("private-dns-enabled cannot be set because there is already a conflicting DNS domain for {service}");
        return Err(Refusal::new(400, "InvalidParameter", message));
    }
    refuse_dry(parameters)?;
    let made = known.cloned().unwrap_or_else(|| VpcEndpoint {
        id: id.clone(),
        region: asking.region.to_owned(),
        vpc: vpc.to_owned(),
        service: service.to_owned(),
        kind: "Interface".to_owned(),
        state: "pending".to_owned(),
        private_dns: is_named,
        subnets,
        groups,
        policy: OPEN.to_owned(),
    });
    if known.is_none() {
        let own = made.clone();
        edit(asking, move |all| all.push(own));
        let gone = id.clone();
        later(asking, asking.world.power.times().starting, move |all| {
            all.iter_mut()
                .filter(|own| own.id == gone && own.state == "pending")
                .for_each(|own| own.state = "available".to_owned());
        });
    }
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.within("vpcEndpoint", |xml| write(xml, &made, &account.id));
        xml.text("clientToken", token);
    }))
}

pub(super) fn delete(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let ids: Vec<String> = parameters.list("VpcEndpointId").into_iter().map(str::to_owned).collect();
    refuse_dry(parameters)?;
    let missing: Vec<&String> = ids.iter().filter(|id| asking.account.vpcs.endpoints.iter().all(|own| own.id != **id)).collect();
    let going = ids.clone();
    edit(asking, move |all| {
        all.iter_mut().filter(|own| going.contains(&own.id)).for_each(|own| own.state = "deleting".to_owned())
    });
    let gone = ids.clone();
    later(asking, asking.world.power.times().stopping, move |all| all.retain(|own| !gone.contains(&own.id)));
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("unsuccessful", missing, |xml, id| {
            xml.text("resourceId", id);
            xml.within("error", |xml| {
                xml.text("code", "InvalidVpcEndpoint.NotFound");
                xml.text("message", &format!("The Vpc Endpoint Id '{id}' does not exist"));
            });
        });
    }))
}

fn later(asking: &Asking<'_>, after: std::time::Duration, change: impl FnOnce(&mut Vec<VpcEndpoint>) + Send + 'static) {
    let account = asking.account.id.clone();
    let change = move |fleet: &mut Fleet| {
        if let Some(account) = fleet.account_mut(&account) {
            change(&mut account.vpcs.endpoints);
        }
    };
    asking.world.later.plan(asking.now + after, Box::new(change));
}

fn edit(asking: &Asking<'_>, change: impl FnOnce(&mut Vec<VpcEndpoint>)) {
    asking.world.mend(|fleet| {
        if let Some(account) = fleet.account_mut(&asking.account.id) {
            change(&mut account.vpcs.endpoints);
        }
    });
}
