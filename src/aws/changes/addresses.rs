//! Elastic IP addresses: allocated, associated, looked at, given back.

use aws_sdk_ec2::types::{Address, DomainType, Filter, ResourceType, Tag, TagSpecification};

use super::{dry, is_refused_as};
use crate::aws::calls::filter;
use crate::aws::client_config::once;
use crate::aws::{Cloud, Error, call};
use crate::model::{ElasticAddress, Region, ResourceId};

/// The tag by which an address is found again.
const TAG: &str = "ec2dash";

impl Cloud {
    /// Allocate one, under a tag by which it is found again. The id of the allocation.
    pub async fn allocate_address(&self, region: &Region, mark: &str) -> Result<Option<String>, Error> {
        self.new_address(region, mark, false).await
    }

    /// Whether the caller may, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_allocate_address(&self, region: &Region, mark: &str) -> Result<(), Error> {
        dry(self.new_address(region, mark, true).await)
    }

    async fn new_address(&self, region: &Region, mark: &str, is_dry: bool) -> Result<Option<String>, Error> {
        let tag = Tag::builder().key(TAG).value(mark).build();
        let tags = TagSpecification::builder().resource_type(ResourceType::ElasticIp).tags(tag).build();
        let (retry, timeouts) = once(self.timeout());
        let once = aws_sdk_ec2::config::Config::builder().retry_config(retry).timeout_config(timeouts);
        let asked = self.ask(region, call::ALLOCATE_ADDRESS, |clients| {
            let asked = clients.ec2.allocate_address().domain(DomainType::Vpc).tag_specifications(tags).dry_run(is_dry);
            // Asked once more it would allocate a second one.
            asked.customize().config_override(once).send()
        });
        Ok(asked.await?.allocation_id)
    }

    /// The address of this allocation; `None`: it was given back.
    pub async fn address_of(&self, region: &Region, allocation: &str) -> Result<Option<ElasticAddress>, Error> {
        match self.addresses(region, filter("allocation-id", [allocation])).await {
            Err(error) if is_refused_as(&error, "InvalidAllocationID.NotFound") => Ok(None),
            told => Ok(told?.into_iter().next()),
        }
    }

    /// The address that was allocated under this tag.
    pub async fn address_marked(&self, region: &Region, mark: &str) -> Result<Option<ElasticAddress>, Error> {
        Ok(self.addresses(region, filter("tag:ec2dash", [mark])).await?.into_iter().next())
    }

    async fn addresses(&self, region: &Region, by: Filter) -> Result<Vec<ElasticAddress>, Error> {
        let asked = self.ask(region, call::DESCRIBE_ADDRESSES, |clients| clients.ec2.describe_addresses().filters(by).send());
        Ok(asked.await?.addresses.unwrap_or_default().into_iter().filter_map(elastic).collect())
    }

    /// Give an interface the address. The id of the association. One that is another's is refused.
    pub async fn associate_address(
        &self,
        region: &Region,
        allocation: &ResourceId,
        interface: &ResourceId,
    ) -> Result<Option<String>, Error> {
        let asked = self.ask(region, call::ASSOCIATE_ADDRESS, |clients| {
            let asked = clients.ec2.associate_address().allocation_id(allocation.as_str());
            asked.network_interface_id(interface.as_str()).allow_reassociation(false).send()
        });
        Ok(asked.await?.association_id)
    }

    /// Take it from the interface.
    pub async fn disassociate_address(&self, region: &Region, association: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::DISASSOCIATE_ADDRESS, |clients| {
            clients.ec2.disassociate_address().association_id(association).send()
        });
        asked.await.map(drop)
    }

    /// Give an address back.
    pub async fn release_address(&self, region: &Region, allocation: &str) -> Result<(), Error> {
        let asked =
            self.ask(region, call::RELEASE_ADDRESS, |clients| clients.ec2.release_address().allocation_id(allocation).send());
        asked.await.map(drop)
    }
}

/// `None` without an id.
fn elastic(told: Address) -> Option<ElasticAddress> {
    Some(ElasticAddress {
        allocation: told.allocation_id?.into(),
        address: told.public_ip.unwrap_or_default().into(),
        association: told.association_id.filter(|id| !id.is_empty()).map(Into::into),
        interface: told.network_interface_id.filter(|id| !id.is_empty()).map(Into::into),
    })
}
