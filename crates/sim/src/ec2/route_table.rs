//! `DescribeRouteTables`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Route, RouteTable, RouteTo};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::Filters;
use super::listed::{self, Kind};

const TABLES: Kind = Kind { word: "RouteTableId", code: "InvalidRouteTableID.NotFound", noun: "routeTable", most: 100 };
const FILTERS: &[&str] = &["route-table-id", "vpc-id", "association.subnet-id", "association.main", "owner-id"];

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, FILTERS)?;
    let own = asking.account.vpcs.route_tables.iter().filter(|table| table.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &TABLES,
        own,
        |table| &table.id,
        |table| {
            filters.hold(|name| match name {
                "route-table-id" => vec![table.id.as_str()],
                "vpc-id" => vec![table.vpc.as_str()],
                // That of the subnets without one of their own has no association with them.
                "association.subnet-id" => table.subnets.iter().map(String::as_str).collect(),
                "association.main" => vec![if table.is_main { "true" } else { "false" }],
                _ => vec![asking.account.id.as_str()],
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("routeTableSet", page.items, |xml, table| write(xml, table, &asking.account.id));
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn write(xml: &mut Xml, table: &RouteTable, owner: &str) {
    xml.text("routeTableId", &table.id);
    xml.text("vpcId", &table.vpc);
    xml.text("ownerId", owner);
    xml.items("routeSet", &table.routes, write_route);
    let all = table.subnets.iter().map(Some).chain(table.is_main.then_some(None));
    xml.items("associationSet", all, |xml, subnet| {
        let unique = subnet.map_or("main", String::as_str);
        xml.text("routeTableAssociationId", &derived_id("rtbassoc-", &[&table.id, unique]));
        xml.text("routeTableId", &table.id);
        xml.maybe("subnetId", subnet.map(String::as_str));
        xml.flag("main", subnet.is_none());
        xml.within("associationState", |xml| xml.text("state", "associated"));
    });
    xml.within("propagatingVgwSet", |_| {});
    xml.within("tagSet", |_| {});
}

fn write_route(xml: &mut Xml, route: &Route) {
    match &route.to {
        RouteTo::Block(block) if block.addr().is_ipv6() => xml.text("destinationIpv6CidrBlock", &block.to_string()),
        RouteTo::Block(block) => xml.text("destinationCidrBlock", &block.to_string()),
        RouteTo::List(id) => xml.text("destinationPrefixListId", id),
    }
    let kind = route.target.split_once('-').map_or(route.target.as_str(), |(kind, _)| kind);
    let name = match kind {
        "nat" => "natGatewayId",
        "eigw" => "egressOnlyInternetGatewayId",
        "eni" => "networkInterfaceId",
        "tgw" => "transitGatewayId",
        "pcx" => "vpcPeeringConnectionId",
        "cagw" => "carrierGatewayId",
        "lgw" => "localGatewayId",
        // `local`, `igw-…`, `vgw-…`, `vpce-…`.
        _ => "gatewayId",
    };
    xml.text(name, &route.target);
    xml.text("state", if route.is_blackhole { "blackhole" } else { "active" });
    xml.text("origin", if route.target == "local" { "CreateRouteTable" } else { "CreateRoute" });
}
