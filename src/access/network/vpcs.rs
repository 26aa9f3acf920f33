//! Whether packets get from one VPC to another: a peering (NET-11), or what lies behind a gateway (NET-12).

use ipnet::IpNet;

use crate::access::case::{Case, with_denial};
use crate::access::finding::Finding;
use crate::model::{Fact, Network, RouteTable, RouteTarget, RouteTo, Untrusted, VpcPeering};

/// What is said of replies from a subnet to `other`, a VPC that is not its own, and there to `block`, where that is known; `None` where
/// nobody asked for what decides.
pub(in crate::access) fn between(
    case: &Case<'_>,
    network: &Network,
    subnet: &Untrusted,
    other: &Untrusted,
    block: Option<IpNet>,
) -> Option<Finding> {
    let own = case.instance.vpc.as_ref()?;
    let named = |finding: Finding| finding.with("vpc", own.shown_in(40)).with("other", other.shown_in(40));
    let peerings = match &network.peerings {
        Fact::Pending => return None,
        Fact::Hidden(denial) => return Some(named(with_denial(Finding::withholds("NET-11", "net-peerings-unseen"), denial))),
        Fact::Known(all) | Fact::Kept(all, _) => all,
    };
    let table = RouteTable::of_subnet(network.route_tables.known()?, subnet)?;
    let leads = |to: &RouteTo| match (to, block) {
        (RouteTo::Block(own), Some(block)) => own.contains(&block),
        // What is in a list is not looked at here.
        (RouteTo::List(_), _) | (RouteTo::Block(_), None) => true,
    };
    let through =
        table.routes.iter().filter(|route| !route.is_blackhole && leads(&route.to)).filter_map(|route| match &route.target {
            RouteTarget::Other(id) | RouteTarget::Interface(id) => Some(id),
            _ => None,
        });
    let through: Vec<&Untrusted> = through.collect();
    let peering = peerings.iter().find(|peering| peering.joins(own, other));
    if let Some(active) = peering.filter(|own| own.is_active() && through.contains(&&own.id)) {
        let finding = Finding::seems("NET-11", "net-peering").with("peering", active.id.shown_in(40));
        return Some(named(finding));
    }
    // A peering leads to the one VPC that it joins.
    if let Some(beyond) = through.iter().find(|id| !id.raw().starts_with("pcx-")) {
        return Some(named(Finding::withholds("NET-12", "net-beyond-gateway")).with("target", beyond.shown_in(40)));
    }
    Some(none(named(Finding::blocks("NET-11", "net-no-peering")), peering))
}

fn none(finding: Finding, peering: Option<&VpcPeering>) -> Finding {
    let (why, id, state) = match peering {
        None => ("none", "–".to_owned(), "–".to_owned()),
        Some(own) if own.is_active() => ("route", own.id.shown_in(40), own.state.shown_in(30)),
        Some(own) => ("state", own.id.shown_in(40), own.state.shown_in(30)),
    };
    finding.with("why", why).with("peering", id).with("state", state)
}
