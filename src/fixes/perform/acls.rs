//! An entry of a network ACL.

use super::outcome::{Found, Made, is_code};
use crate::aws::{self, Cloud};
use crate::model::{AclOpening, Region};

pub(super) async fn make(cloud: &Cloud, region: &Region, opening: &AclOpening) -> Result<Made, aws::Error> {
    match cloud.open_acl(region, opening).await {
        Ok(()) => Ok(Made::Done(None)),
        // Its number was free a moment ago: an entry like it is our own, of a call that was answered too late.
        Err(error) => match look(cloud, region, opening).await {
            Ok(Found::AsMade(_)) => Ok(Made::Done(None)),
            Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
        },
    }
}

pub(super) async fn look(cloud: &Cloud, region: &Region, opening: &AclOpening) -> Result<Found, aws::Error> {
    match cloud.entry_of_acl(region, opening).await {
        Ok(Some(entry)) if opening.is(&entry) => Ok(Found::AsMade(None)),
        Ok(Some(entry)) => Ok(Found::Changed(format!("{} {} {}", opening.acl, entry.number, entry.block))),
        Ok(None) => Ok(Found::Nothing),
        Err(error) if is_code(&error, "InvalidNetworkAclID.NotFound") => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}
