//! An endpoint of a service.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::outcome::{Found, Made};
use crate::aws::{self, Cloud};
use crate::model::{Region, ResourceId, ServiceName};

/// How long an endpoint may take to go, and how often it is looked at.
const LONGEST: Duration = Duration::from_secs(10 * 60);
const PAUSE: Duration = Duration::from_secs(3);

pub(super) async fn look(
    cloud: &Cloud,
    region: &Region,
    of: (&ResourceId, &ServiceName),
    group: &ResourceId,
) -> Result<Found, aws::Error> {
    // Also one that somebody takes away already: our part is to wait until it is gone.
    let found = cloud.service_endpoint_of(region, of, group).await?;
    Ok(found.map_or(Found::Nothing, |(id, _)| Found::AsMade(Some(id))))
}

pub(super) async fn create(
    cloud: &Cloud,
    region: &Region,
    of: (&ResourceId, &ServiceName, &ResourceId),
    own: (&ResourceId, &str),
) -> Result<Made, aws::Error> {
    Ok(Made::Done(cloud.create_service_endpoint(region, of, own).await?))
}

/// Its group can go only after it.
pub(super) async fn delete(
    cloud: &Cloud,
    region: &Region,
    of: (&ResourceId, &ServiceName),
    (group, endpoint): (&ResourceId, &str),
) -> Result<(), aws::Error> {
    cloud.delete_service_endpoint(region, endpoint).await?;
    let deadline = Instant::now() + LONGEST;
    while cloud.service_endpoint_of(region, of, group).await?.is_some() && Instant::now() + PAUSE < deadline {
        sleep(PAUSE).await;
    }
    Ok(())
}
