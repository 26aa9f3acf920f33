//! Route tables.

use aws_sdk_ec2::types as ec2;

use super::scope::{OfVpc, Scope};
use super::words::block;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{Region, Route, RouteTable, RouteTarget, RouteTo, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_ROUTE_TABLES.action;

/// Most tables on a page.
const PAGE: i32 = 100;

impl Cloud {
    pub(super) async fn route_tables(&self, region: &Region, scope: Scope<'_>) -> Result<Vec<OfVpc<RouteTable>>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_ROUTE_TABLES, |clients| {
                let asked = clients.ec2.describe_route_tables().set_filters(scope.filters("vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.route_tables.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(table).collect())
    }
}

/// `None` without an id.
fn table(told: ec2::RouteTable) -> Option<OfVpc<RouteTable>> {
    let associations: Vec<_> = told.associations.unwrap_or_default().into_iter().filter(holds).collect();
    let own = RouteTable {
        id: told.route_table_id?.into(),
        is_main: associations.iter().any(|own| own.main == Some(true)),
        subnets: associations.into_iter().filter_map(|own| own.subnet_id).map(Untrusted::from).collect(),
        routes: told.routes.unwrap_or_default().into_iter().map(route).collect(),
    };
    Some(OfVpc { vpc: told.vpc_id?.into(), owner: told.owner_id.map(Untrusted::from), own })
}

/// One that has come to its end is told for a while.
fn holds(told: &ec2::RouteTableAssociation) -> bool {
    let state = told.association_state.as_ref().and_then(|own| own.state.as_ref());
    !matches!(state.map(ec2::RouteTableAssociationStateCode::as_str), Some("disassociated" | "failed"))
}

/// Where a destination does not read, the route leads to a list of which nobody knows what is in it: it may be the one that a packet takes.
fn route(told: ec2::Route) -> Route {
    let to = told.destination_cidr_block.or(told.destination_ipv6_cidr_block);
    let to = match (to, told.destination_prefix_list_id) {
        (Some(text), _) => block(&text).map_or_else(|| RouteTo::List(text.into()), RouteTo::Block),
        (None, list) => RouteTo::List(list.unwrap_or_default().into()),
    };
    let others = told.transit_gateway_id.or(told.vpc_peering_connection_id).or(told.carrier_gateway_id);
    let others = others.or(told.local_gateway_id).or(told.core_network_arn).or(told.instance_id);
    let target = match (told.gateway_id, told.nat_gateway_id, told.egress_only_internet_gateway_id, told.network_interface_id) {
        (Some(id), ..) if id == "local" => RouteTarget::Local,
        (Some(id), ..) if id.starts_with("igw-") => RouteTarget::Internet(id.into()),
        (Some(id), ..) => RouteTarget::Other(id.into()),
        (_, Some(id), ..) => RouteTarget::Nat(id.into()),
        (_, _, Some(id), _) => RouteTarget::EgressOnly(id.into()),
        (.., Some(id)) => RouteTarget::Interface(id.into()),
        _ => RouteTarget::Other(others.unwrap_or_default().into()),
    };
    Route { to, target, is_blackhole: told.state == Some(ec2::RouteState::Blackhole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_goes_through_what_it_names() {
        let to = || ec2::Route::builder().destination_cidr_block("0.0.0.0/0");
        for (told, expected) in [
            (to().gateway_id("local"), RouteTarget::Local),
            (to().gateway_id("igw-1"), RouteTarget::Internet("igw-1".into())),
            (to().gateway_id("vgw-1"), RouteTarget::Other("vgw-1".into())),
            (to().gateway_id("vpce-1"), RouteTarget::Other("vpce-1".into())),
            (to().nat_gateway_id("nat-1"), RouteTarget::Nat("nat-1".into())),
            (to().egress_only_internet_gateway_id("eigw-1"), RouteTarget::EgressOnly("eigw-1".into())),
            (to().network_interface_id("eni-1").instance_id("i-1"), RouteTarget::Interface("eni-1".into())),
            (to().transit_gateway_id("tgw-1"), RouteTarget::Other("tgw-1".into())),
            (to().vpc_peering_connection_id("pcx-1"), RouteTarget::Other("pcx-1".into())),
            (to().carrier_gateway_id("cagw-1"), RouteTarget::Other("cagw-1".into())),
            (to().core_network_arn("arn:x"), RouteTarget::Other("arn:x".into())),
            (to(), RouteTarget::Other("".into())),
        ] {
            assert_eq!(route(told.build()).target, expected);
        }
        assert!(route(to().state(ec2::RouteState::Blackhole).build()).is_blackhole);
        assert!(!route(to().state("tomorrow".into()).build()).is_blackhole);
    }

    #[test]
    fn a_destination_that_does_not_read_may_be_any() {
        let to = |told: ec2::builders::RouteBuilder| route(told.build()).to;

        assert_eq!(to(ec2::Route::builder().destination_ipv6_cidr_block("::/0")), RouteTo::Block("::/0".parse().unwrap()));
        assert_eq!(to(ec2::Route::builder().destination_prefix_list_id("pl-1")), RouteTo::List("pl-1".into()));
        assert_eq!(to(ec2::Route::builder().destination_cidr_block("0/0")), RouteTo::List("0/0".into()));
        assert_eq!(to(ec2::Route::builder()), RouteTo::List("".into()));
    }

    #[test]
    fn an_association_that_has_ended_is_none() {
        let state = |word: &str| ec2::RouteTableAssociationState::builder().state(word.into()).build();
        let of = |subnet: &str| ec2::RouteTableAssociation::builder().subnet_id(subnet);
        let told = ec2::RouteTable::builder()
            .route_table_id("rtb-1")
            .vpc_id("vpc-1")
            .associations(of("subnet-a").association_state(state("associated")).build())
            .associations(of("subnet-b").association_state(state("disassociated")).build())
            .associations(of("subnet-c").build())
            .associations(ec2::RouteTableAssociation::builder().gateway_id("igw-1").build())
            .associations(ec2::RouteTableAssociation::builder().main(true).build());

        let own = table(told.build()).unwrap().own;

        assert_eq!((own.subnets, own.is_main), (vec!["subnet-a".into(), "subnet-c".into()], true));
    }
}
