//! A role and an instance profile for an agent, and that an instance has it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::fixes::change::{Partition, trust};
use crate::model::{Region, ResourceId, RoleName};

/// How long EC2 may not know a profile that IAM has made, and how often it is asked.
const LONGEST: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_secs(2);
const GONE: &str = "NoSuchEntity";

pub(super) async fn create_role(
    cloud: &Cloud,
    region: &Region,
    (role, partition, description): (&RoleName, Partition, &str),
) -> Result<Made, aws::Error> {
    match cloud.create_role(region, role, &trust(partition), description).await {
        Ok(()) => Ok(Made::Done(None)),
        // Its name holds the moment: one that has it, and what we write beside it, is our own.
        Err(error) => match look_at_role(cloud, region, (role, partition, description)).await {
            Ok(Found::AsMade(_)) => Ok(Made::Done(None)),
            Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
        },
    }
}

/// One that somebody has given more is theirs, too.
pub(super) async fn look_at_role(
    cloud: &Cloud,
    region: &Region,
    (role, partition, description): (&RoleName, Partition, &str),
) -> Result<Found, aws::Error> {
    match cloud.description_of_role(region, role).await {
        Err(error) if is_code(&error, GONE) => Ok(Found::Nothing),
        Err(error) => Err(error),
        Ok(own) if own != description => {
            Ok(Found::Changed(format!("{role} ({})", crate::model::Untrusted::from(own).shown_in(80))))
        }
        Ok(_) if cloud.has_this_alone(region, role.as_str(), &partition.core_policy()).await? => Ok(Found::AsMade(None)),
        Ok(_) => Ok(Found::Changed(format!("{role} (+ policies)"))),
    }
}

pub(super) async fn create(cloud: &Cloud, region: &Region, profile: &RoleName) -> Result<Made, aws::Error> {
    match cloud.create_profile(region, profile).await {
        Err(error) if is_code(&error, "EntityAlreadyExists") => Ok(Made::Done(None)),
        answer => answer.map(|()| Made::Done(None)),
    }
}

/// One that other instances have is theirs, too.
pub(super) async fn look(cloud: &Cloud, region: &Region, profile: &RoleName, instance: &ResourceId) -> Result<Found, aws::Error> {
    match cloud.roles_in_profile(region, profile).await {
        Err(error) if is_code(&error, GONE) => return Ok(Found::Nothing),
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    let all = cloud.profile_associations(region, None).await?;
    let others = all.iter().filter(|own| own.profile.raw() == profile.as_str() && own.instance.raw() != instance.as_str());
    let others: Vec<String> = others.map(|own| own.instance.shown_in(24)).collect();
    if others.is_empty() { Ok(Found::AsMade(None)) } else { Ok(Found::Changed(format!("{profile} ({})", others.join(", ")))) }
}

pub(super) async fn put_role(cloud: &Cloud, region: &Region, profile: &RoleName, role: &RoleName) -> Result<Made, aws::Error> {
    if cloud.roles_in_profile(region, profile).await?.iter().any(|own| own == role.as_str()) {
        return Ok(Made::Done(None));
    }
    cloud.put_role(region, profile, role).await?;
    Ok(Made::Done(None))
}

pub(super) async fn look_at_content(
    cloud: &Cloud,
    region: &Region,
    profile: &RoleName,
    role: &RoleName,
) -> Result<Found, aws::Error> {
    match cloud.roles_in_profile(region, profile).await {
        Err(error) if is_code(&error, GONE) => Ok(Found::Nothing),
        Err(error) => Err(error),
        Ok(roles) => Ok(match roles.first() {
            None => Found::Nothing,
            Some(own) if own == role.as_str() => Found::AsMade(None),
            Some(own) => Found::Changed(format!("{profile} {}", crate::model::Untrusted::from(own.as_str()).shown_in(64))),
        }),
    }
}

/// EC2 knows a profile some seconds after IAM has made it.
pub(super) async fn attach(
    cloud: &Cloud,
    region: &Region,
    instance: &ResourceId,
    profile: &RoleName,
) -> Result<Made, aws::Error> {
    if let Found::AsMade(_) = look_at_association(cloud, region, (instance, profile), None).await? {
        return Ok(Made::WasThere);
    }
    let deadline = Instant::now() + LONGEST;
    loop {
        match cloud.attach_profile(region, instance, profile).await {
            Err(error) if is_code(&error, "InvalidParameterValue") && Instant::now() + PAUSE < deadline => sleep(PAUSE).await,
            Err(error) => {
                // A call that was answered too late is made once more, and finds what it made.
                return match look_at_association(cloud, region, (instance, profile), None).await {
                    Ok(Found::AsMade(id)) => Ok(Made::Done(id)),
                    Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
                };
            }
            Ok(id) => return Ok(Made::Done(id)),
        }
    }
}

pub(super) async fn look_at_association(
    cloud: &Cloud,
    region: &Region,
    (instance, profile): (&ResourceId, &RoleName),
    made: Option<&str>,
) -> Result<Found, aws::Error> {
    let all = cloud.profile_associations(region, Some(instance)).await?;
    Ok(match all.iter().find(|own| made.is_none_or(|id| own.id.raw() == id)).or(all.first()) {
        None => Found::Nothing,
        Some(own) if own.profile.raw() == profile.as_str() => Found::AsMade(Some(own.id.raw().to_owned())),
        Some(own) => Found::Changed(format!("{instance} {}", own.profile.shown_in(64))),
    })
}
