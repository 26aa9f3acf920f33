//! What `proxy` and `tunnel` take.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::connect::{MethodChoice, parse_address, parse_endpoint, parse_method, parse_tunnel_limit};
use super::offers;
use crate::access::{AddressChoice, Login};
use crate::model::{EndpointId, Forwarding, Host};

/// `proxy`.
#[derive(Debug, Args)]
pub struct Proxy {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// Port on the instance
    #[arg(short, long, value_name = "PORT", default_value = "22", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
    /// Where to go on to from there: an ssh to the instance opens that for it, and nothing runs there
    #[arg(long, value_name = "HOST:PORT", value_parser = parse_onward, conflicts_with = "port")]
    pub to: Option<Onward>,
    /// Another instance to go through: a TARGET, by its own best way; none for none, whatever a rule says
    #[arg(long, value_name = "TARGET", add = offers::targets())]
    pub jump: Option<String>,
    /// Way in: auto, ssm-ssh or eice; through a jump host eic or ssh; with --to any that runs ssh
    #[arg(short, long, value_name = "METHOD", default_value = "auto", value_parser = parse_method, add = offers::methods())]
    pub method: MethodChoice,
    /// Lead to sshd by the best way in for this login name, as "ec2dash ssh" does: for the blocks of ssh-config
    #[arg(short, long, value_name = "NAME", hide_short_help = true)]
    pub user: Option<Login>,
    /// The private key file that ssh has, with --user
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "user", hide_short_help = true)]
    pub identity: Option<PathBuf>,
    /// Push the key that "ec2dash agent" serves at this socket, with --user
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, requires = "user", hide_short_help = true)]
    pub agent_socket: Option<PathBuf>,
    /// Where the host keys are kept that ssh compares with, with --user
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "user", hide_short_help = true)]
    pub state: Option<PathBuf>,
    /// The EC2 Instance Connect Endpoint to go through; also one of another VPC
    #[arg(long, value_name = "ENDPOINT", value_parser = parse_endpoint)]
    pub endpoint: Option<EndpointId>,
    /// Which address, behind an endpoint: auto, private, ipv6, or an IP address
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub address: Option<AddressChoice>,
    /// Longest life of a tunnel through an endpoint, up to an hour: 90s, 10m, 1h
    #[arg(long, value_name = "SPAN", value_parser = parse_tunnel_limit)]
    pub tunnel_limit: Option<Duration>,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// A host and a port, as an instance sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// A name or an address, looked up there.
    pub host: Host,
    /// The port.
    pub port: u16,
}

impl fmt::Display for Onward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// An IPv6 address stands in brackets; any other may, as ssh writes it for a ProxyCommand.
fn parse_onward(text: &str) -> Result<Onward, &'static str> {
    let parsed = || {
        let (host, port) = text.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port != 0)?;
        let is_bracketed = host.starts_with('[');
        let host = host.parse().ok().filter(|_| is_bracketed || !host.contains(':'))?;
        Some(Onward { host, port })
    };
    parsed().ok_or("HOST:PORT, such as db.internal:5432 or [2001:db8::6]:22")
}

/// `tunnel`.
#[derive(Debug, Args)]
pub struct Tunnel {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -; or @NAME, a tunnel saved in the config file
    #[arg(value_name = "TARGET", add = offers::tunnels_and_targets())]
    pub target: String,
    /// What to forward: PORT of the instance, HOST:PORT behind it, or a socket there (by ssh), with LOCAL: in front if it is to be another here; 0 is any free port
    #[arg(value_name = "[LOCAL:](PORT|HOST:PORT|/SOCKET)")]
    pub forwards: Vec<Forwarding>,
    /// Also serve SOCKS5 on this port: programs say where to go, from the instance
    #[arg(short = 'D', long, value_name = "PORT")]
    pub socks: Option<u16>,
    /// Listen on this address, for others too; without it only this computer gets in
    #[arg(long, value_name = "ADDRESS", conflicts_with = "socket")]
    pub bind: Option<IpAddr>,
    /// Listen on a socket in the file system, which only you can use, for the one PORT
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "socks")]
    pub socket: Option<PathBuf>,
    /// Another instance to go through, for the methods eic and ssh: a TARGET, by its own best way; none for none, whatever a rule says
    #[arg(long, value_name = "TARGET", add = offers::targets())]
    pub jump: Option<String>,
    /// Way in: auto (a session of Session Manager), or one by which ssh leads there
    #[arg(short, long, value_name = "METHOD", default_value = "auto", value_parser = parse_method, add = offers::methods())]
    pub method: MethodChoice,
    /// The EC2 Instance Connect Endpoint to go through; also one of another VPC
    #[arg(long, value_name = "ENDPOINT", value_parser = parse_endpoint)]
    pub endpoint: Option<EndpointId>,
    /// Longest life of a tunnel through an endpoint, up to an hour: 90s, 10m, 1h
    #[arg(long, value_name = "SPAN", value_parser = parse_tunnel_limit)]
    pub tunnel_limit: Option<Duration>,
    /// End with the first connection
    #[arg(long)]
    pub once: bool,
    /// What the dashboard says: ask nobody, and end when nobody holds stdin any more
    #[arg(long, hide = true)]
    pub beside_dashboard: bool,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_port_are_read_as_ssh_writes_them() {
        for (text, shown) in [
            ("db.internal:5432", "db.internal:5432"),
            ("[10.0.0.5]:22", "10.0.0.5:22"),
            ("[2001:db8::6]:22", "[2001:db8::6]:22"),
            ("127.0.0.1:22", "127.0.0.1:22"),
        ] {
            assert_eq!(parse_onward(text).unwrap().to_string(), shown, "{text}");
        }
        for wrong in ["", "22", "db", "db:0", "db:70000", "2001:db8::6:22", "-oX:22", "a b:22", ":22", "$(id):22"] {
            assert!(parse_onward(wrong).is_err(), "{wrong}");
        }
    }
}
