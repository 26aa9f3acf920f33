//! The lines that carry out what mends a finding.

use std::net::IpAddr;

use crate::access::{Reason, Way, place_flags};
use crate::fixes::Fix;
use crate::model::Forward;

/// What can be mended here, and how it was asked for.
pub struct Offers {
    fixes: Vec<Fix>,
    /// The flags without which another question would be answered.
    flags: String,
}

impl Offers {
    /// Of what was asked with these flags.
    pub fn new(fixes: Vec<Fix>, from: &[IpAddr], forward: Option<&Forward>) -> Self {
        let from = from.iter().map(|address| format!(" --from {address}"));
        let forward = forward.map(|forward| format!(" --forward {forward}"));
        Self { fixes, flags: from.chain(forward).collect() }
    }

    /// `ec2dash doctor i-0123456789abcdef0 --fix FX-SG-MYIP --from 203.0.113.9`; `None`: nothing here mends it.
    pub fn line(&self, way: &Way, reason: &Reason) -> Option<String> {
        let fix = self.fixes.iter().find(|fix| fix.mends(way, reason))?;
        let flags = &self.flags;
        Some(format!("ec2dash doctor {} --fix {}{flags} {}", fix.instance, fix.id.as_str(), place_flags(&fix.place)))
    }
}
