//! An Elastic IP address, and that an interface has it.

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::model::{Region, ResourceId};

/// An address that is allocated already is our own: its mark holds the moment.
pub(super) async fn allocate(cloud: &Cloud, region: &Region, mark: &str) -> Result<Made, aws::Error> {
    if let Some(own) = cloud.address_marked(region, mark).await? {
        return Ok(Made::Done(Some(own.allocation.raw().to_owned())));
    }
    Ok(Made::Done(cloud.allocate_address(region, mark).await?))
}

pub(super) async fn look_at_allocation(
    cloud: &Cloud,
    region: &Region,
    mark: &str,
    made: Option<&str>,
) -> Result<Found, aws::Error> {
    let own = match made {
        Some(allocation) => cloud.address_of(region, allocation).await?,
        None => cloud.address_marked(region, mark).await?,
    };
    Ok(own.map_or(Found::Nothing, |own| Found::AsMade(Some(own.allocation.raw().to_owned()))))
}

pub(super) async fn release(cloud: &Cloud, region: &Region, allocation: &str) -> Result<(), aws::Error> {
    match cloud.release_address(region, allocation).await {
        Err(error) if is_code(&error, "InvalidAllocationID.NotFound") => Ok(()),
        answer => answer,
    }
}

pub(super) async fn associate(
    cloud: &Cloud,
    region: &Region,
    allocation: &ResourceId,
    interface: &ResourceId,
) -> Result<Made, aws::Error> {
    match cloud.associate_address(region, allocation, interface).await {
        Ok(id) => Ok(Made::Done(id)),
        // A call that was answered too late is made once more, and finds what it made.
        Err(error) => match look(cloud, region, allocation, interface).await {
            Ok(Found::AsMade(id)) => Ok(Made::Done(id)),
            Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
        },
    }
}

pub(super) async fn look(
    cloud: &Cloud,
    region: &Region,
    allocation: &ResourceId,
    interface: &ResourceId,
) -> Result<Found, aws::Error> {
    let Some(own) = cloud.address_of(region, allocation.as_str()).await? else { return Ok(Found::Nothing) };
    Ok(match (own.association, own.interface) {
        (Some(id), Some(holder)) if holder.raw() == interface.as_str() => Found::AsMade(Some(id.raw().to_owned())),
        (Some(_), holder) => {
            let holder = holder.map(|id| id.shown_in(40)).unwrap_or_default();
            Found::Changed(format!("{} {holder}", own.address.shown_in(20)))
        }
        (None, _) => Found::Nothing,
    })
}
