//! A Session Manager shell: its rules (SSM), as far as the facts at hand go.

use crate::access::case::{Case, denial_values};
use crate::access::entry::{Channel, Client, Entry, Load};
use crate::access::finding::Finding;
use crate::access::general::{booting_for, running, self_managed};
use crate::access::images::{Package, dotted};
use crate::model::{Denial, Fact, Grant, ProfileRole, Ssm, SsmStatus, Untrusted};
use crate::text::shell_word;

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
        "ssm-role-unseen",
        "ssm-starting",
        "ssm-unseen",
    ],
    unchecked: &["unchecked-channel", "unchecked-permissions"],
};

/// Seconds after which the ping of an agent that counts as online is old (SSM-3); it reports about every 5 minutes.
const PING_OLD: i64 = 15 * 60;
/// The oldest agent that Session Manager talks to (docs/access-rules.md 1.2.5).
const AGENT_FLOOR: &str = "2.3.68.0";
/// The oldest agent that runs a command in a session (docs/access-rules.md 1.2.5).
pub const COMMANDS_SINCE: &str = "3.0.1124.0";

/// What is in the way of Session Manager.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [running(case), self_managed(case)].into_iter().flatten().collect();
    // Stopped and terminated nodes are left out of the list of registrations (SSM-1), so it says nothing about them.
    if !case.is_up() {
        return findings;
    }
    match &case.instance.ssm {
        Fact::Pending => findings.push(Finding::withholds("SSM-1", "ssm-pending")),
        Fact::Hidden(denial) => {
            findings.push(hidden(Finding::withholds("SSM-1", "ssm-unseen"), denial));
        }
        Fact::Known(ssm) | Fact::Kept(ssm, _) => match ssm.status {
            SsmStatus::Unmanaged => findings.extend(unregistered(case)),
            SsmStatus::Lost => {
                findings.push(silent(case, ssm));
                findings.extend(agent_version(ssm));
                findings.extend(role_grants(case, false));
            }
            SsmStatus::Online => {
                findings.extend(online(case, ssm));
                findings.extend(ping_fresh(case, ssm));
                findings.extend(channel_open(case));
                findings.extend(agent_version(ssm));
                findings.extend(role_grants(case, false));
            }
            SsmStatus::Unknown => {
                findings.push(Finding::withholds("SSM-2", "ssm-agent-unsaid"));
                findings.extend(agent_version(ssm));
                findings.extend(role_grants(case, false));
            }
        },
    }
    findings.extend(kept(case));
    findings
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
    Some(hidden(Finding::unseen("SSM-1", "ssm-kept"), &refusal.denial).with("seconds", seconds))
}

/// SSM-1 and, in the order of their likelihood, the causes: SSM-12, SSM-7, SSM-8, SSM-9, SSM-18.
fn unregistered(case: &Case<'_>) -> Vec<Finding> {
    if let Some(seconds) = booting_for(case) {
        return vec![Finding::withholds("GEN-8", "ssm-starting").with("seconds", seconds.to_string())];
    }
    // What is looked at for the causes is EC2's alone.
    if case.instance.id.is_hybrid() {
        return vec![Finding::blocks("SSM-1", "ssm-not-registered").with_remedy()];
    }
    let causes: Vec<Finding> = [metadata_on(case), profile_attached(case), profile_has_role(case), role_grants(case, true)]
        .into_iter()
        .flatten()
        .chain(agent_in_image(case))
        .collect();
    let mut registered = Finding::blocks("SSM-1", "ssm-not-registered");
    if causes.is_empty() {
        registered = registered.with_remedy();
    }
    // A failed cause explains the missing registration, so it is said first.
    let (failed, open): (Vec<Finding>, Vec<Finding>) = causes.into_iter().partition(Finding::is_blocking);
    failed.into_iter().chain([registered]).chain(open).collect()
}

/// SSM-12: the agent reads its identity from the metadata service.
fn metadata_on(case: &Case<'_>) -> Option<Finding> {
    (case.instance.metadata_enabled == Some(false)).then(|| {
        Finding::blocks("SSM-12", "ssm-metadata-off")
            .with("id", case.instance.id.as_str())
            .with("place", case.place_flags())
            .with_remedy()
    })
}

/// SSM-7: an instance profile is attached. Default Host Management could stand in for it, and is not read (SSM-11).
fn profile_attached(case: &Case<'_>) -> Option<Finding> {
    case.instance.instance_profile.is_none().then(|| {
        Finding::unseen("SSM-7", "ssm-no-profile")
            .with("id", case.instance.id.as_str())
            .with("place", case.place_flags())
            .with_remedy()
    })
}

/// SSM-8: the instance profile holds a role.
fn profile_has_role(case: &Case<'_>) -> Option<Finding> {
    let profile = case.instance.instance_profile.as_ref()?;
    match case.instance.role.known() {
        Some(ProfileRole { role: None, .. }) => Some(
            Finding::blocks("SSM-8", "ssm-profile-without-role")
                .with("profile", profile.shown_in(64))
                .with("profile-word", shell_word(&profile.shown()))
                .with_remedy(),
        ),
        _ => None,
    }
}

/// SSM-9: the role grants what the agent needs. Hard only where the instance is not registered: a registration disproves it.
fn role_grants(case: &Case<'_>, is_hard: bool) -> Option<Finding> {
    let profile = case.instance.instance_profile.as_ref()?;
    let role = match &case.instance.role {
        Fact::Pending => return None,
        Fact::Hidden(denial) => return Some(role_unseen(profile, denial)),
        Fact::Known(role) | Fact::Kept(role, _) => role,
    };
    let name = role.role.as_ref()?;
    match &role.grant {
        Fact::Pending => None,
        Fact::Known(Grant::Sessions) | Fact::Kept(Grant::Sessions, _) => {
            case.passes("SSM-9", "ssm-role-grants").map(|finding| finding.with("role", name.shown_in(64)))
        }
        Fact::Hidden(denial) => Some(role_unseen(name, denial)),
        Fact::Known(Grant::Lacks(actions)) | Fact::Kept(Grant::Lacks(actions), _) => {
            let lacks =
                if is_hard { Finding::blocks("SSM-9", "ssm-role-lacks") } else { Finding::warns("SSM-9", "ssm-role-lacks") };
            Some(
                lacks
                    .with("role", name.shown_in(64))
                    .with("role-word", shell_word(&name.shown()))
                    .with("actions", actions.join(", "))
                    .with("partition", case.partition())
                    .with_remedy(),
            )
        }
    }
}

fn role_unseen(name: &Untrusted, denial: &Denial) -> Finding {
    hidden(Finding::unseen("SSM-9", "ssm-role-unseen"), denial).with("role", name.shown_in(64))
}

fn hidden(finding: Finding, denial: &Denial) -> Finding {
    denial_values(denial).into_iter().fold(finding, |finding, (name, value)| finding.with(name, value))
}

/// SSM-18: the image comes with the agent. It only orders the causes.
fn agent_in_image(case: &Case<'_>) -> Option<Finding> {
    let Some(Some(image)) = case.instance.image_name.known() else { return None };
    (Package::ssm(image) == Package::Absent)
        .then(|| Finding::warns("SSM-18", "ssm-agent-not-in-image").with("image", image.name.shown_in(60)).with_remedy())
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
        Fact::Hidden(denial) => Some(hidden(Finding::unseen("SSM-4", "ssm-channel-unseen"), denial)),
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
