//! `DescribeInstanceConnectEndpoints`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::ConnectEndpoint;
use crate::page::Page;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::Filters;
use super::paging::unknown_token;

/// Endpoints on a page.
const PAGE: usize = 50;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["instance-connect-endpoint-id", "state", "subnet-id", "vpc-id"])?;
    let ids = parameters.list("InstanceConnectEndpointId");
    let own = || asking.account.endpoints.iter().filter(|endpoint| endpoint.region == asking.region);
    if let Some(id) = ids.iter().find(|id| own().all(|endpoint| endpoint.id != **id)) {
        let message = format!("The instance connect endpoint ID '{id}' does not exist");
        return Err(Refusal::new(400, "InvalidInstanceConnectEndpointId.NotFound", message));
    }
    let asked = |endpoint: &&ConnectEndpoint| {
        (ids.is_empty() || ids.contains(&endpoint.id.as_str()))
            && filters.hold(|name| match name {
                "instance-connect-endpoint-id" => vec![endpoint.id.as_str()],
                "state" => vec![endpoint.state.as_str()],
                "subnet-id" => vec![endpoint.subnet.as_str()],
                _ => vec![endpoint.vpc.as_str()],
            })
    };
    let all: Vec<&ConnectEndpoint> = own().filter(asked).collect();
    let token = parameters.text("NextToken");
    let Page { items: all, next } = asking.paging.cut(all, PAGE, token).map_err(unknown_token)?;
    let here = asking.world.tunnels.as_str();
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("instanceConnectEndpointSet", all, |xml, endpoint| write(xml, endpoint, &asking.account.id, here));
        xml.maybe("nextToken", next.as_deref());
    }))
}

/// `here`: the host name of one that says no other.
pub(super) fn write(xml: &mut Xml, endpoint: &ConnectEndpoint, owner: &str, here: &str) {
    let host = endpoint.dns_name.as_deref().unwrap_or(here);
    xml.text("ownerId", endpoint.owner.as_deref().unwrap_or(owner));
    xml.text("instanceConnectEndpointId", &endpoint.id);
    xml.text("state", &endpoint.state);
    xml.text("stateMessage", endpoint.state_message.as_deref().unwrap_or_default());
    xml.text("dnsName", host);
    xml.text("fipsDnsName", if endpoint.has_fips { host } else { "" });
    xml.text("vpcId", &endpoint.vpc);
    xml.text("availabilityZone", &endpoint.zone);
    xml.text("subnetId", &endpoint.subnet);
    xml.text("preserveClientIp", if endpoint.keeps_client_ip { "true" } else { "false" });
    xml.items("securityGroupIdSet", endpoint.security_groups.iter(), |xml, group| xml.plain(group));
    xml.text("ipAddressType", &endpoint.address_type);
}
