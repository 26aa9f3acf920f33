//! `GetSerialConsoleAccessStatus`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::refusal::Refusal;

pub(super) fn access_status(asking: &Asking<'_>) -> Result<Vec<u8>, Refusal> {
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.flag("serialConsoleAccessEnabled", asking.account.serial_console);
        xml.text("managedBy", "account");
    }))
}
