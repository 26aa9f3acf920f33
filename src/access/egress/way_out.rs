//! By which way packets leave a subnet for the internet (SSM-13, and NET-10 outwards): an internet gateway, a NAT gateway, or what nobody sees.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use super::node::{Node, word};
use crate::access::case::with_denial;
use crate::access::finding::Finding;
use crate::model::{Denial, Fact, NatGateway, PublicAccess, Route, RouteTable, RouteTarget, RouteTo, Untrusted};

/// What becomes of a packet to the internet.
pub(super) enum WayOut<'a> {
    /// It seems to get there, through this.
    Open(&'a Untrusted),
    /// It surely does not.
    Closed(Closed<'a>),
    /// What decides cannot be seen.
    Unclear(Finding),
}

/// Why packets do not get out.
pub(super) struct Closed<'a> {
    /// The word for the sentence.
    why: &'static str,
    /// What the route leads through, if there is one.
    target: Option<&'a Untrusted>,
    /// AWS's word for the state or the mode that decides.
    state: String,
    table: &'a RouteTable,
}

impl Closed<'_> {
    /// What is said of services to which nothing else leads.
    pub(super) fn finding(&self, node: &Node<'_>, services: &[&'static str]) -> Finding {
        let vpc = node.case.instance.vpc.as_ref();
        let finding = match self.why {
            "public-access" => Finding::blocks("NET-10", "ssm-public-access"),
            _ => Finding::blocks("SSM-13", "ssm-no-path"),
        };
        finding
            .with("why", self.why)
            .with("services", services.join(", "))
            .with("subnet", node.subnet.shown_in(40))
            .with("table", self.table.id.shown_in(40))
            .with("target", self.target.map_or_else(|| "–".to_owned(), |id| id.shown_in(40)))
            .with("state", self.state.clone())
            .with("vpc-word", vpc.map(word).unwrap_or_default())
            .with("subnet-word", word(node.subnet))
            .with("service", services.first().copied().unwrap_or_default())
            .with("region", node.case.instance.place.region.as_str())
            .with("place", node.case.place_flags())
            .with_remedy()
    }
}

/// What one route does with a packet to the internet.
enum Fate<'a> {
    Out(&'a Untrusted),
    Lost(&'static str, Option<&'a Untrusted>, String),
    /// Behind this nobody sees anything.
    Beyond(&'a Untrusted),
    Unseen(&'a Denial),
}

/// What becomes of packets from the node to the internet.
pub(super) fn of<'a>(node: &Node<'a>) -> WayOut<'a> {
    let tables = match &node.network.route_tables {
        Fact::Known(tables) | Fact::Kept(tables, _) => tables,
        Fact::Hidden(denial) => return WayOut::Unclear(with_denial(Finding::unseen("SSM-13", "ssm-routes-unseen"), denial)),
        Fact::Pending => return unread(),
    };
    // A shared VPC's main table is told to its owner alone.
    let Some(table) = RouteTable::of_subnet(tables, node.subnet) else { return unread() };
    let defaults = defaults(table);
    let fates: Vec<Fate<'a>> = defaults.iter().map(|route| fate(node, tables, route)).collect();
    if let Some(open) = fates.iter().find_map(|fate| if let Fate::Out(id) = fate { Some(*id) } else { None })
        && fates.iter().all(|fate| matches!(fate, Fate::Out(_)))
    {
        return WayOut::Open(open);
    }
    for fate in &fates {
        match fate {
            Fate::Beyond(id) => return elsewhere(id),
            Fate::Unseen(denial) => return WayOut::Unclear(with_denial(Finding::unseen("SSM-13", "ssm-nat-unseen"), denial)),
            Fate::Out(_) | Fate::Lost(..) => {}
        }
    }
    // A part of the internet, another network with endpoints of its own, or IPv6: where one of them may lead there, nobody knows.
    let others = table.routes.iter().filter(|route| !defaults.iter().any(|own| std::ptr::eq(*own, *route)));
    if let Some(id) = others.filter_map(|route| may_lead(node, tables, route)).next() {
        return elsewhere(id);
    }
    let lost = fates.into_iter().find_map(|fate| match fate {
        Fate::Lost(why, target, state) => Some(Closed { why, target, state, table }),
        _ => None,
    });
    WayOut::Closed(lost.unwrap_or_else(|| Closed { why: "none", target: None, state: String::new(), table }))
}

fn unread<'a>() -> WayOut<'a> {
    WayOut::Unclear(Finding::unseen("SSM-13", "ssm-path-unread"))
}

fn elsewhere<'a>(target: &Untrusted) -> WayOut<'a> {
    WayOut::Unclear(Finding::unseen("SSM-13", "ssm-path-elsewhere").with("target", target.shown_in(40)))
}

/// The routes that every IPv4 address takes for which there is no longer one: one, or two halves.
fn defaults(table: &RouteTable) -> Vec<&Route> {
    let to = |block: Ipv4Net| {
        table.routes.iter().find(move |route| matches!(&route.to, RouteTo::Block(IpNet::V4(own)) if *own == block))
    };
    let half = |first: u8| Ipv4Net::new_assert(Ipv4Addr::new(first, 0, 0, 0), 1);
    match (to(half(0)), to(half(128)), to(Ipv4Net::default())) {
        (Some(low), Some(high), _) => vec![low, high],
        (_, _, default) => default.into_iter().collect(),
    }
}

/// What a route to the internet does with a packet.
fn fate<'a>(node: &Node<'a>, tables: &'a [RouteTable], route: &'a Route) -> Fate<'a> {
    let lost = |why: &'static str| Fate::Lost(why, route.target.id(), String::new());
    if route.is_blackhole {
        return lost("blackhole");
    }
    match &route.target {
        RouteTarget::Internet(id) => by_gateway(node, id),
        RouteTarget::Nat(id) => by_nat(node, tables, id),
        RouteTarget::Interface(id) | RouteTarget::Other(id) => Fate::Beyond(id),
        RouteTarget::Local | RouteTarget::EgressOnly(_) => lost("none"),
    }
}

fn by_gateway<'a>(node: &Node<'a>, id: &'a Untrusted) -> Fate<'a> {
    let lost = |why: &'static str| Fate::Lost(why, Some(id), String::new());
    if is_detached(node, id) {
        return lost("detached");
    }
    // The agent speaks from the first address.
    if node.interface.addresses.first().is_none_or(|(_, public)| public.is_none()) {
        return lost("no-address");
    }
    match mode_of(node, node.subnet) {
        Some(mode @ (PublicAccess::BlocksAll | PublicAccess::BlocksIngress)) => {
            Fate::Lost("public-access", Some(node.subnet), mode.shown())
        }
        _ => Fate::Out(id),
    }
}

fn by_nat<'a>(node: &Node<'a>, tables: &'a [RouteTable], id: &'a Untrusted) -> Fate<'a> {
    let all = match &node.network.nat_gateways {
        Fact::Known(all) | Fact::Kept(all, _) => all,
        Fact::Hidden(denial) => return Fate::Unseen(denial),
        Fact::Pending => return Fate::Beyond(id),
    };
    // One of another account, or new; a private one leads to other networks, and a regional one is in no subnet.
    let Some(gateway) = all.iter().find(|own| own.id == *id) else { return Fate::Beyond(id) };
    if !gateway.is_available() {
        return Fate::Lost("nat-state", Some(id), gateway.state.shown_in(40));
    }
    let NatGateway { is_public: true, subnet: Some(subnet), .. } = gateway else { return Fate::Beyond(id) };
    let Some(table) = RouteTable::of_subnet(tables, subnet) else { return Fate::Beyond(id) };
    for route in defaults(table) {
        match &route.target {
            RouteTarget::Internet(gateway) if !route.is_blackhole && !is_detached(node, gateway) => {}
            RouteTarget::Interface(_) | RouteTarget::Other(_) if !route.is_blackhole => return Fate::Beyond(id),
            _ => return Fate::Lost("nat-subnet", Some(id), subnet.shown_in(40)),
        }
    }
    if defaults(table).is_empty() {
        return Fate::Lost("nat-subnet", Some(id), subnet.shown_in(40));
    }
    match mode_of(node, subnet) {
        Some(mode @ PublicAccess::BlocksAll) => Fate::Lost("public-access", Some(subnet), mode.shown()),
        _ => Fate::Out(id),
    }
}

/// What a route, not a default one, may lead to Systems Manager by.
fn may_lead<'a>(node: &Node<'a>, tables: &'a [RouteTable], route: &'a Route) -> Option<&'a Untrusted> {
    if route.is_blackhole {
        return None;
    }
    match (&route.to, &route.target) {
        // What is in the list of a gateway endpoint is S3's, or DynamoDB's.
        (RouteTo::List(_), RouteTarget::Other(id)) if id.raw().starts_with("vpce-") => None,
        (_, RouteTarget::Interface(id) | RouteTarget::Other(id)) => Some(id),
        (RouteTo::Block(IpNet::V6(_)), RouteTarget::Internet(id) | RouteTarget::EgressOnly(id)) => {
            (!node.interface.ipv6.is_empty()).then_some(id)
        }
        (_, RouteTarget::Internet(_) | RouteTarget::Nat(_)) => match fate(node, tables, route) {
            Fate::Out(id) | Fate::Beyond(id) => Some(id),
            Fate::Unseen(_) => route.target.id(),
            Fate::Lost(..) => None,
        },
        (_, RouteTarget::Local | RouteTarget::EgressOnly(_)) => None,
    }
}

fn is_detached(node: &Node<'_>, id: &Untrusted) -> bool {
    node.network.internet_gateways.known().is_some_and(|attached| !attached.contains(id))
}

fn mode_of<'a>(node: &Node<'a>, subnet: &Untrusted) -> Option<&'a PublicAccess> {
    node.network.subnets.known()?.get(subnet)?.public_access.as_ref()
}
