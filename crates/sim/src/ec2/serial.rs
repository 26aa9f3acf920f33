//! `GetSerialConsoleAccessStatus`, and the calls that change it.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;

pub(super) fn access_status(asking: &Asking<'_>) -> Result<Vec<u8>, Refusal> {
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.flag("serialConsoleAccessEnabled", asking.account.serial_console);
        xml.text("managedBy", "account");
    }))
}

pub(super) fn switch(asking: &Asking<'_>, parameters: &Parameters, is_on: bool) -> Result<Vec<u8>, Refusal> {
    refuse_dry(parameters)?;
    asking.world.edit(|fleet| {
        if let Some(account) = fleet.account_mut(&asking.account.id) {
            account.serial_console = is_on;
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("serialConsoleAccessEnabled", is_on)))
}
