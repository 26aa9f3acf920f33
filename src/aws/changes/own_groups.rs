//! Security groups that are made for an endpoint, and taken away with it.

use aws_sdk_ec2::types::{IpPermission, IpRange};

use super::{dry, is_refused_as};
use crate::aws::calls::filter;
use crate::aws::{Cloud, Error, call};
use crate::model::{Region, ResourceId};

impl Cloud {
    /// Make a group. It lets everything out, as every new one does.
    pub async fn create_group(&self, region: &Region, vpc: &ResourceId, name: &str, description: &str) -> Result<String, Error> {
        let told = self.new_group(region, vpc, (name, description), false).await?;
        told.ok_or(Error::Garbled { action: call::CREATE_SECURITY_GROUP.action, cause: "no id in it".into() })
    }

    /// Whether the caller may make one, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_create_group(&self, region: &Region, vpc: &ResourceId, name: &str) -> Result<(), Error> {
        dry(self.new_group(region, vpc, (name, name), true).await)
    }

    async fn new_group(
        &self,
        region: &Region,
        vpc: &ResourceId,
        (name, description): (&str, &str),
        is_dry: bool,
    ) -> Result<Option<String>, Error> {
        let asked = self.ask(region, call::CREATE_SECURITY_GROUP, |clients| {
            let asked = clients.ec2.create_security_group().vpc_id(vpc.as_str()).group_name(name);
            asked.description(description).dry_run(is_dry).send()
        });
        Ok(asked.await?.group_id)
    }

    /// The id of the group of this name in the VPC, and what it was made as.
    pub async fn group_named(&self, region: &Region, vpc: &ResourceId, name: &str) -> Result<Option<(String, String)>, Error> {
        let filters = vec![filter("vpc-id", [vpc.as_str()]), filter("group-name", [name])];
        let asked = self.ask(region, call::DESCRIBE_SECURITY_GROUPS, |clients| {
            clients.ec2.describe_security_groups().set_filters(Some(filters)).send()
        });
        let told = asked.await?.security_groups.unwrap_or_default().into_iter().next();
        Ok(told.and_then(|group| Some((group.group_id?, group.description.unwrap_or_default()))))
    }

    /// Take what every new group lets out away from it; one that does not is as it should be.
    pub async fn shut_group_out(&self, region: &Region, group: &ResourceId) -> Result<(), Error> {
        let anywhere = IpRange::builder().cidr_ip("0.0.0.0/0").build();
        let everything = IpPermission::builder().ip_protocol("-1").ip_ranges(anywhere).build();
        let asked = self.ask(region, call::REVOKE_SECURITY_GROUP_EGRESS, |clients| {
            clients.ec2.revoke_security_group_egress().group_id(group.as_str()).ip_permissions(everything).send()
        });
        match asked.await {
            Err(error) if is_refused_as(&error, "InvalidPermission.NotFound") => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// Take a group away.
    pub async fn delete_group(&self, region: &Region, group: &str) -> Result<(), Error> {
        let asked =
            self.ask(region, call::DELETE_SECURITY_GROUP, |clients| clients.ec2.delete_security_group().group_id(group).send());
        asked.await.map(drop)
    }
}
