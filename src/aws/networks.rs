//! What VPCs have: EC2 Instance Connect Endpoints, and what security groups let through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_ec2::types as ec2;
use ipnet::IpNet;

use super::calls::{PAGE, filter};
use super::pages::{Next, Pages, endless};
use super::{Cloud, Error, call, failure};
use crate::model::{
    AddressType, Endpoint, EndpointId, EndpointState, Fact, GroupRule, GroupRules, Instance, Network, Region, TcpPorts, Untrusted,
};

/// VPCs whose groups are asked for at a time, half of the values that EC2 takes in one filter.
const VPCS_AT_A_TIME: usize = 100;

const ENDPOINTS: &str = call::DESCRIBE_INSTANCE_CONNECT_ENDPOINTS.action;
const GROUPS: &str = call::DESCRIBE_SECURITY_GROUPS.action;

impl Cloud {
    /// All endpoints of a region, of whatever state.
    pub(super) async fn endpoints(&self, region: &Region) -> Result<Vec<Endpoint>, Error> {
        self.endpoints_where(region, Which::All).await
    }

    /// The endpoint of this id; `None`: AWS knows none.
    pub async fn endpoint(&self, region: &Region, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        match self.endpoints_where(region, Which::Id(id)).await {
            Ok(found) => Ok(found.into_iter().find(|endpoint| endpoint.id == *id)),
            Err(Error::Service { aws_code, .. }) if aws_code.raw().ends_with("NotFound") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The endpoints of a VPC.
    pub async fn endpoints_of(&self, region: &Region, vpc: &Untrusted) -> Result<Vec<Endpoint>, Error> {
        self.endpoints_where(region, Which::OfVpc(vpc)).await
    }

    /// What the VPC of one instance has; pending without a VPC.
    pub async fn network_of(&self, region: &Region, instance: &Instance) -> Fact<Arc<Network>> {
        let Some(vpc) = &instance.vpc else { return Fact::Pending };
        match self.endpoints_where(region, Which::OfVpc(vpc)).await {
            Ok(endpoints) => Fact::Known(Arc::new(self.with_groups(region, vpc, endpoints).await)),
            Err(error) => Fact::Hidden(failure::denial(error, ENDPOINTS)),
        }
    }

    /// What the security groups of a VPC let through, by their ids.
    pub async fn groups_of(&self, region: &Region, vpc: &Untrusted) -> Fact<BTreeMap<Untrusted, GroupRules>> {
        match self.group_rules(region, std::slice::from_ref(vpc)).await {
            Ok(mut groups) => Fact::Known(groups.remove(vpc).unwrap_or_default()),
            Err(error) => Fact::Hidden(failure::denial(error, GROUPS)),
        }
    }

    async fn with_groups(&self, region: &Region, vpc: &Untrusted, endpoints: Vec<Endpoint>) -> Network {
        if endpoints.is_empty() {
            return Network::default();
        }
        Network { endpoints, groups: self.groups_of(region, vpc).await, ..Network::default() }
    }

    async fn endpoints_where(&self, region: &Region, which: Which<'_>) -> Result<Vec<Endpoint>, Error> {
        let mut pages = Pages::default();
        let mut token = None;
        let mut all = Vec::new();
        loop {
            let asked = self.ask(region, call::DESCRIBE_INSTANCE_CONNECT_ENDPOINTS, |clients| {
                let asked = clients.ec2.describe_instance_connect_endpoints().set_next_token(token.take());
                match which {
                    Which::All => asked,
                    Which::Id(id) => asked.instance_connect_endpoint_ids(id.as_str()),
                    Which::OfVpc(vpc) => asked.filters(filter("vpc-id", [vpc.raw()])),
                }
                .send()
            });
            let told = asked.await?;
            let page = told.instance_connect_endpoints.unwrap_or_default();
            let next = pages.after(told.next_token, page.is_empty());
            all.extend(page.into_iter().filter_map(endpoint));
            match next {
                Next::Page(next) => token = Some(next),
                Next::Done => return Ok(all),
                Next::Broken => return Err(endless(ENDPOINTS)),
            }
        }
    }

    /// What the groups of these VPCs let through, by VPC and by the group's id.
    pub(super) async fn group_rules(
        &self,
        region: &Region,
        vpcs: &[Untrusted],
    ) -> Result<BTreeMap<Untrusted, BTreeMap<Untrusted, GroupRules>>, Error> {
        let mut all: BTreeMap<Untrusted, BTreeMap<Untrusted, GroupRules>> = BTreeMap::new();
        for some in vpcs.chunks(VPCS_AT_A_TIME) {
            let mut pages = Pages::default();
            let mut token = None;
            loop {
                let asked = self.ask(region, call::DESCRIBE_SECURITY_GROUPS, |clients| {
                    let of_vpcs = filter("vpc-id", some.iter().map(Untrusted::raw));
                    clients.ec2.describe_security_groups().filters(of_vpcs).max_results(PAGE).set_next_token(token.take()).send()
                });
                let told = asked.await?;
                let page = told.security_groups.unwrap_or_default();
                let next = pages.after(told.next_token, page.is_empty());
                for group in page {
                    let (Some(vpc), Some(id)) = (group.vpc_id, group.group_id) else { continue };
                    let rules = GroupRules {
                        ingress: group.ip_permissions.unwrap_or_default().into_iter().map(rule).collect(),
                        egress: group.ip_permissions_egress.unwrap_or_default().into_iter().map(rule).collect(),
                    };
                    all.entry(vpc.into()).or_default().insert(id.into(), rules);
                }
                match next {
                    Next::Page(next) => token = Some(next),
                    Next::Done => break,
                    Next::Broken => return Err(endless(GROUPS)),
                }
            }
        }
        Ok(all)
    }
}

/// Which endpoints are asked for.
#[derive(Clone, Copy)]
enum Which<'a> {
    All,
    Id(&'a EndpointId),
    OfVpc(&'a Untrusted),
}

/// Endpoints by their VPC, with groups still to come.
pub(super) fn by_vpc(endpoints: Vec<Endpoint>) -> BTreeMap<Untrusted, Network> {
    let mut networks: BTreeMap<Untrusted, Network> = BTreeMap::new();
    for endpoint in endpoints {
        let Some(vpc) = endpoint.vpc.clone() else { continue };
        networks.entry(vpc).or_default().endpoints.push(endpoint);
    }
    networks
}

/// The VPCs in which somebody may let an endpoint in: where none carries, nobody asks.
pub(super) fn with_endpoints(networks: &BTreeMap<Untrusted, Network>) -> Vec<Untrusted> {
    let carries = |network: &Network| network.endpoints.iter().any(|endpoint| endpoint.state.may_carry());
    let vpcs: BTreeSet<&Untrusted> = networks.iter().filter(|(_, network)| carries(network)).map(|(vpc, _)| vpc).collect();
    vpcs.into_iter().cloned().collect()
}

/// `None` without a usable id.
fn endpoint(told: ec2::Ec2InstanceConnectEndpoint) -> Option<Endpoint> {
    let some = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Untrusted::from);
    Some(Endpoint {
        id: told.instance_connect_endpoint_id?.parse().ok()?,
        dns_name: told.dns_name.unwrap_or_default().into(),
        fips_dns_name: some(told.fips_dns_name),
        state: EndpointState::from_word(told.state.as_ref().map_or("", |state| state.as_str())),
        state_message: some(told.state_message),
        vpc: some(told.vpc_id),
        subnet: some(told.subnet_id),
        az: some(told.availability_zone),
        security_groups: told.security_group_ids.unwrap_or_default().into_iter().map(Untrusted::from).collect(),
        keeps_client_ip: told.preserve_client_ip == Some(true),
        address_type: told.ip_address_type.map(|kind| AddressType::from_word(kind.as_str())).unwrap_or_default(),
        owner: told.owner_id.and_then(|owner| owner.parse().ok()),
    })
}

/// Ports of other protocols are no TCP ports; an address block that does not read lets nobody through.
fn rule(told: ec2::IpPermission) -> GroupRule {
    let port = |number: Option<i32>| number.and_then(|number| u16::try_from(number).ok());
    let ports = match told.ip_protocol.as_deref() {
        Some("-1") => TcpPorts::All,
        Some("tcp" | "6") => match (port(told.from_port), port(told.to_port)) {
            (Some(first), Some(last)) => TcpPorts::Range(first, last),
            // AWS writes -1, or nothing, for all of them.
            _ => TcpPorts::All,
        },
        _ => TcpPorts::None,
    };
    let v4 = told.ip_ranges.unwrap_or_default().into_iter().filter_map(|range| range.cidr_ip);
    let v6 = told.ipv6_ranges.unwrap_or_default().into_iter().filter_map(|range| range.cidr_ipv6);
    let texts = |ids: Vec<Option<String>>| ids.into_iter().flatten().map(Untrusted::from).collect();
    GroupRule {
        ports,
        blocks: v4.chain(v6).filter_map(|block| block.parse::<IpNet>().ok()).collect(),
        groups: texts(told.user_id_group_pairs.unwrap_or_default().into_iter().map(|pair| pair.group_id).collect()),
        prefix_lists: texts(told.prefix_list_ids.unwrap_or_default().into_iter().map(|list| list.prefix_list_id).collect()),
    }
}
