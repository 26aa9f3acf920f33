//! What is known of a VPC besides its instances, shared by all of them.

use std::collections::BTreeMap;

use super::{
    Direction, Endpoint, Fact, GroupRule, GroupRules, NatGateway, NetworkAcl, Passage, Peer, PrefixLists, RouteTable, Subnet,
    Untrusted, VpcDns, VpcEndpoint, VpcPeering, passage,
};

/// A VPC as far as ways in ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Its EC2 Instance Connect Endpoints, in the order in which AWS tells them.
    pub endpoints: Fact<Vec<Endpoint>>,
    /// What its security groups let through, by their ids.
    pub groups: Fact<BTreeMap<Untrusted, GroupRules>>,
    /// Its network ACLs.
    pub acls: Fact<Vec<NetworkAcl>>,
    /// Its route tables.
    pub route_tables: Fact<Vec<RouteTable>>,
    /// The internet gateways that are attached to it and available, by id.
    pub internet_gateways: Fact<Vec<Untrusted>>,
    /// Its subnets, by id.
    pub subnets: Fact<BTreeMap<Untrusted, Subnet>>,
    /// Its endpoints of AWS's services; asked for only where one instance is examined, and so are the next two.
    pub vpc_endpoints: Fact<Vec<VpcEndpoint>>,
    /// Its NAT gateways, of whatever state.
    pub nat_gateways: Fact<Vec<NatGateway>>,
    /// The peerings of its region; asked for only where a route of it goes through one.
    pub peerings: Fact<Vec<VpcPeering>>,
    /// The lists of the addresses that AWS's console comes from, by id; asked for only where a list is named.
    pub console_lists: Fact<Vec<Untrusted>>,
    /// What its resolver does; asked for only where an endpoint has a private name.
    pub dns: Fact<VpcDns>,
    /// What is in the prefix lists that its groups and routes name, by id: those that were read.
    pub prefix_lists: PrefixLists,
}

impl Network {
    /// What these groups let through, all of them together; `None`: what one of them lets through is not known.
    pub fn rules_of(&self, groups: &[Untrusted], direction: Direction) -> Option<Vec<&GroupRule>> {
        let known = self.groups.known()?;
        let all: Option<Vec<&GroupRules>> = groups.iter().map(|id| known.get(id)).collect();
        let rules = all?.into_iter().flat_map(|group| match direction {
            Direction::In => &group.ingress,
            Direction::Out => &group.egress,
        });
        Some(rules.collect())
    }

    /// Whether these groups let TCP to `port` through, with this peer at the other end; unknown, too, where one of them was not read.
    pub fn passage(&self, groups: &[Untrusted], direction: Direction, port: u16, peer: Peer<'_>) -> Passage {
        match self.rules_of(groups, direction) {
            Some(rules) => passage(rules.into_iter(), port, peer, &self.prefix_lists),
            None => Passage::Unknown,
        }
    }

    /// What is in a prefix list, if that was read.
    pub fn prefix_list(&self, id: &Untrusted) -> Option<&[ipnet::IpNet]> {
        self.prefix_lists.get(id)?.known().map(Vec::as_slice)
    }
}
