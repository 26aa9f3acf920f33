//! What the resolver of a VPC does.

use aws_sdk_ec2::types::VpcAttributeName;

use crate::aws::{Cloud, Error, call};
use crate::model::{Region, Untrusted, VpcDns};

pub(super) const ACTION: &str = call::DESCRIBE_VPC_ATTRIBUTE.action;

impl Cloud {
    /// In two calls: AWS tells one attribute at a time.
    pub(in crate::aws) async fn vpc_dns(&self, region: &Region, vpc: &Untrusted) -> Result<VpcDns, Error> {
        let ask = |attribute: VpcAttributeName| {
            self.ask(region, call::DESCRIBE_VPC_ATTRIBUTE, move |clients| {
                clients.ec2.describe_vpc_attribute().vpc_id(vpc.raw()).attribute(attribute.clone()).send()
            })
        };
        let support = ask(VpcAttributeName::EnableDnsSupport);
        let (support, hostnames) = tokio::try_join!(support, ask(VpcAttributeName::EnableDnsHostnames))?;
        let is_on = |told: Option<aws_sdk_ec2::types::AttributeBooleanValue>| {
            told.and_then(|told| told.value).ok_or_else(|| Error::Garbled { action: ACTION, cause: "no value in it".into() })
        };
        Ok(VpcDns { has_support: is_on(support.enable_dns_support)?, has_hostnames: is_on(hostnames.enable_dns_hostnames)? })
    }
}
