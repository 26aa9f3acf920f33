//! What `sim` takes.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::model::Region;
use ec2dash_sim::{Fault, Habits, InvalidFault, InvalidHabits, InvalidSignInRules, SignInRules};

/// `sim`.
#[derive(Debug, Clone, Args)]
pub struct Simulation {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Over TLS, with a certificate authority of its own that AWS_CA_BUNDLE names
    #[arg(long)]
    pub tls: bool,
    /// Windows instances have OpenSSH's server, too: files there, and no shell of theirs
    #[arg(long)]
    pub windows_sshd: bool,
    /// Consoles and agents tell the host keys of the instances' SSH servers
    #[arg(long)]
    pub host_keys: bool,
    /// Instead of the demo fleet this many generated instances
    #[arg(long, value_name = "N", conflicts_with = "fleet")]
    pub instances: Option<usize>,
    /// Regions of generated instances
    #[arg(long = "regions", value_name = "A,B", value_delimiter = ',', requires = "instances")]
    pub spread: Vec<Region>,
    /// Another fleet (TOML)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub fleet: Option<PathBuf>,
    /// Seed of generated instances
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "instances")]
    pub seed: u64,
    /// So many accounts of the company besides those of the fleet; generated instances are spread over so many
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub accounts: usize,
    /// How signing in to the company goes: token=1h, session=8h, code=10m, interval=1s, registration=90d, credentials=1h, limit=20, approval=asked, with a comma between several
    ///
    /// How long an access token, a sign-in, a code, a registered program and the credentials of a role are good for, the pause
    /// between two questions whether a code is approved, and how many calls a second the portal answers ("none": all).
    /// approval=given and approval=refused decide without asking in the browser. The start URL is AWS_ENDPOINT_URL with /start.
    /// A GET of /sim/mfa/SERIAL tells what an MFA device shows, a POST to /sim/revoke-sign-ins ends every sign-in.
    #[arg(long, value_name = "RULES", value_parser = parse_sign_in)]
    pub sign_in: Option<SignInRules>,
    /// What goes wrong: "ACTION=KIND" (before it "ACCOUNT/", a region or a role's name if wanted), then ":VALUE" and "@N" if wanted; kinds: deny, throttle:30%, error:CODE, delay:2s, hang, cut, corrupt, clock:+10m
    ///
    /// ACTION is that of a policy, such as ec2:DescribeInstances, with * for any run of characters; @N is the N-th call.
    /// Signing in is sso-oauth:CreateToken and others, the portal sso:GetRoleCredentials, sso:ListAccounts and sso:ListAccountRoles.
    /// ssm:ResumeSession also knows no-token and other-url, kms:Decrypt=corrupt gives the agent a wrong key.
    ///
    /// ec2:GetConsoleOutput also knows console:none and console:other, and with --host-keys console:cut, console:contradictory,
    /// console:fingerprints and console:md5.
    ///
    /// The messages on data channels are ssmmessages:Up (from the client) and ssmmessages:Down; @N is the N-th connection.
    /// Kinds: delay:300ms, drop:5%, drop-acks:5%, duplicate:10%, reorder:64, flip:1% (each with ":SEED" if wanted),
    /// lose:HandshakeComplete (a type of payload), close:2s, reset:1MB, stall:5s, pause:30s.
    ///
    /// With --tls, ssmmessages:OpenDataChannel knows certificate:expired, certificate:not-yet-valid, certificate:wrong-name and
    /// certificate:unknown-issuer; * shows such a certificate to calls as well. @N is the N-th connection.
    #[arg(long = "fault", value_name = "FAULT", value_parser = parse_fault)]
    pub faults: Vec<Fault>,
    /// How the SSM agents work: payload=1024, pace=none, window=1000, start-pause=0s, ready-after=0s, reader=ahead, gateway=keeps, reboot=closes, with a comma between several
    ///
    /// Bytes of data in a message, the pause after each message, how many messages may be unacknowledged, and how long an agent
    /// waits before it first reads what a program says; reader=waits has it read nothing while a program takes nothing. The real
    /// agent's: payload=1024,pace=1ms,reader=waits,start-pause=1s.
    #[arg(long, value_name = "HABITS", value_parser = parse_habits)]
    pub agent: Option<Habits>,
}

fn parse_habits(text: &str) -> Result<Habits, String> {
    text.parse().map_err(|error: InvalidHabits| error.to_string())
}

fn parse_sign_in(text: &str) -> Result<SignInRules, String> {
    text.parse().map_err(|error: InvalidSignInRules| error.to_string())
}

fn parse_fault(text: &str) -> Result<Fault, String> {
    text.parse().map_err(|error: InvalidFault| error.to_string())
}
