//! NAT gateways.

use aws_sdk_ec2::types as ec2;

use super::scope::Scope;
use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{NatGateway, Region, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_NAT_GATEWAYS.action;

impl Cloud {
    pub(super) async fn nat_gateways(&self, region: &Region, scope: Scope<'_>) -> Result<Vec<NatGateway>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_NAT_GATEWAYS, |clients| {
                // This one call names its filters otherwise.
                let asked = clients.ec2.describe_nat_gateways().set_filter(scope.filters("vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.nat_gateways.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(gateway).collect())
    }
}

/// `None` without an id.
fn gateway(told: ec2::NatGateway) -> Option<NatGateway> {
    Some(NatGateway {
        id: told.nat_gateway_id?.into(),
        subnet: told.subnet_id.filter(|id| !id.is_empty()).map(Untrusted::from),
        state: told.state.map(|state| Untrusted::from(state.as_str())).unwrap_or_default(),
        // Where nothing is said it is of the older kind, which is public.
        is_public: told.connectivity_type.is_none_or(|kind| kind == ec2::ConnectivityType::Public),
    })
}
