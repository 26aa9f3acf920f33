//! What was told of a region, put together by VPC. What another account shares is not told whole: what is missing there is no "none".

use std::collections::{BTreeMap, BTreeSet};

use super::scope::OfVpc;
use super::{gateways, route_tables};
use crate::model::{AccountId, Denial, Endpoint, Fact, GroupRules, Network, NetworkAcl, RouteTable, Subnet, Untrusted, Why};

/// What was told, by VPC.
#[derive(Debug)]
pub(in crate::aws) struct Told {
    /// The accounts that own it, as far as something of it says so.
    owners: BTreeMap<Untrusted, BTreeSet<Untrusted>>,
    groups: Fact<BTreeMap<Untrusted, Vec<(Untrusted, GroupRules)>>>,
    acls: Fact<BTreeMap<Untrusted, Vec<NetworkAcl>>>,
    route_tables: Fact<BTreeMap<Untrusted, Vec<RouteTable>>>,
    gateways: Fact<BTreeMap<Untrusted, Vec<Untrusted>>>,
    subnets: Fact<BTreeMap<Untrusted, Vec<(Untrusted, Subnet)>>>,
}

impl Told {
    pub(super) fn of(
        groups: Fact<Vec<OfVpc<(Untrusted, GroupRules)>>>,
        acls: Fact<Vec<OfVpc<NetworkAcl>>>,
        route_tables: Fact<Vec<OfVpc<RouteTable>>>,
        gateways: Fact<Vec<OfVpc<Untrusted>>>,
        subnets: Fact<Vec<OfVpc<(Untrusted, Subnet)>>>,
    ) -> Self {
        let mut owners = BTreeMap::new();
        Self {
            groups: sorted(groups, &mut owners),
            acls: sorted(acls, &mut owners),
            route_tables: sorted(route_tables, &mut owners),
            gateways: sorted(gateways, &mut owners),
            subnets: sorted(subnets, &mut owners),
            owners,
        }
    }

    /// Whether a VPC is surely this account's own.
    pub(in crate::aws) fn is_own(&self, vpc: &Untrusted, account: Option<&AccountId>) -> bool {
        let owners = self.owners.get(vpc);
        owners.is_some_and(|owners| owners.iter().all(|owner| account.is_some_and(|own| own.as_str() == owner.raw())))
    }

    /// All of one VPC but its endpoints and lists, seen by `account`.
    pub(in crate::aws) fn network(&self, vpc: &Untrusted, account: Option<&AccountId>) -> Network {
        let is_own = self.is_own(vpc, account);
        let mut network = Network {
            groups: of_vpc(&self.groups, vpc).map(|all| all.into_iter().collect()),
            acls: of_vpc(&self.acls, vpc),
            route_tables: of_vpc(&self.route_tables, vpc),
            internet_gateways: of_vpc(&self.gateways, vpc),
            subnets: of_vpc(&self.subnets, vpc).map(|all| all.into_iter().collect()),
            ..Network::default()
        };
        if let Fact::Known(acls) = &mut network.acls {
            acls.sort_by(|one, other| one.id.cmp(&other.id));
        }
        if let Fact::Known(tables) = &mut network.route_tables {
            tables.sort_by(|one, other| one.id.cmp(&other.id));
            // Every VPC has a main table: where it is not shown, nobody knows what a subnet without its own goes by.
            tables.iter_mut().for_each(|table| table.is_main &= is_own);
            if tables.is_empty() {
                network.route_tables = undecided(route_tables::ACTION);
            }
        }
        if !is_own && network.internet_gateways.known().is_some_and(Vec::is_empty) {
            network.internet_gateways = undecided(gateways::ACTION);
        }
        network
    }
}

fn sorted<T>(
    told: Fact<Vec<OfVpc<T>>>,
    owners: &mut BTreeMap<Untrusted, BTreeSet<Untrusted>>,
) -> Fact<BTreeMap<Untrusted, Vec<T>>> {
    told.map(|all| {
        let mut by_vpc: BTreeMap<Untrusted, Vec<T>> = BTreeMap::new();
        for one in all {
            if let Some(owner) = one.owner {
                owners.entry(one.vpc.clone()).or_default().insert(owner);
            }
            by_vpc.entry(one.vpc).or_default().push(one.own);
        }
        by_vpc
    })
}

fn of_vpc<T: Clone>(all: &Fact<BTreeMap<Untrusted, Vec<T>>>, vpc: &Untrusted) -> Fact<Vec<T>> {
    all.as_ref().map(|all| all.get(vpc).cloned().unwrap_or_default())
}

pub(super) fn undecided<T>(action: &'static str) -> Fact<T> {
    Fact::Hidden(Denial { why: Why::Undecided, action, message: None })
}

/// Endpoints by their VPC, with the rest still to come.
pub(in crate::aws) fn by_vpc(endpoints: Vec<Endpoint>) -> BTreeMap<Untrusted, Network> {
    let mut by_vpc: BTreeMap<Untrusted, Vec<Endpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        if let Some(vpc) = endpoint.vpc.clone() {
            by_vpc.entry(vpc).or_default().push(endpoint);
        }
    }
    let network = |all| Network { endpoints: Fact::Known(all), ..Network::default() };
    by_vpc.into_iter().map(|(vpc, all)| (vpc, network(all))).collect()
}

/// The VPCs in which somebody may let an endpoint in: where none carries, nobody asks.
pub(in crate::aws) fn with_endpoints(networks: &BTreeMap<Untrusted, Network>) -> Vec<Untrusted> {
    let carries = |network: &Network| network.endpoints.known().into_iter().flatten().any(|endpoint| endpoint.state.may_carry());
    networks.iter().filter(|(_, network)| carries(network)).map(|(vpc, _)| vpc.clone()).collect()
}
