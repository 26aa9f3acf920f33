//! One call with all that its answer depends on.

use std::time::SystemTime;

use jiff::Timestamp;

use super::fault::FaultKind;
use super::fleet::{Account, Caller, Fleet, Instance, Permissions};
use super::page::Paging;
use super::refusal::Refusal;
use super::sessions::Standing;
use super::world::World;

/// A call whose caller is known to be who it says.
pub(super) struct Asking<'a> {
    pub(super) world: &'a World,
    /// As it was when the call came.
    pub(super) fleet: &'a Fleet,
    pub(super) account: &'a Account,
    pub(super) caller: &'a Caller,
    /// What the caller may do.
    pub(super) permissions: &'a Permissions,
    pub(super) standing: Standing,
    pub(super) region: &'a str,
    pub(super) action: &'a str,
    pub(super) now: SystemTime,
    pub(super) request_id: &'a str,
    pub(super) paging: Paging,
    /// What else goes wrong on purpose.
    pub(super) fault: Option<&'a FaultKind>,
}

impl<'a> Asking<'a> {
    /// The caller's instances in the region that was asked.
    pub(super) fn instances(&self) -> impl Iterator<Item = &'a Instance> {
        self.nodes().filter(|node| node.hybrid.is_none())
    }

    /// The same, and the machines outside EC2 that Systems Manager knows.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &'a Instance> {
        let region = self.region;
        self.account.instances.iter().filter(move |instance| instance.region == region)
    }

    /// Whether a page of `size` is one AWS would give, `least` to `most`.
    pub(super) fn page_size(&self, size: usize, least: usize, most: usize) -> Result<usize, Refusal> {
        if (least..=most).contains(&size) {
            return Ok(size);
        }
        let expected = if size < least { format!("greater than {least}") } else { format!("less than {most}") };
        let message = format!("Value ( {size} ) for parameter maxResults is invalid. Expecting a value {expected}.");
        Err(Refusal::new(400, "InvalidParameterValue", message))
    }
}

/// `2026-10-11T02:03:04.000Z`, as EC2 writes times.
pub(super) fn written(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()).unwrap_or_default()
}

/// `2026-10-11T02:03:04Z`, as IAM and STS write times.
pub(super) fn written_short(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
