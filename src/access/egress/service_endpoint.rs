//! An endpoint that the name of a service leads to, and who is let in there: SSM-15, SSM-16, SSM-17.

use super::filters;
use super::node::{Node, PORT, ids, named, word};
use crate::access::case::with_denial;
use crate::access::finding::Finding;
use crate::model::{Direction, Fact, Passage, Peer, VpcEndpoint, Whereabouts};

/// What is said of endpoints that are alike, to which names lead: where they let nobody in, no other way helps.
pub(super) fn findings(node: &Node<'_>, same: &[&VpcEndpoint]) -> Vec<Finding> {
    let Some(first) = same.first() else { return Vec::new() };
    let mut findings: Vec<Finding> = filters::to_endpoint(node, same);
    findings.extend(admits(node, same));
    if let Fact::Hidden(denial) = &node.network.dns {
        findings.push(with_denial(Finding::unseen("SSM-16", "ssm-vpc-dns-unseen"), denial).with("endpoints", ids(same)));
    }
    if first.is_open == Some(false) {
        findings.push(Finding::warns("SSM-17", "ssm-endpoint-policy").with("endpoints", ids(same)));
    }
    findings
}

/// SSM-15: the groups of the endpoint let the instance in.
fn admits(node: &Node<'_>, same: &[&VpcEndpoint]) -> Option<Finding> {
    let first = same.first()?;
    let peer = Peer { address: Whereabouts::At(node.address), groups: &node.interface.groups };
    let said = |finding: Finding| {
        finding
            .with("endpoints", ids(same))
            .with("groups", named(&first.groups))
            .with("address", node.address.to_string())
            .with("group", first.groups.first().map(word).unwrap_or_default())
            .with("own-group", node.interface.groups.first().map(word).unwrap_or_default())
            .with("place", node.case.place_flags())
    };
    let passage = match first.groups.as_slice() {
        [] => Passage::Unknown,
        groups => node.network.passage(groups, Direction::In, PORT, peer),
    };
    match passage {
        Passage::Open => node.case.passes("SSM-15", "ssm-endpoint-open").map(said),
        Passage::Closed => Some(said(Finding::blocks("SSM-15", "ssm-endpoint-closed")).with_remedy()),
        Passage::Unknown => Some(said(Finding::unseen("SSM-15", "ssm-endpoint-unclear"))),
    }
}

/// SSM-16: endpoints to which no name leads, for want of one or of a resolver.
pub(super) fn without_names(
    node: &Node<'_>,
    endpoints: &[&VpcEndpoint],
    weigh: fn(&'static str, &'static str) -> Finding,
) -> Vec<Finding> {
    let (named, nameless): (Vec<&VpcEndpoint>, Vec<&VpcEndpoint>) = endpoints.iter().partition(|own| own.has_private_dns);
    let mut findings = Vec::new();
    if let (Some(dns), false) = (node.dns(), named.is_empty()) {
        let (attribute, option) =
            if dns.has_support { ("enableDnsHostnames", "hostnames") } else { ("enableDnsSupport", "support") };
        let vpc = node.case.instance.vpc.as_ref();
        let off = weigh("SSM-16", "ssm-vpc-dns-off").with("endpoints", ids(&named)).with("attribute", attribute);
        let off = off.with("option", option).with("vpc", vpc.map(|id| id.shown_in(40)).unwrap_or_default());
        let off = off.with("vpc-word", vpc.map(word).unwrap_or_default());
        findings.push(off.with("place", node.case.place_flags()).with_remedy());
    }
    findings.extend(nameless.into_iter().map(|own| {
        let finding = weigh("SSM-16", "ssm-endpoint-no-name").with("endpoints", own.id.shown_in(40));
        finding.with("endpoint-word", word(&own.id)).with("place", node.case.place_flags()).with_remedy()
    }));
    findings
}

/// SSM-13: an endpoint that does not carry.
pub(super) fn unavailable(endpoint: &VpcEndpoint) -> Finding {
    let finding = Finding::warns("SSM-13", "ssm-endpoint-unavailable").with("endpoints", endpoint.id.shown_in(40));
    finding.with("state", endpoint.state.shown_in(40))
}
