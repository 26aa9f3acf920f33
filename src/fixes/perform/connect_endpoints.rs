//! An EC2 Instance Connect Endpoint, and the group that is made for it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::model::{Region, ResourceId, Untrusted};

/// How long an endpoint may take to go, and how often it is looked at.
const LONGEST: Duration = Duration::from_secs(10 * 60);
const PAUSE: Duration = Duration::from_secs(3);

pub(super) async fn create_group(
    cloud: &Cloud,
    region: &Region,
    vpc: &ResourceId,
    (name, description): (&str, &str),
) -> Result<Made, aws::Error> {
    match cloud.create_group(region, vpc, name, description).await {
        Ok(id) => Ok(Made::Done(Some(id))),
        // Its name holds the moment: one that has it, and what we write beside it, is our own.
        Err(error) => match look_at_group(cloud, region, vpc, (name, description)).await {
            Ok(Found::AsMade(id)) => Ok(Made::Done(id)),
            Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
        },
    }
}

/// One that somebody has added a rule to is theirs, too.
pub(super) async fn look_at_group(
    cloud: &Cloud,
    region: &Region,
    vpc: &ResourceId,
    (name, description): (&str, &str),
) -> Result<Found, aws::Error> {
    let Some((id, told)) = cloud.group_named(region, vpc, name).await? else { return Ok(Found::Nothing) };
    if told != description {
        return Ok(Found::Changed(format!("{id} ({})", Untrusted::from(told).shown_in(80))));
    }
    let Ok(group) = id.parse::<ResourceId>() else { return Ok(Found::Nothing) };
    let entries = cloud.entries_of_group(region, &group).await?;
    // What every new group lets out may still be there.
    let is_of_new = |own: &crate::model::GroupEntry| own.is_egress && own.protocol.raw() == "-1" && own.description.is_empty();
    match entries.iter().find(|own| own.description.raw() != description && !is_of_new(own)) {
        Some(other) => Ok(Found::Changed(format!("{id} {}", other.shown()))),
        None => Ok(Found::AsMade(Some(id))),
    }
}

pub(super) async fn create(
    cloud: &Cloud,
    region: &Region,
    (subnet, group, token): (&ResourceId, &ResourceId, &str),
) -> Result<Made, aws::Error> {
    let id = cloud.create_connect_endpoint(region, subnet, group, token).await?;
    Ok(Made::Done(id))
}

pub(super) async fn look(cloud: &Cloud, region: &Region, subnet: &ResourceId, group: &ResourceId) -> Result<Found, aws::Error> {
    match cloud.connect_endpoint(region, subnet, group).await? {
        // Also one that somebody takes away already: our part is to wait until it is gone.
        Some((id, _)) => Ok(Found::AsMade(Some(id))),
        None => Ok(Found::Nothing),
    }
}

/// Its group can go only after it.
pub(super) async fn delete(
    cloud: &Cloud,
    region: &Region,
    (subnet, group): (&ResourceId, &ResourceId),
    endpoint: &str,
) -> Result<(), aws::Error> {
    match cloud.delete_connect_endpoint(region, endpoint).await {
        Err(error) if is_code(&error, "InvalidInstanceConnectEndpointId.NotFound") => return Ok(()),
        Err(error) if !is_code(&error, "IncorrectState") => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let deadline = Instant::now() + LONGEST;
    while cloud.connect_endpoint(region, subnet, group).await?.is_some() && Instant::now() + PAUSE < deadline {
        sleep(PAUSE).await;
    }
    Ok(())
}
