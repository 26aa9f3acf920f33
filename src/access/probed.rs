//! What tests on request have shown: EICE-15, SSH-12, IAM-3, IAM-6, SSM-4; and what is proven by them (docs/access-rules.md 0.2).

use super::case::Case;
use super::entry::{Channel, Client, KeySource};
use super::finding::Finding;
use super::general::booting_for;
use super::{Jump, KeyMatch, Method, found_key};
use crate::model::{Decision, NoAnswer, Permission, Probed, Probes};

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "probe-banner-other",
    "probe-banner-failed",
    "probe-session-denied",
    "probe-session-failed",
    "probe-session-not-connected",
    "probe-tunnel-denied",
    "probe-tunnel-failed",
];

/// What sshd begins with (RFC 4253, 4.2).
const SSHD: &str = "SSH-";

/// What is said of a way that was tested.
pub(super) fn findings(case: &Case<'_>, method: Method) -> Option<Finding> {
    let probes = probes(case)?;
    match (method.channel(), method.client()) {
        (Channel::Address, _) if case.options.jump == Jump::None => banner(case, probes.banner.as_ref()?),
        (Channel::Endpoint, _) => tunnel(case, probes.tunnel.as_ref()?),
        (Channel::SessionManager, Client::Own) => session(case, probes.session.as_ref()?),
        _ => None,
    }
}

/// How old the proof is that a way works, in seconds, where there is one: what was tested, or what AWS has told that leaves nothing open.
pub(super) fn proof(case: &Case<'_>, method: Method) -> Option<i64> {
    let examined = case.instance.examination.as_ref()?;
    let (probes, answered) = (&examined.probes, |probed: &Option<Probed>| matches!(probed, Some(Probed::Answered(_))));
    let is_proven = match (method.channel(), method.client()) {
        (Channel::SessionManager, Client::Own) => {
            let is_allowed = || {
                let permissions = examined.permissions.known();
                permissions.and_then(|all| all.get(&Permission::Shell)) == Some(&Decision::Allowed)
            };
            let is_connected = case.instance.channel.known() == Some(&true);
            answered(&probes.session) || is_connected && is_allowed() && examined.preferences.known().is_some()
        }
        (Channel::Endpoint, _) => answered(&probes.tunnel),
        (Channel::Address, Client::Ssh(KeySource::File)) if case.options.jump == Jump::None => {
            let is_of_pair = || {
                let found = found_key(case.instance, case.options, case.local);
                // One that was added may have been taken out since.
                matches!(found.by, Some(KeyMatch::PublicKey | KeyMatch::Fingerprint))
            };
            matches!(&probes.banner, Some(Probed::Answered(banner)) if banner.raw().starts_with(SSHD)) && is_of_pair()
        }
        _ => false,
    };
    is_proven.then(|| probes.made.map_or(0, |made| case.seconds_since(made).max(0)))
}

fn probes<'a>(case: &Case<'a>) -> Option<&'a Probes> {
    case.instance.examination.as_ref().map(|examined| &examined.probes)
}

/// SSH-12: what answers at the address. That nothing does is no proof that nothing would: it may be another time or another place.
fn banner(case: &Case<'_>, probed: &Probed) -> Option<Finding> {
    let finding = match probed {
        Probed::Answered(banner) if banner.raw().starts_with(SSHD) => {
            return case.passes("SSH-12", "probe-banner").map(|finding| finding.with("banner", banner.shown_in(60)));
        }
        Probed::Answered(other) => Finding::warns("SSH-12", "probe-banner-other").with("banner", other.shown_in(60)),
        Probed::Failed { what, .. } => Finding::warns("SSH-12", "probe-banner-failed").with("what", what.as_str()),
    };
    Some(finding)
}

/// EICE-15, IAM-6: whether a tunnel opens, and something answers in it.
fn tunnel(case: &Case<'_>, probed: &Probed) -> Option<Finding> {
    match probed {
        Probed::Answered(_) => case.passes("EICE-15", "probe-tunnel-open"),
        Probed::Failed { why: NoAnswer::Denied, what } => {
            Some(Finding::blocks("IAM-6", "probe-tunnel-denied").with("what", what.as_str()))
        }
        Probed::Failed { what, .. } => Some(Finding::warns("EICE-15", "probe-tunnel-failed").with("what", what.as_str())),
    }
}

/// SSM-4, IAM-3: whether a session begins.
fn session(case: &Case<'_>, probed: &Probed) -> Option<Finding> {
    let (finding, what) = match probed {
        Probed::Answered(_) => return case.passes("SSM-4", "probe-session-open"),
        Probed::Failed { why: NoAnswer::Denied, what } => (Finding::blocks("IAM-3", "probe-session-denied"), what),
        Probed::Failed { why: NoAnswer::NotConnected, what } => {
            // An agent may take a minute or two after a start before it takes sessions.
            let weigh = if booting_for(case).is_some() { Finding::withholds } else { Finding::blocks };
            (weigh("SSM-4", "probe-session-not-connected"), what)
        }
        Probed::Failed { what, .. } => (Finding::warns("SSM-4", "probe-session-failed"), what),
    };
    Some(finding.with("what", what.as_str()))
}
