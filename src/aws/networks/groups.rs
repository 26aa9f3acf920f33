//! What security groups let through.

use aws_sdk_ec2::types as ec2;

use super::scope::{OfVpc, Scope};
use super::words::{block, ports};
use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{GroupRule, GroupRules, Region, TcpPorts, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_SECURITY_GROUPS.action;

impl Cloud {
    /// The groups' ids, and their rules.
    pub(in crate::aws) async fn group_rules(
        &self,
        region: &Region,
        scope: Scope<'_>,
    ) -> Result<Vec<OfVpc<(Untrusted, GroupRules)>>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_SECURITY_GROUPS, |clients| {
                let asked = clients.ec2.describe_security_groups().set_filters(scope.filters("vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.security_groups.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(group).collect())
    }
}

/// `None` without an id.
fn group(told: ec2::SecurityGroup) -> Option<OfVpc<(Untrusted, GroupRules)>> {
    let (ingress, egress) = (told.ip_permissions.unwrap_or_default(), told.ip_permissions_egress.unwrap_or_default());
    let stale = ingress.iter().chain(&egress).flat_map(stale).collect();
    let all = |told: Vec<ec2::IpPermission>| told.into_iter().map(rule).collect();
    let rules = GroupRules { ingress: all(ingress), egress: all(egress), stale };
    // A participant's own group in a VPC that somebody shares is the participant's.
    Some(OfVpc { vpc: told.vpc_id?.into(), owner: None, own: (told.group_id?.into(), rules) })
}

/// The groups of a rule that are behind a peering which is not active.
fn stale(told: &ec2::IpPermission) -> impl Iterator<Item = Untrusted> + '_ {
    let pairs = told.user_id_group_pairs.iter().flatten();
    let gone = pairs.filter(|pair| pair.peering_status.as_deref().is_some_and(|status| status != "active"));
    gone.filter_map(|pair| pair.group_id.as_deref()).map(Untrusted::from)
}

/// Ports of other protocols are no TCP ports. A block that does not read is kept as a list of which nobody knows what is in it: that rule
/// may let somebody through.
fn rule(told: ec2::IpPermission) -> GroupRule {
    let ports = match told.ip_protocol.as_deref() {
        Some("-1") => TcpPorts::All,
        Some("tcp" | "6") => ports(told.from_port, told.to_port),
        _ => TcpPorts::None,
    };
    let v4 = told.ip_ranges.unwrap_or_default().into_iter().filter_map(|range| range.cidr_ip);
    let v6 = told.ipv6_ranges.unwrap_or_default().into_iter().filter_map(|range| range.cidr_ipv6);
    let lists = told.prefix_list_ids.unwrap_or_default().into_iter().filter_map(|list| list.prefix_list_id);
    let groups = told.user_id_group_pairs.unwrap_or_default().into_iter().filter_map(|pair| pair.group_id);
    let mut rule = GroupRule {
        ports,
        blocks: Vec::new(),
        groups: groups.map(Untrusted::from).collect(),
        prefix_lists: lists.map(Untrusted::from).collect(),
    };
    for text in v4.chain(v6) {
        match block(&text) {
            Some(block) => rule.blocks.push(block),
            None => rule.prefix_lists.push(text.into()),
        }
    }
    rule
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(protocol: &str, from: Option<i32>, to: Option<i32>) -> ec2::builders::IpPermissionBuilder {
        ec2::IpPermission::builder().ip_protocol(protocol).set_from_port(from).set_to_port(to)
    }

    #[test]
    fn ports_are_those_of_tcp() {
        for (protocol, from, to, expected) in [
            ("tcp", Some(22), Some(22), TcpPorts::Range(22, 22)),
            ("6", Some(0), Some(65_535), TcpPorts::Range(0, 65_535)),
            ("tcp", Some(-1), Some(-1), TcpPorts::All),
            ("tcp", None, None, TcpPorts::All),
            ("tcp", Some(70_000), Some(80_000), TcpPorts::None),
            ("tcp", Some(100), Some(22), TcpPorts::None),
            ("-1", None, None, TcpPorts::All),
            ("-1", Some(22), Some(22), TcpPorts::All),
            ("udp", Some(0), Some(65_535), TcpPorts::None),
            ("icmp", Some(-1), Some(-1), TcpPorts::None),
            ("icmpv6", None, None, TcpPorts::None),
            ("50", None, None, TcpPorts::None),
            ("", None, None, TcpPorts::None),
        ] {
            assert_eq!(rule(told(protocol, from, to).build()).ports, expected, "{protocol} {from:?} {to:?}");
        }
    }

    #[test]
    fn a_block_that_does_not_read_is_an_open_question() {
        let range = |text: &str| ec2::IpRange::builder().cidr_ip(text).build();
        let odd = rule(told("tcp", Some(22), Some(22)).ip_ranges(range("10.0.0.0/33")).ip_ranges(range("10.0.0.5/8")).build());

        assert_eq!(odd.blocks, ["10.0.0.0/8".parse::<ipnet::IpNet>().unwrap()], "cut to what it stands for");
        assert_eq!(odd.prefix_lists, ["10.0.0.0/33".into()]);
    }

    #[test]
    fn a_group_of_another_account_is_named_like_any_other() {
        let pair = ec2::UserIdGroupPair::builder().group_id("sg-peer").user_id("210987654321").peering_status("deleted").build();
        let own = ec2::UserIdGroupPair::builder().group_id("sg-own").build();
        let nameless = ec2::UserIdGroupPair::builder().group_name("default").build();
        let rule =
            rule(told("-1", None, None).user_id_group_pairs(pair).user_id_group_pairs(own).user_id_group_pairs(nameless).build());

        assert_eq!(rule.groups, ["sg-peer".into(), "sg-own".into()]);
    }

    #[test]
    fn a_group_behind_a_peering_that_is_not_active_is_stale() {
        let pair = |id: &str| ec2::UserIdGroupPair::builder().group_id(id);
        let told = told("-1", None, None)
            .user_id_group_pairs(pair("sg-deleted").peering_status("deleted").build())
            .user_id_group_pairs(pair("sg-active").peering_status("active").build())
            .user_id_group_pairs(pair("sg-own").build());

        assert_eq!(stale(&told.build()).collect::<Vec<_>>(), ["sg-deleted".into()]);
    }
}
