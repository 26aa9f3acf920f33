//! The policy of a role.

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::fixes::change::Partition;
use crate::model::{Region, RoleName};

pub(super) async fn attach(cloud: &Cloud, region: &Region, role: &RoleName, partition: Partition) -> Result<Made, aws::Error> {
    let policy = partition.core_policy();
    if cloud.has_policy(region, role, &policy).await? {
        return Ok(Made::WasThere);
    }
    cloud.attach_policy(region, role, &policy).await?;
    Ok(Made::Done(None))
}

pub(super) async fn look(cloud: &Cloud, region: &Region, role: &RoleName, partition: Partition) -> Result<Found, aws::Error> {
    match cloud.has_policy(region, role, &partition.core_policy()).await {
        Ok(is_there) => Ok(Found::of(is_there)),
        Err(error) if is_code(&error, "NoSuchEntity") => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}
