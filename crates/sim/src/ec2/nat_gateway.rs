//! `DescribeNatGateways`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::filter::Filters;
use super::listed::{self, Kind};

const GATEWAYS: Kind = Kind { word: "NatGatewayId", code: "NatGatewayNotFound", noun: "NatGateway", most: 1_000 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["nat-gateway-id", "vpc-id", "subnet-id", "state"])?;
    let own = asking.account.vpcs.nat_gateways.iter().filter(|gateway| gateway.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &GATEWAYS,
        own,
        |gateway| &gateway.id,
        |gateway| {
            filters.hold(|name| match name {
                "nat-gateway-id" => vec![gateway.id.as_str()],
                "vpc-id" => vec![gateway.vpc.as_str()],
                "subnet-id" => gateway.subnet.as_deref().into_iter().collect(),
                _ => vec![gateway.state.as_str()],
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("natGatewaySet", page.items, |xml, gateway| {
            xml.text("natGatewayId", &gateway.id);
            xml.maybe("subnetId", gateway.subnet.as_deref());
            xml.text("vpcId", &gateway.vpc);
            xml.text("state", &gateway.state);
            xml.text("connectivityType", &gateway.connectivity);
            xml.within("tagSet", |_| {});
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}
