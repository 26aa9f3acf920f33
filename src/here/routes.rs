//! The routes of this computer, as Linux tells them in `/proc/net`; elsewhere they are not known.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// A route is in use (`RTF_UP`).
const UP: u32 = 0x1;
/// A route that refuses what it covers (`RTF_REJECT`).
const REJECT: u32 = 0x200;
/// A wider route says no more than the default one: a VPN for everything is written as two halves of the internet.
const LEAST_BITS: u8 = 8;

/// Networks with a route more specific than the default one (LOC-9).
pub(super) fn specific() -> Option<Vec<IpNet>> {
    let v4 = fs::read_to_string("/proc/net/route").ok()?;
    let v6 = fs::read_to_string("/proc/net/ipv6_route").unwrap_or_default();
    Some(specific_v4(&v4).chain(specific_v6(&v6)).collect())
}

/// Whether this computer reaches the IPv6 internet: it has a default route and a global address.
pub(super) fn has_ipv6() -> Option<bool> {
    // Without the other table this is no Linux; without this one IPv6 is off.
    fs::metadata("/proc/net/route").ok()?;
    let routes = fs::read_to_string("/proc/net/ipv6_route").unwrap_or_default();
    let addresses = fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    ipv6_reaches_out(&routes, &addresses)
}

fn specific_v4(table: &str) -> impl Iterator<Item = IpNet> + '_ {
    table.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [interface, destination, _, flags, _, _, _, mask, ..] = fields[..] else { return None };
        // The kernel writes the bytes of an address as one number in its own byte order.
        let address = Ipv4Addr::from(u32::from_str_radix(destination, 16).ok()?.to_ne_bytes());
        let bits = u8::try_from(u32::from_str_radix(mask, 16).ok()?.count_ones()).ok()?;
        let is_in_use = counts(u32::from_str_radix(flags, 16).ok()?) && interface != "lo";
        IpNet::new(address.into(), bits).ok().filter(|_| is_in_use && bits >= LEAST_BITS)
    })
}

/// Destination, bits, flags and interface of every route of `/proc/net/ipv6_route`.
fn routes_v6(table: &str) -> impl Iterator<Item = (Ipv6Addr, u8, u32, &str)> {
    table.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [destination, bits, _, _, _, _, _, _, flags, interface] = fields[..] else { return None };
        let address = Ipv6Addr::from(u128::from_str_radix(destination, 16).ok()?);
        Some((address, u8::from_str_radix(bits, 16).ok()?, u32::from_str_radix(flags, 16).ok()?, interface))
    })
}

fn specific_v6(table: &str) -> impl Iterator<Item = IpNet> + '_ {
    routes_v6(table).filter_map(|(address, bits, flags, interface)| {
        let leads_on = counts(flags) && interface != "lo" && !address.is_unicast_link_local() && !address.is_multicast();
        IpNet::new(address.into(), bits).ok().filter(|_| leads_on && bits >= LEAST_BITS)
    })
}

/// With a default route and only private addresses (`fd…`) it depends on who translates them: not known.
fn ipv6_reaches_out(routes: &str, addresses: &str) -> Option<bool> {
    let has_default = routes_v6(routes).any(|(_, bits, flags, interface)| bits == 0 && counts(flags) && interface != "lo");
    if !has_default {
        return Some(false);
    }
    // 2000::/3 is all there is of global addresses.
    let has_global = addresses.lines().any(|line| line.starts_with(['2', '3']));
    has_global.then_some(true)
}

fn counts(flags: u32) -> bool {
    flags & UP != 0 && flags & REJECT == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const V4: &str = "\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0102000A\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
tun0\t0000100A\t00000000\t0001\t0\t0\t50\t0000FFFF\t0\t0\t0
tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000080\t0\t0\t0
eth0\t0000A8C0\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
lo\t0000007F\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
";
    const DEFAULT_V6: &str = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0\n";
    const OTHER_V6: &str = "\
fd120000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     tun0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000002 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
";

    #[test]
    #[cfg(target_endian = "little")]
    fn only_routes_that_lead_somewhere_special_count() {
        let networks: Vec<String> = specific_v4(V4).map(|network| network.to_string()).collect();

        assert_eq!(networks, ["10.0.2.0/24", "10.16.0.0/16"]);
    }

    #[test]
    fn ipv6_routes_but_link_local_and_default_count() {
        let networks: Vec<String> = specific_v6(OTHER_V6).map(|network| network.to_string()).collect();

        assert_eq!(networks, ["fd12::/64"]);
    }

    #[test]
    fn ipv6_needs_a_default_route_and_a_global_address() {
        let global = "20010db8000000000000000000000001 02 40 00 80     eth0\n";
        let private = "fd000000000000000000000000000002 02 40 00 80     eth0\n";

        assert_eq!(ipv6_reaches_out(OTHER_V6, global), Some(false));
        assert_eq!(ipv6_reaches_out(DEFAULT_V6, global), Some(true));
        assert_eq!(ipv6_reaches_out(DEFAULT_V6, private), None);
        assert_eq!(ipv6_reaches_out("", ""), Some(false));
    }

    #[test]
    fn a_table_that_cannot_be_read_holds_no_routes() {
        assert_eq!(specific_v4("Iface Destination\nx\n\n1 2 3 4 5 6 7 zz\n").count(), 0);
        assert_eq!(specific_v6("garbage\n\n").count(), 0);
    }
}
