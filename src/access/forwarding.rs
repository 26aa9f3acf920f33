//! Whether a way in can carry a port of this computer to a host: PFWD-1 to PFWD-4.

use std::net::IpAddr;

use jiff::Timestamp;

use super::bastion::{Let, lets_in};
use super::case::Case;
use super::finding::{Finding, Judgement, judge};
use super::images::dotted;
use super::{ConnectOptions, Forward, Local, Method, Reason, Verdict};
use crate::model::{Destination, Instance, Untrusted};

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "forward-agent-old",
    "forward-agent-too-old",
    "forward-forbidden",
    "forward-group-closed",
    "forward-group-unclear",
    "forward-port-taken",
];

/// The oldest agent that leads to other hosts, and the oldest of which AWS says so (docs/access-rules.md 1.2.5).
const AGENT_FLOOR: &str = "3.1.1188.0";
const AGENT_DOCUMENTED: &str = "3.1.1374.0";

/// What is said of a forwarding by one way and of nothing else, worst first, and whether it is surely in the way; without one by a session.
pub fn forwarded(instance: &Instance, forward: Forward, by: Option<Method>, now: Timestamp) -> (Verdict, Vec<Reason>) {
    let options = ConnectOptions { forward: Some(forward), ..ConnectOptions::default() };
    let case = Case { instance, options: &options, local: &Local::default(), now, tells_all: false };
    let Judgement { verdict, reasons, .. } = judge(findings_by(&case, by), None);
    (verdict, reasons)
}

/// What is in the way of what is to be forwarded by the agent; nothing where nothing is.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    findings_by(case, None)
}

/// The same by any way: sshd leads where its instance reaches, whatever an agent does.
fn findings_by(case: &Case<'_>, by: Option<Method>) -> Vec<Finding> {
    let Some(forward) = &case.options.forward else { return Vec::new() };
    let to = |finding: Finding| finding.with("to", forward.to.to_string());
    let taken = forward.taken.map(|port| Finding::blocks("PFWD-4", "forward-port-taken").with("port", port.to_string()));
    let own = match &forward.to {
        Destination::Port(_) => Vec::new(),
        Destination::Behind { host, port } => {
            let address = host.as_str().parse::<IpAddr>().ok();
            let of_agent =
                [agent(case), forbidden(case, forward, address)].into_iter().filter(|_| !by.is_some_and(Method::runs_ssh));
            of_agent.chain([admitted(case, forward, address, *port)]).flatten().collect()
        }
    };
    own.into_iter().map(to).chain(taken).collect()
}

/// PFWD-1: the agent leads to other hosts.
fn agent(case: &Case<'_>) -> Option<Finding> {
    let version = case.instance.ssm.known()?.agent_version.as_ref()?;
    let parts = dotted(version.raw());
    if parts.iter().all(|part| *part == 0) {
        return None;
    }
    let (finding, least) = if parts < dotted(AGENT_FLOOR) {
        (Finding::blocks("PFWD-1", "forward-agent-too-old"), AGENT_FLOOR)
    } else if parts < dotted(AGENT_DOCUMENTED) {
        (Finding::warns("PFWD-1", "forward-agent-old"), AGENT_DOCUMENTED)
    } else {
        return None;
    };
    let id = case.instance.id.as_str();
    Some(
        finding
            .with("version", version.shown_in(30))
            .with("least", least)
            .with("id", id)
            .with("place", case.place_flags())
            .with_remedy(),
    )
}

/// PFWD-2: no agent leads to metadata, to the resolver, or by an address to its own instance.
fn forbidden(case: &Case<'_>, forward: &Forward, address: Option<IpAddr>) -> Option<Finding> {
    let is_own = address.is_some_and(|address| case.instance.addresses().any(|own| own == address));
    (is_own || forward.to.is_forbidden()).then(|| {
        let port = forward.to.port().to_string();
        Finding::blocks("PFWD-2", "forward-forbidden")
            .with("own", if is_own { "yes" } else { "no" })
            .with("port", port)
            .with_remedy()
    })
}

/// PFWD-3: the groups of an instance of the same VPC let it in.
fn admitted(case: &Case<'_>, forward: &Forward, address: Option<IpAddr>, port: u16) -> Option<Finding> {
    let (to, ip) = (forward.at.as_ref()?, address?);
    let network = case.instance.network.known()?;
    // A rule that names a group lets nobody in from outside, and to a public address it is left by that way.
    let is_public = to.public_ip.map(IpAddr::V4) == Some(ip);
    if to.id == case.instance.id || to.vpc.is_none() || to.vpc != case.instance.vpc || is_public {
        return None;
    }
    let finding = match lets_in(to, case.instance, ip, network, port) {
        Let::Through(_) => return case.passes("PFWD-3", "forward-group-open").map(|finding| finding.with("target", to.shown())),
        Let::Nothing => Finding::warns("PFWD-3", "forward-group-closed").with_remedy(),
        Let::Unclear => Finding::unseen("PFWD-3", "forward-group-unclear"),
    };
    let groups = to.groups_at(ip);
    let shown = |id: &Untrusted| id.shown_in(40);
    let own = case.instance.security_groups.first().map(|group| shown(&group.id)).unwrap_or_default();
    let word = |id: Option<String>| crate::text::shell_word(&id.unwrap_or_default());
    let finding = finding.with("target", to.shown()).with("port", port.to_string());
    let finding = finding.with("groups", groups.iter().map(shown).collect::<Vec<_>>().join(", "));
    Some(
        finding
            .with("group", word(groups.first().map(shown)))
            .with("own-group", word(Some(own)))
            .with("place", case.place_flags()),
    )
}
