//! What `proxy` and `tunnel` take.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueHint};

use super::connect::{MethodChoice, parse_method};
use crate::connect::{Destination, Host};

/// `proxy`.
#[derive(Debug, Args)]
pub struct Proxy {
    /// Instance: id, name, start of an id, ip:…, tag:K=V, -
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Port on the instance
    #[arg(short, long, value_name = "PORT", default_value = "22", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
    /// Way in: auto or ssm-ssh
    #[arg(short, long, value_name = "METHOD", default_value = "auto", value_parser = parse_method)]
    pub method: MethodChoice,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// `tunnel`.
#[derive(Debug, Args)]
pub struct Tunnel {
    /// Instance: id, name, start of an id, ip:…, tag:K=V, -
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// What to forward: PORT of the instance, or HOST:PORT behind it, with LOCAL: in front if it is to be another here; 0 is any free port
    #[arg(value_name = "[LOCAL:][HOST:]PORT", required_unless_present = "socks")]
    pub forwards: Vec<Forward>,
    /// Also serve SOCKS5 on this port: programs say where to go, from the instance
    #[arg(short = 'D', long, value_name = "PORT")]
    pub socks: Option<u16>,
    /// Listen on this address, for others too; without it only this computer gets in
    #[arg(long, value_name = "ADDRESS", conflicts_with = "socket")]
    pub bind: Option<IpAddr>,
    /// Listen on a socket in the file system, which only you can use, for the one PORT
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "socks")]
    pub socket: Option<PathBuf>,
    /// End with the first connection
    #[arg(long)]
    pub once: bool,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// One thing to forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The port on this computer; 0 is any free one, none is the same number where that may be had.
    pub local: Option<u16>,
    /// Where it leads.
    pub to: Destination,
}

impl FromStr for Forward {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "[LOCAL:]PORT or [LOCAL:]HOST:PORT, such as 5432, 15432:5432 or 5432:db.internal:5432".to_owned();
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

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            let forward: Forward = text.parse().unwrap();
            assert_eq!((forward.local, forward.to.to_string()), (local, to.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_forward_is_refused() {
        for text in ["", "0", "65536", "x", "-1", "1:2:3:4", "fd12::1:80", "70000:80", "a b:80", ":80", "80:", "-oX:80"] {
            assert!(text.parse::<Forward>().is_err(), "{text}");
        }
    }
}
