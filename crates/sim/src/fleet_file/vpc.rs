//! The VPCs of a fleet file: what is not said of one lets everything through.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{Problem, must_exist, named, unknown};
use crate::fleet::{Account, AclEntry, InternetGateway, NetworkAcl, PrefixList, Resolver, Route, RouteTable, Subnet};
use crate::fleet_table::{AclTable, File, PrefixListTable, RouteTableTable, SubnetTable, VpcTable};
use crate::id::derived_id;

/// The words for a VPC's gateway.
const ATTACHED: &str = "attached";
const DETACHED: &str = "detached";
const NONE: &str = "none";

impl File {
    /// Gives the accounts their subnets, and what decides where packets go.
    pub(super) fn add_vpcs(&mut self, accounts: &mut [Account]) -> Result<(), Problem> {
        let vpcs = std::mem::take(&mut self.vpc);
        for table in &vpcs {
            self.must_have_region(&table.region)?;
            let account = named(accounts, &table.account)?;
            must_exist("state of a gateway", &table.internet_gateway, [ATTACHED, DETACHED, NONE].into_iter())?;
            account.vpcs.gateways.extend(table.gateway(&account.id));
            if !(table.dns_support && table.dns_hostnames) {
                let id = derived_id("vpc-", &[&account.id, table.region.as_ref(), &table.name]);
                let resolver = Resolver { support: table.dns_support, hostnames: table.dns_hostnames };
                account.vpcs.resolvers.insert(id, resolver);
            }
        }
        for table in &self.subnet {
            self.must_have_region(&table.region)?;
            let account = named(accounts, &table.account)?;
            let own = vpcs.iter().find(|vpc| vpc.is_of(table));
            let subnet = table.subnet(&account.id, own.and_then(|vpc| vpc.owner.clone()))?;
            if own.is_none() && account.vpcs.gateways.iter().all(|known| known.vpc.as_ref() != Some(&subnet.vpc)) {
                account.vpcs.gateways.push(gateway(&account.id, table.region.as_ref(), &table.vpc, ATTACHED));
            }
            account.vpcs.subnets.push(subnet);
        }
        for table in std::mem::take(&mut self.network_acl) {
            self.must_have_region(&table.region)?;
            let account = named(accounts, &table.account)?;
            let acl = table.acl(&account.id, &self.subnet)?;
            account.vpcs.acls.push(acl);
        }
        for table in std::mem::take(&mut self.route_table) {
            self.must_have_region(&table.region)?;
            let account = named(accounts, &table.account)?;
            let table = table.routes(&account.id, &self.subnet)?;
            account.vpcs.route_tables.push(table);
        }
        for table in std::mem::take(&mut self.prefix_list) {
            self.must_have_region(&table.region)?;
            let list = table.list()?;
            named(accounts, &table.account)?.vpcs.prefix_lists.push(list);
        }
        self.add_ways_out(accounts)?;
        accounts.iter_mut().for_each(Account::complete_vpcs);
        Ok(())
    }

    fn must_have_region(&self, region: &Spanned<String>) -> Result<(), Problem> {
        must_exist("region", region, self.region.iter().map(|region| region.name.as_str()))
    }
}

impl VpcTable {
    fn is_of(&self, subnet: &SubnetTable) -> bool {
        let [own, other] = [[&self.account, &self.region], [&subnet.account, &subnet.region]];
        self.name == subnet.vpc && own.map(Spanned::as_ref) == other.map(Spanned::as_ref)
    }

    fn gateway(&self, account: &str) -> Option<InternetGateway> {
        let state = self.internet_gateway.as_ref().as_str();
        (state != NONE && self.owner.is_none()).then(|| gateway(account, self.region.as_ref(), &self.name, state))
    }
}

impl SubnetTable {
    fn subnet(&self, account: &str, owner: Option<String>) -> Result<Subnet, Problem> {
        let region = self.region.as_ref();
        let id = derived_id("subnet-", &[account, region, &self.key]);
        let vpc = derived_id("vpc-", &[account, region, &self.vpc]);
        let mut own = Subnet { owner, ..Subnet::at(&id, region, &format!("{region}{}", self.zone), &vpc) };
        if let Some(block) = &self.block {
            own.block = parsed(block, "block of addresses")?;
        }
        own.public_access = self.public_access.clone().unwrap_or(own.public_access);
        Ok(own)
    }
}

impl AclTable {
    fn acl(self, account: &str, subnets: &[SubnetTable]) -> Result<NetworkAcl, Problem> {
        let region = self.region.into_inner();
        Ok(NetworkAcl {
            id: derived_id("acl-", &[account, &region, &self.vpc, &self.name]),
            vpc: derived_id("vpc-", &[account, &region, &self.vpc]),
            is_default: self.subnets.is_none(),
            subnets: subnet_ids(account, &region, self.subnets.as_deref(), subnets)?,
            entries: self.entries.iter().map(read::<AclEntry>).collect::<Result<_, _>>()?,
            region,
        })
    }
}

impl RouteTableTable {
    fn routes(self, account: &str, subnets: &[SubnetTable]) -> Result<RouteTable, Problem> {
        let region = self.region.into_inner();
        let mut routes = self.routes.iter().map(read::<Route>).collect::<Result<Vec<_>, _>>()?;
        for route in routes.iter_mut().filter(|route| route.target == "igw") {
            route.target = gateway(account, &region, &self.vpc, ATTACHED).id;
        }
        Ok(RouteTable {
            id: derived_id("rtb-", &[account, &region, &self.vpc, &self.name]),
            vpc: derived_id("vpc-", &[account, &region, &self.vpc]),
            is_main: self.subnets.is_none(),
            subnets: subnet_ids(account, &region, self.subnets.as_deref(), subnets)?,
            routes,
            region,
        })
    }
}

impl PrefixListTable {
    fn list(&self) -> Result<PrefixList, Problem> {
        let entries = self.entries.iter().map(|block| parsed(block, "block of addresses")).collect::<Result<_, _>>()?;
        Ok(PrefixList { id: self.id.clone(), region: self.region.as_ref().clone(), name: self.name.clone(), entries })
    }
}

/// The gateway of a VPC.
fn gateway(account: &str, region: &str, vpc: &str, state: &str) -> InternetGateway {
    InternetGateway {
        id: derived_id("igw-", &[account, region, vpc]),
        region: region.to_owned(),
        vpc: (state == ATTACHED).then(|| derived_id("vpc-", &[account, region, vpc])),
        state: "available".to_owned(),
    }
}

fn subnet_ids(
    account: &str,
    region: &str,
    keys: Option<&[Spanned<String>]>,
    all: &[SubnetTable],
) -> Result<Vec<String>, Problem> {
    let known: BTreeSet<&str> = all.iter().map(|subnet| subnet.key.as_str()).collect();
    let id = |key: &Spanned<String>| {
        let is_known = known.contains(key.as_ref().as_str());
        is_known
            .then(|| derived_id("subnet-", &[account, region, key.as_ref()]))
            .ok_or_else(|| unknown("subnet", key, known.iter().copied()))
    };
    keys.unwrap_or_default().iter().map(id).collect()
}

fn read<T: std::str::FromStr<Err = String>>(text: &Spanned<String>) -> Result<T, Problem> {
    text.as_ref().parse().map_err(|problem| Problem(text.span(), problem))
}

fn parsed(text: &Spanned<String>, what: &str) -> Result<ipnet::IpNet, Problem> {
    text.as_ref().parse().map_err(|_| Problem(text.span(), format!("`{}` is no {what}", text.as_ref())))
}
