//! A Windows desktop: its rules (RDP), which are those of the path that leads there best.

use jiff::Timestamp;

use super::{eice, found_key, ssm};
use crate::access::address::{Reach, reachable};
use crate::access::case::{Case, with_denial};
use crate::access::entry::{Channel, Client, Entry};
use crate::access::finding::{Finding, Judgement, judge};
use crate::access::{ConnectOptions, KeyFile, Local, Reason, Verdict, general, network, permission};
use crate::model::{Fact, Instance, Os, Permission};

pub(super) static WAY: Entry = Entry {
    id: "rdp",
    channel: Channel::Desktop,
    client: Client::Own,
    carries: &[],
    can_be_opened: true,
    may_be_best: false,
    findings: Some(findings),
    codes: &["rdp-no-key", "rdp-no-password", "rdp-not-windows", "rdp-password-unseen"],
    unchecked: &["unchecked-desktop"],
};

/// What is in the way of a desktop.
fn findings(case: &Case<'_>) -> Vec<Finding> {
    match without_desktop(case) {
        Some(none) => vec![none],
        None => best_findings(case).into_iter().chain(password(case)).collect(),
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

/// RDP-6, RDP-7: EC2 keeps a first password, and the key that opens it is here. Who has another password needs neither.
fn password(case: &Case<'_>) -> Option<Finding> {
    if !case.is_up() {
        return None;
    }
    match &case.instance.examination.as_ref()?.has_password {
        Fact::Pending => None,
        Fact::Hidden(denial) => Some(with_denial(Finding::unseen("RDP-6", "rdp-password-unseen"), denial)),
        Fact::Known(false) | Fact::Kept(false, _) => Some(Finding::warns("RDP-6", "rdp-no-password").with_remedy()),
        Fact::Known(true) | Fact::Kept(true, _) => {
            let found = found_key(case.instance, case.options, case.local);
            let is_rsa = |file: &KeyFile| file.public.as_ref().is_some_and(|own| own.algorithm() == "ssh-rsa");
            // One that was launched without a key pair has no first password that a key opens.
            let pair = case.instance.key_name.as_ref()?.shown_in(40);
            let finding = match found.file.is_some_and(is_rsa) {
                true => case.passes("RDP-7", "rdp-key-here")?,
                false => Finding::warns("RDP-7", "rdp-no-key"),
            };
            Some(finding.with("pair", pair))
        }
    }
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
