//! What makes names lead to endpoints of a VPC.

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::model::{Region, ResourceId, VpcDnsSwitch};

pub(super) async fn switch_on(
    cloud: &Cloud,
    region: &Region,
    vpc: &ResourceId,
    switch: VpcDnsSwitch,
) -> Result<Made, aws::Error> {
    if cloud.is_vpc_dns_on(region, vpc, switch).await? {
        return Ok(Made::WasThere);
    }
    cloud.switch_vpc_dns(region, vpc, switch, true).await?;
    Ok(Made::Done(None))
}

pub(super) async fn name(cloud: &Cloud, region: &Region, endpoint: &ResourceId) -> Result<Made, aws::Error> {
    if cloud.service_endpoint(region, endpoint).await?.has_private_dns {
        return Ok(Made::WasThere);
    }
    cloud.name_endpoint(region, endpoint, true).await?;
    Ok(Made::Done(None))
}

pub(super) async fn look(cloud: &Cloud, region: &Region, endpoint: &ResourceId) -> Result<Found, aws::Error> {
    match cloud.service_endpoint(region, endpoint).await {
        Ok(own) => Ok(Found::of(own.has_private_dns)),
        Err(error) if is_code(&error, "InvalidVpcEndpointId.NotFound") => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}
