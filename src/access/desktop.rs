//! The ways to a Windows desktop (RDP): by Session Manager, through an endpoint, or to an address.

use jiff::Timestamp;

use super::case::Case;
use super::entries;
use super::finding::{Finding, judge};
use super::{ConnectOptions, Local, Reason, Verdict};
use crate::model::{Instance, Os};

/// Where a desktop listens.
pub const DESKTOP_PORT: u16 = 3389;

/// How a connection comes to the desktop's port, in the order in which they are preferred (RDP-2 to RDP-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DesktopPath {
    /// A port that a session of Session Manager forwards.
    SessionManager,
    /// A tunnel through an EC2 Instance Connect Endpoint.
    Endpoint,
    /// The network, to one of the instance's addresses.
    Address,
}

impl DesktopPath {
    /// All of them, the preferred first.
    pub const ALL: [Self; 3] = [Self::SessionManager, Self::Endpoint, Self::Address];

    /// What the user calls it.
    pub fn id(self) -> &'static str {
        match self {
            Self::SessionManager => "ssm",
            Self::Endpoint => "eice",
            Self::Address => "direct",
        }
    }
}

/// What is said of one path to the desktop.
#[derive(Debug, Clone)]
pub struct Desktop {
    /// Which path.
    pub path: DesktopPath,
    /// What all rules together say of it.
    pub verdict: Verdict,
    /// What was found, worst first.
    pub reasons: Vec<Reason>,
}

/// Every path to the desktop of `instance`, the best first. None where there is no desktop (RDP-1).
pub fn desktops(instance: &Instance, options: &ConnectOptions, local: &Local, now: Timestamp) -> Vec<Desktop> {
    let options = to_desktop(options);
    let case = Case { instance, options: &options, local, now };
    if without_desktop(&case).is_some() {
        return Vec::new();
    }
    let judged = DesktopPath::ALL.map(|path| {
        let (verdict, reasons) = judge(of_path(&case, path), None);
        Desktop { path, verdict, reasons }
    });
    let mut all = Vec::from(judged);
    // Equal ones stay in their order.
    all.sort_by_key(|desktop| rank(desktop.verdict));
    all
}

/// The same wishes for the desktop's port. A port that a rule gives is sshd's.
fn to_desktop(options: &ConnectOptions) -> ConnectOptions {
    ConnectOptions { port: DESKTOP_PORT, ..options.clone() }
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Works | Verdict::Likely => 0,
        Verdict::Unknown => 1,
        Verdict::Blocked => 2,
        Verdict::NotApplicable => 3,
    }
}

/// RDP-1: Windows has a desktop.
pub(super) fn without_desktop(case: &Case<'_>) -> Option<Finding> {
    matches!(case.instance.os, Os::Linux | Os::MacOs).then(|| Finding::excludes("RDP-1", "rdp-not-windows"))
}

fn of_path(case: &Case<'_>, path: DesktopPath) -> Vec<Finding> {
    match path {
        DesktopPath::SessionManager => entries::by_session(case),
        DesktopPath::Endpoint => entries::by_endpoint(case),
        DesktopPath::Address => entries::by_address(case),
    }
}
