//! What `connect` takes, and `ssh` with it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::offers;
use crate::access::{AddressChoice, Login, Method};
use crate::config::tunnel_span;
use crate::model::{AccessReason, EndpointId};

/// `connect`, and what `ssh` has in common with it.
#[derive(Debug, Args)]
// Its group would have the name of the command's own.
#[group(skip)]
pub struct Connect {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// How to get in.
    #[command(flatten)]
    pub how: How,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Start it first if it is stopped, after a yes, and wait until it takes a session
    #[arg(long)]
    pub start: bool,
    /// Where a Session Manager shell is denied: ask for it with this reason, by just-in-time node access, and wait
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<AccessReason>,
    /// Connect to an account marked "confirm", and start with --start, without a question
    #[arg(long)]
    pub yes: bool,
}

/// How to get into one instance.
#[derive(Debug, Args)]
pub struct How {
    /// Way in; several: the best of them
    #[arg(short, long = "method", value_name = "METHOD", value_delimiter = ',', value_parser = parse_method, add = offers::methods())]
    pub methods: Vec<MethodChoice>,
    /// Login name
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<Login>,
    /// Private key file, for the method ssh
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub identity: Option<PathBuf>,
    /// Port of sshd
    #[arg(short, long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Which address: auto, public, private, ipv6, or an IP address
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub address: Option<AddressChoice>,
    /// Another instance to go through, for the methods eic and ssh: a TARGET, by its own best way; none for none, whatever a rule says
    #[arg(long, value_name = "TARGET", add = offers::targets())]
    pub jump: Option<String>,
    /// The EC2 Instance Connect Endpoint to go through, for the method eice; also one of another VPC
    #[arg(long, value_name = "ENDPOINT", value_parser = parse_endpoint)]
    pub endpoint: Option<EndpointId>,
    /// Longest life of a tunnel through an endpoint, up to an hour: 90s, 10m, 1h
    #[arg(long, value_name = "SPAN", value_parser = parse_tunnel_limit)]
    pub tunnel_limit: Option<Duration>,
    /// Whether your ~/.ssh/config is read
    #[arg(long, value_name = "ON|OFF")]
    pub ssh_config: Option<Switch>,
}

impl How {
    /// Whether nothing was said about it.
    pub fn is_left_to_us(&self) -> bool {
        self.methods.is_empty() && !self.is_about_ssh()
    }

    /// Whether something was said that only ssh can heed.
    pub fn is_about_ssh(&self) -> bool {
        self.user.is_some()
            || self.identity.is_some()
            || self.port.is_some()
            || self.address.is_some()
            || self.jump.is_some()
            || self.endpoint.is_some()
            || self.tunnel_limit.is_some()
            || self.ssh_config.is_some()
    }
}

/// A way in, or the choice left to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodChoice {
    /// The best one.
    Auto,
    /// This one.
    One(Method),
}

pub(super) fn parse_method(text: &str) -> Result<MethodChoice, String> {
    if text == "auto" {
        return Ok(MethodChoice::Auto);
    }
    let ids = || Method::ALL.iter().map(|method| method.id()).collect::<Vec<_>>().join(", ");
    text.parse().map(MethodChoice::One).map_err(|()| format!("one of: auto, {}", ids()))
}

pub(super) fn parse_address(text: &str) -> Result<AddressChoice, &'static str> {
    text.parse().map_err(|()| "one of: auto, public, private, ipv6, or an IP address")
}

pub(super) fn parse_endpoint(text: &str) -> Result<EndpointId, &'static str> {
    text.parse().map_err(|_| "an endpoint's id begins with eice-")
}

pub(super) fn parse_tunnel_limit(text: &str) -> Result<Duration, &'static str> {
    tunnel_span(text).ok_or("a span of time from 1s to 1h, such as 10m")
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes
    On,
    /// No
    Off,
}
