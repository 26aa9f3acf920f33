//! What leads to the internet and back: an address, and a route.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{Network, PublicAccess, ResourceId, Route, RouteTable, RouteTarget, RouteTo, Untrusted};

/// An Elastic IP, where the subnet's table leads to the internet already: an address alone would mend nothing elsewhere.
pub(super) fn address(found: &Found<'_>) -> Option<Plan> {
    let instance = found.instance;
    let interface = instance.interfaces.first().filter(|own| !own.addresses.is_empty())?;
    let network = found.network()?;
    let subnet = interface.subnet.as_ref()?;
    let table = RouteTable::of_subnet(network.route_tables.known()?, subnet)?;
    let attached = network.internet_gateways.known()?;
    let leads_out =
        |route: &Route| matches!(&route.target, RouteTarget::Internet(id) if attached.contains(id)) && !route.is_blackhole;
    let is_blocked = network.subnets.known()?.get(subnet).and_then(|own| own.public_access.as_ref());
    let is_blocked = matches!(is_blocked, Some(PublicAccess::BlocksAll | PublicAccess::BlocksIngress));
    if is_blocked || !default_route(table, anywhere(true)).is_some_and(leads_out) {
        return None;
    }
    let mark = found.description();
    let changes = vec![
        Change::AllocateAddress { mark },
        Change::AssociateAddress { allocation: ResourceId::of_step(1), interface: interface.id.raw().parse().ok()? },
    ];
    let going = instance.public_ip.map(|ip| Consequence::AddressGoes(ip.to_string()));
    Some(Plan {
        id: FixId::ElasticAddress,
        changes,
        consequences: [Consequence::AddressBilled].into_iter().chain(going).collect(),
    })
}

/// A default route through the gateway of the VPC, where the table has none: one that is there is not replaced.
pub(super) fn gateway(found: &Found<'_>) -> Option<Plan> {
    let table: ResourceId = found.value("table-word")?;
    let address: IpAddr = found.value("address")?;
    let network = found.network()?;
    let own = network.route_tables.known()?.iter().find(|own| own.id.raw() == table.as_str())?;
    let block = anywhere(address.is_ipv4());
    let gateway = network.internet_gateways.known()?.first()?.raw().parse().ok()?;
    if default_route(own, block).is_some() {
        return None;
    }
    let consequences = vec![Consequence::RouteOf(table.to_string(), users(network, own)), Consequence::OpensSubnets];
    Some(Plan { id: FixId::InternetRoute, changes: vec![Change::AddRoute { table, block, gateway }], consequences })
}

/// The subnets that go by a table.
fn users(network: &Network, table: &RouteTable) -> Vec<String> {
    let shown = |id: &Untrusted| id.shown_in(40);
    let (Some(tables), Some(subnets)) = (network.route_tables.known(), network.subnets.known()) else {
        return table.subnets.iter().map(shown).collect();
    };
    let goes_by = |id: &&Untrusted| RouteTable::of_subnet(tables, id).is_some_and(|own| own.id == table.id);
    subnets.keys().filter(goes_by).map(shown).collect()
}

fn default_route(table: &RouteTable, block: IpNet) -> Option<&Route> {
    table.routes.iter().find(|route| matches!(&route.to, RouteTo::Block(own) if *own == block))
}

fn anywhere(is_v4: bool) -> IpNet {
    let address: IpAddr = if is_v4 { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    IpNet::new_assert(address, 0)
}
