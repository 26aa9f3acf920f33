//! Subnets.

use aws_sdk_ec2::types as ec2;

use super::scope::{OfVpc, Scope};
use super::words::block;
use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{PublicAccess, Region, Subnet, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_SUBNETS.action;

impl Cloud {
    /// The subnets' ids, and what is known of them.
    pub(super) async fn subnets(&self, region: &Region, scope: Scope<'_>) -> Result<Vec<OfVpc<(Untrusted, Subnet)>>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_SUBNETS, |clients| {
                let asked = clients.ec2.describe_subnets().set_filters(scope.filters("vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.subnets.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(subnet).collect())
    }
}

/// `None` without an id. A block that does not read is left out.
fn subnet(told: ec2::Subnet) -> Option<OfVpc<(Untrusted, Subnet)>> {
    // One that was taken away stands there for a while.
    let is_there = |own: &ec2::SubnetIpv6CidrBlockAssociation| {
        let state = own.ipv6_cidr_block_state.as_ref().and_then(|told| told.state.as_ref());
        state.is_none_or(|state| *state == ec2::SubnetCidrBlockStateCode::Associated)
    };
    let v6 = told.ipv6_cidr_block_association_set.unwrap_or_default().into_iter().filter(is_there);
    let v6 = v6.filter_map(|own| own.ipv6_cidr_block);
    let mode = told.block_public_access_states.and_then(|states| states.internet_gateway_block_mode);
    let own = Subnet {
        blocks: told.cidr_block.into_iter().chain(v6).filter_map(|text| block(&text)).collect(),
        public_access: mode.map(|mode| PublicAccess::from_word(mode.as_str())),
    };
    Some(OfVpc { vpc: told.vpc_id?.into(), owner: told.owner_id.map(Untrusted::from), own: (told.subnet_id?.into(), own) })
}
