//! A region, and whether the account has it.

use crate::model::{Region, Untrusted};

/// A region as EC2 lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnabledRegion {
    /// Its name.
    pub name: Region,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in_status: Untrusted,
}

impl EnabledRegion {
    /// Whether the account has it: it needs no opting in, or was opted in.
    pub fn is_enabled(&self) -> bool {
        self.opt_in_status.raw() != "not-opted-in"
    }
}
