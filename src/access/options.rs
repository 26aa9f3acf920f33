//! What the user asked for, and what this computer has: the inputs of the rules besides the instance.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ec2dash_keys::PublicKey;
use ipnet::IpNet;

use super::{Forward, Jump, Keyring, Method, SerialHost, SessionShell};
use crate::model::{EndpointId, HostKeyOrigin, InstanceId};

/// Longest life of a tunnel that an endpoint grants, in seconds.
pub const LONGEST_TUNNEL: u64 = 3_600;

/// How to get into one instance, after rules, flags and defaults: what is `None` is decided by facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectOptions {
    /// The preferred order; with `only` the only ways to try.
    pub order: Vec<Method>,
    /// Whether `order` is the whole list (a rule's `method`, or `--method`).
    pub only: bool,
    /// The login name asked for.
    pub user: Option<Login>,
    /// Which address to take.
    pub address: AddressChoice,
    /// Whether the user (a rule or a flag) asked for this address, so that it counts as reachable.
    pub address_is_forced: bool,
    /// sshd's port.
    pub port: u16,
    /// Where a connection to the address really goes: the simulated cloud has none of its instances' addresses.
    pub simulated: Option<SocketAddr>,
    /// The private key file asked for.
    pub key: Option<PathBuf>,
    /// What to go through on the way to its address.
    pub jump: Jump,
    /// The EC2 Instance Connect Endpoint asked for.
    pub endpoint: Option<EndpointId>,
    /// Longest life asked of an endpoint's tunnel, in whole seconds up to [`LONGEST_TUNNEL`].
    pub tunnel_limit: Duration,
    /// What a session of Session Manager is to carry besides, where somebody said so.
    pub forward: Option<Forward>,
    /// What runs in a shell of Session Manager.
    pub shell: SessionShell,
    /// Where the serial consoles of its region are served; `None` if nobody knows.
    pub serial: Option<Arc<SerialHost>>,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            order: Method::choosable(),
            only: false,
            user: None,
            address: AddressChoice::Auto,
            address_is_forced: false,
            port: 22,
            simulated: None,
            key: None,
            jump: Jump::None,
            endpoint: None,
            tunnel_limit: Duration::from_secs(LONGEST_TUNNEL),
            forward: None,
            shell: SessionShell::Account,
            serial: None,
        }
    }
}

impl ConnectOptions {
    /// The ways to try, the preferred first: what `order` leaves out comes last, unless it is the whole list.
    pub fn preferred(&self) -> impl Iterator<Item = Method> + '_ {
        let others = Method::ALL.iter().copied().filter(|method| !self.only && !self.order.contains(method));
        self.order.iter().copied().chain(others)
    }
}

/// Which of an instance's addresses to take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AddressChoice {
    /// Public IPv4, else IPv6, else private IPv4 (docs/access-rules.md ADDR-7).
    #[default]
    Auto,
    /// Public IPv4.
    Public,
    /// Private IPv4.
    Private,
    /// IPv6.
    Ipv6,
    /// This one, whatever EC2 says.
    Fixed(IpAddr),
}

impl FromStr for AddressChoice {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Self::Auto),
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            "ipv6" => Ok(Self::Ipv6),
            address => address.parse().map(Self::Fixed).map_err(|_| ()),
        }
    }
}

/// A login name that is safe in argv: `^[A-Za-z0-9_][A-Za-z0-9@_.-]{0,31}\$?$` with no `@` at its end (one of a directory may have its domain
/// behind one), and no number, which would be an id; never from a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// A text that cannot be a login name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a login name: {shown}")]
pub struct InvalidLogin {
    shown: String,
}

impl Login {
    /// What most images take.
    pub(super) fn ec2_user() -> Self {
        Self("ec2-user".to_owned())
    }

    /// The name, safe in argv.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Login {
    type Err = InvalidLogin;

    fn from_str(text: &str) -> Result<Self, InvalidLogin> {
        let name = text.strip_suffix('$').unwrap_or(text);
        let mut bytes = name.bytes();
        let starts_well = bytes.next().is_some_and(|first| first.is_ascii_alphanumeric() || first == b'_');
        let goes_on_well = bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@'));
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        if starts_well && goes_on_well && !is_number && !name.ends_with('@') && name.len() <= 32 {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidLogin { shown: crate::model::Untrusted::from(text).shown_in(40) })
        }
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl TryFrom<String> for Login {
    type Error = InvalidLogin;

    fn try_from(text: String) -> Result<Self, InvalidLogin> {
        text.parse()
    }
}

/// A key that an instance was told to take, as this computer has written it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedKey {
    /// As whom it logs in.
    pub user: Login,
    /// Its public half.
    pub public: PublicKey,
}

/// What this computer has. Gathered by `connect::local`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    /// The `ssh` program.
    pub ssh: SshClient,
    /// The private keys.
    pub keys: Arc<Keyring>,
    /// Whether this computer has an IPv6 route to the internet; `None` if nobody looked.
    pub has_ipv6: Option<bool>,
    /// Networks this computer has a route to other than the default one; `None` if it cannot be told.
    pub routes: Option<Vec<IpNet>>,
    /// The addresses of this computer as AWS sees them, where somebody told them: at most one of a family is looked at.
    pub sources: Vec<IpAddr>,
    /// The instances whose host keys are kept, and why those are believed.
    pub host_keys: BTreeMap<InstanceId, HostKeyOrigin>,
    /// The keys that instances were told to take, as far as that was not taken back.
    pub added_keys: BTreeMap<InstanceId, Vec<AddedKey>>,
}

impl Local {
    /// As which address an instance sees this computer come to `target`, if that was told.
    pub fn source_of(&self, target: IpAddr) -> Option<IpAddr> {
        self.sources.iter().copied().find(|own| own.is_ipv4() == target.is_ipv4())
    }
}

/// The `ssh` program of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SshClient {
    /// OpenSSH of this version, which is new enough.
    Usable(SshVersion),
    /// There is none in PATH: the built-in one is used.
    Missing,
    /// OpenSSH older than 8.4; its version.
    TooOld(String),
    /// Another program than OpenSSH.
    Foreign,
}

impl Default for SshClient {
    fn default() -> Self {
        Self::Usable(SshVersion { major: 9, minor: 2 })
    }
}

/// The version of an OpenSSH: 9 and 2 of 9.2p1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SshVersion {
    /// What stands before the dot.
    pub major: u32,
    /// What stands behind it.
    pub minor: u32,
}

impl SshVersion {
    /// Whether it can ask a program for host keys (`KnownHostsCommand`).
    pub fn has_known_hosts_command(self) -> bool {
        self >= Self { major: 8, minor: 5 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_cannot_be_an_option_or_hold_a_shell_character() {
        for good in ["ec2-user", "ubuntu", "Administrator", "_x", "svc$", "1abc", "007.bond", "9-x$", "2@corp.example"] {
            assert!(good.parse::<Login>().is_ok(), "{good}");
        }
        for bad in ["", "-oX", "a\nb", "root;id", "../x", "a b", "$", "1", "1000", "42$", "1;id", &"a".repeat(33)] {
            assert!(bad.parse::<Login>().is_err(), "{bad:?}");
        }
    }
}
