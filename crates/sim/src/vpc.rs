//! What decides where packets of simulated VPCs go: subnets, ACLs, route tables, gateways, prefix lists.

mod defaults;

use std::collections::BTreeMap;
use std::str::FromStr;

use ipnet::IpNet;

/// What the VPCs of an account have, in all regions.
#[derive(Clone, Debug, Default)]
pub struct Vpcs {
    /// Their subnets.
    pub subnets: Vec<Subnet>,
    /// Their network ACLs.
    pub acls: Vec<NetworkAcl>,
    /// Their route tables.
    pub route_tables: Vec<RouteTable>,
    /// Internet gateways, also those that are attached to none.
    pub gateways: Vec<InternetGateway>,
    /// The prefix lists of the account, and AWS's own.
    pub prefix_lists: Vec<PrefixList>,
    /// Endpoints of AWS's services.
    pub endpoints: Vec<VpcEndpoint>,
    /// NAT gateways.
    pub nat_gateways: Vec<NatGateway>,
    /// Peerings of two of its VPCs.
    pub peerings: Vec<VpcPeering>,
    /// The VPCs, by id, whose resolver does not do all that it does for others.
    pub resolvers: BTreeMap<String, Resolver>,
}

/// What the resolver of a VPC does.
#[derive(Clone, Copy, Debug)]
pub struct Resolver {
    /// `enableDnsSupport`.
    pub support: bool,
    /// `enableDnsHostnames`.
    pub hostnames: bool,
}

/// A VPC endpoint.
#[derive(Clone, Debug)]
pub struct VpcEndpoint {
    /// `vpce-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its VPC.
    pub vpc: String,
    /// `com.amazonaws.eu-west-1.ssm`.
    pub service: String,
    /// `Interface` or `Gateway`.
    pub kind: String,
    /// `available` or another of AWS's words.
    pub state: String,
    /// Whether it has the service's public name in the VPC.
    pub private_dns: bool,
    /// The subnets that it has interfaces in, by id.
    pub subnets: Vec<String>,
    /// The security groups of its interfaces: id and name.
    pub groups: Vec<(String, String)>,
    /// Its policy.
    pub policy: String,
}

/// A peering of two VPCs.
#[derive(Clone, Debug)]
pub struct VpcPeering {
    /// `pcx-…`.
    pub id: String,
    /// Where both are.
    pub region: String,
    /// `active` or another of AWS's words.
    pub state: String,
    /// Who asked, and who accepted.
    pub vpcs: [String; 2],
}

/// A NAT gateway.
#[derive(Clone, Debug)]
pub struct NatGateway {
    /// `nat-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its VPC.
    pub vpc: String,
    /// Its subnet; none: it is regional.
    pub subnet: Option<String>,
    /// `available` or another of AWS's words.
    pub state: String,
    /// `public` or `private`.
    pub connectivity: String,
}

/// A subnet.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// `subnet-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its availability zone.
    pub zone: String,
    /// Its VPC.
    pub vpc: String,
    /// The account that shares it, where it is not the account's own.
    pub owner: Option<String>,
    /// Its IPv4 block.
    pub block: IpNet,
    /// Its IPv6 block.
    pub ipv6_block: Option<IpNet>,
    /// `InternetGatewayBlockMode`: `off`, `block-ingress` or `block-bidirectional`; empty: it is not told.
    pub public_access: String,
}

/// A network ACL.
#[derive(Clone, Debug)]
pub struct NetworkAcl {
    /// `acl-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its VPC.
    pub vpc: String,
    /// Whether it is that of every subnet with none of its own.
    pub is_default: bool,
    /// The subnets it is of, by id; the default one names those as well.
    pub subnets: Vec<String>,
    /// Its entries, without those that end every ACL.
    pub entries: Vec<AclEntry>,
}

/// An entry: `100 in allow tcp 22 from 0.0.0.0/0`, `90 out deny all to 10.0.0.0/8`, `80 in allow udp 53 from ::/0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclEntry {
    /// Its number.
    pub number: u16,
    /// Whether it is about what leaves the subnet.
    pub is_egress: bool,
    /// Whether it lets through.
    pub allows: bool,
    /// What it is about.
    pub protocol: Protocol,
    /// The other end.
    pub block: IpNet,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Everything.
    All,
    /// These TCP ports.
    Tcp(u16, u16),
    /// These UDP ports.
    Udp(u16, u16),
    /// Every ICMP message.
    Icmp,
}

/// A route table.
#[derive(Clone, Debug)]
pub struct RouteTable {
    /// `rtb-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its VPC.
    pub vpc: String,
    /// Whether it is that of every subnet with none of its own.
    pub is_main: bool,
    /// The subnets it is of by name, by id.
    pub subnets: Vec<String>,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// A route: `0.0.0.0/0 igw`, `10.1.0.0/16 pcx-1 blackhole`, `list pl-1 vpce-1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where it leads.
    pub to: RouteTo,
    /// `local`, or the id of what it goes through; in a file `igw` is the VPC's own gateway.
    pub target: String,
    /// Whether that is gone.
    pub is_blackhole: bool,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteTo {
    /// To an address block.
    Block(IpNet),
    /// To what is in a prefix list, by id.
    List(String),
}

/// An internet gateway.
#[derive(Clone, Debug)]
pub struct InternetGateway {
    /// `igw-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// The VPC it is attached to.
    pub vpc: Option<String>,
    /// `available`, or `attaching`, `detaching`.
    pub state: String,
}

/// A managed prefix list.
#[derive(Clone, Debug)]
pub struct PrefixList {
    /// `pl-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its name.
    pub name: String,
    /// What is in it.
    pub entries: Vec<IpNet>,
}

impl FromStr for AclEntry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no entry, such as `100 in allow tcp 22 from 0.0.0.0/0` or `90 out deny all to ::/0`");
        let words: Vec<&str> = text.split_whitespace().collect();
        let [number, way @ ("in" | "out"), verb @ ("allow" | "deny"), rest @ ..] = words.as_slice() else { return Err(bad()) };
        let range = |ports: &str| {
            let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
            Some((first.parse().ok()?, last.parse().ok()?))
        };
        let (protocol, rest) = match rest {
            ["all", rest @ ..] => (Protocol::All, rest),
            ["icmp", rest @ ..] => (Protocol::Icmp, rest),
            ["tcp", ports, rest @ ..] => (range(ports).map(|(first, last)| Protocol::Tcp(first, last)).ok_or_else(bad)?, rest),
            ["udp", ports, rest @ ..] => (range(ports).map(|(first, last)| Protocol::Udp(first, last)).ok_or_else(bad)?, rest),
            _ => return Err(bad()),
        };
        let block = match (*way, rest) {
            ("in", ["from", block]) | ("out", ["to", block]) => block.parse().map_err(|_| bad())?,
            _ => return Err(bad()),
        };
        // Above are the entries that end every ACL.
        let number = number.parse().ok().filter(|number| (1..=32_766).contains(number)).ok_or_else(bad)?;
        Ok(Self { number, is_egress: *way == "out", allows: *verb == "allow", protocol, block })
    }
}

impl FromStr for Route {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad =
            || format!("`{text}` is no route, such as `0.0.0.0/0 igw`, `10.1.0.0/16 pcx-1 blackhole` or `list pl-1 vpce-1`");
        let words: Vec<&str> = text.split_whitespace().collect();
        let (to, rest) = match words.as_slice() {
            ["list", id, rest @ ..] => (RouteTo::List((*id).to_owned()), rest),
            [block, rest @ ..] => (RouteTo::Block(block.parse().map_err(|_| bad())?), rest),
            [] => return Err(bad()),
        };
        let (target, is_blackhole) = match rest {
            [target] => (target, false),
            [target, "blackhole"] => (target, true),
            _ => return Err(bad()),
        };
        Ok(Self { to, target: (*target).to_owned(), is_blackhole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_is_said() {
        let entry = |text: &str| text.parse::<AclEntry>();

        let ssh = entry("90 in deny tcp 22 from 203.0.113.0/24").unwrap();
        assert_eq!((ssh.number, ssh.is_egress, ssh.allows, ssh.protocol), (90, false, false, Protocol::Tcp(22, 22)));
        assert_eq!(entry("100 out allow tcp 1024-65535 to ::/0").unwrap().protocol, Protocol::Tcp(1024, 65535));
        assert_eq!(entry("100 out allow all to 0.0.0.0/0").unwrap().protocol, Protocol::All);
        for bad in [
            "",
            "in allow all from ::/0",
            "100 in allow all to ::/0",
            "100 up allow all from ::/0",
            "32767 in deny all from ::/0",
        ] {
            assert!(entry(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_route_is_read_as_it_is_said() {
        let route = |text: &str| text.parse::<Route>();

        assert_eq!(route("0.0.0.0/0 nat-1").unwrap().target, "nat-1");
        assert!(route("10.1.0.0/16 pcx-1 blackhole").unwrap().is_blackhole);
        assert_eq!(route("list pl-1 vpce-1").unwrap().to, RouteTo::List("pl-1".to_owned()));
        for bad in ["", "0.0.0.0/0", "everywhere igw", "0.0.0.0/0 igw soon"] {
            assert!(route(bad).is_err(), "{bad}");
        }
    }
}
