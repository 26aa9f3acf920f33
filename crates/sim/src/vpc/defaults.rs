//! What a VPC has of which nobody says anything: it lets everything through.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use super::{AclEntry, InternetGateway, NetworkAcl, Protocol, Route, RouteTable, RouteTo, Subnet};
use crate::fleet::Account;
use crate::id::derived_id;

/// No subnet is larger unless its instances need it.
const SUBNET: u8 = 24;
/// No VPC is smaller.
const VPC: u8 = 16;

impl Account {
    /// Give each VPC that instances and endpoints are in what it lacks: subnets, a default ACL and a main route table that let everything
    /// through, by its gateway if it has one.
    pub(in super::super) fn complete_vpcs(&mut self) {
        self.complete_subnets();
        let mut vpcs: BTreeMap<(String, String), Vec<IpNet>> = BTreeMap::new();
        // What another account shares is told by that account.
        for own in self.vpcs.subnets.iter().filter(|subnet| subnet.owner.is_none()) {
            let blocks = vpcs.entry((own.region.clone(), own.vpc.clone())).or_default();
            blocks.extend([Some(own.block), own.ipv6_block].into_iter().flatten());
        }
        for ((region, vpc), blocks) in vpcs {
            let id = |prefix: &str| derived_id(prefix, &[&self.id, &vpc]);
            let own = &mut self.vpcs;
            let is_here = |other: &str| other == vpc;
            if !own.route_tables.iter().any(|table| table.is_main && is_here(&table.vpc)) {
                let is_attached = |gateway: &InternetGateway| gateway.vpc.as_deref().is_some_and(is_here);
                let gateway = own.gateways.iter().find(|gateway| is_attached(gateway)).map(|gateway| gateway.id.clone());
                own.route_tables.push(RouteTable {
                    id: id("rtb-"),
                    region: region.clone(),
                    vpc: vpc.clone(),
                    is_main: true,
                    subnets: Vec::new(),
                    routes: gateway.into_iter().flat_map(|gateway| everywhere(&blocks, &gateway)).collect(),
                });
            }
            for table in own.route_tables.iter_mut().filter(|table| is_here(&table.vpc)) {
                table.routes.splice(0..0, local(&blocks));
            }
            let named: Vec<String> =
                own.acls.iter().filter(|acl| is_here(&acl.vpc)).flat_map(|acl| acl.subnets.clone()).collect();
            if !own.acls.iter().any(|acl| acl.is_default && is_here(&acl.vpc)) {
                let entries = [all_through(100, &blocks, false), all_through(100, &blocks, true)].concat();
                let (id, vpc) = (id("acl-"), vpc.clone());
                own.acls.push(NetworkAcl { id, region, vpc, is_default: true, subnets: Vec::new(), entries });
            }
            let others = own.subnets.iter().filter(|subnet| is_here(&subnet.vpc) && !named.contains(&subnet.id));
            let others: Vec<String> = others.map(|subnet| subnet.id.clone()).collect();
            let default = own.acls.iter_mut().find(|acl| acl.is_default && is_here(&acl.vpc));
            default.into_iter().for_each(|acl| acl.subnets.clone_from(&others));
        }
    }

    /// The subnets that instances are in and that no table names, each with a block that holds their addresses.
    fn complete_subnets(&mut self) {
        let known: BTreeSet<String> = self.vpcs.subnets.iter().map(|subnet| subnet.id.clone()).collect();
        let mut new: BTreeMap<String, Subnet> = BTreeMap::new();
        let mut addresses: BTreeMap<String, Vec<IpAddr>> = BTreeMap::new();
        for own in &self.instances {
            let (Some(vpc), Some(subnet)) = (&own.vpc, &own.subnet) else { continue };
            let own_addresses = own.private_ip.iter().chain(&own.ipv6).filter_map(|ip| ip.parse::<IpAddr>().ok());
            addresses.entry(subnet.clone()).or_default().extend(own_addresses);
            if !known.contains(subnet) {
                new.entry(subnet.clone()).or_insert_with(|| Subnet::at(subnet, &own.region, &own.zone, vpc));
            }
        }
        self.vpcs.subnets.extend(new.into_values());
        for subnet in &mut self.vpcs.subnets {
            let held = addresses.remove(&subnet.id).unwrap_or_default();
            let of = |is_v4: bool| held.iter().copied().filter(move |ip| ip.is_ipv4() == is_v4).map(IpNet::from);
            if subnet.block.prefix_len() == 32 {
                subnet.block = around(of(true), SUBNET).unwrap_or_else(|| net(IpAddr::V4(Ipv4Addr::new(172, 31, 0, 0)), SUBNET));
            }
            subnet.ipv6_block = subnet.ipv6_block.or_else(|| around(of(false), 64));
        }
    }
}

impl Subnet {
    /// One whose block follows from its instances.
    pub(in super::super) fn at(id: &str, region: &str, zone: &str, vpc: &str) -> Self {
        Self {
            id: id.to_owned(),
            region: region.to_owned(),
            zone: zone.to_owned(),
            vpc: vpc.to_owned(),
            owner: None,
            block: net(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 32),
            ipv6_block: None,
            public_access: "off".to_owned(),
        }
    }
}

/// Everything of both families, as far as the VPC has them.
fn all_through(number: u16, blocks: &[IpNet], is_egress: bool) -> Vec<AclEntry> {
    let entry = |(number, block)| AclEntry { number, is_egress, allows: true, protocol: Protocol::All, block };
    (number..).zip(defaults_of(blocks)).map(entry).collect()
}

fn everywhere(blocks: &[IpNet], gateway: &str) -> Vec<Route> {
    let route = |block| Route { to: RouteTo::Block(block), target: gateway.to_owned(), is_blackhole: false };
    defaults_of(blocks).map(route).collect()
}

fn local(blocks: &[IpNet]) -> Vec<Route> {
    let of = |is_v4: bool| blocks.iter().copied().filter(move |block| block.addr().is_ipv4() == is_v4);
    let own = [around(of(true), VPC), around(of(false), 56)];
    let route = |block| Route { to: RouteTo::Block(block), target: "local".to_owned(), is_blackhole: false };
    own.into_iter().flatten().map(route).collect()
}

fn defaults_of(blocks: &[IpNet]) -> impl Iterator<Item = IpNet> {
    let has_v6 = blocks.iter().any(|block| block.addr().is_ipv6());
    let all: [IpNet; 2] = ["0.0.0.0/0", "::/0"].map(|block| block.parse().expect("the constant is a block"));
    all.into_iter().take(if has_v6 { 2 } else { 1 })
}

/// The smallest block of at most `longest` that holds all of these.
fn around(mut blocks: impl Iterator<Item = IpNet>, longest: u8) -> Option<IpNet> {
    let first = blocks.next()?;
    let mut own = net(first.addr(), longest.min(first.prefix_len()));
    for other in blocks {
        while !own.contains(&other) {
            own = own.supernet()?;
        }
    }
    Some(own)
}

fn net(address: IpAddr, length: u8) -> IpNet {
    IpNet::new_assert(address, length).trunc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_all_and_no_more_than_it_must() {
        let around = |texts: &[&str], longest| {
            around(texts.iter().map(|text| IpNet::from(text.parse::<IpAddr>().unwrap())), longest).map(|block| block.to_string())
        };

        assert_eq!(around(&["10.0.1.7", "10.0.1.200"], 24).unwrap(), "10.0.1.0/24");
        assert_eq!(around(&["10.0.1.7", "10.0.2.7"], 24).unwrap(), "10.0.0.0/22");
        assert_eq!(around(&["2001:db8::1"], 64).unwrap(), "2001:db8::/64");
        assert_eq!(around(&[], 24), None);
    }
}
