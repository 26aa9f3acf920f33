//! From a TARGET to the endpoint that leads to it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::invocation::Invocation;
use super::sources::Source;
use super::{Exit, Failure, connect as connecting, target};
use crate::access::{self, AddressChoice, ConnectOptions, NoDoor};
use crate::aws::Cloud;
use crate::config::{self, ConnectFlags};
use crate::model::{Endpoint, EndpointId, Fact, Instance, InstanceId, Network, Region, Target};

/// What was asked for.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The TARGET, as typed.
    pub target: &'a str,
    /// Whether an account that asks has its yes.
    pub yes: bool,
    /// The endpoint.
    pub endpoint: &'a Option<EndpointId>,
    /// Which address behind it.
    pub address: Option<AddressChoice>,
    /// Longest life of a tunnel.
    pub limit: Option<Duration>,
}

/// Where it leads to.
pub struct Far {
    /// What it is reached with.
    pub cloud: Cloud,
    /// Where it is.
    pub region: Region,
    /// Which instance.
    pub id: InstanceId,
    /// What is known of it, if that had to be asked.
    pub instance: Option<Instance>,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The address behind it.
    pub address: IpAddr,
    /// Longest life of a tunnel.
    pub limit: Duration,
}

impl Far {
    /// The instance, as sentences name it.
    pub fn shown(&self) -> String {
        self.instance.as_ref().map_or_else(|| self.id.to_string(), Instance::shown)
    }
}

/// An id in the one region that is asked for, with an endpoint and an address, needs no look at the instance.
pub async fn found(invocation: &Invocation, wanted: &Wanted<'_>) -> Result<Far, Failure> {
    let asks_first = invocation.loaded.settings.accounts.values().any(|account| account.confirm);
    let limit = wanted.limit.unwrap_or(invocation.loaded.settings.connect.tunnel_limit);
    if !asks_first
        && let (Ok(Target::Id(id)), Some(endpoint), Some(AddressChoice::Fixed(address))) =
            (wanted.target.parse::<Target>(), wanted.endpoint, wanted.address)
    {
        let sources = invocation.sources().await?;
        if let [Source { cloud, region }] = sources.list.as_slice() {
            let found = cloud.endpoint(region, endpoint).await.map_err(|error| invocation.failed(&error))?;
            let endpoint = found.ok_or_else(|| no_such(invocation, endpoint.as_str()))?;
            let (cloud, region) = (cloud.clone(), region.clone());
            return Ok(Far { cloud, region, id, instance: None, endpoint, address, limit });
        }
    }
    let (cloud, mut instance) = target::find(invocation, wanted.target).await?;
    // Stdin is the other program's: nobody can be asked here.
    connecting::confirmed(invocation, wanted.yes, &instance)?;
    if !instance.state.may_be_up() {
        let values = [("target", instance.shown().into()), ("state", instance.state.word().into())];
        return Err(invocation.failure("endpoint-not-up", Exit::Session, &values));
    }
    let flags = ConnectFlags {
        endpoint: wanted.endpoint.clone(),
        address: wanted.address,
        tunnel_limit: wanted.limit,
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
    instance.network = Fact::Known(Arc::new(Network { endpoints: Fact::Known(endpoints), ..Network::default() }));
    let found = access::door(&instance, &options).map(|door| (door.endpoint.clone(), door.address));
    let (endpoint, address) = found.map_err(|none| no_door(invocation, &instance, &options, &none))?;
    let limit = options.tunnel_limit;
    Ok(Far { region, id: instance.id.clone(), cloud, instance: Some(instance), endpoint, address, limit })
}

/// There is no such endpoint.
pub fn no_such(invocation: &Invocation, endpoint: &str) -> Failure {
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
