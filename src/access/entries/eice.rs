//! SSH through an EC2 Instance Connect Endpoint: its rules (EICE).

use super::eic;
use super::ssm_ssh::{LoginKey, key_at_hand, login_key};
use crate::access::case::{Case, denial_values};
use crate::access::door::{Door, ENDPOINT_PORTS, NoDoor, door, inner_port};
use crate::access::entry::{Channel, Client, Entry, KeySource};
use crate::access::finding::Finding;
use crate::access::general;
use crate::access::network::between::{End, barrier};
use crate::access::network::vpcs::between;
use crate::model::{Direction, Endpoint, Fact, Network, Os, Passage, Peer, Untrusted, Whereabouts};
use crate::text::shell_word;

pub(super) static WAY: Entry = Entry {
    id: "eice",
    channel: Channel::Endpoint,
    client: Client::Ssh(KeySource::PushedOrFile),
    carries: &[],
    can_be_opened: true,
    may_be_best: true,
    findings: Some(findings),
    codes: &[
        "eice-acl",
        "eice-acl-replies",
        "eice-client-ip",
        "eice-client-ip-limits",
        "eice-coming",
        "eice-family",
        "eice-group-closed",
        "eice-group-unclear",
        "eice-groups-pending",
        "eice-groups-unseen",
        "eice-kept",
        "eice-no-endpoint",
        "eice-no-such-endpoint",
        "eice-not-yours",
        "eice-of-another-vpc",
        "eice-outbound-closed",
        "eice-outbound-unclear",
        "eice-pending",
        "eice-port",
        "eice-state-unknown",
        "eice-unseen",
        "eice-unusable",
        "eice-windows",
    ],
    unchecked: &["unchecked-permissions"],
};

/// What is in the way of an endpoint.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [
        general::of_ec2(case),
        general::running(case),
        general::self_managed(case),
        general::ssh_client(case),
        port(case),
        not_windows(case),
        standing(case),
    ]
    .into_iter()
    .flatten()
    .collect();
    findings.extend(through(case));
    findings.extend(key(case));
    findings
}

/// What is in the way of a tunnel to the port that is asked for, whatever speaks there.
pub(super) fn tunnel(case: &Case<'_>) -> Vec<Finding> {
    let own = [general::of_ec2(case), general::running(case), general::self_managed(case), port(case), standing(case)];
    own.into_iter().flatten().chain(through(case)).collect()
}

/// What is in the way of the endpoint itself.
fn through(case: &Case<'_>) -> Vec<Finding> {
    // One that is not up needs no endpoint before it is.
    if !case.is_up() {
        return Vec::new();
    }
    match door(case.instance, case.options) {
        Ok(door) => of_door(case, door),
        Err(none) => no_door(case, &none).into_iter().collect(),
    }
}

/// SSHSSM-5, EIC-3, EIC-4: there is a key that the login takes, and nothing is in the way of one that is pushed.
fn key(case: &Case<'_>) -> Option<Finding> {
    match login_key(case.instance, case.options, case.local) {
        Some(LoginKey::OneTime) => eic::package_present(case, &eic::package(case)),
        Some(LoginKey::Pushed(_) | LoginKey::File(_) | LoginKey::Agent(_) | LoginKey::Opened(_)) => None,
        None => eic::metadata_on(case).filter(|_| case.options.key.is_none()).or_else(|| key_at_hand(case)),
    }
}

/// EICE-4: endpoints lead to two ports.
fn port(case: &Case<'_>) -> Option<Finding> {
    let port = inner_port(case.options);
    (!ENDPOINT_PORTS.contains(&port)).then(|| Finding::blocks("EICE-4", "eice-port").with("port", port.to_string()))
}

/// SSH-9: nothing says that a Windows instance serves ssh.
fn not_windows(case: &Case<'_>) -> Option<Finding> {
    (case.instance.os == Os::Windows).then(|| Finding::withholds("EICE-1", "eice-windows"))
}

/// What is shown is an older answer.
fn standing(case: &Case<'_>) -> Option<Finding> {
    let told = case.instance.endpoints();
    let refusal = told.refusal()?;
    let [action, why] = denial_values(&refusal.denial);
    Some(Finding::unseen("EICE-1", "eice-kept").with(action.0, action.1).with(why.0, why.1))
}

/// EICE-1 to EICE-3: why there is no endpoint to go through.
fn no_door(case: &Case<'_>, none: &NoDoor<'_>) -> Option<Finding> {
    if case.instance.id.is_hybrid() {
        return None;
    }
    let vpc = || case.instance.vpc.as_ref().map(|vpc| vpc.shown_in(40)).unwrap_or_default();
    Some(match none {
        NoDoor::Unknown => match case.instance.endpoints() {
            Fact::Hidden(denial) => {
                let [action, why] = denial_values(&denial);
                Finding::withholds("EICE-1", "eice-unseen").with(action.0, action.1).with(why.0, why.1)
            }
            // Without a VPC there is no endpoint either.
            _ if case.instance.vpc.is_none() => Finding::excludes("EICE-1", "eice-no-endpoint").with("vpc", vpc()),
            _ => Finding::withholds("EICE-1", "eice-pending"),
        },
        NoDoor::None => {
            let none = Finding::blocks("EICE-1", "eice-no-endpoint").with("vpc", vpc());
            let none = none.with("port", inner_port(case.options).to_string());
            match &case.instance.subnet {
                Some(subnet) => {
                    none.with("subnet", shell_word(&subnet.shown_in(40))).with("place", case.place_flags()).with_remedy()
                }
                None => none,
            }
        }
        NoDoor::NoSuch(id) => Finding::blocks("EICE-1", "eice-no-such-endpoint").with("endpoint", id.as_str()),
        NoDoor::Unusable(all) => {
            let shown: Vec<String> = all.iter().map(|endpoint| endpoint.shown()).collect();
            Finding::blocks("EICE-2", "eice-unusable").with("endpoints", shown.join(", "))
        }
        NoDoor::Coming(endpoint) => Finding::withholds("EICE-2", "eice-coming").with("endpoint", endpoint.id.as_str()),
        NoDoor::OtherFamily(endpoint, address) => Finding::blocks("EICE-3", "eice-family")
            .with("endpoint", endpoint.id.as_str())
            .with("type", endpoint.address_type.word())
            .with("address", address.to_string()),
        NoDoor::NoAddress => Finding::blocks("EICE-3", "no-address"),
    })
}

/// What is in the way of one endpoint.
fn of_door(case: &Case<'_>, door: Door<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        [state_known(door.endpoint), owned(case, door.endpoint), client_ip_limits(case, door)].into_iter().flatten().collect();
    let ready = |finding: Finding| finding.with("endpoint", door.endpoint.id.as_str()).with("state", door.endpoint.state.shown());
    findings.extend(case.passes("EICE-2", "eice-ready").map(ready));
    // One of another VPC is let in by rules that are not read.
    if door.endpoint.vpc == case.instance.vpc {
        findings.extend(groups(case, door));
        findings.extend(acls(case, door));
    } else {
        findings.extend(of_another_vpc(case, door));
    }
    findings
}

/// EICE-10, NET-11, NET-12: what an endpoint of another VPC goes through.
fn of_another_vpc(case: &Case<'_>, door: Door<'_>) -> Vec<Finding> {
    let Some(vpc) = &door.endpoint.vpc else { return Vec::new() };
    let told = || {
        let finding = Finding::notes("EICE-10", "eice-of-another-vpc").with("endpoint", door.endpoint.id.as_str());
        finding.with("vpc", vpc.shown_in(40))
    };
    let path = || {
        let network = case.instance.network.known()?;
        let subnet = case.instance.interfaces.iter().find(|interface| interface.has(door.address))?.subnet.as_ref()?;
        between(case, network, subnet, vpc, None)
    };
    case.told(told).into_iter().chain(path()).collect()
}

fn state_known(endpoint: &Endpoint) -> Option<Finding> {
    matches!(endpoint.state, crate::model::EndpointState::Unknown(_)).then(|| {
        Finding::withholds("EICE-2", "eice-state-unknown")
            .with("endpoint", endpoint.id.as_str())
            .with("state", endpoint.state.shown())
    })
}

/// EICE-11: in a shared subnet an endpoint serves the account that made it.
fn owned(case: &Case<'_>, endpoint: &Endpoint) -> Option<Finding> {
    let (owner, own) = (endpoint.owner.as_ref()?, case.instance.account.as_ref()?);
    (owner != own).then(|| {
        Finding::blocks("EICE-11", "eice-not-yours").with("endpoint", endpoint.id.as_str()).with("owner", owner.as_str())
    })
}

/// Families of instance types to which no endpoint shows the client's address (docs/access-rules.md EICE-8).
const WITHOUT_CLIENT_IP: [&str; 9] = ["c1", "cg1", "cg2", "g1", "hi1", "m1", "m2", "m3", "t1"];

/// EICE-8: where an endpoint keeps the client's address, some instances cannot be reached.
fn client_ip_limits(case: &Case<'_>, door: Door<'_>) -> Option<Finding> {
    if !door.endpoint.keeps_client_ip {
        return None;
    }
    let family = case.instance.instance_type.as_ref().and_then(|kind| kind.raw().split('.').next());
    let is_old = family.is_some_and(|family| WITHOUT_CLIENT_IP.contains(&family));
    let is_elsewhere = door.endpoint.vpc != case.instance.vpc;
    (is_old || is_elsewhere || door.address.is_ipv6())
        .then(|| Finding::blocks("EICE-8", "eice-client-ip-limits").with("endpoint", door.endpoint.id.as_str()))
}

/// EICE-5 to EICE-7: the endpoint's groups let out, and the instance's let in.
fn groups(case: &Case<'_>, door: Door<'_>) -> Vec<Finding> {
    let Some(network) = case.instance.network.known() else { return Vec::new() };
    match &network.groups {
        Fact::Known(_) | Fact::Kept(..) => {}
        Fact::Pending => return vec![Finding::withholds("EICE-6", "eice-groups-pending")],
        Fact::Hidden(denial) => {
            let [action, why] = denial_values(denial);
            return vec![Finding::withholds("EICE-6", "eice-groups-unseen").with(action.0, action.1).with(why.0, why.1)];
        }
    };
    let own = case.instance.groups_at(door.address);
    let its = &door.endpoint.security_groups;
    let (port, names) = (inner_port(case.options), |ids: &[Untrusted]| joined(ids));
    let said = |finding: Finding| {
        finding
            .with("endpoint", door.endpoint.id.as_str())
            .with("port", port.to_string())
            .with("groups", names(&own))
            .with("endpoint-groups", names(its))
            .with("address", door.address.to_string())
            .with("group", own.first().map(|id| shell_word(&id.shown_in(40))).unwrap_or_default())
            .with("endpoint-group", its.first().map(|id| shell_word(&id.shown_in(40))).unwrap_or_default())
            .with("place", case.place_flags())
    };
    let mut findings = Vec::new();
    let to_instance = Peer { address: Whereabouts::At(door.address), groups: &own };
    match network.passage(its, Direction::Out, port, to_instance) {
        Passage::Open => findings.extend(case.passes("EICE-5", "eice-outbound-open").map(&said)),
        Passage::Closed => findings.push(said(Finding::blocks("EICE-5", "eice-outbound-closed")).with_remedy()),
        Passage::Unknown => findings.push(said(Finding::withholds("EICE-5", "eice-outbound-unclear"))),
    }
    let from_endpoint = Peer { address: seen_from(case, door, network), groups: its };
    let rule = if door.endpoint.keeps_client_ip { "EICE-7" } else { "EICE-6" };
    match network.passage(&own, Direction::In, port, from_endpoint) {
        Passage::Open => findings.extend(case.passes(rule, "eice-group-open").map(&said)),
        Passage::Closed => findings.push(said(Finding::blocks(rule, "eice-group-closed")).with_remedy()),
        Passage::Unknown if door.endpoint.keeps_client_ip => {
            findings.push(said(Finding::withholds(rule, "eice-client-ip")));
        }
        Passage::Unknown => findings.push(said(Finding::withholds(rule, "eice-group-unclear"))),
    }
    findings
}

/// EICE-9: the ACLs of two subnets let the tunnel and its replies through.
fn acls(case: &Case<'_>, door: Door<'_>) -> Option<Finding> {
    // Where it keeps the caller's address, that is what the far ACL sees.
    let network = case.instance.network.known().filter(|_| !door.endpoint.keeps_client_ip)?;
    let own = case.instance.interfaces.iter().find(|interface| interface.has(door.address))?.subnet.as_ref()?;
    let its = door.endpoint.subnet.as_ref()?;
    let subnet = network.subnets.known()?.get(its)?;
    let block = subnet.blocks.iter().find(|block| block.addr().is_ipv4() == door.address.is_ipv4())?;
    let (from, to) = (End { subnet: its, block: *block }, End { subnet: own, block: door.address.into() });
    let port = inner_port(case.options);
    let barrier = barrier(network, from, to, port)?;
    let code = if barrier.is_reply { "eice-acl-replies" } else { "eice-acl" };
    let found = Finding::blocks("EICE-9", code).with("acl", barrier.acl.id.shown_in(40));
    Some(found.with("endpoint", door.endpoint.id.as_str()).with("port", port.to_string()))
}

/// From where the instance sees the endpoint come: the caller's address where it keeps that, else one of its subnet.
fn seen_from(case: &Case<'_>, door: Door<'_>, network: &Network) -> Whereabouts {
    if door.endpoint.keeps_client_ip {
        let source = case.local.source_of(door.address);
        return source.map_or(Whereabouts::Anywhere, Whereabouts::At);
    }
    let subnet = door.endpoint.subnet.as_ref().and_then(|id| network.subnets.known()?.get(id));
    let block = subnet.and_then(|subnet| subnet.blocks.iter().find(|block| block.addr().is_ipv4() == door.address.is_ipv4()));
    block.map_or(Whereabouts::Anywhere, |block| Whereabouts::Within(*block))
}

fn joined(ids: &[Untrusted]) -> String {
    ids.iter().map(|id| id.shown_in(40)).collect::<Vec<_>>().join(", ")
}
