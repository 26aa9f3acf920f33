//! What makes names lead to endpoints of a VPC: the switches of its resolver, and whether an endpoint has the service's own name.

use aws_sdk_ec2::types::AttributeBooleanValue;

use super::dry;
use crate::aws::{Cloud, Error, call};
use crate::model::{Region, ResourceId, Untrusted, VpcDnsSwitch, VpcEndpoint};

impl Cloud {
    /// Whether a switch of the VPC's resolver is on.
    pub async fn is_vpc_dns_on(&self, region: &Region, vpc: &ResourceId, switch: VpcDnsSwitch) -> Result<bool, Error> {
        Ok(self.vpc_dns(region, &Untrusted::from(vpc.as_str())).await?.is_on(switch))
    }

    /// Turn it on or off.
    pub async fn switch_vpc_dns(
        &self,
        region: &Region,
        vpc: &ResourceId,
        switch: VpcDnsSwitch,
        is_on: bool,
    ) -> Result<(), Error> {
        let value = AttributeBooleanValue::builder().value(is_on).build();
        let asked = self.ask(region, call::MODIFY_VPC_ATTRIBUTE, |clients| {
            let asked = clients.ec2.modify_vpc_attribute().vpc_id(vpc.as_str());
            match switch {
                VpcDnsSwitch::Support => asked.enable_dns_support(value),
                VpcDnsSwitch::Hostnames => asked.enable_dns_hostnames(value),
            }
            .send()
        });
        asked.await.map(drop)
    }

    /// An endpoint of a service, as it is now.
    pub async fn service_endpoint(&self, region: &Region, endpoint: &ResourceId) -> Result<VpcEndpoint, Error> {
        let asked = self.ask(region, call::DESCRIBE_VPC_ENDPOINTS, |clients| {
            clients.ec2.describe_vpc_endpoints().vpc_endpoint_ids(endpoint.as_str()).send()
        });
        let told = asked.await?.vpc_endpoints.unwrap_or_default();
        let own = told.into_iter().find_map(crate::aws::networks::vpc_endpoint);
        own.ok_or(Error::Garbled { action: call::DESCRIBE_VPC_ENDPOINTS.action, cause: "not the endpoint".into() })
    }

    /// Make the service's own name lead to the endpoint, or no longer.
    pub async fn name_endpoint(&self, region: &Region, endpoint: &ResourceId, is_on: bool) -> Result<(), Error> {
        self.modify_endpoint(region, endpoint, is_on, false).await
    }

    /// Whether the caller may, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_name_endpoint(&self, region: &Region, endpoint: &ResourceId) -> Result<(), Error> {
        dry(self.modify_endpoint(region, endpoint, true, true).await)
    }

    async fn modify_endpoint(&self, region: &Region, endpoint: &ResourceId, is_on: bool, is_dry: bool) -> Result<(), Error> {
        let asked = self.ask(region, call::MODIFY_VPC_ENDPOINT, |clients| {
            let asked = clients.ec2.modify_vpc_endpoint().vpc_endpoint_id(endpoint.as_str());
            asked.private_dns_enabled(is_on).dry_run(is_dry).send()
        });
        asked.await.map(drop)
    }
}
