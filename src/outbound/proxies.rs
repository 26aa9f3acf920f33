//! Which proxy the environment names for a server.

use std::ffi::OsString;

use hyper_util::client::proxy::matcher::Matcher;

use super::proxy::Proxy;
use super::server::Server;

/// Of each pair the first that is set counts, and the second pair only where the first gives nothing.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy for encrypted connections, and who is reached without it.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    proxy: Option<Proxy>,
    exceptions: String,
}

/// A variable that counts and names no proxy. What it holds is not shown, for it may be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{variable} cannot be used: {cause}")]
pub struct BadProxy {
    /// The variable.
    pub variable: &'static str,
    /// Why it names no proxy.
    pub cause: &'static str,
}

impl Proxies {
    /// What the environment of this program says.
    pub fn of_process() -> Result<Self, BadProxy> {
        Self::new(|name| std::env::var_os(name))
    }

    /// What these variables say. One that counts and names no proxy is refused: nothing goes past it.
    pub fn new(value_of: impl Fn(&str) -> Option<OsString>) -> Result<Self, BadProxy> {
        let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, value_of(name)?)));
        let exceptions = first(EXCEPTIONS).and_then(|(_, value)| value.into_string().ok()).unwrap_or_default();
        if exceptions.split(',').any(|entry| entry.trim() == "*") {
            return Ok(Self::default());
        }
        for names in VARIABLES {
            let Some((variable, value)) = first(names) else { continue };
            if value.is_empty() {
                continue;
            }
            let bad = |cause| BadProxy { variable, cause };
            let value = value.into_string().map_err(|_| bad("not UTF-8"))?;
            let matcher = Matcher::builder().https(value).build();
            let named = matcher.intercept(&hyper::Uri::from_static("https://any.host/"));
            let proxy = named.ok_or("not the address of a proxy, such as http://proxy.example:3128");
            let proxy = proxy.and_then(|named| Proxy::of(&named)).map_err(bad)?;
            return Ok(Self { proxy: Some(proxy), exceptions });
        }
        Ok(Self::default())
    }

    /// Whether there is none for any server.
    pub fn is_empty(&self) -> bool {
        self.proxy.is_none()
    }

    /// The one that is named, whatever servers are reached without it.
    pub fn named(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// The proxy on the way to `server`, if there is one.
    pub fn on_the_way_to(&self, server: Server<'_>) -> Option<&Proxy> {
        let proxy = self.proxy.as_ref()?;
        let destination = format!("https://{}/", server.authority()).parse().ok()?;
        // The library reads hosts, domains, addresses and blocks of them; which proxy it is to lead past does not matter to it.
        let excepted = Matcher::builder().https("http://proxy").no(exceptions_at(&self.exceptions, server.port)).build();
        excepted.intercept(&destination).map(|_| proxy)
    }
}

/// The hosts, domains and addresses of a list that are reached without a proxy at this port.
fn exceptions_at(list: &str, port: u16) -> String {
    let entries = list.split(',').map(|entry| with_port(entry.trim()));
    let here =
        entries.filter(|(_, own)| own.is_none_or(|own| own == port)).map(|(host, _)| host.strip_prefix('*').unwrap_or(host));
    here.collect::<Vec<_>>().join(",")
}

/// `host:443`, `10.0.0.1:443`, `[::1]:443`: an entry that is for one port.
fn with_port(entry: &str) -> (&str, Option<u16>) {
    if let Some((address, behind)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, behind.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => port.parse().map_or((entry, None), |port| (host, Some(port))),
        _ => (entry, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Proxies, BadProxy> {
        Proxies::new(|name| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| OsString::from(*value)))
    }

    fn refused(variables: &[(&str, &str)]) -> Option<String> {
        of(variables).err().map(|error| error.to_string())
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_refused_and_never_shown() {
        for good in [
            "http://proxy:3128",
            "proxy.example:3128",
            "proxy",
            "https://user:word@proxy:1",
            "http://[::1]:3128",
            "socks5://proxy",
            "socks5h://user:word@[::1]:1080",
            "",
        ] {
            assert_eq!(refused(&[("HTTPS_PROXY", good)]), None, "{good}");
        }
        let long = format!("socks5h://user:{}@proxy", "canary".repeat(43));
        for bad in [
            "http//proxy:3128",
            "htp://proxy",
            "http://",
            "http://user:canary word@proxy:1",
            "http://user:can@ary@proxy:1",
            "user:p@canary@proxy:1",
            "socks5h://user:p@canary@proxy",
            "proxy:port",
            "://",
            "socks4://p:1",
            "socks5://canary@proxy",
            "socks5://:canary@proxy",
            &long,
        ] {
            for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
                let refused = refused(&[(variable, bad)]).unwrap_or_else(|| panic!("{bad} was taken"));
                assert!(refused.starts_with(variable) && !refused.contains("canary"), "{refused}");
            }
        }
    }

    #[test]
    fn the_first_that_is_set_counts_and_others_do_not_matter() {
        assert_eq!(refused(&[("HTTPS_PROXY", "http://proxy:1"), ("https_proxy", "://")]), None);
        assert_eq!(refused(&[("HTTP_PROXY", "://"), ("NO_PROXY", "://")]), None);
        assert_eq!(refused(&[("HTTPS_PROXY", "http://proxy:1"), ("all_proxy", "socks://proxy:1/")]), None);
        assert!(refused(&[("HTTPS_PROXY", ""), ("all_proxy", "socks://proxy:1/")]).is_some());
        assert_eq!(refused(&[("all_proxy", "socks://proxy:1/"), ("no_proxy", "localhost, *")]), None);
        assert!(refused(&[("all_proxy", "socks://proxy:1/"), ("no_proxy", "*.example")]).is_some());
    }

    #[test]
    fn a_port_that_is_not_said_is_that_of_the_kind() {
        let authority = |value| {
            let proxies = of(&[("ALL_PROXY", value)]).unwrap();
            proxies.on_the_way_to(Server { host: "any.host", port: 443 }).unwrap().authority()
        };

        let told = ["proxy", "https://proxy", "socks5://proxy", "socks5h://[::1]", "socks5h://u:w@proxy:9050"].map(authority);

        assert_eq!(told, ["proxy:80", "proxy:443", "proxy:1080", "[::1]:1080", "proxy:9050"]);
    }

    #[test]
    fn hosts_domains_blocks_and_ports_of_the_exceptions_are_reached_without_a_proxy() {
        let is_proxied = |exceptions: &str, host: &str, port: u16| {
            let proxies = of(&[("HTTPS_PROXY", "socks5h://proxy"), ("NO_PROXY", exceptions)]).unwrap();
            proxies.on_the_way_to(Server { host, port }).is_some()
        };
        for (exceptions, host, port, proxied) in [
            ("", "ssm.eu-west-1.amazonaws.com", 443, true),
            ("amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, false),
            (".amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, false),
            ("*.amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, false),
            (" SSM.eu-west-1.AmazonAWS.com ", "ssm.eu-west-1.amazonaws.com", 443, false),
            ("mazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, true),
            ("ssm.eu-west-1", "ssm.eu-west-1.amazonaws.com", 443, true),
            ("1", "10.0.0.1", 443, true),
            (".internal,10.0.0.0/8", "10.9.8.7", 443, false),
            (".internal,10.0.0.0/8", "11.9.8.7", 443, true),
            ("fd00::/8", "fd00::1", 443, false),
            ("[::1]", "::1", 443, false),
            ("[::1]:8443", "::1", 443, true),
            ("[::1]:8443", "::1", 8443, false),
            ("amazonaws.com:443", "ssm.eu-west-1.amazonaws.com", 443, false),
            ("amazonaws.com:8443", "ssm.eu-west-1.amazonaws.com", 443, true),
            ("10.0.0.1:443", "10.0.0.1", 443, false),
            ("10.0.0.1:443", "10.0.0.1", 444, true),
            ("amazonaws.com:https", "ssm.eu-west-1.amazonaws.com", 443, true),
            ("*", "ssm.eu-west-1.amazonaws.com", 443, false),
            ("*:443", "ssm.eu-west-1.amazonaws.com", 8443, true),
        ] {
            assert_eq!(is_proxied(exceptions, host, port), proxied, "{exceptions} {host}:{port}");
        }
    }

    #[test]
    fn a_login_is_in_no_debug_text() {
        for value in ["http://user:canary@proxy", "socks5h://user:canary@proxy"] {
            let shown = format!("{:?}", of(&[("HTTPS_PROXY", value)]).unwrap());
            assert!(!shown.contains("canary") && !shown.contains("Y2FuYXJ5"), "{shown}");
        }
    }
}
