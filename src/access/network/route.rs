//! Whether the subnet of the interface is public: NET-8, NET-9, NET-10.

use std::net::IpAddr;

use super::path::{Path, word};
use crate::access::finding::Finding;
use crate::model::{Chosen, Fact, PublicAccess, Route, RouteTable, RouteTarget, RouteTo, Subnet};

/// What is said of the way back to the internet.
pub(super) fn findings(path: &Path<'_>) -> Vec<Finding> {
    let Some(subnet) = &path.interface.subnet else { return Vec::new() };
    let blocked = match &path.network.subnets {
        Fact::Known(subnets) | Fact::Kept(subnets, _) => subnets.get(subnet).and_then(|own| public_access(path, own)),
        Fact::Pending => None,
        Fact::Hidden(denial) => path.refused("NET-10", "net-public-access-unseen", denial, false),
    };
    let routed = match &path.network.route_tables {
        Fact::Known(tables) | Fact::Kept(tables, _) => {
            match RouteTable::of_subnet(tables, subnet) {
                Some(table) => routes(path, table),
                // A shared VPC's main table is told to its owner alone.
                None => {
                    let of_subnet = |finding: Finding| finding.with("subnet", path.subnet());
                    path.open_question("NET-8", "net-table-unread", of_subnet).into_iter().collect()
                }
            }
        }
        Fact::Pending => path.open_question("NET-8", "net-routes-pending", |finding| finding).into_iter().collect(),
        Fact::Hidden(denial) => path.refused("NET-8", "net-routes-unseen", denial, true).into_iter().collect(),
    };
    routed.into_iter().chain(blocked).collect()
}

/// NET-10: VPC Block Public Access keeps nothing out.
fn public_access(path: &Path<'_>, subnet: &Subnet) -> Option<Finding> {
    let mode = subnet.public_access.as_ref()?;
    match mode {
        PublicAccess::Open => path.case.passes("NET-10", "net-public-access-off"),
        PublicAccess::BlocksIngress | PublicAccess::BlocksAll => {
            Some(path.said(Finding::blocks("NET-10", "net-public-access")).with("mode", mode.shown()).with_remedy())
        }
        PublicAccess::Unknown(_) => {
            path.case.told(|| Finding::unseen("NET-10", "net-public-access-unknown").with("mode", mode.shown()))
        }
    }
}

/// NET-8 and NET-9: the reply leaves by an internet gateway that is attached.
fn routes(path: &Path<'_>, table: &RouteTable) -> Vec<Finding> {
    let Some(source) = path.source else { return to_anybody(path, table).into_iter().collect() };
    match table.route_to(source, |id| path.network.prefix_list(id)) {
        Chosen::None => vec![none(path, table, "-")],
        Chosen::Unread(list) => {
            let with = |finding: Finding| path.said(finding).with("list", list.shown_in(40));
            path.open_question("NET-8", "net-route-list-unread", with).into_iter().collect()
        }
        Chosen::Route(route) => by_route(path, table, route, source),
    }
}

fn by_route(path: &Path<'_>, table: &RouteTable, route: &Route, source: IpAddr) -> Vec<Finding> {
    let target = route.target.id().map(|id| id.shown_in(40)).filter(|id| !id.is_empty()).unwrap_or_else(|| "?".to_owned());
    let attached = path.network.internet_gateways.known();
    match &route.target {
        RouteTarget::Internet(id) => {
            let is_detached = route.is_blackhole || attached.is_some_and(|attached| !attached.contains(id));
            if !is_detached {
                let through = |finding: Finding| finding.with("subnet", path.subnet()).with("target", target.clone());
                return path.case.passes("NET-8", "net-route-public").map(through).into_iter().collect();
            }
            vec![none(path, table, &target), path.said(Finding::blocks("NET-9", "net-gateway-detached")).with("target", target)]
        }
        _ if route.is_blackhole => vec![none(path, table, &target)],
        RouteTarget::Nat(_) | RouteTarget::EgressOnly(_) => vec![none(path, table, &target)],
        RouteTarget::Local => Vec::new(),
        RouteTarget::Interface(_) | RouteTarget::Other(_) => {
            let with = |finding: Finding| {
                let elsewhere = path.said(finding).with("subnet", path.subnet()).with("target", target.clone());
                elsewhere.with("source", source.to_string())
            };
            path.open_question("NET-8", "net-route-elsewhere", with).into_iter().collect()
        }
    }
}

/// Whoever asks: without the source it is closed only where no route at all may lead a reply to the internet.
fn to_anybody(path: &Path<'_>, table: &RouteTable) -> Option<Finding> {
    let is_of_family = |route: &&Route| match &route.to {
        RouteTo::Block(block) => block.addr().is_ipv4() == path.address.is_ipv4(),
        RouteTo::List(_) => true,
    };
    let attached = path.network.internet_gateways.known();
    let may_lead = |route: &Route| match &route.target {
        RouteTarget::Internet(id) => !route.is_blackhole && attached.is_none_or(|attached| attached.contains(id)),
        RouteTarget::Interface(_) | RouteTarget::Other(_) => !route.is_blackhole,
        RouteTarget::Local | RouteTarget::Nat(_) | RouteTarget::EgressOnly(_) => false,
    };
    if !table.routes.iter().filter(is_of_family).any(may_lead) {
        let default = table.routes.iter().filter(is_of_family).find(|route| is_default(route));
        let target = default.and_then(|route| route.target.id()).map_or_else(|| "-".to_owned(), |id| id.shown_in(40));
        return Some(none(path, table, &target));
    }
    let public = table.routes.iter().filter(is_of_family).find(|route| is_default(route) && may_lead(route))?;
    let RouteTarget::Internet(id) = &public.target else { return None };
    path.case.told(|| Finding::passes("NET-8", "net-route-public").with("subnet", path.subnet()).with("target", id.shown_in(40)))
}

fn is_default(route: &Route) -> bool {
    matches!(&route.to, RouteTo::Block(block) if block.prefix_len() == 0)
}

fn none(path: &Path<'_>, table: &RouteTable, target: &str) -> Finding {
    path.said(Finding::blocks("NET-8", "net-route-none"))
        .with("subnet", path.subnet())
        .with("table", table.id.shown_in(40))
        .with("table-word", word(&table.id))
        .with("target", target)
}
