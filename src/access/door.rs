//! Which EC2 Instance Connect Endpoint leads to an instance, and why none does (EICE-1 to EICE-3).

use std::net::IpAddr;

use super::{AddressChoice, ConnectOptions};
use crate::model::{Endpoint, EndpointId, Fact, Instance};

/// The two ports that endpoints lead to (docs/instance-connect.md 4.5).
pub const ENDPOINT_PORTS: [u16; 2] = [22, 3389];
/// Where sshd listens if nothing is said of it.
const SSH: u16 = 22;

/// An endpoint and the address it is asked to lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door<'a> {
    /// Through which it goes.
    pub endpoint: &'a Endpoint,
    /// Where sshd or the desktop is.
    pub address: IpAddr,
}

/// Why no endpoint leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoDoor<'a> {
    /// What the VPC has is not known.
    Unknown,
    /// The VPC has none.
    None,
    /// There is no endpoint of the id that was asked for.
    NoSuch(&'a EndpointId),
    /// None can carry a tunnel.
    Unusable(Vec<&'a Endpoint>),
    /// One is being made.
    Coming(&'a Endpoint),
    /// None leads to addresses of this kind.
    OtherFamily(&'a Endpoint, IpAddr),
    /// The instance has no address of the kind asked for.
    NoAddress,
}

/// The private address that endpoints lead to: IPv4, else IPv6, unless another one was asked for.
pub fn inner_address(instance: &Instance, options: &ConnectOptions) -> Option<IpAddr> {
    let private = instance.private_ip.map(IpAddr::V4);
    let ipv6 = instance.ipv6.first().copied().map(IpAddr::V6);
    match options.address {
        AddressChoice::Fixed(address) if !address.is_loopback() => Some(address),
        AddressChoice::Ipv6 => ipv6,
        AddressChoice::Private => private,
        // No endpoint leads to a public address.
        AddressChoice::Auto | AddressChoice::Public | AddressChoice::Fixed(_) => private.or(ipv6),
    }
}

/// The port behind an endpoint. One that goes with an address of this computer is this computer's, too: somebody has forwarded it.
pub fn inner_port(options: &ConnectOptions) -> u16 {
    match options.address {
        AddressChoice::Fixed(address) if address.is_loopback() => SSH,
        _ => options.port,
    }
}

/// The endpoint to take: the one that was asked for, else one in the instance's subnet, else one in its zone, else the first of its VPC.
pub fn door<'a>(instance: &'a Instance, options: &'a ConnectOptions) -> Result<Door<'a>, NoDoor<'a>> {
    let (Fact::Known(told) | Fact::Kept(told, _)) = instance.endpoints() else { return Err(NoDoor::Unknown) };
    let is_meant = |endpoint: &&Endpoint| match &options.endpoint {
        Some(id) => endpoint.id == *id,
        None => endpoint.vpc == instance.vpc,
    };
    let all: Vec<&Endpoint> = told.iter().filter(is_meant).collect();
    if all.is_empty() {
        return Err(options.endpoint.as_ref().map_or(NoDoor::None, NoDoor::NoSuch));
    }
    let usable: Vec<&Endpoint> = all.iter().copied().filter(|endpoint| endpoint.state.may_carry()).collect();
    if usable.is_empty() {
        let coming = all.iter().copied().find(|endpoint| endpoint.state == crate::model::EndpointState::Coming);
        return Err(coming.map_or(NoDoor::Unusable(all), NoDoor::Coming));
    }
    let address = inner_address(instance, options).ok_or(NoDoor::NoAddress)?;
    let fitting: Vec<&Endpoint> = usable.iter().copied().filter(|endpoint| endpoint.address_type.leads_to(address)).collect();
    let near = |fits: fn(&Endpoint, &Instance) -> bool| fitting.iter().copied().find(|endpoint| fits(endpoint, instance));
    let best = near(|endpoint, instance| endpoint.subnet.is_some() && endpoint.subnet == instance.subnet)
        .or_else(|| near(|endpoint, instance| endpoint.az.is_some() && endpoint.az == instance.az))
        .or_else(|| fitting.first().copied());
    match (best, usable.first()) {
        (Some(endpoint), _) => Ok(Door { endpoint, address }),
        (None, Some(other)) => Err(NoDoor::OtherFamily(other, address)),
        (None, None) => Err(NoDoor::Unusable(all)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{AddressType, EndpointState, Network, endpoint, row};

    fn instance(endpoints: Vec<Endpoint>) -> Instance {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        instance.vpc = Some("vpc-1".into());
        instance.subnet = Some("subnet-a".into());
        instance.az = Some("us-west-2a".into());
        instance.network = Fact::Known(Arc::new(Network { endpoints: Fact::Known(endpoints), ..Network::default() }));
        instance
    }

    fn chosen(instance: &Instance, options: &ConnectOptions) -> String {
        match door(instance, options) {
            Ok(door) => format!("{} {}", door.endpoint.id, door.address),
            Err(NoDoor::Unusable(all)) => format!("unusable {}", all.len()),
            Err(other) => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn the_endpoint_in_the_same_subnet_comes_first_and_then_one_in_the_same_zone() {
        let other = endpoint("eice-other", |own| (own.subnet, own.az) = (Some("subnet-c".into()), Some("us-west-2c".into())));
        let zone = endpoint("eice-zone", |own| (own.subnet, own.az) = (Some("subnet-b".into()), Some("us-west-2a".into())));
        let subnet = endpoint("eice-subnet", |_| ());
        let options = ConnectOptions::default();

        assert_eq!(chosen(&instance(vec![other.clone(), zone.clone(), subnet.clone()]), &options), "eice-subnet 10.0.0.1");
        assert_eq!(chosen(&instance(vec![other.clone(), zone.clone()]), &options), "eice-zone 10.0.0.1");
        assert_eq!(chosen(&instance(vec![other.clone()]), &options), "eice-other 10.0.0.1");
        let going = Endpoint { state: EndpointState::from_word("delete-in-progress"), ..subnet };
        assert_eq!(chosen(&instance(vec![other, going]), &options), "eice-other 10.0.0.1");
    }

    #[test]
    fn one_that_is_asked_for_may_be_of_another_vpc_and_no_other_takes_its_place() {
        let own = endpoint("eice-own", |_| ());
        let peered = endpoint("eice-peered", |own| own.vpc = Some("vpc-2".into()));
        let wants = |id: &str| ConnectOptions { endpoint: Some(id.parse().unwrap()), ..ConnectOptions::default() };
        let instance = instance(vec![own, peered]);

        assert_eq!(chosen(&instance, &wants("eice-peered")), "eice-peered 10.0.0.1");
        assert_eq!(chosen(&instance, &ConnectOptions::default()), "eice-own 10.0.0.1");
        assert_eq!(chosen(&instance, &wants("eice-gone")), "NoSuch");
    }

    #[test]
    fn the_address_is_private_ipv4_or_else_ipv6_and_the_endpoint_leads_to_it() {
        let v4 = endpoint("eice-v4", |_| ());
        let dual = endpoint("eice-dual", |own| own.address_type = AddressType::DualStack);
        let only_v6 = |endpoints| Instance { private_ip: None, ..instance(endpoints) };
        let options = ConnectOptions::default();
        let wants = |address: &str| ConnectOptions { address: address.parse().unwrap(), ..ConnectOptions::default() };

        assert_eq!(chosen(&only_v6(vec![v4.clone(), dual.clone()]), &options), "eice-dual 2001:db8::1");
        assert_eq!(chosen(&only_v6(vec![v4.clone()]), &options), "OtherFamily");
        assert_eq!(chosen(&instance(vec![v4.clone(), dual]), &wants("ipv6")), "eice-dual 2001:db8::1");
        assert_eq!(chosen(&instance(vec![v4.clone()]), &wants("10.9.0.7")), "eice-v4 10.9.0.7");
        assert_eq!(chosen(&instance(vec![v4.clone()]), &wants("public")), "eice-v4 10.0.0.1");
        assert_eq!(
            chosen(&instance(vec![v4.clone()]), &wants("127.0.0.1")),
            "eice-v4 10.0.0.1",
            "a forwarded port is no way behind"
        );
        assert_eq!(inner_port(&ConnectOptions { port: 2222, ..wants("127.0.0.1") }), 22);
        assert_eq!(inner_port(&ConnectOptions { port: 2222, ..wants("10.9.0.7") }), 2222);
        assert_eq!(chosen(&only_v6(vec![v4]), &wants("private")), "NoAddress");
    }

    #[test]
    fn why_there_is_none_is_told_apart() {
        let in_state = |word| vec![endpoint("eice-1", |own| own.state = EndpointState::from_word(word))];
        let options = ConnectOptions::default();

        assert_eq!(chosen(&instance(Vec::new()), &options), "None");
        assert_eq!(chosen(&instance(in_state("create-failed")), &options), "unusable 1");
        assert_eq!(chosen(&instance(in_state("create-in-progress")), &options), "Coming");
        let unread = Instance { network: Fact::Pending, ..instance(Vec::new()) };
        assert_eq!(chosen(&unread, &options), "Unknown");
    }
}
