//! Why an agent is not registered, not heard, or has no session channel: SSM-6 to SSM-18, in the order of their likelihood.

use crate::access::case::{Case, with_denial};
use crate::access::egress;
use crate::access::finding::Finding;
use crate::access::images::Package;
use crate::model::{Denial, Fact, Grant, ProfileRole, Untrusted};
use crate::text::shell_word;

/// What registers an agent.
const REGISTER: &str = "ssm:UpdateInstanceInformation";

/// What is looked for the causes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is not registered (SSM-1).
    Unregistered,
    /// It is not heard (SSM-2).
    Silent,
    /// It has no session channel (SSM-4).
    ChannelClosed,
    /// None: a registration disproves guessed causes.
    None,
}

/// The causes. What is looked at for them is EC2's alone.
pub(super) fn of(case: &Case<'_>, trouble: Trouble) -> Vec<Finding> {
    if case.instance.id.is_hybrid() {
        return Vec::new();
    }
    let retired = role_retired(case);
    match trouble {
        Trouble::None => role_grants(case, false).into_iter().chain(retired).collect(),
        Trouble::ChannelClosed => {
            let outward = egress::findings(case, egress::CHANNEL);
            role_grants(case, true).into_iter().chain(outward).chain(retired).collect()
        }
        Trouble::Unregistered | Trouble::Silent => {
            let own = [metadata_on(case), profile_attached(case), profile_has_role(case), role_grants(case, true)];
            let image = (trouble == Trouble::Unregistered).then(|| agent_in_image(case)).flatten();
            let outward = egress::findings(case, egress::ALL_SERVICES);
            own.into_iter().flatten().chain(outward).chain(image).chain(retired).chain(guest(case)).collect()
        }
    }
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

/// SSM-7 and SSM-11: an instance profile is attached, or Default Host Management stands in for it.
fn profile_attached(case: &Case<'_>) -> Option<Finding> {
    if case.instance.instance_profile.is_some() {
        return None;
    }
    let none = |finding: Finding| finding.with("id", case.instance.id.as_str()).with("place", case.place_flags()).with_remedy();
    match case.instance.examination.as_ref().map(|examined| &examined.host_management) {
        None | Some(Fact::Pending) => Some(none(Finding::unseen("SSM-7", "ssm-no-profile"))),
        Some(Fact::Hidden(denial)) => Some(with_denial(Finding::unseen("SSM-11", "ssm-default-host-management-unseen"), denial)),
        Some(Fact::Known(None) | Fact::Kept(None, _)) => Some(none(Finding::blocks("SSM-7", "ssm-no-profile-at-all"))),
        Some(Fact::Known(Some(role)) | Fact::Kept(Some(role), _)) => {
            case.passes("SSM-11", "ssm-default-host-management").map(|finding| finding.with("role", role.shown_in(80)))
        }
    }
}

/// Whether Default Host Management is on: whoever lacks what registers an agent goes by its role.
fn has_default_role(case: &Case<'_>) -> bool {
    let managed = case.instance.examination.as_ref().and_then(|examined| examined.host_management.known());
    managed.is_some_and(Option::is_some)
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
            // An agent that its own role does not let register takes that of Default Host Management; one that registers does not.
            let lacks = match (is_hard, has_default_role(case), actions.contains(&REGISTER)) {
                (true, true, true) => Finding::warns("SSM-11", "ssm-role-shadowed"),
                (true, ..) => Finding::blocks("SSM-9", "ssm-role-lacks"),
                (false, ..) => Finding::warns("SSM-9", "ssm-role-lacks"),
            };
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

/// SSM-10: the role has the policy for agents that AWS has retired: it works, and grants too much.
fn role_retired(case: &Case<'_>) -> Option<Finding> {
    let role = case.instance.role.known().filter(|role| role.has_retired_policy)?;
    let name = role.role.as_ref()?;
    case.told(|| {
        let finding = Finding::notes("SSM-10", "ssm-role-retired").with("role", name.shown_in(64));
        finding.with("role-word", shell_word(&name.shown())).with("partition", case.partition()).with_remedy()
    })
}

fn role_unseen(name: &Untrusted, denial: &Denial) -> Finding {
    with_denial(Finding::unseen("SSM-9", "ssm-role-unseen"), denial).with("role", name.shown_in(64))
}

/// SSM-6, SSM-18: there is an agent for the system, and the image comes with it. That it does not only orders the causes.
fn agent_in_image(case: &Case<'_>) -> Option<Finding> {
    let Some(Some(image)) = case.instance.image_name.known() else { return None };
    let finding = match Package::ssm(image) {
        Package::Never => Finding::blocks("SSM-6", "ssm-no-agent-for-system"),
        Package::Absent => Finding::warns("SSM-18", "ssm-agent-not-in-image").with_remedy(),
        Package::Present | Package::Unsupported | Package::Unknown => return None,
    };
    Some(finding.with("image", image.name.shown_in(60)))
}

/// SSM-30: what is in the way inside the instance is not visible from outside.
fn guest(case: &Case<'_>) -> Option<Finding> {
    case.told(|| Finding::notes("SSM-30", "ssm-guest").with_remedy())
}
