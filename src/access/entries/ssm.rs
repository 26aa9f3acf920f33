//! A Session Manager shell: its rules (SSM), as far as the facts at hand go.

mod causes;

use self::causes::Trouble;
use crate::access::case::{Case, with_denial};
use crate::access::entry::{Channel, Client, Entry, Load};
use crate::access::finding::Finding;
use crate::access::general::{booting_for, running, self_managed};
use crate::access::images::dotted;
use crate::access::{egress, forwarding, preferences};
use crate::model::{Examination, Fact, Ssm, SsmStatus, Untrusted};

pub(super) static WAY: Entry = Entry {
    id: "ssm",
    channel: Channel::SessionManager,
    client: Client::Own,
    carries: &[Load::Tunnel, Load::Command],
    can_be_opened: true,
    may_be_best: true,
    findings: Some(findings),
    codes: &[
        "ssm-agent-lost",
        "ssm-agent-not-in-image",
        "ssm-agent-silent",
        "ssm-agent-too-old",
        "ssm-agent-unsaid",
        "ssm-agent-version-unseen",
        "ssm-channel-closed",
        "ssm-default-host-management-unseen",
        "ssm-guest",
        "ssm-no-agent-for-system",
        "ssm-no-profile-at-all",
        "ssm-role-shadowed",
        "ssm-tier-standard",
        "ssm-tier-unseen",
        "ssm-channel-starting",
        "ssm-channel-unseen",
        "ssm-kept",
        "ssm-metadata-off",
        "ssm-no-profile",
        "ssm-not-registered",
        "ssm-pending",
        "ssm-ping-old",
        "ssm-previous-boot",
        "ssm-profile-without-role",
        "ssm-role-lacks",
        "ssm-role-retired",
        "ssm-role-unseen",
        "ssm-run-command-cut-off",
        "ssm-run-command-old",
        "ssm-starting",
        "ssm-unseen",
    ],
    unchecked: &["unchecked-channel", "unchecked-permissions"],
};

/// Seconds after which the ping of an agent that counts as online is old (SSM-3); it reports about every 5 minutes.
const PING_OLD: i64 = 15 * 60;
/// The oldest agent that Session Manager talks to (docs/access-rules.md 1.2.5).
const AGENT_FLOOR: &str = "2.3.68.0";
/// The oldest agent that takes Run Command's commands by the channel of its sessions (docs/access-rules.md 1.2.5).
const WITHOUT_EC2MESSAGES: &str = "3.3.40.0";
/// The oldest agent that runs a command in a session (docs/access-rules.md 1.2.5).
pub const COMMANDS_SINCE: &str = "3.0.1124.0";

/// What is in the way of Session Manager: whether the agent is registered and heard, and why not.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let causes = trouble(case).map(|trouble| causes::of(case, trouble)).unwrap_or_default();
    let is_explained = !causes.iter().all(Finding::is_in_nobodys_way);
    let told = |finding: Finding| if finding.is("ssm-not-registered") && !is_explained { finding.with_remedy() } else { finding };
    let own = registration(case).into_iter().map(told);
    // A failed cause explains the missing registration, so it is said first.
    let (failed, open): (Vec<Finding>, Vec<Finding>) = causes.into_iter().partition(Finding::is_blocking);
    let preferences = if case.is_up() { preferences::findings(case) } else { Vec::new() };
    failed
        .into_iter()
        .chain(own)
        .chain(open)
        .chain(run_command(case))
        .chain(forwarding::findings(case))
        .chain(preferences)
        .collect()
}

/// Whether the agent is registered, heard, and new enough, without the causes: what every way by Session Manager hangs on.
pub(super) fn registration(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [running(case), self_managed(case)].into_iter().flatten().collect();
    // Stopped and terminated nodes are left out of the list of registrations (SSM-1), so it says nothing about them.
    if !case.is_up() {
        return findings;
    }
    match &case.instance.ssm {
        Fact::Pending => findings.push(Finding::withholds("SSM-1", "ssm-pending")),
        Fact::Hidden(denial) => {
            findings.push(with_denial(Finding::withholds("SSM-1", "ssm-unseen"), denial));
        }
        Fact::Known(ssm) | Fact::Kept(ssm, _) => match ssm.status {
            SsmStatus::Unmanaged => findings.push(unregistered(case)),
            SsmStatus::Lost => {
                findings.push(silent(case, ssm));
                findings.extend(agent_version(ssm));
            }
            SsmStatus::Online => {
                findings.extend(online(case, ssm));
                findings.extend(ping_fresh(case, ssm));
                findings.extend(channel_open(case));
                findings.extend(agent_version(ssm));
            }
            SsmStatus::Unknown => {
                findings.push(Finding::withholds("SSM-2", "ssm-agent-unsaid"));
                findings.extend(agent_version(ssm));
            }
        },
    }
    findings.extend(kept(case));
    findings.extend(tier(case));
    findings
}

/// SSM-19: an older agent gets Run Command's commands from a service of its own; sessions never need that.
fn run_command(case: &Case<'_>) -> Option<Finding> {
    let ssm = case.instance.ssm.known().filter(|ssm| ssm.status == SsmStatus::Online && case.is_up())?;
    let version = ssm.agent_version.as_ref()?;
    let parts = dotted(version.raw());
    if parts.iter().all(|part| *part == 0) || parts >= dotted(WITHOUT_EC2MESSAGES) {
        return None;
    }
    let said = |finding: Finding| finding.with("version", version.shown_in(30));
    if egress::is_cut_off(case, "ec2messages") {
        return Some(said(Finding::warns("SSM-19", "ssm-run-command-cut-off")).with_remedy());
    }
    case.told(|| said(Finding::notes("SSM-19", "ssm-run-command-old")))
}

/// SSM-20: sessions on a machine outside EC2 are paid for.
fn tier(case: &Case<'_>) -> Option<Finding> {
    let examined = case.instance.examination.as_ref().filter(|_| case.instance.id.is_hybrid())?;
    match &examined.has_advanced_instances {
        Fact::Pending => None,
        Fact::Hidden(denial) => Some(with_denial(Finding::unseen("SSM-20", "ssm-tier-unseen"), denial)),
        Fact::Known(true) | Fact::Kept(true, _) => case.passes("SSM-20", "ssm-tier-advanced"),
        Fact::Known(false) | Fact::Kept(false, _) => Some(
            Finding::blocks("SSM-20", "ssm-tier-standard")
                .with("region", case.instance.place.region.as_str())
                .with("partition", case.partition())
                .with("account", account(case, examined))
                .with("place", case.place_flags())
                .with_remedy(),
        ),
    }
}

/// The account as it stands in an ARN: the caller's where nothing tells whose a machine outside EC2 is.
fn account(case: &Case<'_>, examined: &Examination) -> String {
    let own = case.instance.account.as_ref().or(examined.caller.known().map(|caller| &caller.account));
    own.map_or_else(|| "ACCOUNT".to_owned(), |own| own.as_str().to_owned())
}

/// What the causes are looked for of; `None`: nothing is known, or it is too early.
fn trouble(case: &Case<'_>) -> Option<Trouble> {
    let ssm = case.instance.ssm.known().filter(|_| case.is_up())?;
    match ssm.status {
        SsmStatus::Unmanaged => booting_for(case).is_none().then_some(Trouble::Unregistered),
        SsmStatus::Lost => Some(Trouble::Silent),
        SsmStatus::Online if case.instance.channel.known() == Some(&false) => {
            Some(if booting_for(case).is_none() { Trouble::ChannelClosed } else { Trouble::None })
        }
        SsmStatus::Online | SsmStatus::Unknown => Some(Trouble::None),
    }
}

/// SSM-1 and SSM-2: it is registered, and heard.
fn online(case: &Case<'_>, ssm: &Ssm) -> Option<Finding> {
    let version = ssm.agent_version.as_ref().map_or_else(|| "?".to_owned(), |version| version.shown_in(30));
    case.passes("SSM-2", "ssm-agent-online").map(|finding| finding.with("version", version))
}

/// SSM-1 of an older answer: AWS was asked again, and did not tell.
fn kept(case: &Case<'_>) -> Option<Finding> {
    let refusal = case.instance.ssm.refusal()?;
    let seconds = case.seconds_since(refusal.told).max(0).to_string();
    Some(with_denial(Finding::unseen("SSM-1", "ssm-kept"), &refusal.denial).with("seconds", seconds))
}

/// SSM-1: it is not registered.
fn unregistered(case: &Case<'_>) -> Finding {
    match booting_for(case) {
        Some(seconds) => Finding::withholds("GEN-8", "ssm-starting").with("seconds", seconds.to_string()),
        None => Finding::blocks("SSM-1", "ssm-not-registered"),
    }
}

/// SSM-2: the agent is heard.
fn silent(case: &Case<'_>, ssm: &Ssm) -> Finding {
    match ssm.last_ping {
        Some(ping) => Finding::blocks("SSM-2", "ssm-agent-silent").with("seconds", case.seconds_since(ping).to_string()),
        None => Finding::blocks("SSM-2", "ssm-agent-lost"),
    }
    .with_remedy()
}

/// SSM-4: the agent has its session channel open, which it may not although it is heard.
fn channel_open(case: &Case<'_>) -> Option<Finding> {
    match &case.instance.channel {
        Fact::Pending => None,
        Fact::Hidden(denial) => Some(with_denial(Finding::unseen("SSM-4", "ssm-channel-unseen"), denial)),
        Fact::Known(true) | Fact::Kept(true, _) => case.passes("SSM-4", "ssm-channel-open"),
        Fact::Known(false) | Fact::Kept(false, _) => Some(match booting_for(case) {
            Some(seconds) => Finding::withholds("SSM-4", "ssm-channel-starting").with("seconds", seconds.to_string()),
            None => Finding::blocks("SSM-4", "ssm-channel-closed").with_remedy(),
        }),
    }
}

/// SSM-3: what was heard is of this boot, and recent.
fn ping_fresh(case: &Case<'_>, ssm: &Ssm) -> Option<Finding> {
    let ping = ssm.last_ping?;
    if case.instance.launched.is_some_and(|launched| ping < launched) {
        return Some(Finding::withholds("SSM-3", "ssm-previous-boot"));
    }
    let seconds = case.seconds_since(ping);
    (seconds > PING_OLD).then(|| Finding::warns("SSM-3", "ssm-ping-old").with("seconds", seconds.to_string()))
}

/// The version of an agent that surely cannot run a command in a session.
pub fn too_old_for_commands(ssm: &Ssm) -> Option<String> {
    let version = ssm.agent_version.as_ref().map(Untrusted::raw).unwrap_or_default();
    let parts = dotted(version);
    let is_known = parts.iter().any(|part| *part != 0);
    (is_known && parts < dotted(COMMANDS_SINCE)).then(|| Untrusted::from(version).shown_in(30))
}

/// SSM-5: the agent is new enough for a session.
fn agent_version(ssm: &Ssm) -> Option<Finding> {
    let version = ssm.agent_version.as_ref().map(Untrusted::raw).unwrap_or_default();
    let parts = dotted(version);
    // Very old nodes report an empty version or `0.0.0.0`.
    if parts.iter().all(|part| *part == 0) {
        return Some(Finding::unseen("SSM-5", "ssm-agent-version-unseen"));
    }
    (parts < dotted(AGENT_FLOOR)).then(|| {
        Finding::blocks("SSM-5", "ssm-agent-too-old")
            .with("version", Untrusted::from(version).shown_in(30))
            .with("least", AGENT_FLOOR)
    })
}
