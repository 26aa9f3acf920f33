//! What is known of a VPC besides its instances, shared by all of them.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::{Endpoint, Fact, GroupRules, NetworkAcl, RouteTable, Subnet, Untrusted};

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
    /// What is in the prefix lists that its groups and routes name, by id: those that were read.
    pub prefix_lists: BTreeMap<Untrusted, Fact<Vec<IpNet>>>,
}
