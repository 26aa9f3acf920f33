//! The lines that carry out what mends a finding.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::access::{Reason, Way, place_flags};
use crate::cli::args::Doctor;
use crate::fixes::Fix;
use crate::model::Untrusted;
use crate::text::shell_word;

/// What can be mended here, and how it was asked for.
pub struct Offers {
    fixes: Vec<Fix>,
    /// The flags without which another question would be answered.
    flags: String,
}

impl Offers {
    /// Of what was asked with these flags.
    pub fn new(fixes: Vec<Fix>, from: &[IpAddr], asked: &Doctor) -> Self {
        let from = from.iter().map(|address| format!(" --from {address}"));
        let forward = asked.forward.as_ref().map(|forward| format!(" --forward {forward}"));
        // A command that is cut is none.
        let word = |path: &PathBuf| shell_word(&Untrusted::from(path.to_string_lossy().as_ref()).shown());
        let identity = asked.identity.as_ref().map(|path| format!(" --identity {}", word(path)));
        let user = asked.user.as_ref().map(|user| format!(" --user {}", shell_word(user.as_str())));
        Self { fixes, flags: from.chain(forward).chain(identity).chain(user).collect() }
    }

    /// `ec2dash doctor i-0123456789abcdef0 --fix FX-SG-MYIP --from 203.0.113.9`; `None`: nothing here mends it.
    pub fn line(&self, way: &Way, reason: &Reason) -> Option<String> {
        let fix = self.fixes.iter().find(|fix| fix.mends(way, reason))?;
        let flags = &self.flags;
        Some(format!("ec2dash doctor {} --fix {}{flags} {}", fix.instance, fix.id.as_str(), place_flags(&fix.place)))
    }
}
