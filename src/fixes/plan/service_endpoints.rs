//! The endpoints of Systems Manager, and of what keeps its sessions, that a VPC lacks, with a group of their own.

use ipnet::IpNet;

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{GroupOpening, Network, OpeningPeer, ResourceId, RouteTarget, RouteTo, ServiceName};

/// The service whose interface endpoint has a private name only beside a gateway endpoint.
const S3: &str = "s3";
/// The port of AWS's services.
const HTTPS: u16 = 443;

/// Once a service's own name leads to an endpoint it does so for all of the VPC, so all of it is let in there. What AWS calls the services,
/// and what the resolver does, is read before it is shown.
pub(super) fn create(found: &Found<'_>) -> Option<Plan> {
    let vpc: ResourceId = found.value("vpc-word")?;
    let subnet: ResourceId = found.value("subnet-word")?;
    let services = found.value::<String>("services")?;
    let services: Vec<ServiceName> = services.split(", ").map(str::parse).collect::<Result<_, _>>().ok()?;
    let blocks = blocks(found.network()?);
    let name = format!("ec2dash-vpce-{}", found.now.strftime("%Y%m%dT%H%M%S"));
    let group = || ResourceId::of_step(1);
    let opened = |block: &IpNet| {
        let (peer, description) = (OpeningPeer::Block(*block), found.description());
        Change::OpenGroup(GroupOpening { group: group(), is_egress: false, port: HTTPS, peer, description })
    };
    let made = |(at, service): (usize, &ServiceName)| Change::CreateServiceEndpoint {
        vpc: vpc.clone(),
        service: service.clone(),
        subnet: subnet.clone(),
        group: group(),
        token: format!("{name}-{at}"),
    };
    if blocks.is_empty() || services.iter().any(|service| service.as_str() == S3) {
        return None;
    }
    let first = Change::CreateGroup { vpc: vpc.clone(), name: name.clone(), description: found.description() };
    let changes = std::iter::once(first).chain(blocks.iter().map(opened)).chain(services.iter().enumerate().map(made)).collect();
    let consequences = vec![
        Consequence::EndpointsBilled(services.len()),
        Consequence::WholeVpc(vpc.to_string(), found.others.map(<[_]>::len)),
        Consequence::AgentLater,
    ];
    Some(Plan { id: FixId::ServiceEndpoints, changes, consequences })
}

/// The IPv4 blocks of the VPC: those that every table leads to by itself.
fn blocks(network: &Network) -> Vec<IpNet> {
    let mut blocks: Vec<IpNet> = Vec::new();
    for route in network.route_tables.known().into_iter().flatten().flat_map(|table| &table.routes) {
        if let (RouteTo::Block(block @ IpNet::V4(_)), RouteTarget::Local) = (&route.to, &route.target)
            && !blocks.contains(block)
        {
            blocks.push(*block);
        }
    }
    blocks
}
