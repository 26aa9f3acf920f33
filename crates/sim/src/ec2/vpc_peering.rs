//! `DescribeVpcPeeringConnections`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::filter::Filters;
use super::listed::{self, Kind};

const PEERINGS: Kind = Kind {
    word: "VpcPeeringConnectionId",
    code: "InvalidVpcPeeringConnectionID.NotFound",
    noun: "vpcPeeringConnection ID",
    most: 1_000,
};

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let names = ["vpc-peering-connection-id", "requester-vpc-info.vpc-id", "accepter-vpc-info.vpc-id", "status-code"];
    let filters = Filters::read(parameters, &names)?;
    let own = asking.account.vpcs.peerings.iter().filter(|peering| peering.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &PEERINGS,
        own,
        |peering| &peering.id,
        |peering| {
            filters.hold(|name| match name {
                "vpc-peering-connection-id" => vec![peering.id.as_str()],
                "requester-vpc-info.vpc-id" => vec![peering.vpcs[0].as_str()],
                "accepter-vpc-info.vpc-id" => vec![peering.vpcs[1].as_str()],
                _ => vec![peering.state.as_str()],
            })
        },
    )?;
    let account = &asking.account.id;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("vpcPeeringConnectionSet", page.items, |xml, peering| {
            xml.text("vpcPeeringConnectionId", &peering.id);
            for (side, vpc) in ["requesterVpcInfo", "accepterVpcInfo"].into_iter().zip(&peering.vpcs) {
                xml.within(side, |xml| {
                    xml.text("ownerId", account);
                    xml.text("vpcId", vpc);
                    xml.text("region", &peering.region);
                });
            }
            xml.within("status", |xml| {
                xml.text("code", &peering.state);
                xml.text("message", &peering.state);
            });
            xml.within("tagSet", |_| {});
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}
