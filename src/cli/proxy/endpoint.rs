//! `proxy --method eice`: a port of an instance through an EC2 Instance Connect Endpoint.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::stdout::stdout;
use crate::access::{self, AddressChoice, ConnectOptions, ENDPOINT_PORTS, NoDoor};
use crate::aws::{Cloud, TunnelRequest};
use crate::cli::args::Proxy;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::of_output;
use crate::cli::sources::Source;
use crate::cli::{Exit, Failure, connect as connecting, target};
use crate::config::{self, ConnectFlags};
use crate::endpoint::{self, About, Said, TunnelEnd};
use crate::model::{Endpoint, Fact, Instance, InstanceId, Network, Region, RunningKind, Target};

/// How long a server that speaks first may take for its first word: an endpoint finds out within seconds that nobody listens.
const FIRST_WORD: Duration = Duration::from_secs(20);
/// The port at which the server speaks first.
const SSH: u16 = 22;

/// Where it leads to.
struct Far {
    cloud: Cloud,
    region: Region,
    id: InstanceId,
    instance: Option<Instance>,
    endpoint: Endpoint,
    address: IpAddr,
    limit: Duration,
}

/// Stdout carries what comes from the port and nothing else.
pub(super) async fn relayed(invocation: &Invocation, asked: &Proxy) -> Result<Exit, Failure> {
    if !ENDPOINT_PORTS.contains(&asked.port) {
        let values = [("port", asked.port.to_string().into())];
        return Err(invocation.failure("endpoint-port", Exit::Usage, &values));
    }
    let far = far(invocation, asked).await?;
    let about = About {
        target: far.instance.as_ref().map_or_else(|| far.id.to_string(), Instance::shown),
        port: asked.port,
        endpoint: far.endpoint.id.clone(),
        limit: far.limit,
    };
    let access = far.cloud.tunnel_access(&far.region).await.map_err(|error| invocation.failed(&error))?;
    let not_opened = |error: endpoint::TunnelError| failure(error.said(&about, &invocation.text));
    let host = access.host(&far.endpoint).map_err(|error| not_opened(error.into()))?;
    let request = TunnelRequest { address: far.address, port: asked.port, limit: far.limit };
    let tunnel = endpoint::open(&access, &host, &request).await.map_err(not_opened)?;
    let name = far.instance.as_ref().and_then(Instance::name).cloned().unwrap_or_else(|| far.id.as_str().into());
    let _held = hold(invocation, RunningKind::Proxy, name, "eice", Some(String::new()));
    let (output, gone) = stdout()?;
    let first_word = (asked.port == SSH).then_some(FIRST_WORD);
    let notice = |left: Duration| invocation.note(&about.ending(left, &invocation.text));
    let relayed = endpoint::relay(tunnel, tokio::io::stdin(), output, gone, first_word, notice).await;
    if let Some(error) = relayed.output {
        // Nobody reads on: that is how ssh leaves.
        return Err(of_output(error).into());
    }
    match relayed.end.said(&about, &invocation.text) {
        None => Ok(Exit::Done),
        Some(mut said) => {
            if let (TunnelEnd::NoTarget { .. } | TunnelEnd::Ended { .. }, Some(id)) = (&relayed.end, relayed.request_id) {
                said.why.push(
                    invocation
                        .text
                        .say_with("endpoint-request", &[("id", crate::model::Untrusted::from(id).shown_in(80).into())]),
                );
            }
            Err(failure(said))
        }
    }
}

fn failure(said: Said) -> Failure {
    let Said { code, what, why, next } = said;
    Failure { code, what, why, next, exit: Exit::Session }
}

/// An id in the one region that is asked for, with an endpoint and an address, needs no look at the instance.
async fn far(invocation: &Invocation, asked: &Proxy) -> Result<Far, Failure> {
    let asks_first = invocation.loaded.settings.accounts.values().any(|account| account.confirm);
    let limit = asked.tunnel_limit.unwrap_or(invocation.loaded.settings.connect.tunnel_limit);
    if !asks_first
        && let (Ok(Target::Id(id)), Some(endpoint), Some(AddressChoice::Fixed(address))) =
            (asked.target.parse::<Target>(), &asked.endpoint, asked.address)
    {
        let sources = invocation.sources().await?;
        if let [Source { cloud, region }] = sources.list.as_slice() {
            let found = cloud.endpoint(region, endpoint).await.map_err(|error| invocation.failed(&error))?;
            let endpoint = found.ok_or_else(|| no_such(invocation, endpoint.as_str()))?;
            let (cloud, region) = (cloud.clone(), region.clone());
            return Ok(Far { cloud, region, id, instance: None, endpoint, address, limit });
        }
    }
    let (cloud, mut instance) = target::find(invocation, &asked.target).await?;
    // Stdin is the other program's: nobody can be asked here.
    connecting::confirmed(invocation, asked.yes, &instance)?;
    if !instance.state.may_be_up() {
        let values = [("target", instance.shown().into()), ("state", instance.state.word().into())];
        return Err(invocation.failure("endpoint-not-up", Exit::Session, &values));
    }
    let flags = ConnectFlags {
        endpoint: asked.endpoint.clone(),
        address: asked.address,
        tunnel_limit: asked.tunnel_limit,
        ..ConnectFlags::default()
    };
    let options = config::connect_options(&invocation.loaded.settings, &instance, &flags);
    let region = instance.place.region.clone();
    let endpoints = match (&options.endpoint, &instance.vpc) {
        (Some(id), _) => cloud.endpoint(&region, id).await.map(|found| found.into_iter().collect()),
        (None, Some(vpc)) => cloud.endpoints_of(&region, vpc).await,
        (None, None) => Ok(Vec::new()),
    };
    let endpoints = endpoints.map_err(|error| invocation.failed(&error))?;
    instance.network = Fact::Known(Arc::new(Network { endpoints, ..Network::default() }));
    let found = access::door(&instance, &options).map(|door| (door.endpoint.clone(), door.address));
    let (endpoint, address) = found.map_err(|none| no_door(invocation, &instance, &options, &none))?;
    let limit = options.tunnel_limit;
    Ok(Far { region, id: instance.id.clone(), cloud, instance: Some(instance), endpoint, address, limit })
}

fn no_such(invocation: &Invocation, endpoint: &str) -> Failure {
    invocation.failure("endpoint-none-such", Exit::Session, &[("endpoint", endpoint.to_owned().into())])
}

/// Why no endpoint leads there: each that there is, with its state.
fn no_door(invocation: &Invocation, instance: &Instance, options: &ConnectOptions, none: &NoDoor<'_>) -> Failure {
    let vpc = instance.vpc.as_ref().map(|vpc| vpc.shown_in(40)).unwrap_or_default();
    let target = || ("target", instance.shown().into());
    let fails = |code, values: &[(&'static str, crate::text::Value)]| invocation.failure(code, Exit::Session, values);
    match none {
        NoDoor::NoSuch(id) => no_such(invocation, id.as_str()),
        NoDoor::Unknown | NoDoor::None => fails("endpoint-none", &[target(), ("vpc", vpc.into())]),
        NoDoor::Unusable(all) => {
            let shown: Vec<String> = all.iter().map(|endpoint| endpoint.shown()).collect();
            fails("endpoint-unusable", &[target(), ("endpoints", shown.join(", ").into())])
        }
        NoDoor::Coming(endpoint) => fails("endpoint-unusable", &[target(), ("endpoints", endpoint.shown().into())]),
        NoDoor::OtherFamily(endpoint, address) => fails(
            "endpoint-family",
            &[
                ("endpoint", endpoint.id.to_string().into()),
                ("type", endpoint.address_type.word().into()),
                ("address", address.to_string().into()),
            ],
        ),
        NoDoor::NoAddress => {
            let wanted = if options.address == AddressChoice::Ipv6 { "IPv6" } else { "IPv4" };
            fails("endpoint-no-address", &[target(), ("wanted", wanted.into())])
        }
    }
}
