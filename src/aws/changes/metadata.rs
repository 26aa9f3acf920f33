//! The metadata service of an instance: looked at, turned on and off.

use aws_sdk_ec2::types::{HttpTokensState, InstanceMetadataEndpointState};

use super::dry;
use crate::aws::{Cloud, Error, call};
use crate::model::{MetadataOptions, MetadataTokens, Region, ResourceId};

impl Cloud {
    /// How it is now.
    pub async fn metadata_options(&self, region: &Region, instance: &ResourceId) -> Result<MetadataOptions, Error> {
        let asked = self.ask(region, call::DESCRIBE_INSTANCES, |clients| {
            clients.ec2.describe_instances().instance_ids(instance.as_str()).send()
        });
        let told = asked.await?.reservations.unwrap_or_default();
        let mut rows = told.into_iter().flat_map(|own| own.instances.unwrap_or_default());
        let options = rows.next().ok_or(Error::NoSuchInstance)?.metadata_options;
        let options =
            options.ok_or(Error::Garbled { action: call::DESCRIBE_INSTANCES.action, cause: "no options in it".into() })?;
        let is_optional = options.http_tokens == Some(HttpTokensState::Optional);
        Ok(MetadataOptions {
            is_on: options.http_endpoint == Some(InstanceMetadataEndpointState::Enabled),
            tokens: if is_optional { MetadataTokens::Optional } else { MetadataTokens::Required },
        })
    }

    /// Turn it on or off, with these tokens. What else it is told to do stays.
    pub async fn modify_metadata(
        &self,
        region: &Region,
        instance: &ResourceId,
        tokens: MetadataTokens,
        is_on: bool,
    ) -> Result<(), Error> {
        self.change_metadata(region, instance, MetadataOptions { is_on, tokens }, false).await
    }

    /// Whether the caller may turn it on, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_modify_metadata(&self, region: &Region, instance: &ResourceId) -> Result<(), Error> {
        let options = MetadataOptions { is_on: true, tokens: MetadataTokens::Required };
        dry(self.change_metadata(region, instance, options, true).await)
    }

    async fn change_metadata(
        &self,
        region: &Region,
        instance: &ResourceId,
        options: MetadataOptions,
        is_dry: bool,
    ) -> Result<(), Error> {
        let state = if options.is_on { InstanceMetadataEndpointState::Enabled } else { InstanceMetadataEndpointState::Disabled };
        let tokens = match options.tokens {
            MetadataTokens::Required => HttpTokensState::Required,
            MetadataTokens::Optional => HttpTokensState::Optional,
        };
        let asked = self.ask(region, call::MODIFY_INSTANCE_METADATA_OPTIONS, |clients| {
            let asked = clients.ec2.modify_instance_metadata_options().instance_id(instance.as_str());
            asked.http_endpoint(state).http_tokens(tokens).dry_run(is_dry).send()
        });
        asked.await.map(drop)
    }
}
