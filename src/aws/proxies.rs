//! The proxies that the environment names for calls of AWS.

use super::Error;
use super::endpoints::is_loopback;
use crate::outbound::{BadProxy, Proxies, Server};

/// The proxy for calls that leave this computer.
pub(super) fn of_process() -> Result<Proxies, Error> {
    Proxies::of_process()
        .map_err(|BadProxy { variable, cause }| Error::BadVariable { variable: variable.to_owned(), cause: cause.into() })
}

/// The host and port of the proxy on the way to a host (with or without its port), if there is one.
pub(super) fn on_the_way_to(host: &str) -> Option<String> {
    let uri: hyper::Uri = format!("https://{host}/").parse().ok()?;
    let host = uri.host()?;
    // Only plain connections go to this computer, and they use no proxy.
    if is_loopback(host) {
        return None;
    }
    let server = Server { host: host.trim_start_matches('[').trim_end_matches(']'), port: uri.port_u16().unwrap_or(443) };
    Some(Proxies::of_process().ok()?.on_the_way_to(server)?.authority())
}
