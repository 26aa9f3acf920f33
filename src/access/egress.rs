//! Whether the agent's packets come to Systems Manager, and its replies back: SSM-13 to SSM-17, and NET-10 on the way out.

mod filters;
mod node;
mod service_endpoint;
mod way_out;

use self::node::Node;
use self::way_out::WayOut;
use super::case::{Case, with_denial};
use super::finding::Finding;
use crate::model::{Fact, VpcEndpoint};

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "ssm-acl-out",
    "ssm-acl-replies",
    "ssm-acls-unseen",
    "ssm-endpoint-acl",
    "ssm-endpoint-closed",
    "ssm-endpoint-no-name",
    "ssm-endpoint-policy",
    "ssm-endpoint-unavailable",
    "ssm-endpoint-unclear",
    "ssm-endpoints-unseen",
    "ssm-nat-unseen",
    "ssm-no-path",
    "ssm-outbound-closed",
    "ssm-outbound-unclear",
    "ssm-outbound-unseen",
    "ssm-path-elsewhere",
    "ssm-path-unread",
    "ssm-public-access",
    "ssm-routes-unseen",
    "ssm-vpc-dns-off",
    "ssm-vpc-dns-unseen",
];

/// What an agent needs to be registered and heard, and to have its session channel.
pub(super) const ALL_SERVICES: &[&str] = &["ssm", "ssmmessages"];
/// What the session channel of one that is heard needs.
pub(super) const CHANNEL: &[&str] = &["ssmmessages"];

/// What is in the way of an agent that is not heard, or has no session channel: nothing where nobody asked by which way it goes out.
pub(super) fn findings(case: &Case<'_>, services: &[&'static str]) -> Vec<Finding> {
    let Some(network) = case.instance.network.known() else { return Vec::new() };
    let endpoints = match &network.vpc_endpoints {
        Fact::Pending => return Vec::new(),
        Fact::Hidden(denial) => return vec![with_denial(Finding::unseen("SSM-13", "ssm-endpoints-unseen"), denial)],
        Fact::Known(all) | Fact::Kept(all, _) => all,
    };
    // The agent speaks by the first interface.
    let interface = case.instance.interfaces.first();
    let Some(node) = interface.and_then(|interface| Node::new(case, network, interface)) else {
        return vec![Finding::unseen("SSM-13", "ssm-path-unread")];
    };
    let region = &case.instance.place.region;
    let of_service = |service: &str| endpoints.iter().filter(|own| own.leads_to(service, region)).collect::<Vec<_>>();
    let (mut captured, mut others) = (Vec::new(), Vec::new());
    for service in services {
        let found = of_service(service);
        match found.iter().find(|own| own.is_available() && own.has_private_dns && !node.is_resolver_off()) {
            Some(endpoint) => captured.push(*endpoint),
            None => others.push((*service, found)),
        }
    }
    let mut findings: Vec<Finding> = alike(captured).iter().flat_map(|same| service_endpoint::findings(&node, same)).collect();
    if !others.is_empty() {
        findings.extend(outside(&node, &others));
    }
    findings
}

/// Whether packets to a service surely do not get there: neither an endpoint of the VPC nor a way out leads to it.
pub(super) fn is_cut_off(case: &Case<'_>, service: &str) -> bool {
    let Some(network) = case.instance.network.known() else { return false };
    let Some(endpoints) = network.vpc_endpoints.known() else { return false };
    let region = &case.instance.place.region;
    if endpoints.iter().any(|own| own.is_available() && own.serves(service, region)) {
        return false;
    }
    let interface = case.instance.interfaces.first();
    let node = interface.and_then(|interface| Node::new(case, network, interface));
    node.is_some_and(|node| matches!(way_out::of(&node), WayOut::Closed(_)))
}

/// What is said of services whose names do not lead to an endpoint.
fn outside(node: &Node<'_>, others: &[(&'static str, Vec<&VpcEndpoint>)]) -> Vec<Finding> {
    let unnamed: Vec<&VpcEndpoint> =
        others.iter().filter_map(|(_, found)| found.iter().find(|own| own.is_available()).copied()).collect();
    let services = |kept: &dyn Fn(&[&VpcEndpoint]) -> bool| -> Vec<&'static str> {
        others.iter().filter(|(_, found)| kept(found)).map(|(service, _)| *service).collect()
    };
    match way_out::of(node) {
        WayOut::Open(target) => {
            let names = services(&|_| true).join(", ");
            let passes = node.case.told(|| Finding::seems("SSM-13", "ssm-path-out"));
            let passes = passes.map(|finding| finding.with("services", names).with("target", target.shown_in(40)));
            let nameless = service_endpoint::without_names(node, &unnamed, Finding::warns);
            passes.into_iter().chain(nameless).chain(filters::to_internet(node)).collect()
        }
        WayOut::Unclear(finding) => {
            let nameless = service_endpoint::without_names(node, &unnamed, Finding::warns);
            std::iter::once(finding).chain(nameless).collect()
        }
        WayOut::Closed(closed) => {
            let gone = others.iter().flat_map(|(_, found)| found).filter(|own| !own.is_available());
            let gone = gone.map(|own| service_endpoint::unavailable(own));
            let missing = services(&|found| found.iter().all(|own| !own.is_available()));
            let none = (!missing.is_empty()).then(|| closed.finding(node, &missing));
            let nameless = service_endpoint::without_names(node, &unnamed, Finding::blocks);
            none.into_iter().chain(gone).chain(nameless).collect()
        }
    }
}

/// Endpoints of which the rules say the same.
fn alike(endpoints: Vec<&VpcEndpoint>) -> Vec<Vec<&VpcEndpoint>> {
    let mut all: Vec<Vec<&VpcEndpoint>> = Vec::new();
    for own in endpoints {
        let is_same = |same: &&mut Vec<&VpcEndpoint>| {
            same.iter().all(|other| (&other.groups, &other.subnets, other.is_open) == (&own.groups, &own.subnets, own.is_open))
        };
        match all.iter_mut().find(is_same) {
            Some(same) => same.push(own),
            None => all.push(vec![own]),
        }
    }
    all
}
