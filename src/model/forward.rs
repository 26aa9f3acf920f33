//! Where a tunnel leads: a port of an instance, or of a host behind it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::Untrusted;

/// Ports below this only root may take.
const FIRST_FREE_PORT: u16 = 1_024;
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

/// One thing to forward: `[LOCAL:][HOST:]PORT`.
///
/// ```text
/// FORWARD = [ LOCAL ":" ] [ HOST ":" ] PORT
/// LOCAL   = a port of this computer; 0 is any free one
/// HOST    = a name or an address that the instance reaches; without one, the instance itself
/// PORT    = the port there, 1 to 65535
/// ```
///
/// An IPv6 address stands in brackets, as in a URL. A number in front of a port is always a port of this computer.
///
/// ```
/// use ec2dash::model::{Destination, Forward};
///
/// // A port of the instance, under the same number here where we may take that.
/// let web: Forward = "8080".parse()?;
/// assert_eq!((web.local, web.to.clone()), (None, Destination::Port(8080)));
/// assert_eq!(web.local_port(), 8080);
/// let http: Forward = "80".parse()?;
/// assert_eq!(http.local_port(), 0, "only root may take port 80: any free one");
///
/// // Another number here.
/// let http: Forward = "8080:80".parse()?;
/// assert_eq!((http.local, http.to), (Some(8080), Destination::Port(80)));
///
/// // A host behind the instance.
/// let database: Forward = "15432:db.internal:5432".parse()?;
/// assert_eq!((database.local, database.to.port()), (Some(15432), 5432));
/// assert!(matches!(database.to, Destination::Behind { host, .. } if host.as_str() == "db.internal"));
/// let cache: Forward = "0:[2001:db8::6]:6379".parse()?;
/// assert_eq!((cache.local, cache.to.port()), (Some(0), 6379));
///
/// for wrong in ["", "0", "70000", "db.internal", "5432:db.internal", "a b:80", "2001:db8::6:6379"] {
///     assert!(wrong.parse::<Forward>().is_err(), "{wrong}");
/// }
/// # Ok::<(), ec2dash::model::InvalidForward>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The port on this computer; 0 is any free one, none is the same number where that may be had.
    pub local: Option<u16>,
    /// Where it leads.
    pub to: Destination,
}

/// A text that says nothing that can be forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "[LOCAL:]PORT or [LOCAL:]HOST:PORT, such as 5432, 15432:5432 or 5432:db.internal:5432; tunnel takes a socket, too, such as 2375:/var/run/docker.sock"
)]
pub struct InvalidForward;

impl Forward {
    /// The port on this computer: the one asked for, else the same number where we may take it, else any (0).
    pub fn local_port(&self) -> u16 {
        self.local.unwrap_or(match self.to.port() {
            port if port >= FIRST_FREE_PORT => port,
            _ => 0,
        })
    }
}

impl fmt::Display for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.local {
            Some(local) => write!(f, "{local}:{}", self.to),
            None => self.to.fmt(f),
        }
    }
}

impl FromStr for Forward {
    type Err = InvalidForward;

    fn from_str(text: &str) -> Result<Self, InvalidForward> {
        let wrong = || InvalidForward;
        let (rest, port) = text.rsplit_once(':').map_or((None, text), |(rest, port)| (Some(rest), port));
        let port: u16 = port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?;
        let Some(rest) = rest else { return Ok(Self { local: None, to: Destination::Port(port) }) };
        if let Ok(local) = rest.parse() {
            return Ok(Self { local: Some(local), to: Destination::Port(port) });
        }
        let (local, host) = match rest.split_once(':') {
            Some((local, host)) if local.bytes().all(|byte| byte.is_ascii_digit()) && !local.is_empty() => {
                (Some(local.parse().map_err(|_| wrong())?), host)
            }
            _ => (None, rest),
        };
        // An IPv6 address has colons of its own, and so stands in brackets.
        if host.contains(':') && !host.starts_with('[') {
            return Err(wrong());
        }
        let is_number = host.bytes().all(|byte| byte.is_ascii_digit());
        let host: Host = host.parse().ok().filter(|_| !is_number).ok_or_else(wrong)?;
        Ok(Self { local, to: Destination::of(host, port) })
    }
}

impl Host {
    /// The name, as AWS is told it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether no agent forwards there: metadata, the resolver of the VPC, other link-local addresses (PFWD-2), and whatever of
    /// loopback does not simply mean the instance.
    pub fn is_forbidden(&self) -> bool {
        let of_v4 = |address: Ipv4Addr| address.is_link_local() || address.is_loopback();
        !self.is_the_instance()
            && match self.0.parse::<IpAddr>() {
                Ok(IpAddr::V4(address)) => of_v4(address),
                Ok(IpAddr::V6(address)) => {
                    address.is_unicast_link_local()
                        || address.to_ipv4_mapped().is_some_and(of_v4)
                        || address.segments().starts_with(&[0xfd00, 0xec2])
                }
                Err(_) => false,
            }
    }

    /// Another address of loopback is another service there, which a forward to a plain port would not reach.
    fn is_the_instance(&self) -> bool {
        let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        self.0.eq_ignore_ascii_case("localhost") || self.0.parse().is_ok_and(|address| own.contains(&address))
    }
}

impl From<IpAddr> for Host {
    fn from(address: IpAddr) -> Self {
        Self(address.to_string())
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

    /// Whether no agent leads there.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Behind { host, .. } if host.is_forbidden())
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        match self {
            Self::Port(port) | Self::Behind { port, .. } => *port,
        }
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
        for host in ["127.0.0.2", "127.1.2.3", "::ffff:127.0.0.1"] {
            assert!(host.parse::<Host>().unwrap().is_forbidden(), "{host}");
        }
        for host in ["10.0.0.2", "db.internal", "fd00::1", "localhost", "127.0.0.1", "::1"] {
            assert!(!host.parse::<Host>().unwrap().is_forbidden(), "{host}");
        }
    }

    #[test]
    fn a_forward_is_a_port_with_what_stands_before_it() {
        for (text, local, to) in [
            ("5432", None, "5432"),
            ("15432:5432", Some(15432), "5432"),
            ("0:22", Some(0), "22"),
            ("db.internal:5432", None, "db.internal:5432"),
            ("15432:db.internal:5432", Some(15432), "db.internal:5432"),
            ("8080:10.0.0.5:80", Some(8080), "10.0.0.5:80"),
            ("8080:[fd12::1]:80", Some(8080), "[fd12::1]:80"),
            ("[fd12::1]:80", None, "[fd12::1]:80"),
            ("8080:localhost:80", Some(8080), "80"),
            ("8080:127.0.0.1:80", Some(8080), "80"),
            ("8080:[::1]:80", Some(8080), "80"),
            ("8080:127.0.0.2:80", Some(8080), "127.0.0.2:80"),
        ] {
            let forward: Forward = text.parse().unwrap();
            assert_eq!((forward.local, forward.to.to_string()), (local, to.to_owned()), "{text}");
            assert_eq!(forward.to_string().parse(), Ok(forward), "{text}");
        }
    }

    #[test]
    fn what_is_no_forward_is_refused() {
        for text in ["", "0", "65536", "x", "-1", "1:2:3:4", "fd12::1:80", "70000:80", "a b:80", ":80", "80:", "-oX:80"] {
            assert!(text.parse::<Forward>().is_err(), "{text}");
        }
    }
}
