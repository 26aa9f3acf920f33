//! What a simulated VPC has besides instances: endpoints, and what its security groups let through.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// An EC2 Instance Connect Endpoint.
#[derive(Clone, Debug)]
pub struct ConnectEndpoint {
    /// `eice-…`.
    pub id: String,
    /// Where it is.
    pub region: String,
    /// Its availability zone.
    pub zone: String,
    /// Its virtual network.
    pub vpc: String,
    /// Its subnet.
    pub subnet: String,
    /// Its address there.
    pub private_ip: String,
    /// Its security groups, by id.
    pub security_groups: Vec<String>,
    /// `create-complete` or another of AWS's words.
    pub state: String,
    /// Why it is in that state.
    pub state_message: Option<String>,
    /// `ipv4`, `ipv6` or `dualstack`.
    pub address_type: String,
    /// Whether instances see the client's address.
    pub keeps_client_ip: bool,
    /// Whether it has a host name for FIPS.
    pub has_fips: bool,
    /// The host name it says, where that is not its own.
    pub dns_name: Option<String>,
    /// The account that made it, where it is another one, with which the subnet is shared.
    pub owner: Option<String>,
}

impl ConnectEndpoint {
    /// Whether it opens tunnels.
    pub(super) fn is_usable(&self) -> bool {
        self.state == "create-complete" || self.state.starts_with("update-")
    }
}

/// What a security group lets through.
#[derive(Clone, Debug)]
pub struct GroupRules {
    /// `sg-…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What stands beside it.
    pub description: Option<String>,
    /// Where it is.
    pub region: String,
    /// Its virtual network.
    pub vpc: String,
    /// What may come in.
    pub ingress: Vec<GroupRule>,
    /// What may go out.
    pub egress: Vec<GroupRule>,
}

/// One rule: `tcp 22 from group eice` (of another VPC: `group shared/eice`), `tcp 8000-8100 from 10.0.0.0/16`, `all to 0.0.0.0/0`,
/// `tcp 22 from list pl-1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRule {
    /// The TCP ports; `None`: everything.
    pub ports: Option<(u16, u16)>,
    /// The other end.
    pub peer: Peer,
    /// What whoever made it wrote beside it.
    pub description: Option<String>,
    /// `sgr-…`, where it was made by a call; those of a file have ids that follow from what they say.
    pub id: Option<String>,
}

/// The other end of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// An address block.
    Block(IpNet),
    /// A group: its name in a file, its id in a fleet.
    Group(String),
    /// A prefix list, by id.
    List(String),
}

impl FromStr for GroupRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no rule, such as `tcp 22 from group eice` or `all to 0.0.0.0/0`");
        let words: Vec<&str> = text.split_whitespace().collect();
        let (ports, rest) = match words.as_slice() {
            ["all", rest @ ..] => (None, rest),
            ["tcp", ports, rest @ ..] => {
                let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
                (Some((first.parse().map_err(|_| bad())?, last.parse().map_err(|_| bad())?)), rest)
            }
            _ => return Err(bad()),
        };
        let peer = match rest {
            ["from" | "to", "group", name] => Peer::Group((*name).to_owned()),
            ["from" | "to", "list", id] => Peer::List((*id).to_owned()),
            ["from" | "to", block] => Peer::Block(block.parse().map_err(|_| bad())?),
            _ => return Err(bad()),
        };
        Ok(Self { ports, peer, description: None, id: None })
    }
}

impl GroupRule {
    /// Everything to everywhere: what a new group lets out.
    pub(super) fn everything() -> Self {
        let peer = Peer::Block("0.0.0.0/0".parse().expect("the constant is a block"));
        Self { ports: None, peer, description: None, id: None }
    }

    /// Whether it lets a connection through.
    fn lets(&self, port: u16, address: Option<IpAddr>, groups: &[String]) -> bool {
        self.ports.is_none_or(|(first, last)| (first..=last).contains(&port))
            && match &self.peer {
                Peer::Block(block) => address.is_some_and(|address| block.contains(&address)),
                Peer::Group(group) => groups.contains(group),
                // Nobody is in a list.
                Peer::List(_) => false,
            }
    }
}

/// Whether one of these rules lets a connection through.
pub(super) fn lets<'r>(
    rules: impl IntoIterator<Item = &'r GroupRule>,
    port: u16,
    address: Option<IpAddr>,
    groups: &[String],
) -> bool {
    rules.into_iter().any(|rule| rule.lets(port, address, groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_said() {
        let rule = |text: &str| text.parse::<GroupRule>();

        assert_eq!(rule("tcp 22 from group eice").unwrap().peer, Peer::Group("eice".to_owned()));
        assert_eq!(rule("tcp 8000-8100 from 10.0.0.0/16").unwrap().ports, Some((8000, 8100)));
        assert_eq!(rule("all to 0.0.0.0/0"), Ok(GroupRule::everything()));
        for bad in ["", "tcp", "tcp x from 10.0.0.0/8", "udp 53 from 10.0.0.0/8", "tcp 22 from", "all to nowhere"] {
            assert!(rule(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn it_lets_through_what_it_names() {
        let rules: Vec<GroupRule> =
            ["tcp 22 from group eice", "tcp 80 from 10.0.0.0/16"].map(|text| text.parse().unwrap()).into();
        let (inside, groups) = ("10.0.3.4".parse().ok(), ["eice".to_owned()]);

        assert!(lets(&rules, 22, None, &groups));
        assert!(!lets(&rules, 22, inside, &[]));
        assert!(lets(&rules, 80, inside, &[]));
        assert!(!lets(&rules, 80, "10.1.0.1".parse().ok(), &groups));
    }
}
