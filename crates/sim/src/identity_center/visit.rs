//! One call at IAM Identity Center with all that its answer depends on.

use std::time::SystemTime;

use super::ledger::Ledger;
use crate::api_call::Unsigned;
use crate::fleet::{Company, Fleet};
use crate::page::Paging;
use crate::sessions::Sessions;

/// A call that nobody signed.
pub(super) struct Visit<'a> {
    pub(super) ledger: &'a Ledger,
    /// Where the pages and the portal are.
    pub(super) endpoint: &'a str,
    pub(super) fleet: &'a Fleet,
    pub(super) company: &'a Company,
    pub(super) sessions: &'a Sessions,
    pub(super) input: &'a Unsigned,
    pub(super) now: SystemTime,
    pub(super) paging: Paging,
}
