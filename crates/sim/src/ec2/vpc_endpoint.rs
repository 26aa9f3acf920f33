//! `DescribeVpcEndpoints` and `ModifyVpcEndpoint`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Resolver, VpcEndpoint};
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::dry_run::refuse_dry;
use super::filter::Filters;
use super::listed::{self, Kind};

const ENDPOINTS: Kind = Kind { word: "VpcEndpointId", code: "InvalidVpcEndpointId.NotFound", noun: "VpcEndpoint", most: 1_000 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let known = &["vpc-endpoint-id", "vpc-id", "service-name", "vpc-endpoint-state", "vpc-endpoint-type"];
    let filters = Filters::read(parameters, known)?;
    let own = asking.account.vpcs.endpoints.iter().filter(|endpoint| endpoint.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &ENDPOINTS,
        own,
        |endpoint| &endpoint.id,
        |endpoint| {
            filters.hold(|name| {
                vec![match name {
                    "vpc-endpoint-id" => endpoint.id.as_str(),
                    "vpc-id" => endpoint.vpc.as_str(),
                    "service-name" => endpoint.service.as_str(),
                    "vpc-endpoint-state" => endpoint.state.as_str(),
                    _ => endpoint.kind.as_str(),
                }]
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("vpcEndpointSet", page.items, |xml, endpoint| write(xml, endpoint, &asking.account.id));
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

/// Whether it has the service's own name, and nothing else.
pub(super) fn modify(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("VpcEndpointId")?;
    let vpcs = &asking.account.vpcs;
    let found = vpcs.endpoints.iter().find(|own| own.id == id && own.region == asking.region);
    let unknown = || Refusal::new(400, ENDPOINTS.code, format!("The Vpc Endpoint Id '{id}' does not exist"));
    let endpoint = found.ok_or_else(unknown)?;
    let is_named = parameters.flag("PrivateDnsEnabled");
    if is_named && vpcs.resolvers.get(&endpoint.vpc).is_some_and(|Resolver { support, hostnames }| !(*support && *hostnames)) {
        let message = "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true";
        return Err(Refusal::new(400, "InvalidParameter", message));
    }
    refuse_dry(parameters)?;
    asking.world.mend(|fleet| {
        let all = fleet.account_mut(&asking.account.id).map(|account| &mut account.vpcs.endpoints);
        if let Some(own) = all.into_iter().flatten().find(|own| own.id == id) {
            own.private_dns = is_named;
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

pub(super) fn write(xml: &mut Xml, endpoint: &VpcEndpoint, owner: &str) {
    xml.text("vpcEndpointId", &endpoint.id);
    xml.text("vpcEndpointType", &endpoint.kind);
    xml.text("vpcId", &endpoint.vpc);
    xml.text("serviceName", &endpoint.service);
    xml.text("state", &endpoint.state);
    xml.text("policyDocument", &endpoint.policy);
    xml.items("subnetIdSet", endpoint.subnets.iter(), |xml, subnet| xml.plain(subnet));
    xml.items("groupSet", endpoint.groups.iter(), |xml, (id, name)| {
        xml.text("groupId", id);
        xml.text("groupName", name);
    });
    xml.flag("privateDnsEnabled", endpoint.private_dns);
    xml.text("ownerId", owner);
    xml.within("tagSet", |_| {});
}
