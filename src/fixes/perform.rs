//! One change: made, looked at, taken back.

use std::slice;

use crate::aws::{self, Cloud, Opened};
use crate::model::{InstanceId, InstanceState, Power, Region, ResourceId};

use super::change::Change;

/// How making a change ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Made {
    /// It was made, and what was made has this id, where AWS told one.
    Done(Option<String>),
    /// It was so before.
    WasThere,
}

/// What is there now of a change that was made, or may have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It is there as it was made, under this id, where it has one.
    AsMade(Option<String>),
    /// It is not there.
    Nothing,
    /// Somebody has changed it since: what is there, for a screen.
    Changed(String),
}

/// Whether the caller may make it, asked with `DryRun`; nothing is changed.
pub(super) async fn may(cloud: &Cloud, region: &Region, change: &Change) -> Result<(), aws::Error> {
    match change {
        Change::OpenGroup(opening) => cloud.may_open_group(region, opening).await,
        Change::StartInstance { instance } => cloud.may_change_power(region, Power::Start, slice::from_ref(&id(instance)?)).await,
        Change::OpenAcl(opening) => cloud.may_open_acl(region, opening).await,
        // IAM knows no dry run.
        Change::AttachPolicy { .. } => Ok(()),
        Change::EnableSerialConsole => cloud.may_enable_serial_console(region).await,
    }
}

/// Make it.
pub(super) async fn make(cloud: &Cloud, region: &Region, change: &Change) -> Result<Made, aws::Error> {
    match change {
        Change::OpenGroup(opening) => match cloud.open_group(region, opening).await? {
            Opened::Made(id) => Ok(Made::Done(id)),
            // A call that was answered too late is made once more: what it finds may be its own.
            Opened::WasThere => match look(cloud, region, change, None).await? {
                Found::AsMade(id) => Ok(Made::Done(id)),
                Found::Nothing | Found::Changed(_) => Ok(Made::WasThere),
            },
        },
        Change::StartInstance { instance } => {
            let id = id(instance)?;
            let state = cloud.describe(region, &id).await?.state;
            if matches!(state, InstanceState::Running | InstanceState::Pending) {
                return Ok(Made::WasThere);
            }
            cloud.change_power(region, Power::Start, slice::from_ref(&id)).await?;
            Ok(Made::Done(None))
        }
        Change::OpenAcl(opening) => match cloud.open_acl(region, opening).await {
            Ok(()) => Ok(Made::Done(None)),
            // Its number was free a moment ago: an entry like it is our own, of a call that was answered too late.
            Err(error) => match look(cloud, region, change, None).await {
                Ok(Found::AsMade(_)) => Ok(Made::Done(None)),
                Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Err(error),
            },
        },
        Change::AttachPolicy { role, partition } => {
            let policy = partition.core_policy();
            if cloud.has_policy(region, role, &policy).await? {
                return Ok(Made::WasThere);
            }
            cloud.attach_policy(region, role, &policy).await?;
            Ok(Made::Done(None))
        }
        Change::EnableSerialConsole => {
            if cloud.is_serial_console_on(region).await? {
                return Ok(Made::WasThere);
            }
            cloud.enable_serial_console(region).await?;
            Ok(Made::Done(None))
        }
    }
}

/// What is there of it now. `made`: the id that it got, if that was written down.
pub(super) async fn look(cloud: &Cloud, region: &Region, change: &Change, made: Option<&str>) -> Result<Found, aws::Error> {
    match change {
        Change::OpenGroup(opening) => {
            let entries = match cloud.entries_of_group(region, &opening.group).await {
                Err(aws::Error::Service { aws_code, .. }) if aws_code.raw() == "InvalidGroup.NotFound" => {
                    return Ok(Found::Nothing);
                }
                entries => entries?,
            };
            let own = entries.iter().find(|entry| match made {
                Some(id) => entry.id.raw() == id,
                None => entry.is(opening),
            });
            Ok(match own {
                Some(entry) if entry.is(opening) => Found::AsMade(Some(entry.id.raw().to_owned())),
                Some(entry) => Found::Changed(format!("{} {}", entry.id.shown_in(40), entry.shown())),
                None => Found::Nothing,
            })
        }
        Change::StartInstance { instance } => match cloud.describe(region, &id(instance)?).await {
            Ok(row) if matches!(row.state, InstanceState::Running | InstanceState::Pending) => Ok(Found::AsMade(None)),
            Ok(_) | Err(aws::Error::NoSuchInstance) => Ok(Found::Nothing),
            Err(error) => Err(error),
        },
        Change::OpenAcl(opening) => match cloud.entry_of_acl(region, opening).await {
            Ok(Some(entry)) if opening.is(&entry) => Ok(Found::AsMade(None)),
            Ok(Some(entry)) => Ok(Found::Changed(format!("{} {} {}", opening.acl, entry.number, entry.block))),
            Ok(None) => Ok(Found::Nothing),
            Err(aws::Error::Service { aws_code, .. }) if aws_code.raw() == "InvalidNetworkAclID.NotFound" => Ok(Found::Nothing),
            Err(error) => Err(error),
        },
        Change::AttachPolicy { role, partition } => match cloud.has_policy(region, role, &partition.core_policy()).await {
            Ok(is_there) => Ok(if is_there { Found::AsMade(None) } else { Found::Nothing }),
            Err(aws::Error::Service { aws_code, .. }) if aws_code.raw() == "NoSuchEntity" => Ok(Found::Nothing),
            Err(error) => Err(error),
        },
        Change::EnableSerialConsole => {
            Ok(if cloud.is_serial_console_on(region).await? { Found::AsMade(None) } else { Found::Nothing })
        }
    }
}

/// Take it back: what has this id.
pub(super) async fn take_away(cloud: &Cloud, region: &Region, change: &Change, made: Option<&str>) -> Result<(), aws::Error> {
    match change {
        Change::OpenGroup(opening) => {
            let Some(rule) = made else { return Ok(()) };
            cloud.close_group(region, &opening.group, opening.is_egress, rule).await
        }
        Change::StartInstance { instance } => {
            cloud.change_power(region, Power::Stop, slice::from_ref(&id(instance)?)).await.map(drop)
        }
        Change::OpenAcl(opening) => cloud.close_acl(region, opening).await,
        Change::AttachPolicy { role, partition } => cloud.detach_policy(region, role, &partition.core_policy()).await,
        Change::EnableSerialConsole => cloud.disable_serial_console(region).await,
    }
}

fn id(instance: &ResourceId) -> Result<InstanceId, aws::Error> {
    instance.as_str().parse().map_err(|_| aws::Error::NoSuchInstance)
}
