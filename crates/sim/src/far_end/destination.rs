//! Where a port session leads on this computer.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use super::pipe::{Pipe, PipeId, Pipes};

/// A port of this computer, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Here(u16),
    /// Only this computer can be reached.
    Nowhere,
}

/// What may never be forwarded to, in the agent's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Forbidden(pub(super) String);

impl Destination {
    /// Port 22 of the instance is its SSH server, if it has one; others are those of this computer.
    pub(super) fn of(host: Option<&str>, port: u16, ssh: Option<u16>) -> Result<Self, Forbidden> {
        let address = host.and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        // A name is looked up first, and this one means the same address everywhere.
        let address = address.or_else(|| host.is_some_and(is_localhost).then_some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        if let Some(address) = address.filter(is_forbidden) {
            return Err(Forbidden(format!("Forwarding to IP address {address} is forbidden.")));
        }
        Ok(match (host.is_none(), port, ssh) {
            (false, _, _) | (true, 22, None) => Self::Nowhere,
            (true, 22, Some(ssh)) => Self::Here(ssh),
            (true, port, _) => Self::Here(port),
        })
    }

    pub(super) fn dial(self, pipes: &mut Pipes) -> (PipeId, Pipe) {
        match self {
            Self::Here(port) => pipes.dial(port),
            Self::Nowhere => pipes.refuse(io::ErrorKind::HostUnreachable, "the simulated cloud has no such host"),
        }
    }
}

fn is_localhost(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// The instance itself, which has a document of its own; metadata, DNS of the VPC, and link-local addresses.
fn is_forbidden(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_loopback(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.is_link_local() || address.is_loopback(),
            None => {
                address.is_unicast_link_local()
                    || address.is_loopback()
                    || matches!(address.segments(), [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23 | 0x253 | 0x254])
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_22_is_the_ssh_server_and_others_are_those_of_this_computer() {
        assert_eq!(Destination::of(None, 22, Some(4022)), Ok(Destination::Here(4022)));
        assert_eq!(Destination::of(None, 22, None), Ok(Destination::Nowhere));
        assert_eq!(Destination::of(None, 5432, Some(4022)), Ok(Destination::Here(5432)));
        for host in ["10.0.0.1", "db.example.com", "1.1.1.1", "localhost.example.com"] {
            assert_eq!(Destination::of(Some(host), 80, None), Ok(Destination::Nowhere), "{host}");
        }
    }

    #[test]
    fn the_instance_itself_is_no_host_behind_it() {
        for host in ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "db.LOCALHOST"] {
            assert!(Destination::of(Some(host), 80, None).is_err(), "{host}");
        }
        let forbidden = Destination::of(Some("localhost"), 80, None).unwrap_err();
        assert_eq!(forbidden.0, "Forwarding to IP address 127.0.0.1 is forbidden.");
    }

    #[test]
    fn metadata_is_forbidden_however_it_is_written() {
        for host in ["169.254.169.254", "169.254.170.2", "fe80::1", "[fd00:ec2::254]", "::ffff:169.254.169.254"] {
            assert!(Destination::of(Some(host), 80, None).is_err(), "{host}");
        }
        let forbidden = Destination::of(Some("169.254.169.254"), 80, None).unwrap_err();
        assert_eq!(forbidden.0, "Forwarding to IP address 169.254.169.254 is forbidden.");
    }
}
