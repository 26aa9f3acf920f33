//! A route to the internet.

use ipnet::IpNet;

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::model::{Region, ResourceId, Untrusted};

pub(super) async fn add(
    cloud: &Cloud,
    region: &Region,
    (table, block, gateway): (&ResourceId, IpNet, &ResourceId),
) -> Result<Made, aws::Error> {
    match look(cloud, region, (table, block, gateway)).await? {
        Found::AsMade(_) => Ok(Made::WasThere),
        // One that leads elsewhere AWS refuses to replace, and so do we.
        Found::Nothing | Found::Changed(_) => match cloud.add_route(region, table, block, gateway).await {
            Ok(()) => Ok(Made::Done(None)),
            // There was none a moment ago: one like it is our own, of a call that was answered too late.
            Err(error) => match look(cloud, region, (table, block, gateway)).await {
                Ok(Found::AsMade(_)) => Ok(Made::Done(None)),
                Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
            },
        },
    }
}

pub(super) async fn look(
    cloud: &Cloud,
    region: &Region,
    (table, block, gateway): (&ResourceId, IpNet, &ResourceId),
) -> Result<Found, aws::Error> {
    match cloud.target_of_route(region, table, block).await {
        Err(error) if is_code(&error, "InvalidRouteTableID.NotFound") => Ok(Found::Nothing),
        Err(error) => Err(error),
        Ok(None) => Ok(Found::Nothing),
        Ok(Some(target)) if target == gateway.as_str() => Ok(Found::AsMade(None)),
        Ok(Some(target)) => Ok(Found::Changed(format!("{table} {block} {}", Untrusted::from(target).shown_in(40)))),
    }
}
