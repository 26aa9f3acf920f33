//! What is in the prefix lists that rules and routes name.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types as ec2;
use ipnet::IpNet;
use tokio::time::{Instant, timeout_at};

use super::words::block;
use crate::aws::{Cloud, Error, call, failure, pages};
use crate::model::{Denial, Fact, Network, Region, RouteTo, TcpPorts, Untrusted, Why};

const ACTION: &str = call::GET_MANAGED_PREFIX_LIST_ENTRIES.action;
pub(super) const LISTS: &str = call::DESCRIBE_MANAGED_PREFIX_LISTS.action;

/// Most entries on a page.
const PAGE: i32 = 100;
/// Lists read of a region: each costs a call of its own.
const LISTS_AT_MOST: usize = 40;

/// The lists that these name, in the order of their ids.
pub(in crate::aws) fn named<'n>(networks: impl IntoIterator<Item = &'n Network>) -> BTreeSet<Untrusted> {
    let mut all = BTreeSet::new();
    for network in networks {
        let groups = network.groups.known().into_iter().flat_map(|groups| groups.values());
        let rules =
            groups.flat_map(|group| group.ingress.iter().chain(&group.egress)).filter(|rule| rule.ports != TcpPorts::None);
        let routes = network.route_tables.known().into_iter().flatten().flat_map(|table| &table.routes);
        let of_routes = routes.filter_map(|route| if let RouteTo::List(id) = &route.to { Some(id) } else { None });
        // A block that does not read stands there like a list, and is none.
        all.extend(rules.flat_map(|rule| &rule.prefix_lists).chain(of_routes).filter(|id| id.raw().starts_with("pl-")).cloned());
    }
    all
}

impl Cloud {
    /// What is in these lists, one after the other, until `deadline`; whoever may not read one is not asked to read the others.
    pub(in crate::aws) async fn prefix_lists(
        &self,
        region: &Region,
        lists: BTreeSet<Untrusted>,
        deadline: Instant,
    ) -> BTreeMap<Untrusted, Fact<Vec<IpNet>>> {
        let mut all = BTreeMap::new();
        let mut refused: Option<Denial> = None;
        for id in lists.into_iter().take(LISTS_AT_MOST) {
            let told = match (self.known_prefix_lists().get(region, &id), &refused) {
                (Some(known), _) => Fact::Known(known),
                (None, Some(denial)) => Fact::Hidden(denial.clone()),
                (None, None) => match timeout_at(deadline, self.prefix_list(region, &id)).await {
                    Ok(Ok(blocks)) => {
                        self.known_prefix_lists().learn(region, &id, &blocks);
                        Fact::Known(blocks)
                    }
                    Ok(Err(error)) => Fact::Hidden(failure::denial(error, ACTION)),
                    Err(_) => Fact::Hidden(Denial { why: Why::Timeout, action: ACTION, message: None }),
                },
            };
            // What is wrong with one list alone says nothing of the next.
            refused = refused.or_else(|| told.denial().filter(|denial| denial.why != Why::Failed).cloned());
            all.insert(id, told);
        }
        all
    }

    /// The ids of the lists from which the browser client of EC2 Instance Connect comes.
    pub(super) async fn console_lists(&self, region: &Region) -> Result<Vec<Untrusted>, Error> {
        let names = ["", "ipv6."].map(|family| format!("com.amazonaws.{region}.{family}ec2-instance-connect"));
        let filter = ec2::Filter::builder().name("prefix-list-name").set_values(Some(names.into()));
        let filter = filter.build();
        let told = pages::whole(LISTS, |token| async {
            let asked = self.ask(region, call::DESCRIBE_MANAGED_PREFIX_LISTS, |clients| {
                let asked = clients.ec2.describe_managed_prefix_lists().filters(filter.clone());
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.prefix_lists.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(|list| list.prefix_list_id).map(Untrusted::from).collect())
    }

    /// A list with an entry that does not read is not known: nobody would be let through by it.
    async fn prefix_list(&self, region: &Region, id: &Untrusted) -> Result<Vec<IpNet>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::GET_MANAGED_PREFIX_LIST_ENTRIES, |clients| {
                let asked = clients.ec2.get_managed_prefix_list_entries().prefix_list_id(id.raw());
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.entries.unwrap_or_default(), told.next_token))
        });
        let blocks = told.await?.into_iter().map(|entry| entry.cidr.as_deref().and_then(block));
        blocks.collect::<Option<_>>().ok_or_else(|| Error::Garbled { action: ACTION, cause: "an entry is no block".into() })
    }
}
