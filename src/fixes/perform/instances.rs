//! An instance itself: whether it runs, and its metadata service.

use std::slice;

use super::outcome::{Found, Made};
use crate::aws::{self, Cloud};
use crate::model::{InstanceId, InstanceState, MetadataTokens, Power, Region, ResourceId};

pub(super) async fn may_start(cloud: &Cloud, region: &Region, instance: &ResourceId) -> Result<(), aws::Error> {
    cloud.may_change_power(region, Power::Start, slice::from_ref(&id(instance)?)).await
}

pub(super) async fn start(cloud: &Cloud, region: &Region, instance: &ResourceId) -> Result<Made, aws::Error> {
    let id = id(instance)?;
    if is_running(cloud.describe(region, &id).await?.state) {
        return Ok(Made::WasThere);
    }
    cloud.change_power(region, Power::Start, slice::from_ref(&id)).await?;
    Ok(Made::Done(None))
}

pub(super) async fn is_up(cloud: &Cloud, region: &Region, instance: &ResourceId) -> Result<Found, aws::Error> {
    match cloud.describe(region, &id(instance)?).await {
        Ok(row) => Ok(Found::of(is_running(row.state))),
        Err(aws::Error::NoSuchInstance) => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

pub(super) async fn stop(cloud: &Cloud, region: &Region, instance: &ResourceId) -> Result<(), aws::Error> {
    cloud.change_power(region, Power::Stop, slice::from_ref(&id(instance)?)).await.map(drop)
}

pub(super) async fn enable_metadata(cloud: &Cloud, region: &Region, instance: &ResourceId) -> Result<Made, aws::Error> {
    if cloud.metadata_options(region, instance).await?.is_on {
        return Ok(Made::WasThere);
    }
    cloud.modify_metadata(region, instance, MetadataTokens::Required, true).await?;
    Ok(Made::Done(None))
}

pub(super) async fn look_at_metadata(cloud: &Cloud, region: &Region, instance: &ResourceId) -> Result<Found, aws::Error> {
    match cloud.metadata_options(region, instance).await {
        Ok(options) if !options.is_on => Ok(Found::Nothing),
        Ok(options) if options.tokens == MetadataTokens::Required => Ok(Found::AsMade(None)),
        Ok(_) => Ok(Found::Changed(format!("{instance} HttpTokens=optional"))),
        Err(aws::Error::NoSuchInstance) => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

fn is_running(state: InstanceState) -> bool {
    matches!(state, InstanceState::Running | InstanceState::Pending)
}

fn id(instance: &ResourceId) -> Result<InstanceId, aws::Error> {
    instance.as_str().parse().map_err(|_| aws::Error::NoSuchInstance)
}
