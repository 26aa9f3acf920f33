//! The columns of addresses.

use std::net::IpAddr;

use super::cell::{Cell, Tone, View};
use super::entry::{Faces, Shows};
use super::key::Key;

/// Columns that an address has room for.
const ADDRESS_WIDTH: usize = 15;

/// The first private IPv4 address; on a screen and in the order of rows IPv6 stands in for it.
pub(super) const PRIVATE: Shows = Shows::Faces(Faces {
    cell: |view| match (view.instance.private_ip, view.instance.ipv6.first()) {
        (Some(ip), _) => Cell::plain(ip.to_string()),
        (None, Some(ip)) => Cell::plain(cut_in_the_middle(&ip.to_string(), ADDRESS_WIDTH)),
        (None, None) => Cell::none(),
    },
    value: |view| view.instance.private_ip.map(|ip| ip.to_string()).unwrap_or_default().into(),
    json: |view| view.instance.private_ip.map(|ip| ip.to_string()).into(),
    key: Some(|view| view.instance.private_ip.map(|ip| Key::Address(IpAddr::V4(ip))).or_else(|| first_ipv6(view))),
});

/// The public IPv4 address.
pub(super) const PUBLIC: Shows = Shows::Faces(Faces {
    cell: |view| view.instance.public_ip.map_or_else(Cell::none, |ip| Cell::plain(ip.to_string())),
    value: |view| view.instance.public_ip.map(|ip| ip.to_string()).unwrap_or_default().into(),
    json: |view| view.instance.public_ip.map(|ip| ip.to_string()).into(),
    key: Some(|view| view.instance.public_ip.map(|ip| Key::Address(IpAddr::V4(ip)))),
});

/// All IPv6 addresses.
pub(super) const IPV6: Shows = Shows::Faces(Faces {
    cell: ipv6,
    value: |view| all_ipv6(view).into(),
    json: |view| view.instance.ipv6.iter().map(ToString::to_string).collect(),
    key: Some(first_ipv6),
});

fn ipv6(view: &View<'_>) -> Cell {
    let Some(first) = view.instance.ipv6.first() else { return Cell::none() };
    let short = cut_in_the_middle(&first.to_string(), ADDRESS_WIDTH);
    Cell { text: all_ipv6(view), short, tone: Tone::Plain }
}

fn all_ipv6(view: &View<'_>) -> String {
    view.instance.ipv6.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn first_ipv6(view: &View<'_>) -> Option<Key> {
    view.instance.ipv6.first().map(|ip| Key::Address(IpAddr::V6(*ip)))
}

/// An address keeps its beginning (the network) and its end (the host).
fn cut_in_the_middle(address: &str, columns: usize) -> String {
    let length = address.chars().count();
    if length <= columns {
        return address.to_owned();
    }
    let end = columns.saturating_sub(1) / 2;
    let start = columns.saturating_sub(1) - end;
    let head: String = address.chars().take(start).collect();
    let tail: String = address.chars().skip(length - end).collect();
    format!("{head}…{tail}")
}
