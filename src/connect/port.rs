//! Where a port session leads, and what AWS is asked for it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::aws::SessionRequest;
use crate::model::{InstanceId, Untrusted};

/// Bytes to a port without any notion of a connection's kind: for `ProxyCommand`.
pub(crate) const SSH_DOCUMENT: &str = "AWS-StartSSHSession";
const PORT_DOCUMENT: &str = "AWS-StartPortForwardingSession";
const HOST_DOCUMENT: &str = "AWS-StartPortForwardingSessionToRemoteHost";
/// The longest name of a host.
const LONGEST_HOST: usize = 253;

/// Where a connection ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Destination {
    /// A port of the instance itself.
    Port(u16),
    /// A port of a host that the instance reaches.
    Behind {
        /// Which host; the instance looks its name up.
        host: Host,
        /// Which port.
        port: u16,
    },
}

/// The name or address of a host behind an instance.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host(String);

/// A text that cannot be a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a host: {shown}")]
pub struct InvalidHost {
    /// The text, fit for a screen.
    pub shown: String,
}

impl Host {
    /// The name, as AWS is told it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether no agent forwards there: metadata, the resolver of the VPC, and other link-local addresses (PFWD-2).
    pub fn is_forbidden(&self) -> bool {
        match self.0.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => address.is_link_local(),
            Ok(IpAddr::V6(address)) => {
                address.is_unicast_link_local()
                    || address.to_ipv4_mapped().is_some_and(|address| address.is_link_local())
                    || address.segments().starts_with(&[0xfd00, 0xec2])
            }
            Err(_) => false,
        }
    }

    fn is_the_instance(&self) -> bool {
        self.0.eq_ignore_ascii_case("localhost") || self.0.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for Host {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        let is_name = !bare.is_empty()
            && bare.len() <= LONGEST_HOST
            && !bare.starts_with('-')
            && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        if is_name || bare.parse::<IpAddr>().is_ok() {
            Ok(Self(bare.to_owned()))
        } else {
            Err(InvalidHost { shown: Untrusted::from(text).shown_in(60) })
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(':') { write!(f, "[{}]", self.0) } else { f.write_str(&self.0) }
    }
}

impl Destination {
    /// `port` of `host`; of the instance itself if that is what the host means there.
    pub fn of(host: Host, port: u16) -> Self {
        if host.is_the_instance() { Self::Port(port) } else { Self::Behind { host, port } }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        match self {
            Self::Port(port) | Self::Behind { port, .. } => *port,
        }
    }

    /// What to ask of `StartSession` for many connections there. Which local port we use is none of the far side's business.
    pub(super) fn request(&self, target: InstanceId) -> SessionRequest {
        let one = |text: String| vec![text];
        let mut parameters = std::collections::BTreeMap::from([
            ("portNumber", one(self.port().to_string())),
            ("localPortNumber", one("0".to_owned())),
        ]);
        let document = match self {
            Self::Port(_) => PORT_DOCUMENT,
            Self::Behind { host, .. } => {
                parameters.insert("host", one(host.0.clone()));
                HOST_DOCUMENT
            }
        };
        SessionRequest { target, document: Some(document), parameters }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(port) => write!(f, "{port}"),
            Self::Behind { host, port } => write!(f, "{host}:{port}"),
        }
    }
}

/// What to ask of `StartSession` for the one connection of a `ProxyCommand`.
pub(super) fn ssh_request(target: InstanceId, port: u16) -> SessionRequest {
    let parameters = [("portNumber", vec![port.to_string()])].into();
    SessionRequest { target, document: Some(SSH_DOCUMENT), parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_that_a_shell_or_document_would_read() {
        for good in ["db.internal", "10.0.0.5", "[fd12::1]", "fd12::1", "x_y-z", "localhost"] {
            assert!(good.parse::<Host>().is_ok(), "{good}");
        }
        for bad in ["", "-x", "a b", "a;b", "$(x)", "a/b", "a:b", "결제", "[db]:", &"a".repeat(254)] {
            assert!(bad.parse::<Host>().is_err(), "{bad:?}");
        }
        assert_eq!("[fd12::1]".parse::<Host>().unwrap().to_string(), "[fd12::1]");
    }

    #[test]
    fn what_no_agent_forwards_to_is_known() {
        for host in ["169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"] {
            assert!(host.parse::<Host>().unwrap().is_forbidden(), "{host}");
        }
        for host in ["10.0.0.2", "db.internal", "fd00::1"] {
            assert!(!host.parse::<Host>().unwrap().is_forbidden(), "{host}");
        }
    }

    #[test]
    fn the_instance_itself_needs_no_document_for_hosts() {
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let of = |host: &str| Destination::of(host.parse().unwrap(), 5432).request(id.clone());

        for host in ["localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(of(host).document, Some(PORT_DOCUMENT), "{host}");
        }
        let behind = of("db.internal");
        assert_eq!(behind.document, Some(HOST_DOCUMENT));
        assert_eq!(behind.parameters["host"], ["db.internal"]);
        assert_eq!(behind.parameters["portNumber"], ["5432"]);
    }
}
