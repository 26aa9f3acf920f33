//! A proxy that the environment names.

use std::fmt;

use hyper_util::client::proxy::matcher::Intercept;
use zeroize::Zeroizing;

use super::server::Server;

/// Longest name and longest password of a SOCKS5 login, in bytes (RFC 1929).
const LONGEST_OF_LOGIN: usize = u8::MAX as usize;

/// A proxy, and how it is spoken to.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(super) speech: Speech,
    /// Without the brackets of an IPv6 address.
    pub(super) host: String,
    pub(super) port: u16,
}

/// How a proxy is asked for a connection.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Speech {
    /// `CONNECT` of HTTP; `is_sealed`: under TLS.
    Http { is_sealed: bool, authorization: Option<Zeroizing<Vec<u8>>> },
    /// SOCKS5 (RFC 1928).
    Socks { resolver: Resolver, login: Option<SocksLogin> },
}

/// Who looks up the names of servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolver {
    /// This computer (`socks5://`).
    Here,
    /// The proxy (`socks5h://`).
    Proxy,
}

/// RFC 1929.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SocksLogin {
    pub(super) user: Zeroizing<String>,
    pub(super) password: Zeroizing<String>,
}

impl Proxy {
    /// What a variable says; `Err`: why that is no proxy.
    pub(super) fn of(intercept: &Intercept) -> Result<Self, &'static str> {
        const NONE: &str = "not the address of a proxy, such as http://proxy.example:3128";
        let uri = intercept.uri();
        let (Some(host), Some(authority), Some(scheme)) = (uri.host(), uri.authority(), uri.scheme_str()) else {
            return Err(NONE);
        };
        // Of a login with an `@` that is not escaped, the rest would be taken for the host, and be shown.
        if authority.as_str().contains('@') {
            return Err(NONE);
        }
        let behind = authority.as_str().strip_prefix(host).unwrap_or_default();
        if host.is_empty() || !(behind.is_empty() || uri.port_u16().is_some()) {
            return Err(NONE);
        }
        let (speech, port) = match scheme {
            "http" | "https" => {
                let authorization = intercept.basic_auth().map(|value| Zeroizing::new(value.as_bytes().to_vec()));
                let is_sealed = scheme == "https";
                (Speech::Http { is_sealed, authorization }, if is_sealed { 443 } else { 80 })
            }
            "socks5" | "socks5h" => {
                let resolver = if scheme == "socks5" { Resolver::Here } else { Resolver::Proxy };
                (Speech::Socks { resolver, login: login(intercept)? }, 1080)
            }
            _ => return Err("only http://, https://, socks5:// and socks5h:// proxies can be used"),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { speech, host, port: uri.port_u16().unwrap_or(port) })
    }

    /// Its host and port; never its login.
    pub fn authority(&self) -> String {
        self.server().authority()
    }

    pub(super) fn server(&self) -> Server<'_> {
        Server { host: &self.host, port: self.port }
    }
}

/// The name and the password, as long as RFC 1929 takes them.
fn login(intercept: &Intercept) -> Result<Option<SocksLogin>, &'static str> {
    let Some((user, password)) = intercept.raw_auth() else { return Ok(None) };
    let fits = |part: &str| (1..=LONGEST_OF_LOGIN).contains(&part.len());
    if !fits(user) || !fits(password) {
        return Err("a login of SOCKS5 is a user name and a password of 1 to 255 bytes each");
    }
    Ok(Some(SocksLogin { user: Zeroizing::new(user.to_owned()), password: Zeroizing::new(password.to_owned()) }))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}
