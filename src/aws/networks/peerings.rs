//! Peerings of VPCs.

use aws_sdk_ec2::types as ec2;

use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{Region, Untrusted, VpcPeering};

pub(super) const ACTION: &str = call::DESCRIBE_VPC_PEERING_CONNECTIONS.action;

impl Cloud {
    /// All of a region: one filter cannot name both sides of one.
    pub(super) async fn peerings(&self, region: &Region) -> Result<Vec<VpcPeering>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_VPC_PEERING_CONNECTIONS, |clients| {
                clients.ec2.describe_vpc_peering_connections().max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.vpc_peering_connections.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(peering).collect())
    }
}

/// `None` without an id.
fn peering(told: ec2::VpcPeeringConnection) -> Option<VpcPeering> {
    let vpc = |side: Option<ec2::VpcPeeringConnectionVpcInfo>| side.and_then(|side| side.vpc_id).map(Untrusted::from);
    Some(VpcPeering {
        id: told.vpc_peering_connection_id?.into(),
        state: told.status.and_then(|status| status.code).map(|code| Untrusted::from(code.as_str())).unwrap_or_default(),
        vpcs: [told.requester_vpc_info, told.accepter_vpc_info].map(|side| vpc(side).unwrap_or_default()),
    })
}
