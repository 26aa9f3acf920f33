//! What the VPCs of a fleet file are left by: endpoints of AWS's services, NAT gateways and peerings.

use toml::Spanned;

use super::{Problem, named, unknown};
use crate::fleet::{Account, NatGateway, VpcEndpoint, VpcPeering};
use crate::fleet_table::{File, NatGatewayTable, SubnetTable, VpcEndpointTable, VpcPeeringTable};
use crate::id::derived_id;

/// What an endpoint lets do by itself: everybody everything.
const OPEN: &str = r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;

impl File {
    /// Gives the accounts their endpoints of AWS's services, their NAT gateways and their peerings.
    pub(super) fn add_ways_out(&mut self, accounts: &mut [Account]) -> Result<(), Problem> {
        for table in std::mem::take(&mut self.vpc_endpoint) {
            let subnets = table.subnets.iter().map(|key| self.subnet_called(key)).collect::<Result<Vec<_>, _>>()?;
            if let Some(first) = subnets.first() {
                let account = named(accounts, &first.account)?;
                account.vpcs.endpoints.extend(table.endpoints(&account.id, &subnets));
            }
        }
        for table in std::mem::take(&mut self.nat_gateway) {
            let subnet = self.subnet_called(&table.subnet)?;
            let account = named(accounts, &subnet.account)?;
            account.vpcs.nat_gateways.push(table.gateway(&account.id, subnet));
        }
        for table in std::mem::take(&mut self.vpc_peering) {
            let account = named(accounts, &table.account)?;
            let peering = table.peering(&account.id);
            account.vpcs.peerings.push(peering);
        }
        Ok(())
    }

    fn subnet_called(&self, key: &Spanned<String>) -> Result<&SubnetTable, Problem> {
        let found = self.subnet.iter().find(|subnet| subnet.key == *key.as_ref());
        found.ok_or_else(|| unknown("subnet", key, self.subnet.iter().map(|subnet| subnet.key.as_str())))
    }
}

impl VpcEndpointTable {
    /// One for each service, in the VPC of its first subnet.
    fn endpoints(&self, account: &str, subnets: &[&SubnetTable]) -> Vec<VpcEndpoint> {
        let Some(first) = subnets.first() else { return Vec::new() };
        let region = first.region.as_ref();
        let group = |name: &String| (derived_id("sg-", &[account, region, &first.vpc, name]), name.clone());
        let endpoint = |service: &String| VpcEndpoint {
            id: derived_id("vpce-", &[account, region, &first.key, service]),
            region: region.clone(),
            vpc: derived_id("vpc-", &[account, region, &first.vpc]),
            service: format!("com.amazonaws.{region}.{service}"),
            kind: "Interface".to_owned(),
            state: self.state.clone(),
            private_dns: self.private_dns,
            subnets: subnets.iter().map(|own| derived_id("subnet-", &[account, region, &own.key])).collect(),
            groups: self.security_groups.iter().map(group).collect(),
            policy: self.policy.clone().unwrap_or_else(|| OPEN.to_owned()),
        };
        self.services.iter().map(endpoint).collect()
    }
}

impl VpcPeeringTable {
    fn peering(self, account: &str) -> VpcPeering {
        let vpcs = self.vpcs.map(|name| derived_id("vpc-", &[account, self.region.as_ref(), &name]));
        VpcPeering { id: self.id, region: self.region.into_inner(), state: self.state, vpcs }
    }
}

impl NatGatewayTable {
    fn gateway(self, account: &str, subnet: &SubnetTable) -> NatGateway {
        let region = subnet.region.as_ref();
        NatGateway {
            id: self.id,
            region: region.clone(),
            vpc: derived_id("vpc-", &[account, region, &subnet.vpc]),
            subnet: (!self.regional).then(|| derived_id("subnet-", &[account, region, &subnet.key])),
            state: self.state,
            connectivity: self.connectivity,
        }
    }
}
