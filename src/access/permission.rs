//! Whether the caller's own policies allow what a way takes: IAM-2 to IAM-10, EICE-12, SSM-22, SSM-28.

use super::Method;
use super::case::{Case, with_denial};
use super::entries::{LoginKey, login_key};
use super::entry::{Channel, Client};
use super::finding::Finding;
use crate::model::{Decision, Fact, Permission, Permissions, Untrusted};

/// The codes that these rules give.
pub(super) const CODES: &[&str] =
    &["just-in-time", "permission-denied", "permission-limited", "permission-unclear", "permission-unseen", "tunnel-too-long"];

/// What is said of the permissions that a way takes, where they were simulated.
pub(super) fn findings(case: &Case<'_>, method: Method) -> Vec<Finding> {
    of(case, &needed(case, method))
}

/// What is said of these; where the simulation was denied, once for all of them.
pub(super) fn of(case: &Case<'_>, needed: &[Permission]) -> Vec<Finding> {
    match case.instance.examination.as_ref().map(|examined| &examined.permissions) {
        None | Some(Fact::Pending) => Vec::new(),
        Some(Fact::Hidden(denial)) => {
            let first = needed.first();
            first.map(|own| with_denial(Finding::unseen(rule(*own), "permission-unseen"), denial)).into_iter().collect()
        }
        Some(Fact::Known(all) | Fact::Kept(all, _)) => {
            let own = needed.iter().filter_map(|own| match all.get(own)? {
                Decision::Denied(_) if *own == Permission::Tunnel && gives_shorter(all) => Some(too_long()),
                decision => said(case, *own, decision),
            });
            own.chain(needed.iter().find_map(|own| just_in_time(case, *own, all.get(own)?))).collect()
        }
    }
}

/// What a way takes, that which opens it first.
fn needed(case: &Case<'_>, method: Method) -> Vec<Permission> {
    let pushes = match method.client() {
        Client::Ssh(source) => match source {
            super::KeySource::Pushed => true,
            super::KeySource::File => false,
            super::KeySource::PushedOrFile => {
                matches!(login_key(case.instance, case.options, case.local), Some(LoginKey::OneTime | LoginKey::Pushed(_)))
            }
        },
        Client::Own => false,
    };
    let opens: &[Permission] = match (method.channel(), method.client()) {
        (Channel::SessionManager, Client::Own) => {
            &[Permission::Shell, Permission::ShellDocument, Permission::DataKey, Permission::OwnSessions]
        }
        (Channel::SessionManager, Client::Ssh(_)) => &[Permission::SshSession, Permission::OwnSessions],
        (Channel::Endpoint, _) => &[Permission::Tunnel],
        (Channel::SerialConsole, _) => &[Permission::SerialConsole],
        (Channel::Address, _) => &[],
        (Channel::Desktop, _) => &[Permission::Password],
    };
    opens.iter().copied().chain(pushes.then_some(Permission::PushKey)).collect()
}

/// The rule that is about a permission.
fn rule(permission: Permission) -> &'static str {
    match permission {
        Permission::PushKey => "IAM-2",
        Permission::Shell => "IAM-3",
        Permission::ShellDocument => "SSM-22",
        Permission::SshSession => "IAM-4",
        Permission::PortSession => "IAM-5",
        Permission::Tunnel => "IAM-6",
        Permission::ShortTunnel => "EICE-12",
        Permission::SerialConsole => "IAM-7",
        Permission::OwnSessions => "IAM-8",
        Permission::DataKey => "IAM-9",
        Permission::Password => "IAM-10",
    }
}

fn said(case: &Case<'_>, permission: Permission, decision: &Decision) -> Option<Finding> {
    let rule = rule(permission);
    let finding = match decision {
        Decision::Allowed => case.passes(rule, "permission-given")?,
        Decision::AllowedUnless(keys) if keys.is_empty() => case.told(|| Finding::seems(rule, "permission-of-root"))?,
        Decision::AllowedUnless(keys) => case.told(|| Finding::seems(rule, "permission-given-unless"))?.with("keys", named(keys)),
        Decision::Unclear(keys) => Finding::unseen(rule, "permission-unclear").with("keys", named(keys)),
        Decision::Denied(by) if is_a_convenience(permission) => Finding::warns(rule, "permission-limited").with("by", by.word()),
        Decision::Denied(by) => Finding::blocks(rule, "permission-denied").with("by", by.word()).with_remedy(),
    };
    Some(finding.with("permission", permission.action()))
}

/// Whether a tunnel is given to whoever asks for a shorter one.
fn gives_shorter(all: &Permissions) -> bool {
    matches!(all.get(&Permission::ShortTunnel), Some(Decision::Allowed | Decision::AllowedUnless(_)))
}

/// EICE-12: a policy limits how long a tunnel may last, and a request for more is denied.
fn too_long() -> Finding {
    Finding::blocks("EICE-12", "tunnel-too-long").with_remedy()
}

/// SSM-28: where a shell is denied, the account may grant it for a while to whoever says why.
fn just_in_time(case: &Case<'_>, permission: Permission, decision: &Decision) -> Option<Finding> {
    let is_denied = permission == Permission::Shell && matches!(decision, Decision::Denied(_));
    let told = || {
        let finding = Finding::notes("SSM-28", "just-in-time").with("id", case.instance.id.as_str());
        finding.with("place", case.place_flags()).with_remedy()
    };
    is_denied.then(|| case.told(told)).flatten()
}

/// Without it a way is open all the same.
fn is_a_convenience(permission: Permission) -> bool {
    matches!(permission, Permission::OwnSessions | Permission::Password)
}

fn named(keys: &[Untrusted]) -> String {
    if keys.is_empty() { "–".to_owned() } else { keys.iter().map(|key| key.shown_in(60)).collect::<Vec<_>>().join(", ") }
}
