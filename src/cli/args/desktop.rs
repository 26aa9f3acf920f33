//! What `rdp` and `password` take.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::connect::{parse_address, parse_endpoint, parse_tunnel_limit};
use super::offers;
use crate::access::{AddressChoice, DesktopPath, Login};
use crate::model::EndpointId;

/// `rdp`.
#[derive(Debug, Args)]
pub struct Rdp {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// Start no program: print address and user, and keep the tunnel
    #[arg(long)]
    pub print: bool,
    /// Start no program: write a .rdp file for one, and keep the tunnel; a file that is there is replaced after a yes only
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// Way to the desktop: auto, ssm (Session Manager), eice (an endpoint) or direct (the network)
    #[arg(short = 'm', long = "method", value_name = "METHOD", default_value = "auto", value_parser = parse_via)]
    pub via: DesktopVia,
    /// Who logs in; without it Administrator
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<Login>,
    /// The EC2 Instance Connect Endpoint to go through; also one of another VPC
    #[arg(long, value_name = "ENDPOINT", value_parser = parse_endpoint)]
    pub endpoint: Option<EndpointId>,
    /// Which address, behind an endpoint or of the network: auto, public, private, ipv6, or an IP address
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub address: Option<AddressChoice>,
    /// Longest life of a tunnel through an endpoint, up to an hour: 90s, 10m, 1h
    #[arg(long, value_name = "SPAN", value_parser = parse_tunnel_limit)]
    pub tunnel_limit: Option<Duration>,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// A path to a desktop, or the choice left to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesktopVia {
    /// The best one.
    Auto,
    /// This one.
    One(DesktopPath),
}

fn parse_via(text: &str) -> Result<DesktopVia, String> {
    if text == "auto" {
        return Ok(DesktopVia::Auto);
    }
    let found = DesktopPath::ALL.into_iter().find(|path| path.id() == text);
    let ids = || DesktopPath::ALL.map(DesktopPath::id).join(", ");
    found.map(DesktopVia::One).ok_or_else(|| format!("one of: auto, {}", ids()))
}

/// `password`.
#[derive(Debug, Args)]
pub struct AskPassword {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// Print the password
    #[arg(long)]
    pub print: bool,
    /// Write the password to a file that only you can read; a file that is there is replaced after a yes only
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// The private half of the key pair, where it is not found by itself
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub identity: Option<PathBuf>,
}
