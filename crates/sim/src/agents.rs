//! Whether the agent of a simulated instance comes to Systems Manager: what its role may do, and by which way it goes out.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use super::fleet::{Account, Fleet, Instance, NetworkAcl, Resolver, RouteTable, RouteTo, State, VpcEndpoint, Vpcs};
use super::managed_policy;
use super::network;

/// What an agent needs to be registered and to take sessions.
const SERVICES: [&str; 2] = ["ssm", "ssmmessages"];
const HTTPS: u16 = 443;
/// A port to which a reply comes.
const EPHEMERAL: u16 = 50_000;
/// An address of AWS's services.
const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(52, 95, 0, 1));
/// What a role has to grant.
const NEEDED: &str = "ssm:UpdateInstanceInformation";
/// How images begin that come with an agent.
const WITH_AGENT: [&str; 5] = ["al2023-ami-2023", "amzn2-ami", "ubuntu/images/", "Windows_Server", "al2023"];

/// The instances whose agents come to Systems Manager, by id, as far as this cloud tells by itself.
pub(super) fn heard(fleet: &Fleet) -> BTreeSet<String> {
    let in_account = |account: &Account| -> Vec<String> {
        let own = account.instances.iter().filter(|instance| is_heard(fleet, account, instance));
        own.map(|instance| instance.id.clone()).collect()
    };
    fleet.accounts.iter().flat_map(in_account).collect()
}

fn is_heard(fleet: &Fleet, account: &Account, instance: &Instance) -> bool {
    let has_agent =
        fleet.image(&instance.image).is_some_and(|image| WITH_AGENT.iter().any(|start| image.name.starts_with(start)));
    instance.state == State::Running
        && instance.hybrid.is_none()
        && instance.has_metadata
        && (has_agent || instance.agent.is_some())
        && may_register(account, instance)
        && SERVICES.iter().all(|service| leads_to(account, instance, service))
}

/// Whether the role of its instance profile grants what the agent needs.
fn may_register(account: &Account, instance: &Instance) -> bool {
    let profile = instance.instance_profile.as_ref();
    let profile = profile.and_then(|name| account.instance_profiles.iter().find(|own| own.name == *name));
    let role = profile.and_then(|profile| profile.role.as_ref());
    let Some(role) = role.and_then(|name| account.roles.iter().find(|own| own.name == *name)) else { return false };
    let of_customer = |arn: &str| account.policies.iter().find(|own| arn.ends_with(&own.name)).map(|own| own.document.as_str());
    let attached = role.attached.iter().filter_map(|arn| managed_policy::document(arn).or_else(|| of_customer(arn)));
    let inline = role.inline.iter().map(|(_, document)| document.as_str());
    attached.chain(inline).any(|document| document.contains(NEEDED))
}

/// Whether packets come to a service: where its name leads to an endpoint, by that and by no other way.
fn leads_to(account: &Account, instance: &Instance, service: &str) -> bool {
    let (Some(vpc), Some(subnet)) = (&instance.vpc, &instance.subnet) else { return false };
    let vpcs = &account.vpcs;
    let is_it = |own: &&VpcEndpoint| {
        own.vpc == *vpc && own.state == "available" && own.private_dns && own.service.ends_with(&format!(".{service}"))
    };
    let resolves = vpcs.resolvers.get(vpc).is_none_or(|Resolver { support, hostnames }| *support && *hostnames);
    let named = vpcs.endpoints.iter().find(is_it).filter(|_| resolves);
    match named {
        Some(endpoint) => by_endpoint(account, instance, endpoint),
        None => by_internet(account, instance, vpc, subnet),
    }
}

fn by_endpoint(account: &Account, instance: &Instance, endpoint: &VpcEndpoint) -> bool {
    let its: Vec<String> = endpoint.groups.iter().map(|(id, _)| id.clone()).collect();
    let own: Vec<String> = instance.security_groups.iter().map(|group| group.id.clone()).collect();
    let rules = |ids: &[String], is_egress: bool| {
        let groups = account.groups.iter().filter(|group| ids.contains(&group.id));
        groups.flat_map(|group| if is_egress { &group.egress } else { &group.ingress }).cloned().collect::<Vec<_>>()
    };
    let address = instance.private_ip.as_ref().and_then(|ip| ip.parse().ok());
    let there = account.vpcs.subnets.iter().find(|subnet| endpoint.subnets.contains(&subnet.id)).map(|own| own.block.addr());
    network::lets(&rules(&own, true), HTTPS, there, &its) && network::lets(&rules(&its, false), HTTPS, address, &own)
}

fn by_internet(account: &Account, instance: &Instance, vpc: &str, subnet: &String) -> bool {
    let vpcs = &account.vpcs;
    let own = |id: &String| instance.security_groups.iter().any(|group| group.id == *id);
    let rules = account.groups.iter().filter(|group| own(&group.id)).flat_map(|group| &group.egress);
    let acl_lets =
        vpcs.acl_of(vpc, subnet).is_none_or(|acl| acl.lets(HTTPS, OUTSIDE, true) && acl.lets(EPHEMERAL, OUTSIDE, false));
    network::lets(rules, HTTPS, Some(OUTSIDE), &[]) && acl_lets && vpcs.leads_outside(instance, vpc, subnet)
}

impl Vpcs {
    fn acl_of(&self, vpc: &str, subnet: &String) -> Option<&NetworkAcl> {
        let own = || self.acls.iter().filter(|acl| acl.vpc == vpc);
        own().find(|acl| acl.subnets.contains(subnet)).or_else(|| own().find(|acl| acl.is_default))
    }

    fn table_of(&self, vpc: &str, subnet: &String) -> Option<&RouteTable> {
        let own = || self.route_tables.iter().filter(|table| table.vpc == vpc);
        own().find(|table| table.subnets.contains(subnet)).or_else(|| own().find(|table| table.is_main))
    }

    /// Whether the longest prefix leads out: through a gateway with a public address, or through a NAT gateway.
    fn leads_outside(&self, instance: &Instance, vpc: &str, subnet: &String) -> bool {
        let Some(table) = self.table_of(vpc, subnet) else { return false };
        let about = table.routes.iter().filter_map(|route| match &route.to {
            RouteTo::Block(block) if block.contains(&OUTSIDE) => Some((block.prefix_len(), route)),
            _ => None,
        });
        let Some((_, route)) = about.max_by_key(|(length, _)| *length).filter(|(_, route)| !route.is_blackhole) else {
            return false;
        };
        let is_gateway = self.gateways.iter().any(|own| own.id == route.target && own.vpc.as_deref() == Some(vpc));
        let is_nat = self.nat_gateways.iter().any(|own| own.id == route.target && own.state == "available");
        (is_gateway && instance.public_ip.is_some()) || is_nat
    }
}
