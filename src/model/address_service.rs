//! A web page that answers with the address of whoever asks.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::Untrusted;

/// An address such as `https://checkip.amazonaws.com`. Plain http is taken for this computer alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressService {
    /// `https://host:port` or `http://127.0.0.1:port`.
    base: String,
    /// What stands behind it, at least `/`.
    path: String,
    is_plain: bool,
}

/// A text that is no such address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a page: {shown}")]
pub struct InvalidService {
    shown: String,
}

impl AddressService {
    /// Scheme, host and port.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The path, at least `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is plain http, to this computer.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }
}

impl Default for AddressService {
    /// AWS's own.
    fn default() -> Self {
        Self { base: "https://checkip.amazonaws.com".to_owned(), path: "/".to_owned(), is_plain: false }
    }
}

impl fmt::Display for AddressService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.base, self.path.strip_suffix('/').unwrap_or(&self.path))
    }
}

impl FromStr for AddressService {
    type Err = InvalidService;

    fn from_str(text: &str) -> Result<Self, InvalidService> {
        let bad = || InvalidService { shown: Untrusted::from(text).shown_in(60) };
        let (scheme, rest) = text.split_once("://").ok_or_else(bad)?;
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        // No user name, no question, no other letters: what is asked is what is read here.
        let is_plain_word = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        if authority.is_empty() || !is_plain_word(authority, ".-:[]") || !is_plain_word(path, "/.-_~") {
            return Err(bad());
        }
        let is_plain = match scheme {
            "https" => false,
            "http" if is_this_computer(authority) => true,
            _ => return Err(bad()),
        };
        Ok(Self { base: format!("{scheme}://{authority}"), path: path.to_owned(), is_plain })
    }
}

fn is_this_computer(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    host.is_some_and(|host| host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_https_or_on_this_computer() {
        for (text, shown) in [
            ("https://checkip.amazonaws.com", "https://checkip.amazonaws.com"),
            ("https://ip.corp.example:8443/v4", "https://ip.corp.example:8443/v4"),
            ("http://127.0.0.1:4000/", "http://127.0.0.1:4000"),
            ("http://[::1]:4000/ip", "http://[::1]:4000/ip"),
        ] {
            assert_eq!(text.parse::<AddressService>().unwrap().to_string(), shown);
        }
        for bad in [
            "",
            "checkip.amazonaws.com",
            "http://checkip.amazonaws.com",
            "http://127.0.0.1.evil.example/",
            "https://u:p@host/",
            "https:///x",
            "https://host/a b",
            "https://host/?x",
            "ftp://127.0.0.1/",
            "https://höst/",
        ] {
            assert!(bad.parse::<AddressService>().is_err(), "{bad}");
        }
        assert_eq!(AddressService::default().to_string().parse(), Ok(AddressService::default()));
    }
}
