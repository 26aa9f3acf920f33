//! EC2 Instance Connect Endpoints.

use aws_sdk_ec2::types as ec2;

use crate::aws::calls::filter;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{AddressType, Endpoint, EndpointId, EndpointState, Region, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_INSTANCE_CONNECT_ENDPOINTS.action;

impl Cloud {
    /// All endpoints of a region, of whatever state.
    pub(in crate::aws) async fn endpoints(&self, region: &Region) -> Result<Vec<Endpoint>, Error> {
        self.endpoints_where(region, Which::All).await
    }

    /// The endpoint of this id; `None`: AWS knows none.
    pub async fn endpoint(&self, region: &Region, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        match self.endpoints_where(region, Which::Id(id)).await {
            Ok(found) => Ok(found.into_iter().find(|endpoint| endpoint.id == *id)),
            Err(Error::Service { aws_code, .. }) if aws_code.raw().ends_with("NotFound") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The endpoints of a VPC.
    pub async fn endpoints_of(&self, region: &Region, vpc: &Untrusted) -> Result<Vec<Endpoint>, Error> {
        self.endpoints_where(region, Which::OfVpc(vpc)).await
    }

    async fn endpoints_where(&self, region: &Region, which: Which<'_>) -> Result<Vec<Endpoint>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_INSTANCE_CONNECT_ENDPOINTS, |clients| {
                let asked = clients.ec2.describe_instance_connect_endpoints().set_next_token(token);
                match which {
                    Which::All => asked,
                    Which::Id(id) => asked.instance_connect_endpoint_ids(id.as_str()),
                    Which::OfVpc(vpc) => asked.filters(filter("vpc-id", [vpc.raw()])),
                }
                .send()
            });
            let told = asked.await?;
            Ok((told.instance_connect_endpoints.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(endpoint).collect())
    }
}

/// Which endpoints are asked for.
#[derive(Clone, Copy)]
enum Which<'a> {
    All,
    Id(&'a EndpointId),
    OfVpc(&'a Untrusted),
}

/// `None` without a usable id.
fn endpoint(told: ec2::Ec2InstanceConnectEndpoint) -> Option<Endpoint> {
    let some = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Untrusted::from);
    Some(Endpoint {
        id: told.instance_connect_endpoint_id?.parse().ok()?,
        dns_name: told.dns_name.unwrap_or_default().into(),
        fips_dns_name: some(told.fips_dns_name),
        state: EndpointState::from_word(told.state.as_ref().map_or("", |state| state.as_str())),
        state_message: some(told.state_message),
        vpc: some(told.vpc_id),
        subnet: some(told.subnet_id),
        az: some(told.availability_zone),
        security_groups: told.security_group_ids.unwrap_or_default().into_iter().map(Untrusted::from).collect(),
        keeps_client_ip: told.preserve_client_ip == Some(true),
        address_type: told.ip_address_type.map(|kind| AddressType::from_word(kind.as_str())).unwrap_or_default(),
        owner: told.owner_id.and_then(|owner| owner.parse().ok()),
    })
}
