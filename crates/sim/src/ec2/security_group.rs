//! `DescribeSecurityGroups`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Account, GroupRule, GroupRules, Peer};
use crate::page::Page;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::vpc::VpcPeering;
use crate::xml::Xml;

use super::filter::Filters;
use super::paging::unknown_token;

/// Groups on a page, if nothing is said of it.
const PAGE: usize = 1_000;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["group-id", "group-name", "vpc-id"])?;
    let ids = parameters.list("GroupId");
    let own = || asking.account.groups.iter().filter(|group| group.region == asking.region);
    if let Some(id) = ids.iter().find(|id| own().all(|group| group.id != **id)) {
        return Err(Refusal::new(400, "InvalidGroup.NotFound", format!("The security group '{id}' does not exist")));
    }
    let asked = |group: &&GroupRules| {
        (ids.is_empty() || ids.contains(&group.id.as_str()))
            && filters.hold(|name| match name {
                "group-id" => vec![group.id.as_str()],
                "group-name" => vec![group.name.as_str()],
                _ => vec![group.vpc.as_str()],
            })
    };
    let all: Vec<&GroupRules> = own().filter(asked).collect();
    let size = parameters.text("MaxResults").and_then(|size| size.parse().ok()).unwrap_or(PAGE);
    let token = parameters.text("NextToken");
    let Page { items: all, next } = asking.paging.cut(all, size, token).map_err(unknown_token)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("securityGroupInfo", all, |xml, group| {
            xml.text("ownerId", &asking.account.id);
            xml.text("groupId", &group.id);
            xml.text("groupName", &group.name);
            xml.text("groupDescription", group.description.as_deref().unwrap_or(&group.name));
            xml.text("vpcId", &group.vpc);
            xml.items("ipPermissions", group.ingress.iter(), |xml, rule| permission(xml, rule, group, asking.account));
            xml.items("ipPermissionsEgress", group.egress.iter(), |xml, rule| permission(xml, rule, group, asking.account));
        });
        xml.maybe("nextToken", next.as_deref());
    }))
}

/// The peering by which a rule may name a group of another VPC.
fn peering_of<'a>(own: &GroupRules, peer: &str, account: &'a Account) -> Option<(&'a str, &'a VpcPeering)> {
    let other = &account.groups.iter().find(|group| group.id == peer && group.vpc != own.vpc)?.vpc;
    let leads_there = |peering: &&VpcPeering| peering.vpcs.contains(other) && peering.vpcs.contains(&own.vpc);
    Some((other, account.vpcs.peerings.iter().find(leads_there)?))
}

fn permission(xml: &mut Xml, rule: &GroupRule, own: &GroupRules, account: &Account) {
    match rule.ports {
        None => xml.text("ipProtocol", "-1"),
        Some((first, last)) => {
            xml.text("ipProtocol", "tcp");
            xml.text("fromPort", &first.to_string());
            xml.text("toPort", &last.to_string());
        }
    }
    let (list, name, value) = match &rule.peer {
        Peer::Block(block) if block.addr().is_ipv6() => ("ipv6Ranges", "cidrIpv6", block.to_string()),
        Peer::Block(block) => ("ipRanges", "cidrIp", block.to_string()),
        Peer::Group(group) => ("groups", "groupId", group.clone()),
        Peer::List(id) => ("prefixListIds", "prefixListId", id.clone()),
    };
    xml.items(list, [value], |xml, value| {
        if list == "groups" {
            xml.text("userId", &account.id);
            if let Some((vpc, peering)) = peering_of(own, &value, account) {
                xml.text("vpcId", vpc);
                xml.text("vpcPeeringConnectionId", &peering.id);
                xml.text("peeringStatus", &peering.state);
            }
        }
        xml.text(name, &value);
        xml.maybe("description", rule.description.as_deref());
    });
}
