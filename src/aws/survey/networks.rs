//! What VPCs have and let through, told as it comes: endpoints at once, the rest when the rows are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{Listed, Stop, Survey};
use crate::aws::networks::{self, Scope};
use crate::aws::{call, failure};
use crate::model::{Answer, Fact, FactKinds, Network, Untrusted};

const ENDPOINTS: &str = call::DESCRIBE_INSTANCE_CONNECT_ENDPOINTS.action;
const GROUPS: &str = call::DESCRIBE_SECURITY_GROUPS.action;

impl Survey<'_> {
    /// Endpoints, and what is wanted besides.
    pub(super) async fn networks(self, kinds: FactKinds, listed: oneshot::Receiver<Listed>) -> Result<(), Stop> {
        let (known, without) = match self.within(ENDPOINTS, self.cloud.endpoints(self.region)).await {
            Ok(endpoints) => (networks::by_vpc(endpoints), Fact::Known(Vec::new())),
            Err(Stop::Failed(error)) => (BTreeMap::new(), Fact::Hidden(failure::denial(error, ENDPOINTS))),
            Err(Stop::Deaf) => return Err(Stop::Deaf),
        };
        let others = Arc::new(Network { endpoints: without, ..Network::default() });
        self.tell_networks(known.clone(), &others).await?;
        if kinds.paths { self.paths(known, others, listed).await } else { self.groups_at_endpoints(known, others).await }
    }

    /// What the groups let through where there is an endpoint.
    async fn groups_at_endpoints(self, mut known: BTreeMap<Untrusted, Network>, others: Arc<Network>) -> Result<(), Stop> {
        let vpcs = networks::with_endpoints(&known);
        if vpcs.is_empty() {
            return Ok(());
        }
        let groups = match self.within(GROUPS, self.cloud.groups_of_all(self.region, &vpcs)).await {
            Ok(groups) => Fact::Known(groups),
            Err(Stop::Failed(error)) => Fact::Hidden(failure::denial(error, GROUPS)),
            Err(Stop::Deaf) => return Err(Stop::Deaf),
        };
        for vpc in &vpcs {
            if let Some(own) = known.get_mut(vpc) {
                own.groups = groups.clone().map(|mut all| all.remove(vpc).unwrap_or_default());
            }
        }
        self.tell_networks(known, &others).await
    }

    /// What decides where packets go in the VPCs that rows are in: of a region without any nobody asks. One call each and page for the whole
    /// region, then the prefix lists that are named there.
    async fn paths(
        self,
        mut known: BTreeMap<Untrusted, Network>,
        others: Arc<Network>,
        listed: oneshot::Receiver<Listed>,
    ) -> Result<(), Stop> {
        // A list that came to no end has told on its own why.
        let Ok(Listed { vpcs, account }) = listed.await else { return Ok(()) };
        if vpcs.is_empty() {
            return Ok(());
        }
        let told = self.cloud.paths(self.region, Scope::Region, self.deadline).await;
        let all: BTreeSet<Untrusted> = vpcs.into_iter().chain(known.keys().cloned()).collect();
        let mut networks = BTreeMap::new();
        for vpc in all {
            let endpoints = known.remove(&vpc).map_or_else(|| others.endpoints.clone(), |own| own.endpoints);
            let own = Network { endpoints, ..told.network(&vpc, account.as_ref()) };
            networks.insert(vpc, own);
        }
        self.tell_networks(networks.clone(), &others).await?;
        if networks::named_lists(networks.values()).is_empty() {
            return Ok(());
        }
        let lists = self.cloud.prefix_lists(self.region, networks::named_lists(networks.values()), self.deadline).await;
        for own in networks.values_mut() {
            let named = networks::named_lists([&*own]);
            own.prefix_lists = named.into_iter().filter_map(|id| lists.get(&id).cloned().map(|told| (id, told))).collect();
        }
        self.tell_networks(networks, &others).await
    }

    async fn tell_networks(self, known: BTreeMap<Untrusted, Network>, others: &Arc<Network>) -> Result<(), Stop> {
        let of = known.into_iter().map(|(vpc, own)| (vpc, Arc::new(own))).collect();
        self.tell(Answer::Networks { of, others: Arc::clone(others) }).await
    }
}
