//! One HTTP request, as its signature covers it.

use hyper::body::Bytes;

/// The parts of an HTTP request that a signature covers.
pub(super) struct Request {
    pub(super) method: String,
    /// As received, still percent-encoded.
    pub(super) path: String,
    /// As received, still percent-encoded.
    pub(super) query: String,
    /// Names in lower case, in the order received.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Request {
    pub(super) fn read(parts: &hyper::http::request::Parts, body: Bytes) -> Self {
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
        }
    }

    /// The first header of this name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).first().copied()
    }

    /// All headers of this name, which is in lower case.
    pub(super) fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }
}
