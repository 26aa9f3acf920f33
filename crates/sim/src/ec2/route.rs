//! `CreateRoute` and `DeleteRoute`.

use ipnet::IpNet;

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Route, RouteTable, RouteTo};
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;

pub(super) fn create(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let table = table(asking, parameters)?;
    let block = block(parameters)?;
    let gateway = parameters.required("GatewayId")?;
    let known = asking.account.vpcs.gateways.iter().find(|own| own.id == gateway);
    if known.is_none_or(|own| own.vpc.as_ref() != Some(&table.vpc)) {
        let message = format!("route table {} and network gateway {gateway} belong to different networks", table.id);
        return Err(Refusal::new(400, "InvalidParameterValue", message));
    }
    if has(table, block) {
        let message = format!("The route identified by {block} already exists.");
        return Err(Refusal::new(400, "RouteAlreadyExists", message));
    }
    refuse_dry(parameters)?;
    let route = Route { to: RouteTo::Block(block), target: gateway.to_owned(), is_blackhole: false };
    edit(asking, &table.id, |own| own.routes.push(route));
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

pub(super) fn delete(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let table = table(asking, parameters)?;
    let block = block(parameters)?;
    if !has(table, block) {
        let message = format!("no route with destination-cidr-block {block} in route table {}", table.id);
        return Err(Refusal::new(400, "InvalidRoute.NotFound", message));
    }
    refuse_dry(parameters)?;
    edit(asking, &table.id, |own| own.routes.retain(|route| route.to != RouteTo::Block(block)));
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

fn has(table: &RouteTable, block: IpNet) -> bool {
    table.routes.iter().any(|route| route.to == RouteTo::Block(block))
}

fn table<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a RouteTable, Refusal> {
    let id = parameters.required("RouteTableId")?;
    let found = asking.account.vpcs.route_tables.iter().find(|own| own.region == asking.region && own.id == id);
    found.ok_or_else(|| Refusal::new(400, "InvalidRouteTableID.NotFound", format!("The routeTable ID '{id}' does not exist")))
}

fn block(parameters: &Parameters) -> Result<IpNet, Refusal> {
    let text =
        parameters.text("DestinationCidrBlock").or_else(|| parameters.text("DestinationIpv6CidrBlock")).unwrap_or_default();
    text.parse().map_err(|_| Refusal::new(400, "InvalidParameterValue", format!("CIDR block {text} is malformed")))
}

fn edit(asking: &Asking<'_>, id: &str, change: impl FnOnce(&mut RouteTable)) {
    asking.world.mend(|fleet| {
        let tables = fleet.account_mut(&asking.account.id).map(|account| &mut account.vpcs.route_tables);
        tables.into_iter().flatten().find(|own| own.id == id).map(change);
    });
}
