//! The proxies that the environment names for encrypted connections.

use std::ffi::OsString;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::Error;
use super::endpoints::is_loopback;

/// The variables that the libraries below look at; of each pair the first that is set counts, and the second pair only where the
/// first gives nothing.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Refuse the variable that counts if it names no proxy: it would be passed over in silence, and the connection made without one.
/// What it holds is not shown, for it may be a password.
pub(super) fn check(value_of: impl Fn(&str) -> Option<OsString>) -> Result<(), Error> {
    let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, value_of(name)?)));
    if first(EXCEPTIONS).and_then(|(_, value)| value.into_string().ok()).is_some_and(|value| is_everything(&value)) {
        return Ok(());
    }
    for names in VARIABLES {
        let Some((variable, value)) = first(names) else { continue };
        let bad = |cause: &str| Err(Error::BadVariable { variable: variable.to_owned(), cause: cause.into() });
        let Ok(value) = value.into_string() else { return bad("not UTF-8") };
        if value.is_empty() {
            continue;
        }
        let matcher = Matcher::builder().https(value).build();
        let proxy = intercept(&matcher, "any.host");
        match proxy.as_ref().and_then(|proxy| proxy.uri().scheme_str()) {
            Some("http" | "https") if proxy.as_ref().is_some_and(|proxy| is_whole(proxy.uri())) => return Ok(()),
            Some("http" | "https") | None => return bad("not the address of a proxy, such as http://proxy.example:3128"),
            Some(_) => return bad("only http:// and https:// proxies can be used"),
        }
    }
    Ok(())
}

/// Whether these exceptions leave nothing to a proxy: `*`.
fn is_everything(exceptions: &str) -> bool {
    exceptions.split(',').any(|part| part.trim() == "*")
}

/// Whether there is a host, and nothing but a port behind it.
fn is_whole(uri: &hyper::Uri) -> bool {
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else { return false };
    let behind = authority.as_str().strip_prefix(host).unwrap_or_default();
    !host.is_empty() && (behind.is_empty() || uri.port_u16().is_some())
}

/// The host and port of the proxy on the way to a host (with or without its port), if there is one.
pub(super) fn on_the_way_to(host: &str) -> Option<String> {
    let uri: hyper::Uri = format!("https://{host}/").parse().ok()?;
    // Only plain connections go to this computer, and they use no proxy.
    if is_loopback(uri.host()?) {
        return None;
    }
    let proxy = intercept(&Matcher::from_env(), host)?;
    Some(proxy.uri().authority()?.to_string())
}

fn intercept(matcher: &Matcher, host: &str) -> Option<Intercept> {
    matcher.intercept(&format!("https://{host}/").parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(variables: &[(&str, &str)]) -> Option<String> {
        let value_of = |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| OsString::from(*value));
        match check(value_of) {
            Ok(()) => None,
            Err(Error::BadVariable { variable, cause }) => Some(format!("{variable}: {}", cause.raw())),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_proxy_variable_that_names_no_proxy_is_refused_and_never_shown() {
        for good in ["http://proxy:3128", "proxy.example:3128", "proxy", "https://user:word@proxy:1", "http://[::1]:3128", ""] {
            assert_eq!(refused(&[("HTTPS_PROXY", good)]), None, "{good}");
        }
        for bad in
            ["http//proxy:3128", "htp://proxy", "http://", "http://user:canary word@proxy:1", "proxy:port", "://", "socks5://p:1"]
        {
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
}
