//! Network ACLs.

use aws_sdk_ec2::types as ec2;

use super::scope::{OfVpc, Scope};
use super::words::{block, ports};
use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{AclEntry, NetworkAcl, Region, TcpPorts, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_NETWORK_ACLS.action;

impl Cloud {
    pub(super) async fn acls(&self, region: &Region, scope: Scope<'_>) -> Result<Vec<OfVpc<NetworkAcl>>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_NETWORK_ACLS, |clients| {
                let asked = clients.ec2.describe_network_acls().set_filters(scope.filters("vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.network_acls.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(acl).collect())
    }
}

/// `None` where an entry does not read: it may decide of what the others say, so that nothing is known of such an ACL.
fn acl(told: ec2::NetworkAcl) -> Option<OfVpc<NetworkAcl>> {
    let subnets = told.associations.unwrap_or_default().into_iter().filter_map(|own| own.subnet_id);
    let mut entries = told.entries.unwrap_or_default().into_iter().map(entry).collect::<Option<Vec<_>>>()?;
    // AWS keeps no order, and what is the same must look the same.
    entries.sort_by_key(|entry| (entry.number, entry.is_egress));
    let mut subnets: Vec<Untrusted> = subnets.map(Untrusted::from).collect();
    subnets.sort();
    let own = NetworkAcl { id: told.network_acl_id?.into(), subnets, entries };
    Some(OfVpc { vpc: told.vpc_id?.into(), owner: told.owner_id.map(Untrusted::from), own })
}

pub(in crate::aws) fn entry(told: ec2::NetworkAclEntry) -> Option<AclEntry> {
    let ports = match told.protocol.as_deref()? {
        "-1" => TcpPorts::All,
        "6" | "tcp" => {
            let range = told.port_range;
            ports(range.as_ref().and_then(|range| range.from), range.and_then(|range| range.to))
        }
        _ => TcpPorts::None,
    };
    let allows = match told.rule_action?.as_str() {
        "allow" => true,
        "deny" => false,
        _ => return None,
    };
    let block = block(&told.cidr_block.or(told.ipv6_cidr_block)?)?;
    Some(AclEntry { number: told.rule_number?, is_egress: told.egress?, allows, ports, block })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(number: i32, protocol: &str, block: &str) -> ec2::builders::NetworkAclEntryBuilder {
        let entry = ec2::NetworkAclEntry::builder().rule_number(number).protocol(protocol).egress(false);
        let entry = entry.rule_action(ec2::RuleAction::Allow);
        if block.contains(':') { entry.ipv6_cidr_block(block) } else { entry.cidr_block(block) }
    }

    fn acl_of(entries: impl IntoIterator<Item = ec2::builders::NetworkAclEntryBuilder>) -> Option<NetworkAcl> {
        let entries = entries.into_iter().map(|entry| entry.build()).collect();
        let told = ec2::NetworkAcl::builder().network_acl_id("acl-1").vpc_id("vpc-1").set_entries(Some(entries));
        acl(told.build()).map(|told| told.own)
    }

    #[test]
    fn entries_are_in_the_order_of_their_numbers() {
        let range = ec2::PortRange::builder().from(22).to(22).build();
        let own = acl_of([
            told(32_767, "-1", "0.0.0.0/0").rule_action(ec2::RuleAction::Deny),
            told(100, "6", "10.0.0.0/8").port_range(range),
            told(90, "17", "0.0.0.0/0"),
            told(101, "-1", "::/0"),
        ])
        .unwrap();

        let seen: Vec<_> = own.entries.iter().map(|entry| (entry.number, entry.allows, entry.ports)).collect();
        assert_eq!(
            seen,
            [
                (90, true, TcpPorts::None),
                (100, true, TcpPorts::Range(22, 22)),
                (101, true, TcpPorts::All),
                (32_767, false, TcpPorts::All)
            ]
        );
    }

    #[test]
    fn an_acl_with_an_entry_that_does_not_read_is_not_known() {
        let good = || told(100, "6", "10.0.0.0/8");
        assert!(acl_of([good()]).is_some());
        for odd in [
            told(90, "6", "10.0.0.0/33"),
            told(90, "6", "10.0.0.0/8").rule_action("ponder".into()),
            ec2::NetworkAclEntry::builder().rule_number(90),
        ] {
            assert_eq!(acl_of([good(), odd]), None);
        }
    }
}
