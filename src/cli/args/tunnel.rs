//! What `proxy` and `tunnel` take.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::connect::{MethodChoice, parse_address, parse_endpoint, parse_method, parse_tunnel_limit};
use super::offers;
use crate::access::{AddressChoice, Login};
use crate::model::{EndpointId, Forward};

/// `proxy`.
#[derive(Debug, Args)]
pub struct Proxy {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
    #[arg(value_name = "TARGET", add = offers::targets())]
    pub target: String,
    /// Port on the instance
    #[arg(short, long, value_name = "PORT", default_value = "22", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
    /// Way in: auto, ssm-ssh or eice
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

/// `tunnel`.
#[derive(Debug, Args)]
pub struct Tunnel {
    /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -; or @NAME, a tunnel saved in the config file
    #[arg(value_name = "TARGET", add = offers::tunnels_and_targets())]
    pub target: String,
    /// What to forward: PORT of the instance, or HOST:PORT behind it, with LOCAL: in front if it is to be another here; 0 is any free port
    #[arg(value_name = "[LOCAL:][HOST:]PORT")]
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
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}
