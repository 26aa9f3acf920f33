//! Which address to take (ADDR), and whether this computer can reach it.

use std::net::IpAddr;

use super::case::Case;
use super::finding::Finding;
use super::{AddressChoice, ConnectOptions, Jump, Local};
use crate::model::Instance;

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "address-ipv6-only",
    "address-carrier",
    "address-ipv6-unseen",
    "address-private",
    "address-temporary",
    "no-address",
    "no-ipv6-address",
    "no-private-address",
    "no-public-address",
];

/// What kind of address was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// Public or elastic IPv4.
    Public,
    /// Private IPv4.
    Private,
    /// IPv6.
    Ipv6,
    /// Given by the user, whatever EC2 says.
    Fixed,
}

impl AddressKind {
    /// The word in a rule and in JSON; `fixed` for an address that was given.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Ipv6 => "ipv6",
            Self::Fixed => "fixed",
        }
    }

    /// The key of the word for people.
    pub fn key(self) -> &'static str {
        match self {
            Self::Public => "address-kind-public",
            Self::Private => "address-kind-private",
            Self::Ipv6 => "address-kind-ipv6",
            Self::Fixed => "address-kind-fixed",
        }
    }
}

/// The address to connect to, if the instance has one of the kind wished for. Left to us it is public IPv4, else IPv6, else
/// private IPv4 (ADDR-7); IPv6 is passed over where this computer surely has none and there is another. From a jump host it is private IPv4,
/// else IPv6, else public IPv4.
pub fn address(instance: &Instance, options: &ConnectOptions, local: &Local) -> Option<(IpAddr, AddressKind)> {
    let public = instance.public_ip.map(|ip| (IpAddr::V4(ip), AddressKind::Public));
    let private = instance.private_ip.map(|ip| (IpAddr::V4(ip), AddressKind::Private));
    let ipv6 = instance.ipv6.first().map(|ip| (IpAddr::V6(*ip), AddressKind::Ipv6));
    match options.address {
        AddressChoice::Fixed(ip) => Some((ip, AddressKind::Fixed)),
        AddressChoice::Public => public,
        AddressChoice::Private => private,
        AddressChoice::Ipv6 => ipv6,
        AddressChoice::Auto if options.jump != Jump::None => private.or(ipv6).or(public),
        AddressChoice::Auto if local.has_ipv6 == Some(false) => public.or(private).or(ipv6),
        AddressChoice::Auto => public.or(ipv6).or(private),
    }
}

/// Which addresses a way goes to where the user asked for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those of the internet: who lets it in comes from there.
    Internet,
    /// Any that this computer can reach.
    Anywhere,
}

/// ADDR-1, ADDR-2, ADDR-4: there is an address, and this computer can reach it.
pub(super) fn reachable(case: &Case<'_>, reach: Reach) -> Option<Finding> {
    if !case.is_up() {
        return None;
    }
    let Some((ip, kind)) = address(case.instance, case.options, case.local) else {
        return Some(missing(case, reach));
    };
    // What a jump host can reach is another question.
    if case.options.address_is_forced || case.options.jump != Jump::None {
        return None;
    }
    let comes_from_internet = reach == Reach::Internet && case.options.address == AddressChoice::Auto;
    match kind {
        AddressKind::Public => case.passes("ADDR-1", "address-public").map(|finding| finding.with("ip", ip.to_string())),
        AddressKind::Fixed => None,
        AddressKind::Private if comes_from_internet && case.instance.ipv6.is_empty() => {
            Some(Finding::excludes("ADDR-1", "no-public-address"))
        }
        AddressKind::Private if comes_from_internet => Some(Finding::excludes("ADDR-2", "address-ipv6-only")),
        AddressKind::Private => private_path(case, ip),
        AddressKind::Ipv6 => match case.local.has_ipv6 {
            Some(true) => case.passes("ADDR-2", "address-ipv6").map(|finding| finding.with("ip", ip.to_string())),
            Some(false) if comes_from_internet => Some(Finding::excludes("ADDR-2", "address-ipv6-only")),
            Some(false) => Some(Finding::blocks("ADDR-2", "address-ipv6-only")),
            None => Some(Finding::withholds("ADDR-2", "address-ipv6-unseen").with("ip", ip.to_string())),
        },
    }
}

/// ADDR-3, ADDR-5: whether the address stays, and who can reach it.
pub(super) fn standing(case: &Case<'_>) -> Option<Finding> {
    // Of one that somebody names, and of what a jump host reaches, nobody asks.
    if !case.is_up() || case.options.jump != Jump::None {
        return None;
    }
    let (ip, kind) = address(case.instance, case.options, case.local)?;
    match kind {
        AddressKind::Public => stays(case, ip),
        AddressKind::Fixed | AddressKind::Ipv6 => None,
        AddressKind::Private => {
            let carrier = case.instance.interfaces.iter().find_map(|interface| interface.carrier)?;
            Some(Finding::warns("ADDR-5", "address-carrier").with("ip", carrier.to_string()))
        }
    }
}

/// ADDR-3: it is an Elastic IP, or goes with the next stop.
fn stays(case: &Case<'_>, ip: IpAddr) -> Option<Finding> {
    if case.instance.when_stopped.elastic_ip? {
        return case.passes("ADDR-3", "address-elastic").map(|finding| finding.with("ip", ip.to_string()));
    }
    let temporary = || Finding::notes("ADDR-3", "address-temporary").with("ip", ip.to_string());
    case.told(|| temporary().with("place", case.place_flags()).with_remedy())
}

fn missing(case: &Case<'_>, reach: Reach) -> Finding {
    match case.options.address {
        AddressChoice::Auto | AddressChoice::Public
            if reach == Reach::Internet && !case.options.address_is_forced && case.options.jump == Jump::None =>
        {
            Finding::excludes("ADDR-1", "no-public-address")
        }
        AddressChoice::Public => Finding::blocks("ADDR-1", "no-public-address"),
        AddressChoice::Private => Finding::blocks("ADDR-7", "no-private-address"),
        AddressChoice::Ipv6 => Finding::blocks("ADDR-2", "no-ipv6-address"),
        AddressChoice::Auto | AddressChoice::Fixed(_) => Finding::blocks("ADDR-7", "no-address"),
    }
}

/// ADDR-4 with LOC-9: a route of this computer covers the private address.
fn private_path(case: &Case<'_>, ip: IpAddr) -> Option<Finding> {
    let routes = case.local.routes.as_deref().unwrap_or_default();
    if let Some(network) = routes.iter().find(|network| network.contains(&ip)) {
        let through = |finding: Finding| finding.with("ip", ip.to_string()).with("route", network.to_string());
        return case.passes("LOC-9", "address-routed").map(through);
    }
    Some(
        Finding::withholds("ADDR-4", "address-private")
            .with("ip", ip.to_string())
            .with("id", case.instance.id.as_str())
            .with("place", case.place_flags())
            .with_remedy(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row;

    fn chosen(
        address_choice: AddressChoice,
        has_ipv6: Option<bool>,
        change: impl FnOnce(&mut Instance),
    ) -> Option<(String, &'static str)> {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        change(&mut instance);
        let options = ConnectOptions { address: address_choice, ..ConnectOptions::default() };
        let local = Local { has_ipv6, ..Local::default() };
        address(&instance, &options, &local).map(|(ip, kind)| (ip.to_string(), kind.word()))
    }

    fn some(ip: &str, kind: &'static str) -> Option<(String, &'static str)> {
        Some((ip.to_owned(), kind))
    }

    #[test]
    fn the_public_address_comes_before_ipv6_and_that_before_the_private_one() {
        assert_eq!(chosen(AddressChoice::Auto, None, |_| ()), some("3.36.112.8", "public"));
        assert_eq!(chosen(AddressChoice::Auto, None, |i| i.public_ip = None), some("2001:db8::1", "ipv6"));
        let only_private = |i: &mut Instance| {
            i.public_ip = None;
            i.ipv6.clear();
        };
        assert_eq!(chosen(AddressChoice::Auto, None, only_private), some("10.0.0.1", "private"));
    }

    #[test]
    fn ipv6_is_passed_over_where_this_computer_surely_has_none() {
        assert_eq!(chosen(AddressChoice::Auto, Some(false), |i| i.public_ip = None), some("10.0.0.1", "private"));
    }

    #[test]
    fn a_wish_is_met_or_there_is_no_address() {
        assert_eq!(chosen(AddressChoice::Private, None, |_| ()), some("10.0.0.1", "private"));
        assert_eq!(chosen(AddressChoice::Ipv6, None, |_| ()), some("2001:db8::1", "ipv6"));
        assert_eq!(chosen(AddressChoice::Public, None, |i| i.public_ip = None), None);
        assert_eq!(chosen(AddressChoice::Fixed("10.9.0.7".parse().unwrap()), None, |_| ()), some("10.9.0.7", "fixed"));
    }
}
