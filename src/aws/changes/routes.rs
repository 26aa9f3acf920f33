//! Routes to the internet: added, looked at, taken away.

use ipnet::IpNet;

use super::dry;
use crate::aws::{Cloud, Error, call};
use crate::model::{Region, ResourceId};

impl Cloud {
    /// Add a route through a gateway. One to the same block that is there already is not replaced: that is refused.
    pub async fn add_route(&self, region: &Region, table: &ResourceId, block: IpNet, gateway: &ResourceId) -> Result<(), Error> {
        self.create_route(region, (table, block, gateway), false).await
    }

    /// Whether the caller may, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_add_route(
        &self,
        region: &Region,
        table: &ResourceId,
        block: IpNet,
        gateway: &ResourceId,
    ) -> Result<(), Error> {
        dry(self.create_route(region, (table, block, gateway), true).await)
    }

    async fn create_route(
        &self,
        region: &Region,
        (table, block, gateway): (&ResourceId, IpNet, &ResourceId),
        is_dry: bool,
    ) -> Result<(), Error> {
        let (v4, v6) = of_family(block);
        let asked = self.ask(region, call::CREATE_ROUTE, |clients| {
            let asked = clients.ec2.create_route().route_table_id(table.as_str()).gateway_id(gateway.as_str());
            asked.set_destination_cidr_block(v4).set_destination_ipv6_cidr_block(v6).dry_run(is_dry).send()
        });
        asked.await.map(drop)
    }

    /// What a route to this block leads through; `None`: the table has none.
    pub async fn target_of_route(&self, region: &Region, table: &ResourceId, block: IpNet) -> Result<Option<String>, Error> {
        let asked = self.ask(region, call::DESCRIBE_ROUTE_TABLES, |clients| {
            clients.ec2.describe_route_tables().route_table_ids(table.as_str()).send()
        });
        let told = asked.await?.route_tables.unwrap_or_default();
        let text = block.to_string();
        let is_it = |route: &aws_sdk_ec2::types::Route| {
            route.destination_cidr_block.as_ref() == Some(&text) || route.destination_ipv6_cidr_block.as_ref() == Some(&text)
        };
        let route = told.into_iter().flat_map(|own| own.routes.unwrap_or_default()).find(is_it);
        Ok(route.map(|route| {
            let nearest = route.gateway_id.or(route.nat_gateway_id).or(route.transit_gateway_id);
            nearest.or(route.network_interface_id).or(route.vpc_peering_connection_id).unwrap_or_else(|| "?".to_owned())
        }))
    }

    /// Take the route to this block away.
    pub async fn delete_route(&self, region: &Region, table: &ResourceId, block: IpNet) -> Result<(), Error> {
        let (v4, v6) = of_family(block);
        let asked = self.ask(region, call::DELETE_ROUTE, |clients| {
            let asked = clients.ec2.delete_route().route_table_id(table.as_str());
            asked.set_destination_cidr_block(v4).set_destination_ipv6_cidr_block(v6).send()
        });
        asked.await.map(drop)
    }
}

/// The block as the parameter of its family.
fn of_family(block: IpNet) -> (Option<String>, Option<String>) {
    match block {
        IpNet::V4(block) => (Some(block.to_string()), None),
        IpNet::V6(block) => (None, Some(block.to_string())),
    }
}
