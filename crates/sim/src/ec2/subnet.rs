//! `DescribeSubnets`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::Subnet;
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::Filters;
use super::listed::{self, Kind};

const SUBNETS: Kind = Kind { word: "SubnetId", code: "InvalidSubnetID.NotFound", noun: "subnet", most: 1_000 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["subnet-id", "vpc-id", "availability-zone", "owner-id"])?;
    let own = asking.account.vpcs.subnets.iter().filter(|subnet| subnet.region == asking.region).collect();
    let owner = |subnet: &Subnet| subnet.owner.clone().unwrap_or_else(|| asking.account.id.clone());
    let page = listed::page(
        asking,
        parameters,
        &SUBNETS,
        own,
        |subnet| &subnet.id,
        |subnet| {
            let owner = owner(subnet);
            filters.hold(|name| match name {
                "subnet-id" => vec![subnet.id.as_str()],
                "vpc-id" => vec![subnet.vpc.as_str()],
                "availability-zone" => vec![subnet.zone.as_str()],
                _ => vec![owner.as_str()],
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("subnetSet", page.items, |xml, subnet| write(xml, subnet, &owner(subnet)));
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn write(xml: &mut Xml, subnet: &Subnet, owner: &str) {
    xml.text("subnetId", &subnet.id);
    xml.text("state", "available");
    xml.text("vpcId", &subnet.vpc);
    xml.text("cidrBlock", &subnet.block.to_string());
    xml.items("ipv6CidrBlockAssociationSet", &subnet.ipv6_block, |xml, block| {
        xml.text("associationId", &derived_id("subnet-cidr-assoc-", &[&subnet.id]));
        xml.text("ipv6CidrBlock", &block.to_string());
        xml.within("ipv6CidrBlockState", |xml| xml.text("state", "associated"));
    });
    xml.text("availabilityZone", &subnet.zone);
    xml.flag("defaultForAz", false);
    xml.flag("mapPublicIpOnLaunch", false);
    xml.text("ownerId", owner);
    if !subnet.public_access.is_empty() {
        xml.within("blockPublicAccessStates", |xml| xml.text("internetGatewayBlockMode", &subnet.public_access));
    }
    xml.within("tagSet", |_| {});
}
