//! `DescribeInternetGateways`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::filter::Filters;
use super::listed::{self, Kind};

const GATEWAYS: Kind =
    Kind { word: "InternetGatewayId", code: "InvalidInternetGatewayID.NotFound", noun: "internetGateway", most: 1_000 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["internet-gateway-id", "attachment.vpc-id", "attachment.state", "owner-id"])?;
    let own = asking.account.vpcs.gateways.iter().filter(|gateway| gateway.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &GATEWAYS,
        own,
        |gateway| &gateway.id,
        |gateway| {
            filters.hold(|name| match name {
                "internet-gateway-id" => vec![gateway.id.as_str()],
                "attachment.vpc-id" => gateway.vpc.as_deref().into_iter().collect(),
                "attachment.state" => gateway.vpc.iter().map(|_| gateway.state.as_str()).collect(),
                _ => vec![asking.account.id.as_str()],
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("internetGatewaySet", page.items, |xml, gateway| {
            xml.text("internetGatewayId", &gateway.id);
            xml.text("ownerId", &asking.account.id);
            xml.items("attachmentSet", &gateway.vpc, |xml, vpc| {
                xml.text("vpcId", vpc);
                xml.text("state", &gateway.state);
            });
            xml.within("tagSet", |_| {});
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}
