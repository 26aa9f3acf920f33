//! The upgrade to a tunnel of an endpoint: who may open one to where, and what goes wrong with that on purpose.

mod full;
mod relay;

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use uuid::Uuid;

use super::answer::Answer;
use super::api_call::ApiCall;
use super::authentication::{Signer, authenticate};
use super::fault::FaultKind;
use super::fleet::{Account, ConnectEndpoint, Fleet, Instance, State};
use super::network;
use super::query::Parameters;
use super::refusal::Refusal;
use super::request::Request;
use super::response::{Body, response, whole};
use super::upgrade::Upgrade;
use super::world::{World, lock};
pub(super) use full::Tunnels;
use relay::{Limits, relay};

/// Where tunnels are opened.
const PATH: &str = "/openTunnel";
/// Longest life of a tunnel, and the one that is taken where none is asked for.
const LONGEST: u64 = 3_600;

/// Whether a path is that of tunnels.
pub(super) fn is_tunnel(path: &str) -> bool {
    path == PATH
}

/// The answer to a client that wants a tunnel.
pub(super) async fn answer(world: &World, request: &mut hyper::Request<Incoming>) -> Response<Body> {
    let request_id = Uuid::new_v4().to_string();
    let now = SystemTime::now();
    let Upgrade { mut accepted, connection, request: read } = match Upgrade::take(request) {
        Ok(upgrade) => upgrade,
        Err(answer) => return response(answer, &request_id, now, false),
    };
    let call = ApiCall::open_tunnel(&read);
    let fault = lock(&world.faults).next(&call.full_action(), &world.callers(&call));
    world.note(&call);
    let mut now = now;
    match fault {
        Some(FaultKind::Delay(delay)) => tokio::time::sleep(delay).await,
        Some(FaultKind::Hang) => std::future::pending().await,
        Some(FaultKind::Clock(offset)) => now = offset.shown(now),
        Some(FaultKind::Html) => return response(Answer::captive_portal(), &request_id, now, false),
        _ => {}
    }
    let opened = may_open(world, &read, &call, fault.as_ref(), now);
    let (target, limit, place) = match opened {
        Ok(opened) => opened,
        Err(refusal) => return response(Answer::tunnel_refused(&refusal), &request_id, now, fault == Some(FaultKind::Cut)),
    };
    let fault = match fault {
        Some(FaultKind::Tunnel(fault)) => Some(fault),
        _ => None,
    };
    world.far_end.run(async move {
        relay(connection, target, Limits { life: limit, fault }).await;
        drop(place);
    });
    let mut response = Response::new(whole(Vec::new()));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        accepted.insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    *response.headers_mut() = accepted;
    response
}

/// The port of this computer behind it, if somebody can be connected to; how long it may live; and its place among the twenty.
fn may_open(
    world: &World,
    request: &Request,
    call: &ApiCall,
    fault: Option<&FaultKind>,
    now: SystemTime,
) -> Result<(Option<u16>, Duration, full::Place), Refusal> {
    let fleet = world.fleet();
    let service = call.service;
    let Signer { account, caller, permissions, .. } = authenticate(&world.sessions, &fleet, request, call, now)?;
    let asked = Parameters::read(request.query.as_bytes());
    let id = asked.text("instanceConnectEndpointId").unwrap_or_default();
    let region = call.claim.as_ref().map(|claim| claim.region.as_str()).unwrap_or_default();
    let resource = format!("arn:aws:ec2:{region}:{}:instance-connect-endpoint/{id}", account.id);
    match fault {
        Some(FaultKind::Throttle(_)) => return Err(Refusal::new(429, "ThrottlingException", "Rate exceeded")),
        Some(FaultKind::Error(code)) => return Err(Refusal::of_code(service, code)),
        Some(FaultKind::Cut | FaultKind::Corrupt) => return Err(Refusal::of_code(service, "ServiceUnavailable")),
        _ => {}
    }
    if fault == Some(&FaultKind::Deny) || !permissions.allow(&call.full_action(), &resource) {
        let refusal = Refusal::denied(service, &call.full_action(), &caller.arn, &resource);
        return Err(Refusal { status: 403, ..refusal });
    }
    let invalid = |message: String| Refusal::new(400, "InvalidParameter", message);
    let port = match asked.text("remotePort").and_then(|port| port.parse().ok()) {
        Some(port @ (22 | 3389)) => port,
        _ => {
            return Err(invalid("The specified RemotePort is not valid. Specify either 22 or 3389 as the RemotePort".to_owned()));
        }
    };
    let address: IpAddr = asked
        .text("privateIpAddress")
        .and_then(|address| address.parse().ok())
        .ok_or_else(|| invalid("The specified PrivateIpAddress is not valid".to_owned()))?;
    let limit = match asked.text("maxTunnelDuration").map(str::parse) {
        None => LONGEST,
        Some(Ok(limit @ 1..=LONGEST)) => limit,
        Some(_) => return Err(invalid("The specified MaxTunnelDuration is not valid".to_owned())),
    };
    let endpoint = account.endpoints.iter().find(|endpoint| endpoint.id == id && endpoint.region == region);
    let unknown = || {
        let message = format!("The instance connect endpoint ID '{id}' does not exist");
        Refusal::new(404, "InstanceConnectEndpointNotFound", message)
    };
    let endpoint = endpoint.filter(|endpoint| endpoint.is_usable()).ok_or_else(unknown)?;
    let place = world.open_tunnels.take(id).ok_or_else(|| {
        let message = "The endpoint has reached its limit of 20 concurrent connections";
        Refusal::new(429, "ConnectionLimitExceeded", message)
    })?;
    let target = target(&fleet, account, endpoint, address, port);
    let target = target.and_then(|instance| match port {
        port if world.open_tunnels.led(port).is_some() => world.open_tunnels.led(port),
        22 => world.far_end.ssh_port(&instance.id),
        port => Some(port),
    });
    Ok((target, Duration::from_secs(limit), place))
}

/// The instance at this address, where routes and groups lead there.
fn target<'f>(
    fleet: &'f Fleet,
    account: &Account,
    endpoint: &ConnectEndpoint,
    address: IpAddr,
    port: u16,
) -> Option<&'f Instance> {
    let text = address.to_string();
    let has_address = |instance: &&Instance| {
        let own = instance.private_ip.iter().chain(&instance.ipv6);
        own.into_iter().any(|own| own.parse::<IpAddr>().is_ok_and(|own| own == address) || *own == text)
    };
    let instances = fleet.accounts.iter().find(|own| own.id == account.id)?.instances.iter();
    let is_here = |instance: &&Instance| instance.region == endpoint.region && instance.state == State::Running;
    let instance = instances.filter(is_here).find(has_address)?;
    let groups: Vec<String> = instance.security_groups.iter().map(|group| group.id.clone()).collect();
    let rules = |ids: &[String]| account.groups.iter().filter(|group| ids.contains(&group.id)).collect::<Vec<_>>();
    let own_rules = rules(&groups);
    let its_rules = rules(&endpoint.security_groups);
    let lets_in = network::lets(
        own_rules.iter().flat_map(|group| &group.ingress),
        port,
        endpoint.private_ip.parse().ok(),
        &endpoint.security_groups,
    );
    let lets_out = network::lets(its_rules.iter().flat_map(|group| &group.egress), port, Some(address), &groups);
    (lets_in && lets_out).then_some(instance)
}
