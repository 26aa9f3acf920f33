//! A route table, as `DescribeRouteTables` says it: the longest prefix decides.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Untrusted;

/// The routes of some subnets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteTable {
    /// The table's id.
    pub id: Untrusted,
    /// Whether it is that of every subnet of its VPC that has none of its own.
    pub is_main: bool,
    /// The subnets that it is of by name, by id.
    pub subnets: Vec<Untrusted>,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where it leads.
    pub to: RouteTo,
    /// What it goes through.
    pub target: RouteTarget,
    /// Whether what it goes through is gone, so that packets are dropped.
    pub is_blackhole: bool,
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteTo {
    /// To these addresses.
    Block(IpNet),
    /// To those of a prefix list, by id: what is in it costs a call of its own.
    List(Untrusted),
}

/// What a route goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteTarget {
    /// The VPC itself.
    Local,
    /// An internet gateway.
    Internet(Untrusted),
    /// A NAT gateway.
    Nat(Untrusted),
    /// An internet gateway that lets IPv6 out alone.
    EgressOnly(Untrusted),
    /// A network interface: a NAT instance, or a firewall.
    Interface(Untrusted),
    /// Anything else, by id: what lies behind it is not visible.
    Other(Untrusted),
}

impl RouteTarget {
    /// Its id, as far as it has one.
    pub fn id(&self) -> Option<&Untrusted> {
        match self {
            Self::Local => None,
            Self::Internet(id) | Self::Nat(id) | Self::EgressOnly(id) | Self::Interface(id) | Self::Other(id) => Some(id),
        }
    }
}

/// Which route a packet takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen<'a> {
    /// This one.
    Route(&'a Route),
    /// None leads there.
    None,
    /// It depends on a prefix list that was not read.
    Unread(&'a Untrusted),
}

impl RouteTable {
    /// The route to an address; `list`: what is in a prefix list, where that was read.
    pub fn route_to<'l>(&self, address: IpAddr, list: impl Fn(&Untrusted) -> Option<&'l [IpNet]>) -> Chosen<'_> {
        let mut best: Option<(u8, &Route)> = None;
        let mut unread = None;
        for route in &self.routes {
            let length = match &route.to {
                RouteTo::Block(block) => block.contains(&address).then(|| block.prefix_len()),
                RouteTo::List(id) => match list(id) {
                    Some(blocks) => blocks.iter().filter(|block| block.contains(&address)).map(IpNet::prefix_len).max(),
                    None => {
                        unread = Some(id);
                        None
                    }
                },
            };
            // A static block wins over a list of the same length.
            let is_block = matches!(route.to, RouteTo::Block(_));
            if let Some(length) = length
                && best.is_none_or(|(longest, _)| length > longest || (length == longest && is_block))
            {
                best = Some((length, route));
            }
        }
        match (unread, best) {
            // A list holds blocks of any length.
            (Some(id), best) if best.is_none_or(|(length, _)| length < full(address)) => Chosen::Unread(id),
            (_, Some((_, route))) => Chosen::Route(route),
            (_, None) => Chosen::None,
        }
    }

    /// The table of a subnet, among all of its VPC: its own, else the main one.
    pub fn of_subnet<'t>(all: &'t [Self], subnet: &Untrusted) -> Option<&'t Self> {
        let own = all.iter().find(|table| table.subnets.contains(subnet));
        own.or_else(|| all.iter().find(|table| table.is_main))
    }
}

fn full(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(to: &str, target: RouteTarget) -> Route {
        Route { to: RouteTo::Block(to.parse().unwrap()), target, is_blackhole: false }
    }

    fn table(id: &str, is_main: bool, subnets: &[&str], routes: Vec<Route>) -> RouteTable {
        let subnets = subnets.iter().map(|id| Untrusted::from(*id)).collect();
        RouteTable { id: id.into(), is_main, subnets, routes }
    }

    fn nothing(_: &Untrusted) -> Option<&'static [IpNet]> {
        None
    }

    #[test]
    fn the_longest_prefix_decides_and_two_halves_are_a_default_route() {
        let table = table(
            "rtb-1",
            true,
            &[],
            vec![
                route("10.0.0.0/16", RouteTarget::Local),
                route("0.0.0.0/0", RouteTarget::Nat("nat-1".into())),
                route("128.0.0.0/1", RouteTarget::Internet("igw-1".into())),
            ],
        );
        let to = |address: &str| table.route_to(address.parse().unwrap(), nothing);

        assert_eq!(to("10.0.3.4"), Chosen::Route(&table.routes[0]));
        assert_eq!(to("8.8.8.8"), Chosen::Route(&table.routes[1]));
        assert_eq!(to("203.0.113.9"), Chosen::Route(&table.routes[2]));
        assert_eq!(to("2001:db8::1"), Chosen::None);
    }

    #[test]
    fn a_list_that_was_not_read_may_hold_the_address() {
        let mut own = table("rtb-1", true, &[], vec![route("0.0.0.0/0", RouteTarget::Internet("igw-1".into()))]);
        let target = RouteTarget::Other("tgw-1".into());
        own.routes.push(Route { to: RouteTo::List("pl-1".into()), target, is_blackhole: false });
        let address = "203.0.113.9".parse().unwrap();
        let read: Vec<IpNet> = vec!["203.0.113.0/24".parse().unwrap()];

        assert_eq!(own.route_to(address, nothing), Chosen::Unread(&"pl-1".into()));
        assert_eq!(own.route_to(address, |_| Some(&read)), Chosen::Route(&own.routes[1]));
        assert_eq!(own.route_to(address, |_| Some(&[])), Chosen::Route(&own.routes[0]));
    }

    #[test]
    fn a_subnet_without_a_table_has_the_main_one() {
        let all = [table("rtb-1", true, &[], vec![]), table("rtb-2", false, &["subnet-a"], vec![])];

        assert_eq!(RouteTable::of_subnet(&all, &"subnet-a".into()).map(|own| own.id.raw()), Some("rtb-2"));
        assert_eq!(RouteTable::of_subnet(&all, &"subnet-b".into()).map(|own| own.id.raw()), Some("rtb-1"));
        assert_eq!(RouteTable::of_subnet(&all[1..], &"subnet-b".into()), None);
    }
}
