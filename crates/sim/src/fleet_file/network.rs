//! The endpoints and security groups of a fleet file.

use toml::Spanned;

use super::{Problem, must_exist, named, unknown};
use crate::fleet::{Account, ConnectEndpoint, GroupRule, GroupRules, Interface, Peer, SecurityGroup};
use crate::fleet_table::{EndpointTable, File, GroupTable, InterfaceTable, SubnetTable};
use crate::id::derived_id;

impl File {
    /// Gives the accounts their endpoints, and every security group its rules: what no table names lets nothing in and everything out.
    pub(super) fn add_networks(&mut self, accounts: &mut [Account]) -> Result<(), Problem> {
        for table in std::mem::take(&mut self.connect_endpoint) {
            let keys = || self.subnet.iter().map(|subnet| subnet.key.as_str());
            let subnet = self.subnet.iter().find(|subnet| subnet.key == *table.subnet.as_ref());
            let subnet = subnet.ok_or_else(|| unknown("subnet", &table.subnet, keys()))?;
            let account = named(accounts, &subnet.account)?;
            let endpoint = table.endpoint(&account.id, subnet);
            account.endpoints.push(endpoint);
        }
        for table in std::mem::take(&mut self.security_group) {
            must_exist("region", &table.region, self.region.iter().map(|region| region.name.as_str()))?;
            let account = named(accounts, &table.account)?;
            let rules = table.rules(&account.id)?;
            account.groups.push(rules);
        }
        for account in accounts {
            give_default_groups(account);
            let instances = account.instances.iter();
            let mut named: Vec<GroupRules> = instances
                .flat_map(|instance| instance.security_groups.iter().map(move |group| (instance, group)))
                .map(|(instance, group)| GroupRules {
                    description: None,
                    id: group.id.clone(),
                    name: group.name.clone(),
                    region: instance.region.clone(),
                    vpc: instance.vpc.clone().unwrap_or_default(),
                    ingress: Vec::new(),
                    egress: vec![GroupRule::everything()],
                })
                .filter(|group| account.groups.iter().all(|known| known.id != group.id))
                .collect();
            named.sort_by(|one, other| one.id.cmp(&other.id));
            named.dedup_by(|one, other| one.id == other.id);
            account.groups.extend(named);
        }
        Ok(())
    }
}

/// Whoever names no group gets the VPC's own.
fn give_default_groups(account: &mut Account) {
    for instance in account.instances.iter_mut().filter(|instance| instance.security_groups.is_empty()) {
        let is_its = |group: &&GroupRules| group.name == "default" && Some(&group.vpc) == instance.vpc.as_ref();
        let default = account.groups.iter().find(is_its);
        instance.security_groups.extend(default.map(|group| SecurityGroup { id: group.id.clone(), name: group.name.clone() }));
    }
}

impl EndpointTable {
    fn endpoint(self, account: &str, subnet: &SubnetTable) -> ConnectEndpoint {
        let region = subnet.region.as_ref();
        let group = |name: &String| derived_id("sg-", &[account, region, &subnet.vpc, name]);
        ConnectEndpoint {
            id: self.id.unwrap_or_else(|| derived_id("eice-", &[account, region, &subnet.key, &self.private_ip])),
            region: region.clone(),
            zone: format!("{region}{}", subnet.zone),
            vpc: derived_id("vpc-", &[account, region, &subnet.vpc]),
            subnet: derived_id("subnet-", &[account, region, &subnet.key]),
            private_ip: self.private_ip,
            security_groups: self.security_groups.iter().map(group).collect(),
            state: self.state,
            state_message: self.state_message,
            address_type: self.address_type,
            keeps_client_ip: self.keeps_client_ip,
            has_fips: self.fips,
            dns_name: self.dns_name,
            owner: self.owner,
        }
    }
}

impl GroupTable {
    fn rules(self, account: &str) -> Result<GroupRules, Problem> {
        let region = self.region.into_inner();
        // `vpc/name`: one of another VPC, as a peering lets rules name.
        let id = |name: &str| {
            let (vpc, name) = name.split_once('/').unwrap_or((&self.vpc, name));
            derived_id("sg-", &[account, &region, vpc, name])
        };
        let read = |rules: Vec<Spanned<String>>| -> Result<Vec<GroupRule>, Problem> {
            let read = |rule: &Spanned<String>| {
                let mut read: GroupRule = rule.as_ref().parse().map_err(|problem| Problem(rule.span(), problem))?;
                if let Peer::Group(name) = &read.peer {
                    read.peer = Peer::Group(id(name));
                }
                Ok(read)
            };
            rules.iter().map(read).collect()
        };
        Ok(GroupRules {
            description: None,
            id: id(&self.name),
            vpc: derived_id("vpc-", &[account, &region, &self.vpc]),
            ingress: read(self.ingress)?,
            egress: self.egress.map_or_else(|| Ok(vec![GroupRule::everything()]), read)?,
            name: self.name,
            region,
        })
    }
}

impl InterfaceTable {
    /// Of an instance in the subnet `own`; it may lie in another one of the same VPC.
    pub(super) fn interface(self, account: &str, own: &SubnetTable, subnets: &[SubnetTable]) -> Result<Interface, Problem> {
        let region = own.region.as_ref();
        let id = |name: &str| derived_id("sg-", &[account, region, &own.vpc, name]);
        let group = |name: String| SecurityGroup { id: id(&name), name };
        let in_vpc = || subnets.iter().filter(|other| other.vpc == own.vpc && other.region.as_ref() == region);
        if let Some(subnet) = &self.subnet {
            must_exist("subnet", subnet, in_vpc().map(|other| other.key.as_str()))?;
        }
        Ok(Interface {
            private_ip: self.private_ip,
            public_ip: self.public_ip,
            subnet: self.subnet.map(|key| derived_id("subnet-", &[account, region, key.as_ref()])),
            security_groups: self.security_groups.map(|names| names.into_iter().map(group).collect()),
        })
    }
}
