//! Rules of security groups: added, looked at one by one, taken away.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, SecurityGroupRule, UserIdGroupPair};
use ipnet::IpNet;

use super::{dry, is_refused_as};
use crate::aws::calls::{PAGE, filter};
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{GroupEntry, GroupOpening, OpeningPeer, Region, ResourceId};

/// How adding a rule ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It was added, and has this id.
    Made(Option<String>),
    /// The group lets the same through already.
    WasThere,
}

impl Cloud {
    /// Add the rule.
    pub async fn open_group(&self, region: &Region, opening: &GroupOpening) -> Result<Opened, Error> {
        match self.authorize(region, opening, false).await {
            Ok(rules) => {
                let id = rules.into_iter().find_map(|rule| rule.security_group_rule_id);
                Ok(Opened::Made(id))
            }
            Err(error) if is_refused_as(&error, "InvalidPermission.Duplicate") => Ok(Opened::WasThere),
            Err(error) => Err(error),
        }
    }

    /// Whether the caller may add it, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_open_group(&self, region: &Region, opening: &GroupOpening) -> Result<(), Error> {
        match dry(self.authorize(region, opening, true).await) {
            Err(error) if is_refused_as(&error, "InvalidPermission.Duplicate") => Ok(()),
            answer => answer,
        }
    }

    async fn authorize(&self, region: &Region, opening: &GroupOpening, is_dry: bool) -> Result<Vec<SecurityGroupRule>, Error> {
        let (group, permission) = (opening.group.as_str(), permission(opening));
        let rules = if opening.is_egress {
            let asked = self.ask(region, call::AUTHORIZE_SECURITY_GROUP_EGRESS, |clients| {
                clients.ec2.authorize_security_group_egress().group_id(group).ip_permissions(permission).dry_run(is_dry).send()
            });
            asked.await?.security_group_rules
        } else {
            let asked = self.ask(region, call::AUTHORIZE_SECURITY_GROUP_INGRESS, |clients| {
                clients.ec2.authorize_security_group_ingress().group_id(group).ip_permissions(permission).dry_run(is_dry).send()
            });
            asked.await?.security_group_rules
        };
        Ok(rules.unwrap_or_default())
    }

    /// Take one rule of a group away, by its id.
    pub async fn close_group(&self, region: &Region, group: &ResourceId, is_egress: bool, rule: &str) -> Result<(), Error> {
        if is_egress {
            let asked = self.ask(region, call::REVOKE_SECURITY_GROUP_EGRESS, |clients| {
                clients.ec2.revoke_security_group_egress().group_id(group.as_str()).security_group_rule_ids(rule).send()
            });
            asked.await?;
        } else {
            let asked = self.ask(region, call::REVOKE_SECURITY_GROUP_INGRESS, |clients| {
                clients.ec2.revoke_security_group_ingress().group_id(group.as_str()).security_group_rule_ids(rule).send()
            });
            asked.await?;
        }
        Ok(())
    }

    /// The rules of a group, each with its id.
    pub async fn entries_of_group(&self, region: &Region, group: &ResourceId) -> Result<Vec<GroupEntry>, Error> {
        let told = pages::whole(call::DESCRIBE_SECURITY_GROUP_RULES.action, |token| async {
            let asked = self.ask(region, call::DESCRIBE_SECURITY_GROUP_RULES, |clients| {
                let asked = clients.ec2.describe_security_group_rules().filters(filter("group-id", [group.as_str()]));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.security_group_rules.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(entry).collect())
    }
}

fn permission(opening: &GroupOpening) -> IpPermission {
    let port = i32::from(opening.port);
    let described = opening.description.as_str();
    let permission = IpPermission::builder().ip_protocol("tcp").from_port(port).to_port(port);
    let permission = match &opening.peer {
        OpeningPeer::Block(IpNet::V4(block)) => {
            permission.ip_ranges(IpRange::builder().cidr_ip(block.to_string()).description(described).build())
        }
        OpeningPeer::Block(IpNet::V6(block)) => {
            permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(block.to_string()).description(described).build())
        }
        OpeningPeer::Group(id) => {
            permission.user_id_group_pairs(UserIdGroupPair::builder().group_id(id.as_str()).description(described).build())
        }
    };
    permission.build()
}

/// `None` without an id.
fn entry(told: SecurityGroupRule) -> Option<GroupEntry> {
    let group = told.referenced_group_info.and_then(|group| group.group_id);
    let peer = told.cidr_ipv4.or(told.cidr_ipv6).or(group).or(told.prefix_list_id);
    Some(GroupEntry {
        id: told.security_group_rule_id?.into(),
        is_egress: told.is_egress.unwrap_or_default(),
        protocol: told.ip_protocol.unwrap_or_default().into(),
        ports: (told.from_port, told.to_port),
        peer: peer.unwrap_or_default().into(),
        description: told.description.unwrap_or_default().into(),
    })
}
