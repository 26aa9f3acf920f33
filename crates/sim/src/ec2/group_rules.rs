//! `AuthorizeSecurityGroupIngress` and `…Egress`, `RevokeSecurityGroupIngress` and `…Egress`, `DescribeSecurityGroupRules`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{GroupRule, GroupRules, Peer};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::dry_run::refuse_dry;
use super::filter::Filters;
use super::paging::unknown_token;

/// Rules that a group may have in one direction, as many as EC2 gives without being asked.
const MOST_RULES: usize = 60;
/// Rules on a page, if nothing is said of it.
const PAGE: usize = 1_000;
/// Where the lists of a permission stand in a call, and what an entry is called there.
const PEERS: [(&str, &str); 4] =
    [("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("Groups", "GroupId"), ("PrefixListIds", "PrefixListId")];

pub(super) fn authorize(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let group = group(asking, parameters)?;
    let is_egress = asking.action.ends_with("Egress");
    let mut made = permissions(parameters)?;
    for rule in &mut made {
        if own(group, is_egress).iter().any(|known| is_same(known, rule)) {
            let message = format!("the specified rule \"{}\" already exists", described(rule));
            return Err(Refusal::new(400, "InvalidPermission.Duplicate", message));
        }
        let moment = asking.now.duration_since(asking.fleet.started).unwrap_or_default().as_nanos().to_string();
        rule.id = Some(derived_id("sgr-", &[&group.id, &described(rule), &moment]));
    }
    if own(group, is_egress).len() + made.len() > MOST_RULES {
        let message = "The maximum number of rules per security group has been reached.";
        return Err(Refusal::new(400, "RulesPerSecurityGroupLimitExceeded", message));
    }
    refuse_dry(parameters)?;
    edit(asking, &group.id, |group| own_mut(group, is_egress).extend(made.iter().cloned()));
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.flag("return", true);
        xml.items("securityGroupRuleSet", &made, |xml, rule| write(xml, asking, group, rule, is_egress));
    }))
}

pub(super) fn revoke(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let group = group(asking, parameters)?;
    let is_egress = asking.action.ends_with("Egress");
    let ids = parameters.list("SecurityGroupRuleId");
    if let Some(id) = ids.iter().find(|id| own(group, is_egress).iter().all(|rule| id_of(group, rule, is_egress) != **id)) {
        let message = format!("The security group rule ID '{id}' does not exist");
        return Err(Refusal::new(400, "InvalidSecurityGroupRuleId.NotFound", message));
    }
    let named = permissions(parameters)?;
    if let Some(rule) = named.iter().find(|rule| own(group, is_egress).iter().all(|known| !is_same(known, rule))) {
        let message = format!("The specified rule \"{}\" does not exist in this security group.", described(rule));
        return Err(Refusal::new(400, "InvalidPermission.NotFound", message));
    }
    refuse_dry(parameters)?;
    let goes = |rule: &GroupRule| {
        ids.contains(&id_of(group, rule, is_egress).as_str()) || named.iter().any(|named| is_same(named, rule))
    };
    edit(asking, &group.id, |group| own_mut(group, is_egress).retain(|rule| !goes(rule)));
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["group-id", "security-group-rule-id"])?;
    let ids = parameters.list("SecurityGroupRuleId");
    let groups = asking.account.groups.iter().filter(|group| group.region == asking.region);
    let all = groups.flat_map(|group| {
        let both = [(&group.ingress, false), (&group.egress, true)];
        both.into_iter().flat_map(move |(rules, is_egress)| {
            rules.iter().map(move |rule| (id_of(group, rule, is_egress), group, rule, is_egress))
        })
    });
    let all: Vec<_> = all.collect();
    if let Some(id) = ids.iter().find(|wanted| all.iter().all(|(id, ..)| id != **wanted)) {
        let message = format!("The security group rule ID '{id}' does not exist");
        return Err(Refusal::new(400, "InvalidSecurityGroupRuleId.NotFound", message));
    }
    let asked = all.iter().filter(|(id, group, ..)| {
        (ids.is_empty() || ids.contains(&id.as_str()))
            && filters.hold(|name| match name {
                "group-id" => vec![group.id.as_str()],
                _ => vec![id.as_str()],
            })
    });
    let size = parameters.number("MaxResults")?.unwrap_or(PAGE);
    let page = asking.paging.cut(asked.collect(), size, parameters.text("NextToken")).map_err(unknown_token)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("securityGroupRuleSet", page.items, |xml, (_, group, rule, is_egress)| {
            write(xml, asking, group, rule, *is_egress);
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn group<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a GroupRules, Refusal> {
    let id = parameters.required("GroupId")?;
    let found = asking.account.groups.iter().find(|group| group.region == asking.region && group.id == id);
    found.ok_or_else(|| Refusal::new(400, "InvalidGroup.NotFound", format!("The security group '{id}' does not exist")))
}

fn own(group: &GroupRules, is_egress: bool) -> &Vec<GroupRule> {
    if is_egress { &group.egress } else { &group.ingress }
}

fn own_mut(group: &mut GroupRules, is_egress: bool) -> &mut Vec<GroupRule> {
    if is_egress { &mut group.egress } else { &mut group.ingress }
}

fn edit(asking: &Asking<'_>, group: &str, change: impl FnOnce(&mut GroupRules)) {
    asking.world.mend(|fleet| {
        let groups = fleet.account_mut(&asking.account.id).map(|account| &mut account.groups);
        let found = groups.into_iter().flatten().find(|own| own.region == asking.region && own.id == group);
        found.map(change);
    });
}

/// The rules of `IpPermissions.N`, one for each peer.
fn permissions(parameters: &Parameters) -> Result<Vec<GroupRule>, Refusal> {
    let mut rules = Vec::new();
    for at in 1.. {
        let name = |part: &str| format!("IpPermissions.{at}.{part}");
        let Some(protocol) = parameters.text(&name("IpProtocol")) else { break };
        let port = |part: &str| parameters.number(&name(part)).map(|port| port.and_then(|port| u16::try_from(port).ok()));
        let ports = match (protocol, port("FromPort")?, port("ToPort")?) {
            ("-1", ..) => None,
            ("tcp" | "6", Some(first), Some(last)) if first <= last => Some((first, last)),
            _ => return Err(Refusal::new(400, "InvalidParameterValue", format!("Invalid value '{protocol}' for IP protocol"))),
        };
        for (list, word) in PEERS {
            for entry in 1.. {
                let Some(value) = parameters.text(&name(&format!("{list}.{entry}.{word}"))) else { break };
                let description = parameters.text(&name(&format!("{list}.{entry}.Description")));
                let description = description.map(check_description).transpose()?;
                rules.push(GroupRule { ports, peer: peer(list, value)?, description, id: None });
            }
        }
    }
    Ok(rules)
}

fn peer(list: &str, value: &str) -> Result<Peer, Refusal> {
    let malformed = || Refusal::new(400, "InvalidParameterValue", format!("CIDR block {value} is malformed"));
    Ok(match list {
        "Groups" => Peer::Group(value.to_owned()),
        "PrefixListIds" => Peer::List(value.to_owned()),
        _ => Peer::Block(value.parse().map_err(|_| malformed())?),
    })
}

/// EC2 takes letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`.
fn check_description(text: &str) -> Result<String, Refusal> {
    let is_taken = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    if text.len() <= 255 && text.chars().all(is_taken) {
        return Ok(text.to_owned());
    }
    Err(Refusal::new(
        400,
        "InvalidParameterValue",
        "Invalid rule description. Valid descriptions are strings less than 256 characters",
    ))
}

fn is_same(one: &GroupRule, other: &GroupRule) -> bool {
    one.ports == other.ports && one.peer == other.peer
}

fn described(rule: &GroupRule) -> String {
    let peer = match &rule.peer {
        Peer::Block(block) => block.to_string(),
        Peer::Group(id) | Peer::List(id) => id.clone(),
    };
    match rule.ports {
        Some((first, last)) => format!("peer: {peer}, TCP, from port: {first}, to port: {last}, ALLOW"),
        None => format!("peer: {peer}, ALL, ALLOW"),
    }
}

fn id_of(group: &GroupRules, rule: &GroupRule, is_egress: bool) -> String {
    let way = if is_egress { "out" } else { "in" };
    rule.id.clone().unwrap_or_else(|| derived_id("sgr-", &[&group.id, way, &described(rule)]))
}

fn write(xml: &mut Xml, asking: &Asking<'_>, group: &GroupRules, rule: &GroupRule, is_egress: bool) {
    xml.text("securityGroupRuleId", &id_of(group, rule, is_egress));
    xml.text("groupId", &group.id);
    xml.text("groupOwnerId", &asking.account.id);
    xml.flag("isEgress", is_egress);
    xml.text("ipProtocol", if rule.ports.is_some() { "tcp" } else { "-1" });
    let (first, last) = rule.ports.map_or((-1, -1), |(first, last)| (i64::from(first), i64::from(last)));
    xml.number("fromPort", first);
    xml.number("toPort", last);
    match &rule.peer {
        Peer::Block(block) if block.addr().is_ipv6() => xml.text("cidrIpv6", &block.to_string()),
        Peer::Block(block) => xml.text("cidrIpv4", &block.to_string()),
        Peer::Group(id) => xml.within("referencedGroupInfo", |xml| xml.text("groupId", id)),
        Peer::List(id) => xml.text("prefixListId", id),
    }
    xml.maybe("description", rule.description.as_deref());
}
