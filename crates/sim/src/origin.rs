//! Where a request without a signature comes from: a browser must not be talked into one by a page from elsewhere.

use super::request::Request;

/// Whether it is for this address. A page elsewhere could give its own name our address, and read what we say.
pub(super) fn is_for_us(request: &Request, endpoint: &str) -> bool {
    request.header("host").is_some_and(|host| hosts(endpoint).contains(&host.to_owned()))
}

/// Whether it is from one of our pages. A browser tells where a form comes from; other programs do not have to.
pub(super) fn is_from_us(request: &Request, endpoint: &str) -> bool {
    let scheme = endpoint.split("://").next().unwrap_or_default();
    let ours = hosts(endpoint).map(|host| format!("{scheme}://{host}"));
    request.header("origin").is_none_or(|origin| ours.contains(&origin.to_owned()))
}

fn hosts(endpoint: &str) -> [String; 2] {
    let address = endpoint.split("://").nth(1).unwrap_or_default();
    [address.to_owned(), address.replace("127.0.0.1", "localhost")]
}
