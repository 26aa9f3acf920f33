//! Entries of network ACLs: added, looked at, taken away.

use aws_sdk_ec2::types::{PortRange, RuleAction};
use ipnet::IpNet;

use super::dry;
use crate::aws::{Cloud, Error, call};
use crate::model::{AclEntry, AclOpening, Region};

/// The number of TCP.
const TCP: &str = "6";

impl Cloud {
    /// Add the entry.
    pub async fn open_acl(&self, region: &Region, opening: &AclOpening) -> Result<(), Error> {
        self.create_entry(region, opening, false).await
    }

    /// Whether the caller may add it, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_open_acl(&self, region: &Region, opening: &AclOpening) -> Result<(), Error> {
        dry(self.create_entry(region, opening, true).await)
    }

    async fn create_entry(&self, region: &Region, opening: &AclOpening, is_dry: bool) -> Result<(), Error> {
        let ports = PortRange::builder().from(opening.first.into()).to(opening.last.into()).build();
        let (v4, v6) = match opening.block {
            IpNet::V4(block) => (Some(block.to_string()), None),
            IpNet::V6(block) => (None, Some(block.to_string())),
        };
        let asked = self.ask(region, call::CREATE_NETWORK_ACL_ENTRY, |clients| {
            let asked = clients.ec2.create_network_acl_entry().network_acl_id(opening.acl.as_str()).rule_number(opening.number);
            let asked = asked.egress(opening.is_egress).protocol(TCP).rule_action(RuleAction::Allow).port_range(ports);
            asked.set_cidr_block(v4).set_ipv6_cidr_block(v6).dry_run(is_dry).send()
        });
        asked.await.map(drop)
    }

    /// Take the entry of this number away.
    pub async fn close_acl(&self, region: &Region, opening: &AclOpening) -> Result<(), Error> {
        let asked = self.ask(region, call::DELETE_NETWORK_ACL_ENTRY, |clients| {
            let asked = clients.ec2.delete_network_acl_entry().network_acl_id(opening.acl.as_str()).rule_number(opening.number);
            asked.egress(opening.is_egress).send()
        });
        asked.await.map(drop)
    }

    /// The entry of this number and direction, if the ACL has one.
    pub async fn entry_of_acl(&self, region: &Region, opening: &AclOpening) -> Result<Option<AclEntry>, Error> {
        let asked = self.ask(region, call::DESCRIBE_NETWORK_ACLS, |clients| {
            clients.ec2.describe_network_acls().network_acl_ids(opening.acl.as_str()).send()
        });
        let told = asked.await?.network_acls.unwrap_or_default();
        let entries = told.into_iter().flat_map(|acl| acl.entries.unwrap_or_default());
        let mut own =
            entries.filter(|entry| entry.rule_number == Some(opening.number) && entry.egress == Some(opening.is_egress));
        Ok(own.next().and_then(crate::aws::networks::acl_entry))
    }
}
