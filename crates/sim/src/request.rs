//! One HTTP request, read as the AWS call it is.

use hyper::body::Bytes;

use super::query::Parameters;
use super::service::{Protocol, Service};
use super::signature::Claim;

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

/// Which action of which service a request asks for.
pub(super) struct Asked {
    pub(super) service: Service,
    pub(super) action: String,
    pub(super) input: Input,
    pub(super) claim: Option<Claim>,
}

/// The arguments of a call, still unread.
pub(super) enum Input {
    Query(Parameters),
    Json(Bytes),
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

    /// The call, or `None` if nothing tells which service is meant. The credential scope says it; an unsigned request
    /// is told by its target or version.
    pub(super) fn asked(&self) -> Option<Asked> {
        let claim = self.header("authorization").and_then(Claim::read);
        let target = self.header("x-amz-target").unwrap_or_default();
        let (prefix, operation) = target.rsplit_once('.').unwrap_or_default();
        let parameters = || Parameters::read(if self.body.is_empty() { self.query.as_bytes() } else { &self.body });

        let service = match &claim {
            Some(claim) => Service::named(&claim.service)?,
            None => Service::of_target(prefix).or_else(|| parameters().text("Version").and_then(Service::of_version))?,
        };
        let (action, input) = match service.protocol() {
            Protocol::Json => (operation.to_owned(), Input::Json(self.body.clone())),
            _ => {
                let parameters = parameters();
                (parameters.text("Action").unwrap_or_default().to_owned(), Input::Query(parameters))
            }
        };
        Some(Asked { service, action, input, claim })
    }
}

impl Asked {
    /// What an upgrade to a data channel asks for, whatever it is signed for.
    pub(super) fn open_data_channel(request: &Request) -> Self {
        let claim = request.header("authorization").and_then(Claim::read).filter(|claim| claim.service == "ssmmessages");
        Self { service: Service::SsmMessages, action: "OpenDataChannel".to_owned(), input: Input::Json(Bytes::new()), claim }
    }

    /// The action as policies name it: `ec2:DescribeInstances`.
    pub(super) fn full_action(&self) -> String {
        format!("{}:{}", self.service.name(), self.action)
    }
}
