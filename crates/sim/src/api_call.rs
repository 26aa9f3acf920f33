//! The AWS call that an HTTP request is.

use hyper::body::Bytes;

use super::query::Parameters;
use super::request::Request;
use super::service::{Protocol, Service};
use super::signature::Claim;

/// Which action of which service a request asks for.
pub(super) struct ApiCall {
    pub(super) service: Service,
    pub(super) action: String,
    pub(super) input: Input,
    pub(super) claim: Option<Claim>,
}

/// The arguments of a call, still unread.
pub(super) enum Input {
    Query(Parameters),
    Json(Bytes),
    /// Of a call that is known by its path.
    Unsigned(Unsigned),
}

/// The arguments of a call without a signature.
pub(super) struct Unsigned {
    pub(super) parameters: Parameters,
    pub(super) body: Bytes,
    /// The token of who is signed in.
    pub(super) bearer: Option<String>,
}

impl ApiCall {
    /// The call, or `None` if nothing tells which service is meant. The credential scope says it; an unsigned request
    /// is told by its target or version.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if let Some((service, action)) = Service::of_path(&request.method, &request.path) {
            let input = Unsigned {
                parameters: Parameters::read(request.query.as_bytes()),
                body: request.body.clone(),
                bearer: request.header("x-amz-sso_bearer_token").map(str::to_owned),
            };
            return Some(Self { service, action: action.to_owned(), input: Input::Unsigned(input), claim: None });
        }
        let claim = request.header("authorization").and_then(Claim::read);
        let target = request.header("x-amz-target").unwrap_or_default();
        let (prefix, operation) = target.rsplit_once('.').unwrap_or_default();
        let parameters = || Parameters::read(if request.body.is_empty() { request.query.as_bytes() } else { &request.body });

        let service = match &claim {
            Some(claim) => Service::named(&claim.service)?,
            None => Service::of_target(prefix).or_else(|| parameters().text("Version").and_then(Service::of_version))?,
        };
        let (action, input) = match service.protocol() {
            Protocol::Json => (operation.to_owned(), Input::Json(request.body.clone())),
            Protocol::Rest => return None,
            _ => {
                let parameters = parameters();
                (parameters.text("Action").unwrap_or_default().to_owned(), Input::Query(parameters))
            }
        };
        Some(Self { service, action, input, claim })
    }

    /// What an upgrade to a data channel asks for, whatever it is signed for.
    pub(super) fn open_data_channel(request: &Request) -> Self {
        let claim = request.header("authorization").and_then(Claim::read).filter(|claim| claim.service == "ssmmessages");
        Self { service: Service::SsmMessages, action: "OpenDataChannel".to_owned(), input: Input::Json(Bytes::new()), claim }
    }

    /// What an upgrade to a tunnel asks for, signed in its address.
    pub(super) fn open_tunnel(request: &Request) -> Self {
        let claim = Claim::read_query(&request.query).filter(|claim| claim.service == "ec2-instance-connect");
        Self { service: Service::InstanceConnect, action: "OpenTunnel".to_owned(), input: Input::Json(Bytes::new()), claim }
    }

    /// The action as policies name it: `ec2:DescribeInstances`.
    pub(super) fn full_action(&self) -> String {
        format!("{}:{}", self.service.name(), self.action)
    }
}
