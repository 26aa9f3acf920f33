//! What VPCs have, and what they let through.

mod acls;
mod assembled;
mod endpoints;
mod gateways;
mod groups;
mod nat_gateways;
mod peerings;
mod prefix_lists;
mod route_tables;
mod scope;
mod subnets;
mod vpc_dns;
mod vpc_endpoints;
mod words;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

pub(super) use self::acls::entry as acl_entry;
pub(super) use self::assembled::{Told, by_vpc, with_endpoints};
pub(super) use self::prefix_lists::named as named_lists;
pub(super) use self::scope::Scope;
pub(super) use self::vpc_endpoints::endpoint as vpc_endpoint;
use super::{Cloud, Error, failure};
use crate::model::{Denial, Fact, GroupRules, Instance, Network, Region, Untrusted, Why};

/// VPCs that are asked for at a time, half of the values that EC2 takes in one filter.
const VPCS_AT_A_TIME: usize = 100;
/// The limit of all readings of one VPC, if no single call may take longer.
const LIMIT: Duration = Duration::from_secs(60);

impl Cloud {
    /// What the VPC of one instance has and lets through, in one round of calls, and one more where prefix lists are named; pending without a
    /// VPC. What is refused is hidden under the name of its own call.
    pub async fn network_of(&self, region: &Region, instance: &Instance) -> Fact<Arc<Network>> {
        let Some(vpc) = &instance.vpc else { return Fact::Pending };
        let deadline = Instant::now() + LIMIT.max(self.timeout());
        let (mut network, _) = self.way_in(region, instance, vpc, deadline).await;
        network.prefix_lists = self.prefix_lists(region, named_lists([&network]), deadline).await;
        Fact::Known(Arc::new(network))
    }

    /// The same with what its agents go out by: endpoints of AWS's services and NAT gateways. What is asked next, by what was told here, is
    /// still to come.
    pub(super) async fn whole_network_of(&self, region: &Region, instance: &Instance) -> Fact<Network> {
        let Some(vpc) = &instance.vpc else { return Fact::Pending };
        let deadline = Instant::now() + LIMIT.max(self.timeout());
        let vpcs = [vpc.clone()];
        let scope = Scope::Vpcs(&vpcs);
        let ((network, is_own), vpc_endpoints, nat_gateways) = tokio::join!(
            self.way_in(region, instance, vpc, deadline),
            Box::pin(fact(vpc_endpoints::ACTION, deadline, self.vpc_endpoints(region, scope))),
            Box::pin(fact(nat_gateways::ACTION, deadline, self.nat_gateways(region, scope))),
        );
        let vpc_endpoints = match vpc_endpoints {
            // Those of the account that shares the VPC are told to it alone.
            Fact::Known(_) if !is_own => assembled::undecided(vpc_endpoints::ACTION),
            told => told,
        };
        Fact::Known(Network { vpc_endpoints, nat_gateways, ..network })
    }

    /// The same with what is in its prefix lists, and what its resolver does where an endpoint has a private name.
    pub(super) async fn named_in(&self, region: &Region, vpc: &Untrusted, network: Network) -> Network {
        let deadline = Instant::now() + LIMIT.max(self.timeout());
        let has_private_names = network.vpc_endpoints.known().into_iter().flatten().any(|own| own.has_private_dns);
        let lists = self.prefix_lists(region, named_lists([&network]), deadline);
        let dns = async {
            if has_private_names { fact(vpc_dns::ACTION, deadline, self.vpc_dns(region, vpc)).await } else { Fact::Pending }
        };
        let peerings = async {
            match has_peered_routes(&network) {
                Some(true) => fact(peerings::ACTION, deadline, self.peerings(region)).await,
                Some(false) => Fact::Known(Vec::new()),
                None => Fact::Pending,
            }
        };
        let console_lists = async {
            let is_one_named = !named_lists([&network]).is_empty();
            if is_one_named { fact(prefix_lists::LISTS, deadline, self.console_lists(region)).await } else { Fact::Pending }
        };
        let (prefix_lists, dns, peerings, console_lists) =
            tokio::join!(lists, Box::pin(dns), Box::pin(peerings), Box::pin(console_lists));
        Network { prefix_lists, dns, peerings, console_lists, ..network }
    }

    /// What decides whether packets reach an instance, but for the lists that are named there, and whether the VPC is its account's own.
    async fn way_in(&self, region: &Region, instance: &Instance, vpc: &Untrusted, deadline: Instant) -> (Network, bool) {
        let vpcs = [vpc.clone()];
        let endpoints = async { fact(endpoints::ACTION, deadline, self.endpoints_of(region, vpc)).await };
        let (endpoints, told) = tokio::join!(endpoints, self.paths(region, Scope::Vpcs(&vpcs), deadline));
        let account = instance.account.as_ref();
        (Network { endpoints, ..told.network(vpc, account) }, told.is_own(vpc, account))
    }

    /// The endpoints of the VPC of one instance, and what groups let through where there is one: what connecting needs, in one call or two.
    pub async fn doors_of(&self, region: &Region, instance: &Instance) -> Fact<Arc<Network>> {
        let Some(vpc) = &instance.vpc else { return Fact::Pending };
        let deadline = Instant::now() + LIMIT.max(self.timeout());
        let endpoints = fact(endpoints::ACTION, deadline, self.endpoints_of(region, vpc)).await;
        let is_there = endpoints.known().is_some_and(|all| !all.is_empty());
        let groups = if is_there { self.groups_of(region, vpc).await } else { Fact::Pending };
        Fact::Known(Arc::new(Network { endpoints, groups, ..Network::default() }))
    }

    /// What the security groups of a VPC let through, by their ids.
    pub async fn groups_of(&self, region: &Region, vpc: &Untrusted) -> Fact<BTreeMap<Untrusted, GroupRules>> {
        match self.group_rules(region, Scope::Vpcs(std::slice::from_ref(vpc))).await {
            Ok(groups) => Fact::Known(groups.into_iter().map(|told| told.own).collect()),
            Err(error) => Fact::Hidden(failure::denial(error, groups::ACTION)),
        }
    }

    /// What the groups of these VPCs let through, by VPC and by the group's id.
    pub(super) async fn groups_of_all(
        &self,
        region: &Region,
        vpcs: &[Untrusted],
    ) -> Result<BTreeMap<Untrusted, BTreeMap<Untrusted, GroupRules>>, Error> {
        let mut all: BTreeMap<Untrusted, BTreeMap<Untrusted, GroupRules>> = BTreeMap::new();
        for some in vpcs.chunks(VPCS_AT_A_TIME) {
            for told in self.group_rules(region, Scope::Vpcs(some)).await? {
                let (id, rules) = told.own;
                all.entry(told.vpc).or_default().insert(id, rules);
            }
        }
        Ok(all)
    }

    /// What lets packets through, all of it at once; each that AWS does not tell is hidden by itself.
    pub(super) async fn paths(&self, region: &Region, scope: Scope<'_>, deadline: Instant) -> Told {
        // Each is as large as the calls in it.
        let groups = Box::pin(fact(groups::ACTION, deadline, self.group_rules(region, scope)));
        let acls = Box::pin(fact(acls::ACTION, deadline, self.acls(region, scope)));
        let route_tables = Box::pin(fact(route_tables::ACTION, deadline, self.route_tables(region, scope)));
        let gateways = Box::pin(fact(gateways::ACTION, deadline, self.gateways(region, scope)));
        let subnets = Box::pin(fact(subnets::ACTION, deadline, self.subnets(region, scope)));
        let (groups, acls, route_tables, gateways, subnets) = tokio::join!(groups, acls, route_tables, gateways, subnets);
        Told::of(groups, acls, route_tables, gateways, subnets)
    }
}

/// Whether a route goes through a peering, where that is known.
fn has_peered_routes(network: &Network) -> Option<bool> {
    let routes = network.route_tables.known()?.iter().flat_map(|table| &table.routes);
    let mut ids = routes.filter_map(|route| route.target.id());
    Some(ids.any(|id| id.raw().starts_with("pcx-")))
}

async fn fact<T>(action: &'static str, deadline: Instant, asked: impl Future<Output = Result<T, Error>>) -> Fact<T> {
    match timeout_at(deadline, asked).await {
        Ok(Ok(told)) => Fact::Known(told),
        Ok(Err(error)) => Fact::Hidden(failure::denial(error, action)),
        Err(_) => Fact::Hidden(Denial { why: Why::Timeout, action, message: None }),
    }
}
