//! Where a port session leads on this computer.

use std::io;
use std::net::IpAddr;

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
        if let Some(address) = address.filter(is_forbidden) {
            return Err(Forbidden(format!("Forwarding to IP address {address} is forbidden.")));
        }
        let is_here = match (host, address) {
            (None, _) => true,
            (Some(_), Some(address)) => address.is_loopback(),
            (Some(name), None) => name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost"),
        };
        Ok(match (is_here, port, ssh) {
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

/// Metadata, DNS of the VPC, and link-local addresses.
fn is_forbidden(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.is_link_local(),
            None => {
                address.is_unicast_link_local()
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
        assert_eq!(Destination::of(Some("localhost"), 22, Some(4022)), Ok(Destination::Here(4022)));
        assert_eq!(Destination::of(None, 22, None), Ok(Destination::Nowhere));
        assert_eq!(Destination::of(None, 5432, Some(4022)), Ok(Destination::Here(5432)));
        assert_eq!(Destination::of(Some("127.0.0.1"), 80, None), Ok(Destination::Here(80)));
        for host in ["10.0.0.1", "db.example.com", "1.1.1.1", "localhost.example.com"] {
            assert_eq!(Destination::of(Some(host), 80, None), Ok(Destination::Nowhere), "{host}");
        }
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
