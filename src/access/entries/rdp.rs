//! A Windows desktop: its rules (RDP), which are those of the path that leads there best.

use jiff::Timestamp;

use super::{eice, ssm};
use crate::access::address::{Reach, reachable};
use crate::access::case::Case;
use crate::access::entry::{Channel, Client, Entry};
use crate::access::finding::{Finding, Judgement, judge};
use crate::access::{ConnectOptions, Local, Reason, Verdict, general, network, permission};
use crate::model::{Instance, Os, Permission};

pub(super) static WAY: Entry = Entry {
    id: "rdp",
    channel: Channel::Desktop,
    client: Client::Own,
    carries: &[],
    can_be_opened: true,
    may_be_best: false,
    findings: Some(findings),
    codes: &["rdp-not-windows"],
    unchecked: &["unchecked-desktop"],
};

/// What is in the way of a desktop.
fn findings(case: &Case<'_>) -> Vec<Finding> {
    match without_desktop(case) {
        Some(none) => vec![none],
        None => best_findings(case),
    }
}

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
    let case = Case { instance, options: &options, local, now, tells_all: false };
    if without_desktop(&case).is_some() {
        return Vec::new();
    }
    let judged = DesktopPath::ALL.map(|path| {
        let Judgement { verdict, reasons, .. } = judge(of_path(&case, path), None);
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
fn without_desktop(case: &Case<'_>) -> Option<Finding> {
    matches!(case.instance.os, Os::Linux | Os::MacOs).then(|| Finding::excludes("RDP-1", "rdp-not-windows"))
}

/// What is in the way of the best path there.
fn best_findings(case: &Case<'_>) -> Vec<Finding> {
    let options = to_desktop(case.options);
    let case = Case { options: &options, ..*case };
    let all = DesktopPath::ALL.map(|path| of_path(&case, path));
    let best = all.into_iter().min_by_key(|findings| rank(judge(findings.clone(), None).verdict));
    best.unwrap_or_default()
}

fn of_path(case: &Case<'_>, path: DesktopPath) -> Vec<Finding> {
    match path {
        DesktopPath::SessionManager => {
            ssm::findings(case).into_iter().chain(permission::of(case, &[Permission::PortSession])).collect()
        }
        DesktopPath::Endpoint => eice::tunnel(case),
        DesktopPath::Address => {
            let own = [general::of_ec2(case), general::running(case), general::self_managed(case)];
            own.into_iter().flatten().chain(reachable(case, Reach::Anywhere)).chain(network::findings(case)).collect()
        }
    }
}
